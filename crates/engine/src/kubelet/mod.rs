//! The kubelet: pod workers, sync loop, relist, probes, back-off, status (SYN-*, RUN-*, BKO-*).
//!
//! Everything is a state and a timer; nothing ticks. The periodic work of a real kubelet (relist,
//! resync queue, housekeeping) is computed, and a timer is set only where a Pod waits for it.

mod actions;
mod backoff;
mod claims;
mod conditions;
mod deadline;
pub mod eviction;
pub mod handlers;
mod hooks;
mod image;
mod kill;
mod link;
mod local_storage;
mod node;
mod played;
mod pod_worker;
mod probe_orders;
pub mod prober;
mod probes;
mod requests;
mod restart;
mod restart_policy;
pub mod runtime;
mod start;
mod status;
mod status_manager;
pub mod steady;
mod sync;
mod terminate;

pub use backoff::BackOff;
pub use kill::{pre_stop_of, Kill, Stage as KillStage};
pub use link::{cut_off, reconnect};
pub use node::{Kubelet, Periodic, Starts};
pub use played::{first_slice, late_status, loses_status, node_report};
#[cfg(feature = "scripted")]
pub use played::{node_name, play_events, play_phases};
pub use pod_worker::{
    ContainerEntry, Instance, PodWorker, ProbeSlot, Role, RunState, RuntimeState, Sandbox,
    StartProblem, Work,
};
pub use prober::{ProbeCounts, BUCKETS_MILLIS};
pub use probes::SlotId;
pub use restart::act;
pub use steady::Beats;
pub use sync::{Step as SyncStep, Sync};

use crate::api::ProbeKind;
use crate::cluster::Cx;
use crate::container::PodWorld;
use crate::controllers;
use crate::events::{emit_pod, EventType, Message};
use crate::ids::{NodeId, PodId, TextId};
use crate::status::Phase;
use crate::time::Instant;
use handlers::ProbeTarget;
use pod_worker::{container_count, container_spec, role};
use prober::ContainerProbes;
use runtime::{Machines, Runtime};

/// A pod worker's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodTimer {
    /// The sync's step ends.
    Sync,
    /// A full relist looks at this Pod.
    Relist,
    OnDemandRelist,
    /// The look at the resync queue.
    Look,
    /// A stop's stage ends: index in the sync's stops.
    Kill(u8),
    /// A status patch reaches the API server.
    Patch,
    /// The status manager's full reconcile looks at this Pod.
    Reconcile,
    /// A probe worker's step.
    Probe(SlotId),
    /// A probe's run ends.
    ProbeEnd(SlotId),
    /// `activeDeadlineSeconds` are over.
    Deadline,
    /// A scripted runtime has something to tell.
    Runtime,
}

/// A kubelet's own timers: what follows when its process starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeTimer {
    /// An event about the node.
    Report(u8),
    /// The node's status is posted.
    Post,
    SyncPods,
    /// The node's conditions are told once more after its first status.
    ReportAgain,
    /// Volumes of Pods that are ending are tried, so many times before.
    Remount(u8),
    /// The node's status is posted though nothing has changed (NOD-01).
    Heartbeat,
    /// A look at who keeps more on the disk than allowed (RES-05).
    LocalStorage,
    /// A look at what the node is short of (RES-05).
    Evict,
    /// A node is no longer short of something.
    Relieve,
}

/// A Pod bound to this node came in from the API server: its first sync begins at once.
pub fn pod_added(cx: &mut Cx, pod: PodId) {
    let hears = |node: &NodeId| cx.node(*node).syncs_pods && cx.node(*node).is_reachable;
    if let Some(node) = cx.pod(pod).node.filter(hears) {
        if cx.pod(pod).status.phase.is_terminal() && cx.pod(pod).worker.is_none() {
            return;
        }
        if let Some((reason, text)) = controllers::refusal(cx.cluster, pod, node) {
            return refuse(cx, pod, reason, &text);
        }
    }
    add(cx, pod, Runtime::Machines(Machines::default()));
}

/// Fails a Pod that the node does not admit (RES-03).
fn refuse(cx: &mut Cx, pod: PodId, reason: &'static str, text: &str) {
    let message = Message::Text(cx.intern(text));
    emit_pod(cx, pod, None, EventType::Warning, reason, message);
    let mut status = cx.pod(pod).status.clone();
    status.phase = Phase::Failed;
    status.reason = reason;
    status.message = cx.intern(&["Pod was rejected: ", text].concat());
    status.observed_generation = cx.pod(pod).generation;
    controllers::store_status(cx, pod, status);
}

