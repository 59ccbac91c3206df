//! A Job runs Pods until enough have succeeded, or too many have failed (JOB-01 to JOB-03).

use super::failure_policy;
use super::{create_pod, delete_pod, enqueue, generated_name, report};
use crate::api::{EnvValue, EnvVar, JobSpec, PodSpec, RestartPolicy, WorkloadKind};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::events::EventType;
use crate::ids::{PodId, WorkloadId};
use crate::record::What;
use crate::sorted::{Map, Set};
use crate::status::{ContainerState, Phase};
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Changes of Pods are collected for this long (JOB-01).
pub const BATCH: Duration = Duration::from_secs(1);
/// Wait after the first failure; doubles (JOB-02).
const BACK_OFF: Duration = Duration::from_secs(10);
const BACK_OFF_MAX: Duration = Duration::from_secs(600);
const INDEX: &str = "batch.kubernetes.io/job-completion-index";

/// How a Job stands.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct JobStatus {
    pub active: u32,
    pub ready: u32,
    pub succeeded: u32,
    pub failed: u32,
    /// `Complete`, `FailureTarget` or `Failed`; empty: it goes on.
    pub condition: &'static str,
    /// Why it failed.
    pub reason: &'static str,
    pub started_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    /// The message of a failure that a rule of the failure policy brought about.
    pub message: String,
    counted: Set<PodId>,
    done_indexes: Set<u32>,
    pub(super) failed_indexes: Set<u32>,
    /// Counted failures by index.
    index_failures: Map<u32, u32>,
    /// Failures since the last success.
    failures_in_a_row: u32,
    last_failure: Instant,
}

impl JobStatus {
    /// What the conditions say about its end.
    pub fn text(&self) -> &str {
        match self.reason {
            "CompletionsReached" => "Reached expected number of succeeded pods",
            "DeadlineExceeded" => "Job was active longer than specified deadline",
            "FailedIndexes" => "Job has failed indexes",
            "PodFailurePolicy" => &self.message,
            _ => "Job has reached the specified backoff limit",
        }
    }

    /// `status.completedIndexes`.
    pub fn completed_indexes(&self) -> String {
        ranges(&self.done_indexes)
    }

    /// `status.failedIndexes`.
    pub fn failed_indexes(&self) -> String {
        ranges(&self.failed_indexes)
    }
}

/// Numbers as the API lists them: neighbours are joined, as `0-2,4`.
fn ranges(numbers: &Set<u32>) -> String {
    let mut text = String::new();
    let mut numbers = numbers.iter().copied().peekable();
    while let Some(first) = numbers.next() {
        let mut last = first;
        while let Some(next) = numbers.next_if(|next| *next == last + 1) {
            last = next;
        }
        let comma = if text.is_empty() { "" } else { "," };
        text.push_str(comma);
        text.push_str(&first.to_string());
        if last > first {
            text.push(if last == first + 1 { ',' } else { '-' });
            text.push_str(&last.to_string());
        }
    }
    text
}

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
    if before.ended_at.is_some() {
        return;
    }
    let now = cx.now;
    if before.started_at.is_none() && !wanted.is_suspended {
        cx.workload_mut(id).job.started_at = Some(now);
    }
    let active = count(cx, id);
    if cx.workload(id).job.condition.is_empty() {
        judge(cx, id, wanted, &active);
    }
    if cx.workload(id).job.condition.is_empty() {
        keep(cx, id, wanted, active);
        let started_at = cx.workload(id).job.started_at;
        if let Some((seconds, at)) = wanted.active_deadline_seconds.zip(started_at) {
            let left = (at + Duration::from_secs(seconds)).since(now);
            enqueue(cx, id, left);
        }
    } else {
        end(cx, id, active);
    }
    count(cx, id);
    if cx.workload(id).job != before {
        cx.record(What::WorkloadChanged { workload: id });
    }
}

/// Takes in the Pods that have ended; returns those that have not.
fn count(cx: &mut Cx, id: WorkloadId) -> Vec<PodId> {
    let pods = cx.workload(id).pods.clone();
    let mut active = Vec::new();
    let mut ready = 0;
    for pod in pods {
        let state = cx.pod(pod);
        let phase = state.status.phase;
        if !phase.is_terminal() {
            if state.deletion.is_none() {
                active.push(pod);
                ready += u32::from(state.status.is_ready());
            }
            continue;
        }
        count_ended(cx, id, pod);
    }
    let job = &mut cx.workload_mut(id).job;
    job.active = active.len() as u32;
    job.ready = ready;
    active
}

