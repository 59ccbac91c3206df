//! The container runtime as the kubelet calls it: the simulated machines of [`PodWorld`], or a
//! script from a recording. Everything else in the kubelet is the same for both.
//!
//! [`PodWorld`]: crate::container::PodWorld

mod config;
mod host_network;
mod host_path;
mod images;
mod machine_hooks;
mod machines;
pub mod scripted;
mod service_links;
mod volumes;

pub use machines::{ExecUse, Machines};
pub use scripted::Scripted;

use super::handlers::{ProbeRun, ProbeStart};
use super::hooks::{HookKind, HookRun};
use super::image::Pull;
use super::pod_worker::RunState;
use super::prober::ResultChange;
use super::probes::SlotId;
use super::sync::Sync;
use super::{kill, played, requests};
use crate::cluster::Cx;
use crate::ids::{PodId, RecordId, TextId};
use crate::latency;
use crate::network;
use crate::record::What;
use crate::status::{PodStatus, TerminatedReason};
use crate::time::{Duration, Instant};

/// Who runs a Pod's containers.
#[derive(Clone, Debug)]
pub enum Runtime {
    /// The Pod's simulated machines.
    Machines(Machines),
    /// A recording's script.
    Scripted(Allowed, Box<Scripted>),
}

/// Leave to follow a script. Only the feature `scripted` gives it: without, the variant has no
/// values and what a front end downloads has nothing of it.
#[cfg(feature = "scripted")]
#[derive(Clone, Copy, Debug)]
pub struct Allowed;

#[cfg(not(feature = "scripted"))]
#[derive(Clone, Copy, Debug)]
pub enum Allowed {}

/// How long the runtime's and the API server's calls take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latencies {
    /// A sync that triggered a probe worker, and has nothing to wait for.
    pub sync: Duration,
    pub volumes: Duration,
    pub sandbox: Duration,
    pub create: Duration,
    pub start: Duration,
    pub stop_sandbox: Duration,
    /// A status patch.
    pub patch: Duration,
}

/// Those of a quiet cluster.
const QUIET: Latencies = Latencies {
    sync: latency::SYNC,
    volumes: latency::VOLUME_WAIT,
    sandbox: latency::SANDBOX,
    create: latency::CREATE,
    start: latency::START,
    stop_sandbox: latency::STOP_SANDBOX,
    patch: latency::STATUS_PATCH,
};

/// What a pull will come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullOutcome {
    pub takes: Duration,
    /// None: success; else the runtime's text.
    pub error: Option<TextId>,
    /// Bytes.
    pub size: u64,
}

/// How a container's first process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    pub container: u16,
    pub exit_code: i32,
    pub oom: bool,
    pub message: TextId,
    /// When it ended, and why.
    pub at: Instant,
    pub cause: RecordId,
}

impl Exit {
    /// When the runtime tells it.
    pub fn told_at(&self) -> Instant {
        self.at + latency::EXIT_REPORT
    }
}

/// The script of a Pod that runs one.
fn script<'a>(cx: &'a mut Cx, pod: PodId) -> Option<&'a mut Scripted> {
    // Asked before the Pod is touched for writing: most Pods have none.
    match cx.pod(pod).worker.as_ref()?.runtime {
        Runtime::Machines(_) => return None,
        Runtime::Scripted(..) => {}
    }
    match &mut cx.pod_mut(pod).worker.as_mut()?.runtime {
        Runtime::Scripted(_, script) => Some(script),
        Runtime::Machines(_) => None,
    }
}

/// How long calls take for this Pod.
pub fn latencies(cx: &mut Cx, pod: PodId) -> Latencies {
    match script(cx, pod) {
        Some(script) => script.config.latencies,
        None => played::latencies(cx, pod, QUIET),
    }
}

/// The sandbox is up.
pub fn sandbox_created(cx: &mut Cx, pod: PodId, address: u32) {
    let now = cx.now;
    match script(cx, pod) {
        Some(script) => script.note_call(now, "sandbox", None, 0),
        None => machines::sandbox_created(cx, pod, address),
    }
}

/// The sandbox is down.
pub fn sandbox_stopped(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        script.note_call(now, "sandboxStopped", None, 0);
    }
}

