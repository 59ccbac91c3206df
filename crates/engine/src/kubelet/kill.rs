//! Stopping containers (TRM-02, TRM-03, INI-09): event, preStop hook, the turn in the termination
//! order, stop signal, SIGKILL. Within a sync one after another, with the Pod all at once.

use super::hooks::{self, HookKind, HookRun};
use super::pod_worker::{container_spec, role, Role, RunState};
use super::sync::{self, current};
use super::{played, runtime, PodTimer};
use crate::api::{PodSpec, ProbeKind};
use crate::cluster::{Cx, PodState};
use crate::events::{emit_pod, EventType, KillText, Message};
use crate::ids::PodId;
use crate::record::{KillReason, SyncKind, What};
use crate::time::{Duration, Instant};
use crate::timer::Timer;

/// The least that a container gets between stop signal and SIGKILL (TRM-03), seconds.
const LEAST_GRACE: u32 = 2;

/// How far a stop has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Queued,
    PreStop,
    /// Waits until the containers before it in the termination order are down.
    Turn,
    /// The signal is out; SIGKILL follows at [`Kill::due`].
    Stopping,
    Done,
}

/// A container to be stopped.
#[derive(Clone, Copy, Debug)]
pub struct Kill {
    pub container: u16,
    pub attempt: u32,
    pub reason: KillReason,
    pub text: KillText,
    /// What is left of the grace, seconds.
    pub grace: u32,
    pub stage: Stage,
    /// When the stage began.
    pub since: Instant,
    /// When the stage ends at the latest.
    pub due: Instant,
    pub hook: Option<HookRun>,
}

impl Kill {
    /// A stop within a sync, with the grace that applies to it (TRM-02).
    pub fn planned(
        spec: &PodSpec,
        container: u16,
        attempt: u32,
        reason: KillReason,
        text: KillText,
    ) -> Self {
        let probe = match reason {
            KillReason::Liveness => container_spec(spec, container).liveness_probe.as_ref(),
            KillReason::Startup => container_spec(spec, container).startup_probe.as_ref(),
            _ => None,
        };
        Kill {
            container,
            attempt,
            reason,
            text,
            grace: probe
                .and_then(|p| p.termination_grace_period_seconds)
                .unwrap_or(spec.termination_grace_period_seconds),
            stage: Stage::Queued,
            since: Instant::ZERO,
            due: Instant::NEVER,
            hook: None,
        }
    }

    /// A stop because a probe has failed.
    pub fn for_probe(spec: &PodSpec, container: u16, attempt: u32, kind: ProbeKind) -> Self {
        let reason = match kind {
            ProbeKind::Startup => KillReason::Startup,
            _ => KillReason::Liveness,
        };
        let will_restart = super::restart_policy::restarts_when_killed(spec, container);
        let text = KillText::FailedProbe { kind, will_restart };
        Kill::planned(spec, container, attempt, reason, text)
    }
}

/// Queues the stop of every running container of the sync's view. Whether there is one.
pub fn queue_all(cx: &mut Cx, pod: PodId, grace: Option<u32>) -> bool {
    let spec = cx.pod(pod).spec.clone();
    let reason = if cx.pod(pod).deletion.is_some() {
        KillReason::PodDeleted
    } else {
        KillReason::PodEnded
    };
    let Some(sync) = current(cx, pod) else {
        return false;
    };
    let mut kills: Vec<Kill> = sync
        .view
        .instances
        .iter()
        .filter(|i| i.state == RunState::Running)
        .map(|i| {
            let mut kill = Kill::planned(&spec, i.container, i.attempt, reason, KillText::Stopping);
            kill.grace = grace.unwrap_or(kill.grace);
            kill
        })
        .collect();
    kills.sort_by_key(|kill| kill.container);
    sync.kills = kills;
    !sync.kills.is_empty()
}

