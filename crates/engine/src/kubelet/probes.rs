//! Probes on a node: makes workers, wakes them, runs handlers, acts on results (PRB-*).
//!
//! The hot path: a passing probe costs two timers, no allocation and no text.

use super::handlers::{self, ProbeOutput, ProbeRun, ProbeStart};
use super::pod_worker::{regular_range, ContainerEntry, Role};
use super::prober::{Cached, Changes, Next, ProbeResult, ProbeSettings, Settled, Step};
use super::restart_policy::restarts_after;
use super::{requests, runtime, status_manager, steady, PodTimer};
use crate::api::{PodSpec, ProbeKind};
use crate::cluster::{Cx, PodState};
use crate::events::{emit_pod, EventType, Message};
use crate::ids::PodId;
use crate::record::{ProbeOutcome, What};
use crate::rng::Purpose;
use crate::time::{Duration, Instant};
use crate::timer::Timer;

/// A probe of a Pod: container × 3 + kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotId(pub u16);

impl SlotId {
    /// The slot of a container's probe.
    pub fn new(container: u16, kind: ProbeKind) -> Self {
        SlotId(container * 3 + kind as u16)
    }

    /// The container's position.
    pub fn container(self) -> u16 {
        self.0 / 3
    }

    /// The kind of probe.
    pub fn kind(self) -> ProbeKind {
        ProbeKind::ALL[usize::from(self.0 % 3)]
    }
}

/// Workers that are due at the same instant step in a fixed order, microseconds apart: regular
/// containers before sidecars, in spec order, and startup, readiness, liveness within one.
pub fn step_delay(spec: &PodSpec, slot: SlotId) -> Duration {
    let container = u64::from(slot.container());
    let inits = spec.init_containers.len() as u64;
    let position = match container.checked_sub(inits) {
        Some(position) => position,
        None => container + 10,
    };
    Duration::from_micros(10 * position + slot.kind() as u64 + 1)
}

/// The worker's first step comes a little later still.
const FIRST_STEP: Duration = Duration::from_micros(1);

/// Makes the workers that are missing (PRB-01, PRB-02): regular containers, then sidecars.
pub fn make_workers(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(age) = cx.pod(pod).node.map(|node| cx.node(node).age(now)) else {
        return;
    };
    let deleting = cx.pod(pod).deletion.is_some();
    let spec = cx.pod(pod).spec.clone();
    let regular = regular_range(&spec);
    let sidecars = super::pod_worker::init_range(&spec)
        .filter(|c| super::pod_worker::role(&spec, *c) == Role::Sidecar);
    for container in regular.clone().chain(sidecars) {
        for kind in ProbeKind::ALL {
            let Some(probe) = super::pod_worker::container_spec(&spec, container).probe(kind)
            else {
                continue;
            };
            let is_sidecar = !regular.contains(&container);
            let mut settings = ProbeSettings::new(kind, probe, is_sidecar);
            settings.pod_deleting = deleting;
            let slot = SlotId::new(container, kind);
            let cluster = &mut *cx.cluster;
            let draws = &mut cluster.draws;
            let state = &mut cluster.pods[pod.index()];
            if has_worker(state, slot) {
                return;
            }
            let Some(worker) = std::sync::Arc::make_mut(state).worker.as_mut() else {
                return;
            };
            let made = worker.containers[usize::from(container)]
                .probes
                .add(settings, now, || {
                    if settings.needs_jitter(age) {
                        draws.part_of(Purpose::ProbeJitter, settings.period)
                    } else {
                        Duration::ZERO
                    }
                });
            if !made {
                // The first worker that exists ends the search: one that has exited comes back
                // only if none before it lives.
                return;
            }
            wake(cx, pod, slot, FIRST_STEP);
        }
    }
}

fn has_worker(state: &PodState, slot: SlotId) -> bool {
    let entry = |worker: &super::PodWorker| {
        let entry = worker.containers.get(usize::from(slot.container()))?;
        Some(entry.probes.has(slot.kind()))
    };
    state.worker.as_ref().and_then(entry).unwrap_or(false)
}