pub use host_network::port_owner;

/// Why the volumes cannot be mounted yet: the name of one, and the text.
pub fn volume_problem(cx: &mut Cx, pod: PodId) -> Option<(String, String)> {
    match script(cx, pod) {
        Some(_) => None,
        None => volumes::volumes(cx, pod).err(),
    }
}

/// The volumes are mounted.
pub fn volumes_mounted(cx: &mut Cx, pod: PodId) {
    if script(cx, pod).is_none() {
        machines::volumes_mounted(cx, pod);
    }
}

/// Makes a container's configuration; the text of what is wrong with it otherwise.
pub fn prepare(cx: &mut Cx, pod: PodId, container: u16) -> Result<(), TextId> {
    match script(cx, pod) {
        Some(_) => Ok(()),
        None => machines::prepare(cx, pod, container),
    }
}

/// An instance was created.
pub fn note_created(cx: &mut Cx, pod: PodId, container: u16, attempt: u32) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        script.note_call(now, "created", Some(container), attempt);
    }
}

/// Starts an instance's first process; the runtime's text if it cannot.
pub fn start(cx: &mut Cx, pod: PodId, container: u16, attempt: u32) -> Result<(), TextId> {
    if script(cx, pod).is_some() {
        scripted::start(cx, pod, container, attempt);
        return Ok(());
    }
    machines::start(cx, pod, container)
}

/// A start has been noted everywhere; what happened inside meanwhile may be told now.
pub fn after_start(cx: &mut Cx, pod: PodId) {
    if script(cx, pod).is_none() {
        machines::set_timer(cx, pod);
    }
}

/// Sends the stop signal (TRM-05).
pub fn stop(cx: &mut Cx, pod: PodId, container: u16, grace_seconds: u32) {
    if script(cx, pod).is_some() {
        scripted::stop(cx, pod, container, grace_seconds);
    } else {
        machines::stop(cx, pod, container);
    }
}

/// Sends SIGKILL: the grace is over.
pub fn kill(cx: &mut Cx, pod: PodId, container: u16) {
    if script(cx, pod).is_none() {
        machines::kill(cx, pod, container);
    }
}

/// Runs a probe's handler.
pub fn probe(cx: &mut Cx, pod: PodId, slot: SlotId) -> Option<ProbeStart> {
    script(cx, pod)?;
    Some(scripted::probe(cx, pod, slot))
}

/// Ends an exec'd command.
pub fn kill_exec(cx: &mut Cx, pod: PodId, exec: u32) {
    if script(cx, pod).is_none() {
        machines::kill_exec(cx, pod, exec);
    }
}

/// Starts a hook.
pub fn start_hook(cx: &mut Cx, pod: PodId, container: u16, kind: HookKind) -> HookRun {
    if script(cx, pod).is_some() {
        scripted::start_hook(cx, pod, container, kind)
    } else {
        machine_hooks::start_hook(cx, pod, container, kind)
    }
}

/// The text for an image name that cannot be parsed (IMG-09).
pub fn image_name_error(cx: &mut Cx, pod: PodId, container: u16) -> Option<TextId> {
    match script(cx, pod) {
        Some(_) => None,
        None => images::image_name_error(cx, pod, container),
    }
}

/// Whether a container's image is on the node.
pub fn image_present(cx: &mut Cx, pod: PodId, container: u16) -> bool {
    match script(cx, pod) {
        Some(script) => script.image_present(container),
        None => images::image_present(cx, pod, container),
    }
}

/// What a pull that begins at `began_at` will come to.
pub fn pull(cx: &mut Cx, pod: PodId, container: u16, began_at: Instant) -> PullOutcome {
    if script(cx, pod).is_some() {
        scripted::pull(cx, pod, container, began_at)
    } else {
        images::pull(cx, pod, container)
    }
}

/// A pull has succeeded.
pub fn image_arrived(cx: &mut Cx, pod: PodId, container: u16) {
    match script(cx, pod) {
        Some(script) => script.image_arrived(container),
        None => images::image_arrived(cx, pod, container),
    }
}

/// A pull has ended, for the journal.
pub fn note_pulled(cx: &mut Cx, pod: PodId, container: u16, pull: &Pull) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        script.note_pull(now, container, pull);
    }
}

