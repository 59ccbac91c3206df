//! What a Job makes of Pods that have ended, or are to end (JOB-02): each is counted once.

use super::failure_policy;
use super::job::index_of;
use crate::api::{FailureAction, JobSpec};
use crate::cluster::{Cx, PodState};
use crate::controllers::state::Objects;
use crate::ids::{PodId, WorkloadId};
use crate::status::{ConditionStatus, ConditionType, ContainerState, Phase};
use crate::time::Instant;

/// Counts the Pods that have ended since the last look.
pub fn take_in(cx: &mut Cx, id: WorkloadId, wanted: JobSpec) {
    let pods = cx.workload(id).pods.clone();
    // What failed before the last of the new successes does not lengthen the next wait.
    let mut success_at = None;
    for pod in &pods {
        if cx.pod(*pod).status.phase == Phase::Succeeded && mark(cx, id, *pod) {
            success_at = success_at.max(Some(succeeded(cx, id, *pod)));
        }
    }
    for pod in pods {
        if is_failed(cx.pod(pod), wanted) && mark(cx, id, pod) {
            let ended_at = failed(cx, id, wanted, pod);
            if success_at.is_none_or(|at| ended_at > at) {
                let job = &mut cx.workload_mut(id).job;
                job.failures_in_a_row += 1;
                job.last_failure = job.last_failure.max(ended_at);
            }
        }
    }
}

/// A Pod's object is gone: it is counted, if it was not.
pub fn pod_gone(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, pod: PodId) {
    if !mark(cx, id, pod) {
        return;
    }
    if cx.pod(pod).status.phase == Phase::Succeeded {
        succeeded(cx, id, pod);
        return;
    }
    let ended_at = failed(cx, id, wanted, pod);
    let job = &mut cx.workload_mut(id).job;
    job.failures_in_a_row += 1;
    job.last_failure = job.last_failure.max(ended_at);
}

/// From now on a Pod does not count any more. Whether it did.
pub fn mark(cx: &mut Cx, id: WorkloadId, pod: PodId) -> bool {
    cx.workload_mut(id).job.counted.insert(pod)
}

/// A Pod under deletion counts as failed already, unless only one that has failed is replaced.
fn is_failed(pod: &PodState, wanted: JobSpec) -> bool {
    match pod.status.phase {
        Phase::Failed => true,
        Phase::Succeeded => false,
        _ => pod.deletion.is_some() && !wanted.replaces_failed_only,
    }
}

fn succeeded(cx: &mut Cx, id: WorkloadId, pod: PodId) -> Instant {
    let index = index_of(cx.pod(pod));
    let ended_at = ended_at(cx.pod(pod));
    let job = &mut cx.workload_mut(id).job;
    // An index counts once.
    if index.is_none_or(|index| job.done_indexes.insert(index)) {
        job.succeeded += 1;
    }
    job.failures_in_a_row = 0;
    ended_at
}

/// Counts a failure, for the Job and for its index, as the policy says. Returns when it was.
pub fn failed(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, pod: PodId) -> Instant {
    let action = failure_policy::apply(cx, id, pod);
    let counts = action != FailureAction::Ignore;
    let index = index_of(cx.pod(pod));
    let ended_at = ended_at(cx.pod(pod));
    let job = &mut cx.workload_mut(id).job;
    job.failures += u32::from(counts);
    if let Some((limit, index)) = wanted.index_backoff_limit.zip(index) {
        let of_index = job.index_failures.entry(index).or_default();
        of_index.counted += u32::from(counts);
        of_index.all += 1;
        of_index.last_counts = counts;
        of_index.last_at = ended_at;
        if action == FailureAction::FailIndex || counts && of_index.counted > limit {
            job.failed_indexes.insert(index);
        }
    }
    ended_at
}

/// When a Pod ended: its last container; else when it ceased to be ready, else when its deletion
/// was asked for. Whole seconds, as the API has them.
fn ended_at(pod: &PodState) -> Instant {
    let containers = pod.status.containers.iter();
    let mut last = None;
    for container in containers.skip(pod.spec.init_containers.len()) {
        match container.state {
            ContainerState::Terminated(end) => last = last.max(Some(end.finished_at)),
            _ => {
                last = None;
                break;
            }
        }
    }
    let ready = pod.status.condition(ConditionType::Ready);
    let unready = (ready.status == ConditionStatus::False).then_some(ready.last_transition);
    let asked = pod.deletion.map(|deletion| deletion.asked_at);
    let at = last.or(unready).or(asked).unwrap_or(pod.created_at);
    at.floor_secs()
}
