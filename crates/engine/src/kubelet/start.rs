//! Starting containers, one after another (RUN-06): back-off check, image, create, start,
//! postStart hook.

use super::hooks::{self, HookKind};
use super::image::{self, Image};
use super::kill::Kill;
use super::pod_worker::{container_spec, role, Instance, Role, RunState, StartProblem};
use super::requests::{self, End};
use super::sync::{current, wait_until, Step, SyncError};
use super::{kill, played, runtime};
use crate::api::PodSpec;
use crate::cluster::Cx;
use crate::events::{emit_pod, EventType, KillText, Message};
use crate::go_format::go_duration;
use crate::ids::{PodId, TextId};
use crate::record::{KillReason, What};
use crate::status::{TerminatedReason, WaitingReason};
use crate::time::Instant;
use std::sync::Arc;

/// The container whose start is under way.
fn current_container(cx: &mut Cx, pod: PodId) -> Option<u16> {
    let sync = current(cx, pod)?;
    sync.plan.starts.get(usize::from(sync.at)).copied()
}

/// Begins the start at the sync's position; after the last one the sync ends.
pub fn next(cx: &mut Cx, pod: PodId) {
    loop {
        let Some(container) = current_container(cx, pod) else {
            return requests::end_sync(cx, pod, End::Done);
        };
        if let Some(sync) = current(cx, pod) {
            sync.acted = true;
        }
        if refused_by_back_off(cx, pod, container) {
            if failed_and_over(cx, pod, container) {
                return;
            }
            continue;
        }
        count(cx, pod, container);
        match image::ensure(cx, pod, container) {
            Image::Ready => return create(cx, pod),
            Image::Pulling { due } => return wait_until(cx, pod, Step::Pull, due),
            Image::Failed(problem) => {
                fail(cx, pod, container, problem, SyncError::Other);
                if failed_and_over(cx, pod, container) {
                    return;
                }
            }
        }
    }
}

/// Every try counts, whatever becomes of it.
fn count(cx: &mut Cx, pod: PodId, container: u16) {
    let is_regular = role(&cx.pod(pod).spec, container) == Role::Regular;
    let Some(node) = cx.pod(pod).node else { return };
    let starts = &mut cx.node_mut(node).starts;
    match is_regular {
        true => starts.containers += 1,
        false => starts.init_containers += 1,
    }
}

/// Goes past a failed start. A failed init container ends the sync, a sidecar or regular container
/// does not (RUN-05). Whether the sync ended.
fn failed_and_over(cx: &mut Cx, pod: PodId, container: u16) -> bool {
    if role(&cx.pod(pod).spec, container) == Role::Init {
        requests::end_sync(cx, pod, End::Done);
        return true;
    }
    if let Some(sync) = current(cx, pod) {
        sync.at += 1;
    }
    false
}

/// A start failed: what the next sync shows (SYN-06), and when the sync is to be retried (SYN-12).
fn fail(cx: &mut Cx, pod: PodId, container: u16, problem: StartProblem, error: SyncError) {
    let Some(sync) = current(cx, pod) else { return };
    sync.outcomes.push((container, Some(problem)));
    sync.error = Some(match (sync.error, error) {
        (Some(SyncError::BackOff { until: a }), SyncError::BackOff { until: b }) => {
            SyncError::BackOff { until: a.min(b) }
        }
        (Some(SyncError::BackOff { until }), _) | (_, SyncError::BackOff { until }) => {
            SyncError::BackOff { until }
        }
        _ => SyncError::Other,
    });
}