/// Sets a timer for the worker's next step; none while the handler runs.
pub(super) fn wake(cx: &mut Cx, pod: PodId, slot: SlotId, extra: Duration) {
    let now = cx.now;
    let Some(worker) = cx.pod_for_probe(pod).worker.as_mut() else {
        return;
    };
    let entry = &mut worker.containers[usize::from(slot.container())];
    let Some(at) = next_step(entry, now, slot.kind(), extra) else {
        return;
    };
    let timer = PodTimer::Probe(slot);
    cx.at(at, Timer::Pod { pod, timer });
}

/// Notes and returns when the worker steps next.
fn next_step(
    entry: &mut ContainerEntry,
    now: Instant,
    kind: ProbeKind,
    extra: Duration,
) -> Option<Instant> {
    let due = entry.probes.poll_at(kind);
    let host = entry.slots[kind as usize].as_mut()?;
    if due == Instant::NEVER {
        return None;
    }
    host.step_at = due.max(now) + host.delay + extra;
    Some(host.step_at)
}

/// A worker's step is due, unless its timer was replaced.
pub fn step_timer(cx: &mut Cx, pod: PodId, slot: SlotId) {
    let now = cx.now;
    let state = cx.pod_for_probe(pod);
    let Some(host) = state.worker.as_mut().and_then(|worker| {
        worker.containers[usize::from(slot.container())].slots[slot.kind() as usize].as_mut()
    }) else {
        return;
    };
    if host.step_at != now {
        return;
    }
    host.step_at = Instant::NEVER;
    if let Some((step, tick)) = poll(state, now, slot) {
        after_poll(cx, pod, slot, step, tick);
    }
}

/// Polls a worker against the kubelet's own status. The worker's clock is that of its ticks,
/// without the microseconds that order the steps.
pub(super) fn poll(state: &mut PodState, now: Instant, slot: SlotId) -> Option<(Step, Instant)> {
    let (container, kind) = (slot.container(), slot.kind());
    let worker = state.worker.as_mut()?;
    let status = worker.status.containers.get(usize::from(container));
    let view = match status.filter(|_| worker.has_status) {
        None => Cached::Missing,
        Some(status) => Cached::of(worker.status.phase, status, worker.began, |exit_code| {
            // PRB-08
            worker.status.is_restarting_all() || restarts_after(&state.spec, container, exit_code)
        }),
    };
    let entry = &mut worker.containers[usize::from(container)];
    let host = entry.slots[kind as usize].as_mut()?;
    let tick = now.saturating_sub(host.delay);
    let step = entry.probes.poll(kind, tick, view);
    if std::mem::take(&mut host.trigger_next) {
        entry.probes.trigger_readiness();
    }
    Some((step, tick))
}

/// Does what a step asks for.
pub(super) fn after_poll(cx: &mut Cx, pod: PodId, slot: SlotId, step: Step, tick: Instant) {
    if !matches!(step.next, Next::NotDue | Next::Stopped) {
        runtime::note_step(cx, pod, slot, tick);
    }
    apply(cx, pod, slot, step.changes);
    match step.next {
        Next::Execute => execute(cx, pod, slot),
        Next::Wait | Next::NotDue => {
            wake(cx, pod, slot, Duration::ZERO);
            if step.next == Next::Wait {
                steady::holds(cx, pod, slot);
            }
        }
        Next::Exit | Next::Stopped => {}
    }
}

