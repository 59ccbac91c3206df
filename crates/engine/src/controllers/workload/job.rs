//! A Job runs Pods until enough have succeeded, or too many have failed (JOB-01 to JOB-03).

use super::job_count;
use super::success_policy;
use super::{create_pod, delete_pod, enqueue, generated_name, report, WorkloadState};
use crate::api::{EnvValue, EnvVar, JobSpec, PodSpec, RestartPolicy, StringMap, WorkloadKind};
use crate::cluster::{Cx, PodState};
use crate::controllers::cascade;
use crate::controllers::state::Objects;
use crate::events::EventType;
use crate::ids::{PodId, WorkloadId};
use crate::record::What;
use crate::sorted::Set;
use crate::status::PodStatus;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Changes of Pods are collected for this long (JOB-01).
pub const BATCH: Duration = Duration::from_secs(1);
/// Wait after the first failure; doubles (JOB-02).
const BACK_OFF: Duration = Duration::from_secs(10);
const BACK_OFF_MAX: Duration = Duration::from_secs(600);
const INDEX: &str = "batch.kubernetes.io/job-completion-index";
/// Where its variable takes it from.
const INDEX_PATH: &str = "metadata.labels['batch.kubernetes.io/job-completion-index']";

fn wanted(cx: &Cx, id: WorkloadId) -> Option<JobSpec> {
    match cx.workload(id).object.kind {
        WorkloadKind::Job(spec) => Some(spec),
        _ => None,
    }
}

/// The labels that the API server gives to a Job and its Pods.
pub fn labels<'a>(uid: &'a str, name: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("batch.kubernetes.io/controller-uid", uid),
        ("batch.kubernetes.io/job-name", name),
        ("controller-uid", uid),
        ("job-name", name),
    ]
}

/// One look at the Pods.
pub fn sync(cx: &mut Cx, id: WorkloadId) {
    let Some(wanted) = wanted(cx, id) else { return };
    let before = cx.workload(id).job.clone();
    if let Some(at) = before.ended_at {
        return expire(cx, id, wanted, at);
    }
    let now = cx.now;
    if before.started_at.is_none() && !wanted.is_suspended {
        cx.workload_mut(id).job.started_at = Some(now);
    }
    job_count::take_in(cx, id, wanted);
    let active = active(cx, id);
    if cx.workload(id).job.condition.is_empty() {
        judge(cx, id, wanted, &active);
    }
    if cx.workload(id).job.condition.is_empty() {
        let held = held(cx, id, &active);
        keep(cx, id, wanted, active);
        tell_suspension(cx, id, wanted.is_suspended);
        let started_at = cx.workload(id).job.started_at;
        let deadline = wanted.active_deadline_seconds.zip(started_at);
        if let Some((seconds, at)) = deadline.filter(|_| !wanted.is_suspended) {
            let left = (at + Duration::from_secs(seconds)).since(now);
            enqueue(cx, id, left);
        }
        tally(cx, id, held);
    } else {
        end(cx, id, wanted, active);
        tally(cx, id, 0);
    }
    if cx.workload(id).job != before {
        cx.record(What::WorkloadChanged { workload: id });
    }
}

/// Condition Suspended; a Job that goes on has a new beginning.
fn tell_suspension(cx: &mut Cx, id: WorkloadId, is_suspended: bool) {
    let now = cx.now;
    let job = &mut cx.workload_mut(id).job;
    if job.suspension.is_some_and(|(is, _)| is) == is_suspended {
        return;
    }
    job.suspension = Some((is_suspended, now));
    let (reason, text) = if is_suspended {
        ("Suspended", "Job suspended")
    } else {
        job.started_at = Some(now);
        ("Resumed", "Job resumed")
    };
    report(cx, id, EventType::Normal, reason, text);
}

