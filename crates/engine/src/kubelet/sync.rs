//! A pod worker's sync (SYN-05) as a resumable coroutine of plain data: every step that takes time
//! notes what it waits for and returns; a timer, an exit or a finished command resumes it.

use super::actions::{self, Plan};
use super::kill::{self, Kill};
use super::pod_worker::{RuntimeState, Sandbox, StartProblem, Work};
use super::requests::{self, End};
use super::{
    claims, played, probe_orders, probes, runtime, start, status, status_manager, terminate,
    PodTimer,
};
use crate::cluster::Cx;
use crate::events::{emit_pod, EventType, Message};
use crate::ids::PodId;
use crate::record::{SyncKind, What};
use crate::time::{Duration, Instant};
use crate::timer::Timer;

/// Where a sync stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Waits for the volumes.
    Volumes,
    /// Containers are being stopped; see [`Sync::kills`].
    Kills,
    StopSandbox,
    CreateSandbox,
    /// An image is pulled, or waits for its turn, for the current start.
    Pull,
    Create,
    Start,
    /// The postStart hook runs.
    PostStart,
    /// A container whose postStart hook failed is being stopped.
    PostStartKill,
}

/// Why the sync will end with an error (SYN-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncError {
    /// Only crash-loop back-offs count for the delay, the earliest of which ends then.
    BackOff {
        until: Instant,
    },
    Other,
}

/// A sync under way.
#[derive(Clone, Debug)]
pub struct Sync {
    pub kind: SyncKind,
    pub began_at: Instant,
    /// The cache of its begin: it sees nothing newer (SYN-03).
    pub view: RuntimeState,
    pub step: Step,
    /// End of the step, if that is known; NEVER: something else resumes it.
    pub due: Instant,
    pub plan: Plan,
    pub kills: Vec<Kill>,
    /// Position in the plan's starts.
    pub at: u16,
    pub acted: bool,
    pub error: Option<SyncError>,
    /// What the attempted starts came to, for the reason cache.
    pub outcomes: Vec<(u16, Option<StartProblem>)>,
    /// Pause before the next try to set up a volume.
    pub mount_retry: Duration,
    /// The pull under way.
    pub pull: Option<super::image::Pull>,
    /// The hook under way.
    pub hook: Option<super::hooks::HookRun>,
}

impl Sync {
    /// A sync that begins now.
    pub fn new(kind: SyncKind, now: Instant, view: RuntimeState) -> Self {
        Sync {
            kind,
            began_at: now,
            view,
            step: Step::Volumes,
            due: Instant::NEVER,
            plan: Plan::default(),
            kills: Vec::new(),
            at: 0,
            acted: false,
            error: None,
            outcomes: Vec::new(),
            mount_retry: MOUNT_RETRY,
            pull: None,
            hook: None,
        }
    }
}

/// The sync under way, to be changed. Callers know that there is one; without one nothing happens.
pub fn current<'a>(cx: &'a mut Cx, pod: PodId) -> Option<&'a mut Sync> {
    cx.pod_mut(pod).worker.as_mut()?.sync.as_deref_mut()
}

/// Notes the step under way and when it ends.
pub fn wait_until(cx: &mut Cx, pod: PodId, step: Step, due: Instant) {
    if let Some(sync) = current(cx, pod) {
        sync.step = step;
        sync.due = due;
    }
    if due != Instant::NEVER {
        cx.at(
            due,
            Timer::Pod {
                pod,
                timer: PodTimer::Sync,
            },
        );
    }
}

/// Begins the sync that was asked for.
pub fn begin(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let kind = match worker.waiting_work {
        Work::Sync => SyncKind::Sync,
        Work::Terminating => SyncKind::Terminating,
        Work::Terminated => SyncKind::Terminated,
        Work::Finished => return,
    };
    let view = worker.cache.clone();
    worker.sync = Some(Box::new(Sync::new(kind, now, view)));
    cx.record_as_cause(What::SyncBegan { pod, kind });
    match kind {
        SyncKind::Sync => begin_sync(cx, pod),
        SyncKind::Terminating => terminate::begin_terminating(cx, pod),
        SyncKind::Terminated => terminate::run_terminated(cx, pod),
    }
}