/// Runs the handler.
fn execute(cx: &mut Cx, pod: PodId, slot: SlotId) {
    let now = cx.now;
    let start = handlers::start(cx, pod, slot);
    if let ProbeStart::Ends {
        after,
        outcome: ProbeOutcome::Success,
        output: ProbeOutput::Empty,
        server,
    } = start
    {
        if steady::passes(cx, pod, slot, after, server) {
            return;
        }
    }
    let Some(worker) = cx.pod_for_probe(pod).worker.as_mut() else {
        return;
    };
    let entry = &mut worker.containers[usize::from(slot.container())];
    let Some(host) = &mut entry.slots[slot.kind() as usize] else {
        return;
    };
    let timeout = host.target.timeout;
    let run = match start {
        ProbeStart::Ends {
            after,
            outcome,
            output,
            server,
        } => ProbeRun {
            began_at: now,
            ends_at: now + after,
            outcome,
            output,
            exec: None,
            server,
        },
        // Until the command ends by itself, the run is one that times out.
        ProbeStart::Exec(exec) => ProbeRun {
            began_at: now,
            ends_at: now + timeout,
            outcome: ProbeOutcome::Failure,
            output: ProbeOutput::ExecTimedOut,
            exec: Some(exec),
            server: None,
        },
    };
    host.run = Some(run);
    let timer = PodTimer::ProbeEnd(slot);
    cx.at(run.ends_at, Timer::Pod { pod, timer });
}

/// A run's end is due, unless the run was settled otherwise.
pub fn end_timer(cx: &mut Cx, pod: PodId, slot: SlotId) {
    let now = cx.now;
    let Some(run) = run_of(cx, pod, slot) else {
        return;
    };
    if run.ends_at != now {
        return;
    }
    if let Some(exec) = run.exec {
        runtime::kill_exec(cx, pod, exec);
    }
    finish(cx, pod, slot, run);
}

fn run_of(cx: &Cx, pod: PodId, slot: SlotId) -> Option<ProbeRun> {
    let worker = cx.pod(pod).worker.as_ref()?;
    let entry = &worker.containers[usize::from(slot.container())];
    entry.slots[slot.kind() as usize].as_ref()?.run
}

/// An exec'd command of a probe has ended by itself: its run ends a little later.
pub fn exec_finished(
    cx: &mut Cx,
    pod: PodId,
    slot: SlotId,
    exec: u32,
    after: Duration,
    outcome: ProbeOutcome,
    output: ProbeOutput,
) {
    let now = cx.now;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let entry = &mut worker.containers[usize::from(slot.container())];
    let Some(run) = entry.slots[slot.kind() as usize]
        .as_mut()
        .and_then(|host| host.run.as_mut())
    else {
        return;
    };
    if run.exec != Some(exec) || run.ends_at <= now {
        return;
    }
    run.exec = None;
    run.outcome = outcome;
    run.output = output;
    run.ends_at = run.ends_at.min(now + after);
    let at = run.ends_at;
    let timer = PodTimer::ProbeEnd(slot);
    cx.at(at, Timer::Pod { pod, timer });
}

/// A container has ended: requests that it has not answered yet see the connection closed.
pub fn server_exited(cx: &mut Cx, pod: PodId, container: u16) {
    let now = cx.now;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let address = worker.truth.sandbox.map_or(0, |s| s.address);
    let mut cut = Vec::new();
    for (position, entry) in worker.containers.iter_mut().enumerate() {
        for kind in ProbeKind::ALL {
            let run = entry.slots[kind as usize]
                .as_mut()
                .and_then(|host| host.run.as_mut())
                .filter(|run| run.server == Some(container) && run.ends_at > now);
            if let Some(run) = run {
                run.outcome = ProbeOutcome::Failure;
                run.output = ProbeOutput::HttpFailed {
                    address,
                    failure: handlers::HttpFailure::Eof,
                };
                run.ends_at = now;
                cut.push(SlotId::new(position as u16, kind));
            }
        }
    }
    for slot in cut {
        let timer = PodTimer::ProbeEnd(slot);
        cx.at(now, Timer::Pod { pod, timer });
    }
}