/// A worker's step, for the journal: `woken_at` is the moment without the microseconds that order
/// the steps.
pub fn note_step(cx: &mut Cx, pod: PodId, slot: SlotId, woken_at: Instant) {
    if let Some(script) = script(cx, pod) {
        script.journal.steps.push((woken_at, slot));
    }
}

/// The end of a probe's run, for the journal.
pub fn note_run(cx: &mut Cx, pod: PodId, slot: SlotId, run: &ProbeRun) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        script.note_run(now, slot, run);
    }
}

/// A changed probe result, for the journal.
pub fn note_result(cx: &mut Cx, pod: PodId, slot: SlotId, change: &ResultChange) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        script.journal.results.push((now, slot, *change));
    }
}

/// The end of a sync, for the journal.
pub fn note_sync_end(cx: &mut Cx, pod: PodId, sync: &Sync) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        script.journal.syncs.push(scripted::SyncEntry {
            began_at: sync.began_at,
            ended_at: now,
            kind: sync.kind,
            failures: sync
                .outcomes
                .iter()
                .filter_map(|(container, problem)| Some((*container, (*problem)?)))
                .collect(),
        });
    }
}

/// A status that reaches the API server, for the journal.
pub fn note_status(cx: &mut Cx, pod: PodId, status: &PodStatus) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        let entry = scripted::StatusEntry::Written(Box::new(status.clone()));
        script.journal.statuses.push((now, entry));
    }
}

/// The object's deletion by the kubelet, for the journal.
pub fn note_deleted(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        let entry = scripted::StatusEntry::Deleted;
        script.journal.statuses.push((now, entry));
    }
}

/// An entry in the resync queue, for the journal.
pub fn note_requeue(cx: &mut Cx, pod: PodId, delay: Duration) {
    let now = cx.now;
    if let Some(script) = script(cx, pod) {
        script.journal.requeues.push((now, delay));
    }
}

/// A container's first process has ended; the kubelet does not know it yet.
pub fn process_ended(cx: &mut Cx, pod: PodId, container: u16, exit_code: i32) {
    let newest = cx.pod(pod).worker.as_ref().map(|w| &w.truth);
    let Some(instance) = newest.and_then(|truth| truth.newest(container)) else {
        return;
    };
    let attempt = instance.attempt;
    cx.record_as_cause(What::ContainerExited {
        pod,
        container,
        instance: attempt,
        exit_code,
    });
    network::container_ended(cx, pod, u32::from(container));
    super::probes::server_exited(cx, pod, container);
}

/// The runtime says that a container's first process has ended.
pub fn exited(cx: &mut Cx, pod: PodId, exit: Exit) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let Some(attempt) = worker.truth.newest(exit.container).map(|i| i.attempt) else {
        return;
    };
    let Some(instance) = worker.truth.instance_mut(exit.container, attempt) else {
        return;
    };
    if instance.state == RunState::Exited {
        return;
    }
    instance.state = RunState::Exited;
    instance.finished_at = exit.at;
    instance.exit_code = exit.exit_code;
    instance.message = exit.message;
    instance.reason = match (exit.oom, exit.exit_code) {
        (true, _) => TerminatedReason::OomKilled,
        (false, 0) => TerminatedReason::Completed,
        (false, _) => TerminatedReason::Error,
    };
    requests::runtime_changed(cx, pod);
    if !script(cx, pod).is_some_and(|script| script.is_stopping(exit.container)) {
        kill::container_exited(cx, pod, exit.container);
    }
}

/// A timer of the Pod's runtime is due.
pub fn poll(cx: &mut Cx, pod: PodId) {
    if script(cx, pod).is_some() {
        scripted::poll(cx, pod);
    } else {
        machines::poll(cx, pod);
    }
}

/// Something was done to the Pod's machines: they may have more to tell, or sooner.
pub fn machines_touched(cx: &mut Cx, pod: PodId) {
    machines::set_timer(cx, pod);
}

/// Remembers what an exec session is for.
pub fn remember_exec(cx: &mut Cx, pod: PodId, exec: u32, used_for: ExecUse) {
    machines::remember_exec(cx, pod, exec, used_for);
}