/// Status first (SYN-05 steps 1–3), then volumes (8).
fn begin_sync(cx: &mut Cx, pod: PodId) {
    let Some(sync) = current(cx, pod) else { return };
    let view = std::mem::take(&mut sync.view);
    let status = status::generate(cx, pod, &view, false);
    if let Some(sync) = current(cx, pod) {
        sync.view = view;
    }
    let is_terminal = status.phase.is_terminal();
    let early = played::early_triggers(cx, pod, &status);
    status_manager::set(cx, pod, status);
    let triggered = probe_orders::trigger_unready(cx, pod, &early);
    if is_terminal {
        // The object goes on to its termination (TRM-12).
        if let Some(worker) = cx.pod_mut(pod).worker.as_mut() {
            worker.work = Work::Terminating;
            // An eviction has a grace of its own (TRM-04).
            if worker.eviction.is_none() {
                worker.grace_seconds = 0;
            }
        }
        return requests::end_sync(cx, pod, End::Transition);
    }
    let ready = cx.pod(pod).worker.as_ref().is_some_and(|w| w.volumes_ready);
    let latencies = runtime::latencies(cx, pod);
    let wait = match (ready, triggered) {
        (false, _) => latencies.volumes,
        (true, true) => latencies.sync,
        (true, false) => Duration::ZERO,
    };
    if wait == Duration::ZERO {
        return volumes_ready(cx, pod);
    }
    let due = cx.now + wait;
    wait_until(cx, pod, Step::Volumes, due);
}

/// First retry of a volume that could not be set up; doubles.
const MOUNT_RETRY: Duration = Duration::from_millis(500);
/// Longest pause between two such retries.
const MOUNT_RETRY_MAX: Duration = Duration::from_secs(122);
/// A sync waits no longer than this for its volumes.
const MOUNT_WAIT_MAX: Duration = Duration::from_secs(123);

/// Goes on when all volumes are set up; else event and another try, at last an error (RUN-06,
/// FailedMount).
fn mount(cx: &mut Cx, pod: PodId) {
    let ready = cx.pod(pod).worker.as_ref().is_some_and(|w| w.volumes_ready);
    let problem = match ready {
        true => None,
        false => runtime::volume_problem(cx, pod),
    };
    let unprocessed = match ready {
        true => None,
        false => claims::problem(cx, pod),
    };
    let text = match (&unprocessed, problem) {
        (Some(text), _) => cx.intern(text),
        (None, Some((volume, error))) => {
            let text = format!("MountVolume.SetUp failed for volume \"{volume}\" : {error}");
            cx.intern(&text)
        }
        (None, None) => return volumes_ready(cx, pod),
    };
    let now = cx.now;
    emit_pod(
        cx,
        pod,
        None,
        EventType::Warning,
        "FailedMount",
        Message::Text(text),
    );
    let Some(sync) = current(cx, pod) else { return };
    if unprocessed.is_some() {
        // Known at once: nothing is waited for within this sync.
        sync.error = Some(SyncError::Other);
        return requests::end_sync(cx, pod, End::Done);
    }
    let pause = sync.mount_retry;
    sync.mount_retry = MOUNT_RETRY_MAX.min(pause.times(2));
    if now.since(sync.began_at) + pause > MOUNT_WAIT_MAX {
        sync.error = Some(SyncError::Other);
        return requests::end_sync(cx, pod, End::Done);
    }
    wait_until(cx, pod, Step::Volumes, now + pause);
}

/// Pull secrets that do not exist: an event at every sync, the pull is tried anyway (IMG-11).
fn warn_of_missing_secrets(cx: &mut Cx, pod: PodId) {
    let state = cx.pod(pod);
    if state.spec.image_pull_secrets.is_empty() {
        return;
    }
    let secrets = &cx.cluster.controllers;
    let missing: Vec<&str> = state
        .spec
        .image_pull_secrets
        .iter()
        .filter(|name| secrets.secret(&state.namespace, name).is_none())
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        return;
    }
    let text = format!(
        "Unable to retrieve some image pull secrets ({}); attempting to pull the image may not \
         succeed.",
        missing.join(", ")
    );
    let text = cx.intern(&text);
    emit_pod(
        cx,
        pod,
        None,
        EventType::Warning,
        "FailedToRetrieveImagePullSecret",
        Message::Text(text),
    );
}