/// The back-off check against the newest dead instance of the sync's view (BKO-02 to BKO-04,
/// BKO-10).
fn refused_by_back_off(cx: &mut Cx, pod: PodId, container: u16) -> bool {
    let now = cx.now;
    let Some(housekeeping) = cx.pod(pod).node.map(|node| cx.node(node).housekeeping) else {
        return false;
    };
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return false;
    };
    let Some(sync) = worker.sync.as_deref() else {
        return false;
    };
    let Some(finished) = sync.view.newest_exited(container).map(|i| i.finished_at) else {
        return false;
    };
    let backoff = &mut worker.containers[usize::from(container)].backoff;
    if let Some(collected) = housekeeping.at_or_before(now) {
        backoff.collect_garbage(collected);
    }
    if !backoff.refuses_restart(now, finished) {
        backoff.advance(now, finished);
        return false;
    }
    let delay = backoff.delay();
    let until = finished + delay;
    let text = format!(
        "back-off {} restarting failed container={} pod={}",
        go_duration(delay),
        container_spec(&cx.pod(pod).spec, container).name,
        cx.pod(pod).full_name()
    );
    let message = cx.intern(&text);
    cx.record(What::BackOff {
        pod,
        container,
        until_secs: (until + crate::time::Duration(999_999_999)).as_secs() as u32,
    });
    emit_pod(
        cx,
        pod,
        Some(container),
        EventType::Warning,
        "BackOff",
        Message::BackOff,
    );
    let problem = StartProblem {
        reason: WaitingReason::CrashLoopBackOff,
        message,
    };
    fail(cx, pod, container, problem, SyncError::BackOff { until });
    true
}

/// The pull for the current start is over.
pub fn pulled(cx: &mut Cx, pod: PodId) {
    let Some(container) = current_container(cx, pod) else {
        return;
    };
    match image::pulled(cx, pod, container) {
        None => create(cx, pod),
        Some(problem) => {
            fail(cx, pod, container, problem, SyncError::Other);
            if !failed_and_over(cx, pod, container) {
                next(cx, pod);
            }
        }
    }
}

/// The image is there: the container is created, unless its configuration cannot be made.
fn create(cx: &mut Cx, pod: PodId) {
    let Some(container) = current_container(cx, pod) else {
        return;
    };
    if let Err(message) = runtime::prepare(cx, pod, container) {
        emit_error(cx, pod, container, message);
        let problem = StartProblem {
            reason: WaitingReason::CreateContainerConfigError,
            message,
        };
        fail(cx, pod, container, problem, SyncError::Other);
        if !failed_and_over(cx, pod, container) {
            next(cx, pod);
        }
        return;
    }
    let due = cx.now + runtime::latencies(cx, pod).create;
    wait_until(cx, pod, Step::Create, due);
}

fn emit_error(cx: &mut Cx, pod: PodId, container: u16, text: TextId) {
    emit_pod(
        cx,
        pod,
        Some(container),
        EventType::Warning,
        "Failed",
        Message::Error(text),
    );
}

/// The container exists.
pub fn created(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(container) = current_container(cx, pod) else {
        return;
    };
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let attempt = next_attempt(worker, container);
    let instance = Instance {
        container,
        attempt,
        state: RunState::Created,
        started_at: None,
        finished_at: Instant::ZERO,
        exit_code: 0,
        reason: TerminatedReason::Completed,
        message: TextId::EMPTY,
        image: worker.containers[usize::from(container)].image,
        sandbox: worker.truth.sandbox.map_or(0, |s| s.attempt),
    };
    worker.truth.instances.push(instance);
    runtime::note_created(cx, pod, container, attempt);
    requests::runtime_changed(cx, pod);
    emit_pod(
        cx,
        pod,
        Some(container),
        EventType::Normal,
        "Created",
        Message::Fixed("Container created"),
    );
    let due = now + runtime::latencies(cx, pod).start;
    wait_until(cx, pod, Step::Start, due);
}

/// Restart count of the next instance (RUN-06): it never decreases (STS-08).
fn next_attempt(worker: &super::PodWorker, container: u16) -> u32 {
    let seen = worker
        .status
        .containers
        .get(usize::from(container))
        .and_then(|status| {
            match status.instance {
                Some(_) => Some(status.restart_count + 1),
                // The new count is told already (RST-08).
                None => status
                    .last
                    .filter(super::status::was_removed)
                    .map(|_| status.restart_count),
            }
        });
    let newest = worker.truth.newest(container).map(|i| i.attempt + 1);
    newest.max(seen).unwrap_or(0)
}