/// The same with a runtime of the caller's choice.
pub fn add(cx: &mut Cx, pod: PodId, runtime: Runtime) {
    let hears = |node: &NodeId| cx.node(*node).syncs_pods && cx.node(*node).is_reachable;
    let Some(node) = cx.pod(pod).node.filter(hears) else {
        return;
    };
    let worker = new_worker(cx, pod, runtime);
    let count = worker.containers.len() as u16;
    cx.node_mut(node).pods.push(pod);
    cx.pod_mut(pod).worker = Some(worker);
    cx.cluster.beats.make_room(pod, node, count);
    if cx.pod(pod).deletion.is_some() {
        return pod_changed(cx, pod);
    }
    requests::request_sync(cx, pod);
    deadline::watch(cx, pod);
    local_storage::watch(cx, pod);
}

/// A worker that knows nothing yet.
fn new_worker(cx: &mut Cx, pod: PodId, runtime: Runtime) -> PodWorker {
    let spec = cx.pod(pod).spec.clone();
    let containers = (0..container_count(&spec))
        .map(|position| {
            let container = container_spec(&spec, position);
            ContainerEntry {
                role: role(&spec, position),
                image: cx.intern(&container.image),
                probes: ContainerProbes::default(),
                slots: ProbeKind::ALL.map(|kind| {
                    container.probe(kind).map(|probe| ProbeSlot {
                        target: ProbeTarget::new(container, probe),
                        delay: probes::step_delay(&spec, SlotId::new(position, kind)),
                        run: None,
                        step_at: Instant::NEVER,
                        trigger_next: false,
                        counts: ProbeCounts::default(),
                    })
                }),
                problem: None,
                backoff: BackOff::default(),
                pull_backoff: BackOff::default(),
                pull_error: TextId::EMPTY,
            }
        })
        .collect();
    let node = cx.pod(pod).node;
    PodWorker {
        began: node.and_then(|node| cx.node(node).restarted_at),
        ..PodWorker::new(runtime, containers)
    }
}

/// Whether a kubelet looks after a Pod now: it does not while its process is stopped (RES-08).
fn is_looked_after(cx: &Cx, pod: PodId) -> bool {
    let node = cx.pod(pod).node;
    node.is_some_and(|node| cx.node(node).syncs_pods)
}

/// Whether the network to a Pod's node is whole.
pub fn is_reachable(cx: &Cx, pod: PodId) -> bool {
    let node = cx.pod(pod).node;
    node.is_none_or(|node| cx.node(node).is_reachable)
}

/// Whether the stored Ready does not follow from the conditions that readiness gates ask for
/// (SYN-02).
pub fn gates_are_stale(cx: &mut Cx, pod: PodId) -> bool {
    let cluster = &mut *cx.cluster;
    let state = &cluster.pods[pod.index()];
    if state.spec.readiness_gates.is_empty() || state.status.containers.is_empty() {
        return false;
    }
    let mut expected = state.status.clone();
    let texts = std::sync::Arc::make_mut(&mut cluster.texts);
    conditions::set_readiness(&state.spec, texts, &mut expected);
    expected != state.status
}

/// The Pod's object changed: spec, labels, or a deletion timestamp (SYN-02, TRM-01).
pub fn pod_changed(cx: &mut Cx, pod: PodId) {
    if !(is_looked_after(cx, pod) && is_reachable(cx, pod)) {
        return;
    }
    let spec = cx.pod(pod).spec.clone();
    let images: Vec<TextId> = (0..container_count(&spec))
        .map(|position| cx.intern(&container_spec(&spec, position).image))
        .collect();
    let was_initialized = status::has_initialized(&spec, &cx.pod(pod).status);
    let state = cx.pod_mut(pod);
    let Some(worker) = state.worker.as_mut() else {
        return;
    };
    for (entry, image) in worker.containers.iter_mut().zip(images) {
        if entry.image != image {
            entry.image = image;
            // The image is part of the key (BKO-01).
            entry.backoff = BackOff::default();
        }
    }
    if let Some(deletion) = state.deletion {
        worker.was_initialized.get_or_insert(was_initialized);
        terminate_with(worker, deletion.grace_seconds);
        if worker.work == Work::Finished {
            return status_manager::wait_for_reconcile(cx, pod);
        }
    }
    requests::request_sync(cx, pod);
    // It may be given to a running Pod, or shortened (API-08).
    deadline::watch(cx, pod);
}