/// `ttlSecondsAfterFinished`: the Job is deleted, and waits for its Pods.
fn expire(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, ended_at: Instant) {
    let Some(seconds) = wanted.ttl_seconds else {
        return;
    };
    let at = ended_at.floor_secs() + Duration::from_secs(seconds.into());
    match at.since(cx.now) {
        Duration(0) => cascade::wait_for_pods_of_workload(cx, id),
        left => enqueue(cx, id, left),
    }
}

/// A Pod's object is gone, whoever deleted it.
pub fn pod_gone(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    if let Some(wanted) = wanted(cx, id) {
        job_count::pod_gone(cx, id, wanted, pod);
    }
}

/// The Pods that are neither ended nor about to.
fn active(cx: &Cx, id: WorkloadId) -> Vec<PodId> {
    let pods = cx.workload(id).pods.iter().copied();
    pods.filter(|pod| {
        let state = cx.pod(*pod);
        state.deletion.is_none() && !state.status.phase.is_terminal()
    })
    .collect()
}

fn is_terminating(pod: &PodState) -> bool {
    pod.deletion.is_some() && !pod.status.phase.is_terminal()
}

/// The numbers of the status. `held`: failures that are not listed yet.
fn tally(cx: &mut Cx, id: WorkloadId, held: u32) {
    let active = active(cx, id);
    let ready = active.iter().filter(|pod| cx.pod(**pod).status.is_ready());
    let ready = ready.count() as u32;
    let pods = cx.workload(id).pods.iter().map(|pod| cx.pod(*pod));
    let terminating = pods.filter(|pod| is_terminating(pod)).count() as u32;
    let job = &mut cx.workload_mut(id).job;
    job.active = active.len() as u32;
    job.ready = ready;
    job.terminating = terminating;
    job.failed = job.failures - held;
}

/// The last failures of indexes that wait for another try: their Pods are kept until then.
fn held(cx: &Cx, id: WorkloadId, active: &[PodId]) -> u32 {
    let job = &cx.workload(id).job;
    let tried = active.iter().filter_map(|pod| index_of(cx.pod(*pod)));
    let tried: Set<u32> = tried.collect();
    let of_indexes = job.index_failures.iter();
    let held = of_indexes
        .filter(|(index, of)| of.last_counts && !job.is_over(**index) && !tried.contains(*index));
    held.count() as u32
}

/// The completion index of a Pod.
pub fn index_of(pod: &PodState) -> Option<u32> {
    pod.labels.get(INDEX)?.parse().ok()
}

/// Whether it is over.
fn judge(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, active: &[PodId]) {
    let job = &cx.workload(id).job;
    let is_in_place =
        cx.workload(id).object.template.spec.restart_policy == RestartPolicy::OnFailure;
    let pods = cx.workload(id).pods.iter().map(|pod| &cx.pod(*pod).status);
    let live = pods.filter(|status| !status.phase.is_terminal());
    let restarts: u32 = live.map(PodStatus::restarts).sum();
    let is_restarted_out = is_in_place
        && if wanted.backoff_limit == 0 {
            restarts > 0
        } else {
            restarts >= wanted.backoff_limit
        };
    let is_late = wanted
        .active_deadline_seconds
        .zip(job.started_at)
        .filter(|_| !wanted.is_suspended)
        .is_some_and(|(seconds, at)| at + Duration::from_secs(seconds) <= cx.now);
    let is_complete = match wanted.completions {
        Some(completions) => job.succeeded >= completions,
        None => job.succeeded > 0 && active.is_empty(),
    };
    // Every index has come to an end, some of them to a bad one.
    let ended = job.done_indexes.len() + job.failed_indexes.len();
    let has_failed_index = !job.failed_indexes.is_empty()
        && wanted.completions.is_some_and(|all| ended >= all as usize);
    let failed_indexes = job.failed_indexes.len();
    let has_failed_too_many = wanted
        .failed_indexes_max
        .is_some_and(|max| failed_indexes > max as usize);
    let met = success_policy::met(cx, id, wanted);
    let (condition, reason) = if !job.message.is_empty() {
        ("FailureTarget", "PodFailurePolicy")
    } else if job.failures > wanted.backoff_limit || is_restarted_out {
        ("FailureTarget", "BackoffLimitExceeded")
    } else if is_late {
        ("FailureTarget", "DeadlineExceeded")
    } else if has_failed_too_many {
        ("FailureTarget", "MaxFailedIndexesExceeded")
    } else if has_failed_index {
        ("FailureTarget", "FailedIndexes")
    } else if met.is_some() {
        ("SuccessCriteriaMet", "SuccessPolicy")
    } else if is_complete {
        ("SuccessCriteriaMet", "CompletionsReached")
    } else {
        return;
    };
    let now = cx.now;
    let job = &mut cx.workload_mut(id).job;
    job.condition = condition;
    job.reason = reason;
    job.decided_at = Some(now);
    if let Some(text) = met.filter(|_| reason == "SuccessPolicy") {
        job.message = text;
    }
}