/// The runtime has started the container's process, or could not (BKO-20).
pub fn started(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(container) = current_container(cx, pod) else {
        return;
    };
    let Some(attempt) = newest_attempt(cx, pod, container) else {
        return;
    };
    let began = played::stamped(cx, pod, container);
    let result = runtime::start(cx, pod, container, attempt);
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let Some(instance) = worker.truth.instance_mut(container, attempt) else {
        return;
    };
    if let Err(message) = result {
        instance.state = RunState::Exited;
        instance.finished_at = now;
        instance.exit_code = 128;
        instance.reason = TerminatedReason::StartError;
        instance.message = message;
        requests::runtime_changed(cx, pod);
        emit_error(cx, pod, container, message);
        let problem = StartProblem {
            reason: WaitingReason::RunContainerError,
            message,
        };
        fail(cx, pod, container, problem, SyncError::Other);
        if !failed_and_over(cx, pod, container) {
            next(cx, pod);
        }
        return;
    }
    instance.state = RunState::Running;
    instance.started_at = Some(began);
    cx.record(What::ContainerStarted {
        pod,
        container,
        instance: attempt,
    });
    requests::runtime_changed(cx, pod);
    emit_pod(
        cx,
        pod,
        Some(container),
        EventType::Normal,
        "Started",
        Message::Fixed("Container started"),
    );
    runtime::after_start(cx, pod);
    let spec = cx.pod(pod).spec.clone();
    if container_spec(&spec, container).post_start.is_none() {
        return succeeded(cx, pod, container);
    }
    let run = hooks::start(cx, pod, container, HookKind::PostStart);
    if let Some(sync) = current(cx, pod) {
        sync.hook = Some(run);
    }
    wait_until(cx, pod, Step::PostStart, run.ends_at);
}

fn newest_attempt(cx: &Cx, pod: PodId, container: u16) -> Option<u32> {
    let worker = cx.pod(pod).worker.as_ref()?;
    worker.truth.newest(container).map(|i| i.attempt)
}

fn succeeded(cx: &mut Cx, pod: PodId, container: u16) {
    if let Some(sync) = current(cx, pod) {
        sync.outcomes.push((container, None));
        sync.at += 1;
    }
    next(cx, pod);
}

/// An exec'd postStart hook has ended.
pub fn hook_finished(cx: &mut Cx, pod: PodId, exec: u32, failure: Option<TextId>) {
    let Some(sync) = current(cx, pod) else { return };
    let Some(hook) = &mut sync.hook else { return };
    if sync.step != Step::PostStart || hook.exec != Some(exec) {
        return;
    }
    hook.failure = failure;
    post_start_done(cx, pod);
}

/// The postStart hook is over; a failed one stops the container (HKS-03).
pub fn post_start_done(cx: &mut Cx, pod: PodId) {
    let Some(container) = current_container(cx, pod) else {
        return;
    };
    let failure = current(cx, pod)
        .and_then(|s| s.hook)
        .and_then(|h| h.failure);
    if failure.is_none() {
        if let Some(sync) = current(cx, pod) {
            sync.hook = None;
        }
        return succeeded(cx, pod, container);
    }
    emit_pod(
        cx,
        pod,
        Some(container),
        EventType::Warning,
        "FailedPostStartHook",
        Message::Fixed("PostStartHook failed"),
    );
    let spec: Arc<PodSpec> = cx.pod(pod).spec.clone();
    let Some(attempt) = newest_attempt(cx, pod, container) else {
        return;
    };
    let kill = Kill::planned(
        &spec,
        container,
        attempt,
        KillReason::PostStartHook,
        KillText::FailedPostStartHook,
    );
    if let Some(sync) = current(cx, pod) {
        sync.kills = vec![kill];
    }
    wait_until(cx, pod, Step::PostStartKill, Instant::NEVER);
    kill::proceed(cx, pod);
}

/// The container whose postStart hook failed is down.
pub fn post_start_killed(cx: &mut Cx, pod: PodId) {
    let Some(container) = current_container(cx, pod) else {
        return;
    };
    let hook = current(cx, pod).and_then(|sync| {
        sync.kills.clear();
        sync.hook.take()
    });
    let message = hook.and_then(|h| h.failure).unwrap_or_default();
    let problem = StartProblem {
        reason: WaitingReason::PostStartHookError,
        message,
    };
    fail(cx, pod, container, problem, SyncError::Other);
    if !failed_and_over(cx, pod, container) {
        next(cx, pod);
    }
}