/// Somebody else wrote the Pod's status while this kubelet was away: what it knows is sent again.
pub fn status_overwritten(cx: &mut Cx, pod: PodId) {
    let state = cx.pod_mut(pod);
    let Some(worker) = state.worker.as_mut() else {
        return;
    };
    if worker.sent.is_some() {
        worker.sent = Some(state.status.clone());
        status_manager::wait_for_reconcile(cx, pod);
    }
}

/// The Pod's object left the API server: what still runs is stopped (TRM-10).
pub fn pod_removed(cx: &mut Cx, pod: PodId) {
    if !(is_looked_after(cx, pod) && is_reachable(cx, pod)) {
        return;
    }
    let state = cx.pod_mut(pod);
    let grace = state.deletion.map_or(1, |deletion| deletion.grace_seconds);
    let Some(worker) = state.worker.as_mut() else {
        return;
    };
    worker.object_gone = true;
    terminate_with(worker, grace);
    requests::request_sync(cx, pod);
}

/// A Pod that had ended before this kubelet began: only its object may have to go.
fn end_known(cx: &mut Cx, pod: PodId) {
    let state = cx.pod_mut(pod);
    let (status, is_deleting) = (state.status.clone(), state.deletion.is_some());
    let Some(worker) = state.worker.as_mut() else {
        return;
    };
    worker.status = status.clone();
    worker.has_status = true;
    worker.sent = Some(status);
    worker.may_run = false;
    worker.work = Work::Finished;
    worker.finalize = true;
    if is_deleting {
        status_manager::wait_for_reconcile(cx, pod);
    }
}

/// The Pod is to end; the grace may only shrink (TRM-04).
fn terminate_with(worker: &mut PodWorker, grace_seconds: u32) {
    let grace = grace_seconds.max(1);
    match worker.work {
        Work::Sync => {
            worker.work = Work::Terminating;
            worker.grace_seconds = grace;
        }
        Work::Terminating if worker.grace_seconds == 0 || worker.grace_seconds > grace => {
            worker.grace_seconds = grace;
        }
        _ => {}
    }
}

/// A timer of a pod worker is due.
pub fn pod_timer(cx: &mut Cx, pod: PodId, timer: PodTimer) {
    if !is_looked_after(cx, pod) {
        return;
    }
    match timer {
        PodTimer::Sync => sync::resume(cx, pod),
        PodTimer::Relist => requests::relist_timer(cx, pod),
        PodTimer::OnDemandRelist => requests::on_demand_timer(cx, pod),
        PodTimer::Look if steady::look(cx, pod) => {}
        PodTimer::Look => requests::look_timer(cx, pod),
        PodTimer::Kill(index) => kill::timer(cx, pod, usize::from(index)),
        PodTimer::Patch => status_manager::patch_arrives(cx, pod),
        PodTimer::Reconcile => status_manager::reconcile(cx, pod),
        PodTimer::Probe(slot) if steady::step(cx, pod, slot) => {}
        PodTimer::Probe(slot) => probes::step_timer(cx, pod, slot),
        PodTimer::ProbeEnd(slot) if steady::end(cx, pod, slot) => {}
        PodTimer::ProbeEnd(slot) => probes::end_timer(cx, pod, slot),
        PodTimer::Deadline => deadline::timer(cx, pod),
        PodTimer::Runtime => runtime::poll(cx, pod),
    }
}

/// Something inside the Pod's containers is due.
pub fn world_timer(cx: &mut Cx, pod: PodId) {
    runtime::poll(cx, pod);
}

/// Does something to a Pod's machines from outside (a fault, `kubectl exec`). What follows from it
/// is told now, or when it is due.
pub fn with_world<T>(cx: &mut Cx, pod: PodId, change: impl FnOnce(&mut PodWorld) -> T) -> T {
    let result = change(&mut cx.pod_mut(pod).world);
    world_changed(cx, pod);
    result
}

/// Something was done to a Pod's machines: what follows from it is told now, or when it is due.
pub fn world_changed(cx: &mut Cx, pod: PodId) {
    runtime::poll(cx, pod);
}

/// A timer of a kubelet is due.
pub fn node_timer(cx: &mut Cx, node: NodeId, timer: NodeTimer) {
    match timer {
        NodeTimer::Evict => eviction::round(cx, node),
        NodeTimer::LocalStorage => local_storage::look(cx, node),
        NodeTimer::Relieve => eviction::relieve(cx, node),
        timer => restart::timer(cx, node, timer),
    }
}

#[cfg(test)]
mod tests;