/// Goes on with the stops of the sync under way as far as they go now.
pub fn proceed(cx: &mut Cx, pod: PodId) {
    loop {
        let Some(sync) = current(cx, pod) else { return };
        if sync.kills.iter().all(|kill| kill.stage == Stage::Done) {
            return sync::kills_done(cx, pod);
        }
        let all_at_once = sync.plan.kill_pod || sync.kind == SyncKind::Terminating;
        let count = sync.kills.len();
        let mut moved = false;
        for index in 0..count {
            let Some(stage) = current(cx, pod).map(|s| s.kills[index].stage) else {
                return;
            };
            moved |= match stage {
                Stage::Queued => {
                    begin(cx, pod, index);
                    true
                }
                Stage::Turn => take_turn(cx, pod, index, false),
                _ => false,
            };
            let done = current(cx, pod).is_some_and(|s| s.kills[index].stage == Stage::Done);
            if !all_at_once && !done {
                break;
            }
        }
        if !moved {
            return;
        }
    }
}

/// The event, then the preStop hook if there is one.
fn begin(cx: &mut Cx, pod: PodId, index: usize) {
    let now = cx.now;
    let Some(sync) = current(cx, pod) else { return };
    let kill = &mut sync.kills[index];
    kill.since = now;
    let Kill {
        container,
        reason: why,
        text,
        grace,
        ..
    } = *kill;
    emit_pod(
        cx,
        pod,
        Some(container),
        EventType::Normal,
        "Killing",
        Message::Killing(text),
    );
    let spec = cx.pod(pod).spec.clone();
    let has_hook = container_spec(&spec, container).pre_stop.is_some();
    if !has_hook || grace == 0 {
        return hook_over(cx, pod, index);
    }
    cx.record(What::HookBegan {
        pod,
        container,
        why,
    });
    let run = hooks::start(cx, pod, container, HookKind::PreStop);
    let deadline = now + Duration::from_secs(u64::from(grace));
    let due = deadline.min(run.ends_at);
    set_stage(cx, pod, index, Stage::PreStop, due, Some(run));
}

fn set_stage(
    cx: &mut Cx,
    pod: PodId,
    index: usize,
    stage: Stage,
    due: Instant,
    hook: Option<HookRun>,
) {
    let Some(sync) = current(cx, pod) else { return };
    let kill = &mut sync.kills[index];
    kill.stage = stage;
    kill.due = due;
    kill.hook = hook;
    if due != Instant::NEVER {
        let timer = PodTimer::Kill(index as u8);
        cx.at(due, Timer::Pod { pod, timer });
    }
}

/// A stop's timer is due, unless it has moved on.
pub fn timer(cx: &mut Cx, pod: PodId, index: usize) {
    let now = cx.now;
    let Some(kill) = current(cx, pod).and_then(|s| s.kills.get(index).copied()) else {
        return;
    };
    if kill.due != now {
        return;
    }
    match kill.stage {
        Stage::PreStop => {
            let ended = kill.hook.is_some_and(|hook| hook.ends_at <= now);
            if ended {
                report_hook(cx, pod, &kill);
            }
            let rest = if ended { None } else { kill.hook };
            set_stage(cx, pod, index, Stage::PreStop, Instant::NEVER, rest);
            hook_over(cx, pod, index);
            proceed(cx, pod);
        }
        Stage::Turn => {
            take_turn(cx, pod, index, true);
            proceed(cx, pod);
        }
        Stage::Stopping => runtime::kill(cx, pod, kill.container),
        Stage::Queued | Stage::Done => {}
    }
}

/// An exec'd hook of a container under stop has ended.
pub fn hook_finished(cx: &mut Cx, pod: PodId, exec: u32, failure: Option<crate::ids::TextId>) {
    let now = cx.now;
    let Some(sync) = current(cx, pod) else { return };
    let found = sync
        .kills
        .iter_mut()
        .enumerate()
        .find(|(_, kill)| kill.hook.is_some_and(|hook| hook.exec == Some(exec)));
    let Some((index, kill)) = found else { return };
    if let Some(hook) = &mut kill.hook {
        hook.ends_at = now;
        hook.failure = failure;
    }
    let kill = *kill;
    report_hook(cx, pod, &kill);
    let in_time = kill.stage == Stage::PreStop;
    if let Some(sync) = current(cx, pod) {
        sync.kills[index].hook = None;
    }
    if in_time {
        hook_over(cx, pod, index);
        proceed(cx, pod);
    }
}

/// A hook that failed leaves an event; the stop goes on (HKS-04).
fn report_hook(cx: &mut Cx, pod: PodId, kill: &Kill) {
    if kill.hook.is_some_and(|hook| hook.failure.is_some()) {
        emit_pod(
            cx,
            pod,
            Some(kill.container),
            EventType::Warning,
            "FailedPreStopHook",
            Message::Fixed("PreStopHook failed"),
        );
    }
}