/// Takes in a Pod that has ended, once.
pub fn count_ended(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    let state = cx.pod(pod);
    let phase = state.status.phase;
    if !phase.is_terminal() {
        return;
    }
    let index = state.labels.get(INDEX).and_then(|index| index.parse().ok());
    let ended_at = finished_at(cx, pod);
    let job = &mut cx.workload_mut(id).job;
    if !job.counted.insert(pod) {
        return;
    }
    if phase == Phase::Succeeded {
        // An index counts once.
        if index.is_none_or(|index| job.done_indexes.insert(index)) {
            job.succeeded += 1;
        }
        job.failures_in_a_row = 0;
        return;
    }
    job.failures_in_a_row += 1;
    job.last_failure = job.last_failure.max(ended_at);
    if cx.workload(id).object.failure_rules.is_empty() {
        count_failure(cx, id, index, false);
    } else {
        failure_policy::apply(cx, id, pod, index);
    }
}

/// A failure counts, for the Job and for its index; `at_once`: no further try of the index.
pub fn count_failure(cx: &mut Cx, id: WorkloadId, index: Option<u32>, at_once: bool) {
    let limit = wanted(cx, id).and_then(|wanted| wanted.index_backoff_limit);
    let job = &mut cx.workload_mut(id).job;
    job.failed += 1;
    if let Some((limit, index)) = limit.zip(index) {
        let failures = job.index_failures.entry(index).or_insert(0);
        *failures += 1;
        if at_once || *failures > limit {
            job.failed_indexes.insert(index);
        }
    }
}

/// When the last container of a Pod ended.
fn finished_at(cx: &Cx, pod: PodId) -> Instant {
    let containers = cx.pod(pod).status.containers.iter();
    let ends = containers.filter_map(|container| match container.state {
        ContainerState::Terminated(end) => Some(end.finished_at),
        _ => None,
    });
    ends.max().unwrap_or(cx.now)
}

/// Whether it is over.
fn judge(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, active: &[PodId]) {
    let job = &cx.workload(id).job;
    let is_in_place =
        cx.workload(id).object.template.spec.restart_policy == RestartPolicy::OnFailure;
    let restarts: u32 = active.iter().map(|pod| restarts(cx, *pod)).sum();
    let is_restarted_out = is_in_place
        && if wanted.backoff_limit == 0 {
            restarts > 0
        } else {
            restarts >= wanted.backoff_limit
        };
    let is_late = wanted
        .active_deadline_seconds
        .zip(job.started_at)
        .is_some_and(|(seconds, at)| at + Duration::from_secs(seconds) <= cx.now);
    let is_complete = match wanted.completions {
        Some(completions) => job.succeeded >= completions,
        None => job.succeeded > 0 && active.is_empty(),
    };
    // Every index has come to an end, some of them to a bad one.
    let ended = job.done_indexes.len() + job.failed_indexes.len();
    let has_failed_index = !job.failed_indexes.is_empty()
        && wanted.completions.is_some_and(|all| ended >= all as usize);
    let (condition, reason) = if !job.message.is_empty() {
        ("FailureTarget", "PodFailurePolicy")
    } else if job.failed > wanted.backoff_limit || is_restarted_out {
        ("FailureTarget", "BackoffLimitExceeded")
    } else if is_late {
        ("FailureTarget", "DeadlineExceeded")
    } else if has_failed_index {
        ("FailureTarget", "FailedIndexes")
    } else if is_complete {
        ("SuccessCriteriaMet", "CompletionsReached")
    } else {
        return;
    };
    let job = &mut cx.workload_mut(id).job;
    job.condition = condition;
    job.reason = reason;
}

fn restarts(cx: &Cx, pod: PodId) -> u32 {
    let containers = cx.pod(pod).status.containers.iter();
    containers.map(|container| container.restart_count).sum()
}