/// What still runs is stopped; then the Job is what it was to become. If that is failed, what was
/// stopped counts as failed, too.
fn end(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, active: Vec<PodId>) {
    let has_failed = cx.workload(id).job.condition == "FailureTarget";
    for pod in active {
        if job_count::mark(cx, id, pod) && has_failed {
            job_count::failed(cx, id, wanted, pod);
        }
        report_deletion(cx, id, pod);
        delete_pod(cx, pod, None);
    }
    let runs = |pod: &PodId| !cx.pod(*pod).status.phase.is_terminal();
    if cx.workload(id).pods.iter().any(runs) {
        return;
    }
    let now = cx.now;
    let job = &mut cx.workload_mut(id).job;
    job.ended_at = Some(now);
    job.condition = if has_failed { "Failed" } else { "Complete" };
    let reason = job.reason;
    if has_failed {
        let text = job.text().to_owned();
        report(cx, id, EventType::Warning, reason, &text);
    } else {
        report(cx, id, EventType::Normal, "Completed", "Job completed");
    }
    expire(cx, id, wanted, now);
}

/// Brings the number of Pods to what it should be.
fn keep(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, mut active: Vec<PodId>) {
    let job = &cx.workload(id).job;
    let most = match wanted.completions {
        _ if wanted.is_suspended => 0,
        Some(completions) => {
            let left = completions.saturating_sub(job.succeeded);
            wanted.parallelism.min(left)
        }
        // Without a number the first success begins the end: no new Pods.
        None if job.succeeded > 0 => (active.len() as u32).min(wanted.parallelism),
        None => wanted.parallelism,
    };
    while active.len() as u32 > most {
        if let Some(pod) = active.pop() {
            // One too many is no failure.
            job_count::mark(cx, id, pod);
            report_deletion(cx, id, pod);
            delete_pod(cx, pod, None);
        }
    }
    let mut missing = most - active.len() as u32;
    if wanted.replaces_failed_only {
        // A Pod is only replaced once it is known how it ended.
        let pods = cx.workload(id).pods.iter().map(|pod| cx.pod(*pod));
        let ending = pods.filter(|pod| is_terminating(pod)).count() as u32;
        missing = missing.saturating_sub(ending);
    }
    if missing == 0 {
        return;
    }
    let job = &cx.workload(id).job;
    let wait = match wanted.index_backoff_limit {
        None => wait_left(cx, job.failures_in_a_row, job.last_failure),
        // Every index waits by itself.
        Some(_) => Duration::default(),
    };
    if wait > Duration::default() {
        return enqueue(cx, id, wait);
    }
    if wanted.is_indexed {
        return create_indexes(cx, id, wanted, missing);
    }
    for _ in 0..missing {
        create(cx, id, None);
    }
}

/// How long after the last of so many failures the next try must wait yet.
fn wait_left(cx: &Cx, failures: u32, last_at: Instant) -> Duration {
    if failures == 0 {
        return Duration::default();
    }
    let doublings = (failures - 1).min(6);
    let wait = Duration(BACK_OFF.0 << doublings).min(BACK_OFF_MAX);
    (last_at + wait).since(cx.now)
}