/// While the preStop hook of a container runs: since when, and when the grace is over (TRM-03).
pub fn pre_stop_of(pod: &PodState, container: u16) -> Option<(Instant, Instant)> {
    let sync = pod.worker.as_ref()?.sync.as_ref()?;
    let of_it = |kill: &&Kill| kill.container == container && kill.stage == Stage::PreStop;
    let kill = sync.kills.iter().find(of_it)?;
    let grace = Duration::from_secs(u64::from(kill.grace));
    Some((kill.since, kill.since + grace))
}

/// The hook's whole seconds are taken off the grace; then the turn.
fn hook_over(cx: &mut Cx, pod: PodId, index: usize) {
    let now = cx.now;
    let has_sidecar = super::pod_worker::init_range(&cx.pod(pod).spec)
        .any(|c| role(&cx.pod(pod).spec, c) == Role::Sidecar);
    let Some(sync) = current(cx, pod) else { return };
    let ordered = has_sidecar && (sync.plan.kill_pod || sync.kind == SyncKind::Terminating);
    let kill = &mut sync.kills[index];
    spend(kill, now);
    if ordered && kill.grace > 0 {
        let due = now + Duration::from_secs(u64::from(kill.grace));
        let hook = kill.hook;
        if !is_turn(cx, pod, index) {
            return set_stage(cx, pod, index, Stage::Turn, due, hook);
        }
    }
    stop(cx, pod, index);
}

fn spend(kill: &mut Kill, now: Instant) {
    let spent = now.since(kill.since).as_secs().min(u64::from(u32::MAX)) as u32;
    kill.grace = kill.grace.saturating_sub(spent);
    kill.since = now;
}

/// Whether everything that ends before this container is down (INI-09).
fn is_turn(cx: &Cx, pod: PodId, index: usize) -> bool {
    let spec = &cx.pod(pod).spec;
    let Some(sync) = cx.pod(pod).worker.as_ref().and_then(|w| w.sync.as_ref()) else {
        return true;
    };
    let own = sync.kills[index].container;
    role(spec, own) != Role::Sidecar
        || sync
            .kills
            .iter()
            .all(|kill| kill.container <= own || kill.stage == Stage::Done)
}

/// Stops a waiting container if its turn has come or the grace ran out. Whether it did.
fn take_turn(cx: &mut Cx, pod: PodId, index: usize, timed_out: bool) -> bool {
    if !timed_out && !is_turn(cx, pod, index) {
        return false;
    }
    let now = cx.now;
    if let Some(sync) = current(cx, pod) {
        spend(&mut sync.kills[index], now);
    }
    stop(cx, pod, index);
    true
}

/// The stop signal; SIGKILL when the rest of the grace is over.
fn stop(cx: &mut Cx, pod: PodId, index: usize) {
    let now = cx.now;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let Some(sync) = worker.sync.as_deref_mut() else {
        return;
    };
    let kill = &mut sync.kills[index];
    kill.grace = kill.grace.max(LEAST_GRACE);
    let (container, attempt, grace, why) = (kill.container, kill.attempt, kill.grace, kill.reason);
    let runs = worker
        .truth
        .newest(container)
        .is_some_and(|i| i.attempt == attempt && i.state == RunState::Running);
    if !runs {
        kill.stage = Stage::Done;
        kill.due = Instant::NEVER;
        return;
    }
    let hook = kill.hook;
    cx.record_as_cause(What::StopSignalled {
        pod,
        container,
        grace_seconds: grace,
        why,
    });
    let grace_ends = now + Duration::from_secs(u64::from(grace));
    let due = grace_ends + played::kill_slack(cx, pod, container);
    set_stage(cx, pod, index, Stage::Stopping, due, hook);
    runtime::stop(cx, pod, container, grace);
}

/// A container has ended: a stop that waited for it is done.
pub fn container_exited(cx: &mut Cx, pod: PodId, container: u16) {
    let Some(sync) = current(cx, pod) else { return };
    let mut found = false;
    for kill in &mut sync.kills {
        if kill.container == container && kill.stage == Stage::Stopping {
            kill.stage = Stage::Done;
            kill.due = Instant::NEVER;
            found = true;
        }
    }
    if found {
        proceed(cx, pod);
    }
}