/// A run is over: event, count, results, next step.
fn finish(cx: &mut Cx, pod: PodId, slot: SlotId, run: ProbeRun) {
    let now = cx.now;
    let took = now.since(run.began_at);
    let (container, kind) = (slot.container(), slot.kind());
    runtime::note_run(cx, pod, slot, &run);
    let Some(worker) = cx.pod_for_probe(pod).worker.as_mut() else {
        return;
    };
    let entry = &mut worker.containers[usize::from(container)];
    if let Some(host) = &mut entry.slots[kind as usize] {
        host.run = None;
        host.counts.count(run.outcome, took);
    }
    let triggered = entry
        .probes
        .worker(kind)
        .is_some_and(|worker| worker.was_triggered());
    let finished = entry.probes.execution_done(kind, run.outcome);
    if let (Settled::Counted { run: count }, ProbeOutcome::Success, true) =
        (finished.settled, run.outcome, finished.changes.is_empty())
    {
        // The common case: nothing follows but the next step.
        let next = next_step(entry, now, kind, Duration::ZERO);
        cx.record(probed(pod, slot, (run.outcome, count), triggered, took));
        if let Some(at) = next {
            let timer = PodTimer::Probe(slot);
            cx.at(at, Timer::Pod { pod, timer });
        }
        return;
    }
    let count = match finished.settled {
        Settled::Retry => return execute(cx, pod, slot),
        Settled::Discarded => 0,
        Settled::Counted { run } => run,
    };
    let before = cx.cause;
    cx.record_as_cause(probed(pod, slot, (run.outcome, count), triggered, took));
    report(cx, pod, slot, &run);
    apply(cx, pod, slot, finished.changes);
    // The ticker goes on by itself: the next step is not this run's effect.
    cx.cause = before;
    wake(cx, pod, slot, Duration::ZERO);
}

pub(super) fn probed(
    pod: PodId,
    slot: SlotId,
    (outcome, run): (ProbeOutcome, u32),
    triggered: bool,
    took: Duration,
) -> What {
    What::Probed {
        pod,
        container: slot.container(),
        kind: slot.kind(),
        outcome,
        run: run.min(u32::from(u16::MAX)) as u16,
        triggered,
        took_millis: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
    }
}

/// The event of a run that did not simply succeed (PRB-27).
fn report(cx: &mut Cx, pod: PodId, slot: SlotId, run: &ProbeRun) {
    let kind = slot.kind();
    let output = run.output;
    let (reason, message) = match run.outcome {
        ProbeOutcome::Success => return,
        ProbeOutcome::Warning => ("ProbeWarning", Message::ProbeWarning { kind, output }),
        ProbeOutcome::Failure => ("Unhealthy", Message::ProbeFailed { kind, output }),
        ProbeOutcome::Error => (
            "Unhealthy",
            Message::ProbeErrored {
                kind,
                unknown: !matches!(output, ProbeOutput::BodyStalls | ProbeOutput::BodyCut),
                output,
            },
        ),
    };
    let container = Some(slot.container());
    emit_pod(cx, pod, container, EventType::Warning, reason, message);
}

/// Acts on changed results (PRB-15). All changes of one step ask for one sync.
fn apply(cx: &mut Cx, pod: PodId, slot: SlotId, changes: Changes) {
    if changes.is_empty() {
        return;
    }
    let (container, kind) = (slot.container(), slot.kind());
    let before = cx.cause;
    let mut asks = false;
    for change in &changes {
        cx.cause = before;
        cx.record_as_cause(What::ProbeResult {
            pod,
            container,
            kind,
            value: change.recorded(),
        });
        runtime::note_result(cx, pod, slot, change);
        let Some(value) = change.value else { continue };
        let success = value == ProbeResult::Success;
        let attempt = change.instance;
        match kind {
            ProbeKind::Readiness => {
                status_manager::set_ready(cx, pod, container, attempt, success);
            }
            ProbeKind::Startup => {
                status_manager::set_started(cx, pod, container, attempt, success);
            }
            ProbeKind::Liveness => {}
        }
        asks |= kind != ProbeKind::Liveness || value == ProbeResult::Failure;
    }
    if asks {
        requests::request_sync(cx, pod);
    }
    cx.cause = before;
}