/// The lowest indexes that are neither done nor under way; of these all that need not wait, or
/// else the one that waits least, later.
fn create_indexes(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, missing: u32) {
    let pods = cx.workload(id).pods.iter().map(|pod| cx.pod(*pod));
    let taken: Set<u32> = pods
        .filter(|pod| !pod.status.phase.is_terminal())
        .filter(|pod| pod.deletion.is_none() || wanted.replaces_failed_only)
        .filter_map(index_of)
        .collect();
    let job = &cx.workload(id).job;
    let free = (0..wanted.completions.unwrap_or(0))
        .filter(|index| !taken.contains(index) && !job.is_over(*index));
    let mut now = Vec::new();
    let mut least = None;
    for index in free.take(missing as usize) {
        let of = job.index_failures.get(&index);
        match of.map_or_else(Duration::default, |of| wait_left(cx, of.all, of.last_at)) {
            Duration(0) => now.push(index),
            wait => least = Some(least.map_or(wait, |other: Duration| other.min(wait))),
        }
    }
    match least {
        Some(wait) if now.is_empty() => enqueue(cx, id, wait),
        _ => now
            .into_iter()
            .for_each(|index| create(cx, id, Some(index))),
    }
}

fn report_deletion(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    let text = format!("Deleted pod: {}", cx.pod(pod).name);
    report(cx, id, EventType::Normal, "SuccessfulDelete", &text);
}

fn create(cx: &mut Cx, id: WorkloadId, index: Option<u32>) {
    let state = cx.workload(id);
    let (name, uid) = (Arc::clone(&state.name), Arc::clone(&state.uid));
    let mut template = state.object.template.clone();
    let mut labels = labels(&uid, &name).to_vec();
    if let Some(index) = index {
        annotate(state, index, &mut template.metadata.annotations);
    }
    let index = index.map(|index| index.to_string());
    let base = match &index {
        Some(index) => [&name, "-", index].concat(),
        None => name.to_string(),
    };
    if let Some(index) = &index {
        labels.push((INDEX, index));
    }
    let pod_name = generated_name(cx, &base);
    let made = create_pod(cx, id, &pod_name, &template, &labels, |spec| {
        if index.is_some() {
            number(spec, &base);
        }
    });
    if made.is_none() {
        return;
    }
    let text = format!("Created pod: {pod_name}");
    report(cx, id, EventType::Normal, "SuccessfulCreate", &text);
    // The new Pod is a change, too.
    enqueue(cx, id, BATCH);
}

/// What a Pod says of its index, and of those that failed before it.
fn annotate(state: &WorkloadState, index: u32, annotations: &mut StringMap) {
    annotations.insert(INDEX.to_owned(), index.to_string());
    let WorkloadKind::Job(JobSpec {
        index_backoff_limit: Some(_),
        ..
    }) = state.object.kind
    else {
        return;
    };
    let of = state.job.index_failures.get(&index).copied();
    let of = of.unwrap_or_default();
    let key = "batch.kubernetes.io/job-index-failure-count";
    annotations.insert(key.to_owned(), of.counted.to_string());
    if of.all > of.counted {
        let key = "batch.kubernetes.io/job-index-ignored-failure-count";
        annotations.insert(key.to_owned(), (of.all - of.counted).to_string());
    }
}

/// Host name and variable of a Pod of an indexed Job (JOB-01).
fn number(spec: &mut PodSpec, hostname: &str) {
    spec.hostname = hostname.to_owned();
    for container in spec.containers.iter_mut().chain(&mut spec.init_containers) {
        container.env.push(EnvVar {
            name: "JOB_COMPLETION_INDEX".to_owned(),
            value: EnvValue::Field(INDEX_PATH.to_owned()),
        });
    }
}