/// Probe workers (SYN-05 step 10), then the runtime's part (RUN-05).
fn volumes_ready(cx: &mut Cx, pod: PodId) {
    if let Some(worker) = cx.pod_mut(pod).worker.as_mut() {
        if !worker.volumes_ready {
            worker.volumes_ready = true;
            runtime::volumes_mounted(cx, pod);
        }
    }
    warn_of_missing_secrets(cx, pod);
    probes::make_workers(cx, pod);
    let plan = actions::plan(cx.pod(pod));
    let Some(sync) = current(cx, pod) else { return };
    if plan.kill_pod {
        let any = kill::queue_all(cx, pod, None);
        if let Some(sync) = current(cx, pod) {
            sync.plan = plan;
            sync.acted |= any;
        }
    } else {
        sync.acted |= !plan.kills.is_empty();
        sync.kills = plan.kills.clone();
        sync.plan = plan;
    }
    wait_until(cx, pod, Step::Kills, Instant::NEVER);
    kill::proceed(cx, pod);
}

/// All containers that were to be stopped are down.
pub fn kills_done(cx: &mut Cx, pod: PodId) {
    let Some(sync) = current(cx, pod) else { return };
    if sync.step == Step::PostStartKill {
        return start::post_start_killed(cx, pod);
    }
    let stops_sandbox = sync.kind == SyncKind::Terminating || sync.plan.kill_pod;
    let has_sandbox = sync.view.sandbox.is_some_and(|s| s.ready);
    if stops_sandbox && has_sandbox {
        let due = cx.now + runtime::latencies(cx, pod).stop_sandbox;
        return wait_until(cx, pod, Step::StopSandbox, due);
    }
    sandbox_stopped(cx, pod);
}

fn sandbox_stopped(cx: &mut Cx, pod: PodId) {
    let Some(sync) = current(cx, pod) else { return };
    if sync.kind == SyncKind::Terminating {
        return terminate::containers_stopped(cx, pod);
    }
    if sync.plan.reset {
        return remove_containers(cx, pod);
    }
    if sync.plan.kill_pod && !sync.plan.create_sandbox {
        return requests::end_sync(cx, pod, End::Done);
    }
    if sync.plan.create_sandbox {
        sync.acted = true;
        if sync.view.sandbox.is_some() {
            emit_pod(
                cx,
                pod,
                None,
                EventType::Normal,
                "SandboxChanged",
                Message::Fixed("Pod sandbox changed, it will be killed and re-created."),
            );
        }
        let due = cx.now + runtime::latencies(cx, pod).sandbox;
        return wait_until(cx, pod, Step::CreateSandbox, due);
    }
    start::next(cx, pod);
}

/// All containers are removed; another sync starts them anew, without a relist (RST-08).
fn remove_containers(cx: &mut Cx, pod: PodId) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    worker.truth.instances.clear();
    for entry in &mut worker.containers {
        entry.problem = None;
    }
    if let Some(sync) = current(cx, pod) {
        sync.acted = true;
    }
    requests::runtime_changed(cx, pod);
    requests::end_sync(cx, pod, End::Done);
    requests::request_sync(cx, pod);
}

/// The sandbox is up: its address, and the one status change within a sync (SYN-16).
fn sandbox_created(cx: &mut Cx, pod: PodId) {
    let Some(node) = cx.pod(pod).node else { return };
    let is_on_host = cx.pod(pod).spec.host_network;
    let kubelet = cx.node_mut(node);
    kubelet.starts.pods += 1;
    let address = match is_on_host {
        true => kubelet.address,
        false => kubelet.allocate_address(),
    };
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let attempt = worker.truth.sandbox.map_or(0, |s| s.attempt + 1);
    worker.truth.sandbox = Some(Sandbox {
        attempt,
        ready: true,
        address,
    });
    cx.record(What::SandboxReady { pod });
    runtime::sandbox_created(cx, pod, address);
    requests::runtime_changed(cx, pod);
    status_manager::set_sandbox_ready(cx, pod);
    start::next(cx, pod);
}

/// A timer of the sync is due, unless the sync has moved on.
pub fn resume(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(sync) = current(cx, pod) else { return };
    if sync.due != now {
        return;
    }
    sync.due = Instant::NEVER;
    match sync.step {
        Step::Volumes => mount(cx, pod),
        Step::StopSandbox => {
            runtime::sandbox_stopped(cx, pod);
            if let Some(worker) = cx.pod_mut(pod).worker.as_mut() {
                if let Some(sandbox) = &mut worker.truth.sandbox {
                    sandbox.ready = false;
                }
            }
            requests::runtime_changed(cx, pod);
            sandbox_stopped(cx, pod);
        }
        Step::CreateSandbox => sandbox_created(cx, pod),
        Step::Pull => start::pulled(cx, pod),
        Step::Create => start::created(cx, pod),
        Step::Start => start::started(cx, pod),
        Step::PostStart => start::post_start_done(cx, pod),
        Step::Kills | Step::PostStartKill => {}
    }
}
