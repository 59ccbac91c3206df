//! Rules about Deployments and whole Pods.

use super::{pod_of, Found};
use crate::api::{Amount, Object, Strategy};
use crate::manifest::{Located, Stream};

/// RZ014: every update is an outage.
pub(super) fn single_replica(_: &Stream, located: &Located<Object>) -> Vec<Found> {
    let Object::Deployment(deployment) = &located.object else {
        return Vec::new();
    };
    let Strategy::RollingUpdate {
        max_unavailable, ..
    } = deployment.strategy
    else {
        return Vec::new();
    };
    // Percent of one Pod round down (DEP-04).
    let gone = match max_unavailable {
        Amount::Count(count) => count >= 1,
        Amount::Percent(percent) => percent >= 100,
    };
    if deployment.replicas != 1 || !gone {
        return Vec::new();
    }
    let message = "with one replica every update takes the only Pod away before the next is ready";
    let path = "spec.strategy.rollingUpdate.maxUnavailable";
    vec![Found::new(path.into(), message.into(), "0 waits for the new Pod").with_value(0)]
}

/// RZ019: the rollout is reported as failed while the start is still allowed to go on.
pub(super) fn deadline(_: &Stream, located: &Located<Object>) -> Vec<Found> {
    let Object::Deployment(deployment) = &located.object else {
        return Vec::new();
    };
    let deadline = u64::from(deployment.progress_deadline_seconds);
    let containers = deployment.template.spec.containers.iter();
    let budgets = containers
        .filter_map(|container| container.startup_probe.as_ref())
        .map(|probe| {
            let runs = u64::from(probe.failure_threshold) * u64::from(probe.period_seconds);
            u64::from(probe.initial_delay_seconds) + runs
        });
    let longest = budgets.max().unwrap_or(0);
    if longest <= deadline {
        return Vec::new();
    }
    let message = format!(
        "a start may take {longest} s, and the rollout counts as failed after {deadline} s"
    );
    let path = "spec.progressDeadlineSeconds";
    vec![Found::new(path.into(), message, "raise progressDeadlineSeconds").with_value(longest + 60)]
}

/// RZ020: the process is killed without a chance to finish its requests.
pub(super) fn no_grace(_: &Stream, located: &Located<Object>) -> Vec<Found> {
    let Some((_, spec, prefix)) = pod_of(&located.object) else {
        return Vec::new();
    };
    if spec.termination_grace_period_seconds > 1 {
        return Vec::new();
    }
    let path = [prefix, ".terminationGracePeriodSeconds"].concat();
    let message = "requests under way are cut off: SIGKILL follows after 2 s";
    vec![Found::new(path, message.into(), "30 is the default").with_value(30)]
}
