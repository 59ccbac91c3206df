//! `podFailurePolicy`: what a Job makes of a Pod that failed (JOB-03).

use super::job::count_failure;
use crate::api::{FailureAction, FailurePattern};
use crate::cluster::{Cx, PodState};
use crate::controllers::state::Objects;
use crate::ids::{PodId, WorkloadId};
use crate::status::ContainerState;
use crate::text::Texts;
use std::sync::Arc;

/// The first rule that matches decides; without one the failure counts.
#[inline(never)]
pub fn apply(cx: &mut Cx, id: WorkloadId, pod: PodId, index: Option<u32>) {
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
    match found {
        Some((FailureAction::Ignore, _)) => {}
        Some((FailureAction::FailJob, text)) => {
            count_failure(cx, id, index, false);
            let job = &mut cx.workload_mut(id).job;
            if job.message.is_empty() {
                job.message = text;
            }
        }
        Some((FailureAction::FailIndex, _)) => count_failure(cx, id, index, true),
        Some((FailureAction::Count, _)) | None => count_failure(cx, id, index, false),
    }
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
