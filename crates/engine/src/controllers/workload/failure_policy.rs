//! `podFailurePolicy`: what a Job makes of a Pod that failed (JOB-03).

use crate::api::{FailureAction, FailurePattern};
use crate::cluster::{Cx, PodState};
use crate::controllers::state::Objects;
use crate::ids::{PodId, WorkloadId};
use crate::status::ContainerState;
use crate::text::Texts;
use std::sync::Arc;

/// What the first rule that matches does; without one the failure counts. The message of a rule
/// that fails the Job is kept.
#[inline(never)]
pub fn apply(cx: &mut Cx, id: WorkloadId, pod: PodId) -> FailureAction {
    let object = Arc::clone(&cx.workload(id).object);
    let state = cx.pod(pod);
    let found = object
        .failure_rules
        .iter()
        .enumerate()
        .find_map(|(number, rule)| {
            let what = match &rule.on {
                FailurePattern::ExitCodes {
                    container,
                    is_in,
                    values,
                } => exit_code(state, container, *is_in, values)?,
                FailurePattern::Conditions(patterns) => {
                    condition(&cx.cluster.texts, state, patterns)?
                }
            };
            let action = rule.action.name();
            let text = format!("{what} matching {action} rule at index {number}");
            Some((rule.action, text))
        });
    let Some((action, text)) = found else {
        return FailureAction::Count;
    };
    if action == FailureAction::FailJob && cx.workload(id).job.message.is_empty() {
        cx.workload_mut(id).job.message = text;
    }
    action
}

/// The first container that ended badly in a way that a rule means.
fn exit_code(pod: &PodState, wanted: &str, is_in: bool, values: &[i64]) -> Option<String> {
    (0..pod.spec.container_count()).find_map(|number| {
        let name = &pod.spec.container(number)?.name;
        let ContainerState::Terminated(end) = pod.status.containers.get(number)?.state else {
            return None;
        };
        let code = i64::from(end.exit_code);
        let is_meant = wanted.is_empty() || name == wanted;
        (is_meant && code != 0 && values.contains(&code) == is_in).then(|| {
            format!(
                "Container {name} for pod {}/{} failed with exit code {code}",
                pod.namespace, pod.name
            )
        })
    })
}

fn condition(texts: &Texts, pod: &PodState, patterns: &[(String, String)]) -> Option<String> {
    patterns.iter().find_map(|(kind, status)| {
        (pod.status.named(texts, kind).name() == status).then(|| {
            let (namespace, name) = (&pod.namespace, &pod.name);
            format!("Pod {namespace}/{name} has condition {kind}")
        })
    })
}