/// What still runs is stopped; then the Job is what it was to become.
fn end(cx: &mut Cx, id: WorkloadId, active: Vec<PodId>) {
    for pod in active {
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
    let has_failed = job.condition == "FailureTarget";
    job.condition = if has_failed { "Failed" } else { "Complete" };
    let reason = job.reason;
    if has_failed {
        let text = job.text().to_owned();
        report(cx, id, EventType::Warning, reason, &text);
    } else {
        report(cx, id, EventType::Normal, "Completed", "Job completed");
    }
}

/// Brings the number of Pods to what it should be.
fn keep(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, mut active: Vec<PodId>) {
    let job = &cx.workload(id).job;
    let most = match wanted.completions {
        _ if wanted.is_suspended => 0,
        Some(completions) => {
            let over = job
                .succeeded
                .saturating_add(job.failed_indexes.len() as u32);
            wanted.parallelism.min(completions.saturating_sub(over))
        }
        // Without a number the first success begins the end: no new Pods.
        None if job.succeeded > 0 => (active.len() as u32).min(wanted.parallelism),
        None => wanted.parallelism,
    };
    while active.len() as u32 > most {
        if let Some(pod) = active.pop() {
            report_deletion(cx, id, pod);
            delete_pod(cx, pod, None);
        }
    }
    let mut missing = most - active.len() as u32;
    if !cx.workload(id).object.failure_rules.is_empty() {
        // With a policy a Pod is only replaced once it is known how it ended.
        let pods = cx.workload(id).pods.iter().map(|pod| cx.pod(*pod));
        let ending = pods.filter(|pod| pod.deletion.is_some() && !pod.status.phase.is_terminal());
        missing = missing.saturating_sub(ending.count() as u32);
    }
    if missing == 0 {
        return;
    }
    let job = &cx.workload(id).job;
    if job.failures_in_a_row > 0 {
        let doublings = (job.failures_in_a_row - 1).min(6);
        let wait = Duration(BACK_OFF.0 << doublings).min(BACK_OFF_MAX);
        let at = job.last_failure + wait;
        if at > cx.now {
            let delay = at.since(cx.now);
            return enqueue(cx, id, delay);
        }
    }
    for _ in 0..missing {
        create(cx, id, wanted, &mut active);
    }
}

fn report_deletion(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    let text = format!("Deleted pod: {}", cx.pod(pod).name);
    report(cx, id, EventType::Normal, "SuccessfulDelete", &text);
}

fn create(cx: &mut Cx, id: WorkloadId, wanted: JobSpec, active: &mut Vec<PodId>) {
    let state = cx.workload(id);
    let (name, uid) = (Arc::clone(&state.name), Arc::clone(&state.uid));
    let template = state.object.template.clone();
    let mut labels = labels(&uid, &name).to_vec();
    let index = wanted
        .is_indexed
        .then(|| free_index(cx, id, active).to_string());
    let base = match &index {
        Some(index) => [&name, "-", index].concat(),
        None => name.to_string(),
    };
    if let Some(index) = &index {
        labels.push((INDEX, index));
    }
    let pod_name = generated_name(cx, &base);
    let made = create_pod(cx, id, &pod_name, &template, &labels, |spec| {
        if let Some(index) = &index {
            number(spec, &base, index);
        }
    });
    let Some(pod) = made else { return };
    active.push(pod);
    let text = format!("Created pod: {pod_name}");
    report(cx, id, EventType::Normal, "SuccessfulCreate", &text);
}

/// The lowest index that is neither done nor under way.
fn free_index(cx: &Cx, id: WorkloadId, active: &[PodId]) -> u32 {
    let index = |pod: &PodId| cx.pod(*pod).labels.get(INDEX)?.parse::<u32>().ok();
    let taken: Set<u32> = active.iter().filter_map(index).collect();
    let job = &cx.workload(id).job;
    let is_over =
        |index: &u32| job.done_indexes.contains(index) || job.failed_indexes.contains(index);
    (0..)
        .find(|index| !taken.contains(index) && !is_over(index))
        .unwrap_or(0)
}

fn number(spec: &mut PodSpec, hostname: &str, index: &str) {
    spec.hostname = hostname.to_owned();
    for container in spec.containers.iter_mut().chain(&mut spec.init_containers) {
        container.env.push(EnvVar {
            name: "JOB_COMPLETION_INDEX".to_owned(),
            value: EnvValue::Literal(index.to_owned()),
        });
    }
}
