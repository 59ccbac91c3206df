//! The status manager (SYN-14): keeps the newest status, notes transitions, patches at once.

use super::{conditions, runtime, PodTimer, PodWorker};
use crate::cluster::Cx;
use crate::controllers;
use crate::ids::{PodId, TextId};
use crate::status::{ConditionStatus, ConditionType, Phase, PodStatus};
use crate::time::Instant;
use crate::timer::Timer;
use std::sync::Arc;

/// Takes in a computed status: transition times, patch if it changed.
pub fn set(cx: &mut Cx, pod: PodId, mut status: PodStatus) {
    let now = cx.now;
    let pod_state = cx.pod_mut(pod);
    let Some(worker) = pod_state.worker.as_mut() else {
        return;
    };
    let old = if worker.has_status {
        &worker.status
    } else {
        &pod_state.status
    };
    for (new, old) in status.conditions.iter_mut().zip(&old.conditions) {
        if new.status != old.status {
            new.last_transition = now.floor_secs();
        }
    }
    if worker.has_status && worker.status == status {
        return;
    }
    worker.status = status;
    worker.has_status = true;
    patch(cx, pod);
}

/// A readiness result became known: `ready` and the conditions follow at once (PRB-15).
pub fn set_ready(cx: &mut Cx, pod: PodId, container: u16, attempt: u32, ready: bool) {
    change(cx, pod, container, attempt, |status| {
        let changed = status.ready != ready;
        status.ready = ready;
        changed
    });
}

/// A startup result became known: `started` follows at once, the conditions with the next sync
/// (PRB-15).
pub fn set_started(cx: &mut Cx, pod: PodId, container: u16, attempt: u32, started: bool) {
    let pod_state = cx.pod_mut(pod);
    let Some(worker) = pod_state.worker.as_mut() else {
        return;
    };
    let Some(status) = worker.status.containers.get_mut(usize::from(container)) else {
        return;
    };
    if status.instance != Some(attempt) || status.started == Some(started) {
        return;
    }
    status.started = Some(started);
    patch(cx, pod);
}

fn change(
    cx: &mut Cx,
    pod: PodId,
    container: u16,
    attempt: u32,
    apply: impl FnOnce(&mut crate::status::ContainerStatus) -> bool,
) {
    let cluster = &mut *cx.cluster;
    let pod_state = &cluster.pods[pod.index()];
    let Some(worker) = pod_state.worker.as_ref() else {
        return;
    };
    let mut status = worker.status.clone();
    let Some(entry) = status.containers.get_mut(usize::from(container)) else {
        return;
    };
    if entry.instance != Some(attempt) || !apply(entry) {
        return;
    }
    let texts = Arc::make_mut(&mut cluster.texts);
    conditions::set_readiness(&pod_state.spec, texts, &mut status);
    set(cx, pod, status);
}

/// The sandbox exists: the one condition that changes within a sync (SYN-16).
pub fn set_sandbox_ready(cx: &mut Cx, pod: PodId) {
    let Some(worker) = cx.pod(pod).worker.as_ref() else {
        return;
    };
    let mut status = worker.status.clone();
    status.conditions[ConditionType::PodReadyToStartContainers as usize].status =
        ConditionStatus::True;
    set(cx, pod, status);
}

/// Sends the newest status: it arrives after the latency of a patch, newest version only.
fn patch(cx: &mut Cx, pod: PodId) {
    let latency = runtime::latencies(cx, pod).patch;
    let due = cx.now + latency;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.patch_at != Instant::NEVER {
        return;
    }
    worker.patch_at = due;
    let timer = PodTimer::Patch;
    cx.at(due, Timer::Pod { pod, timer });
}

/// What was sent while the network was cut, or overwritten since, is sent again.
pub fn send_again(cx: &mut Cx, pod: PodId) {
    let state = cx.pod_mut(pod);
    let stored = state.status.clone();
    let Some(worker) = state.worker.as_mut().filter(|worker| worker.has_status) else {
        return;
    };
    worker.sent = Some(stored);
    patch(cx, pod);
}

/// A patch has reached the API server; after the last one the object goes.
pub fn patch_arrives(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.patch_at != now {
        return;
    }
    worker.patch_at = Instant::NEVER;
    if worker.object_gone || !super::is_reachable(cx, pod) {
        return;
    }
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let finalize = worker.finalize;
    let status = outgoing(worker);
    if worker.sent.as_ref() != Some(&status) {
        worker.sent = Some(status.clone());
        runtime::note_status(cx, pod, &status);
        controllers::store_status(cx, pod, status);
    }
    if finalize {
        delete_object(cx, pod);
    }
}

/// The status as it is sent: a terminal phase is withheld while something may run (SYN-14).
fn outgoing(worker: &PodWorker) -> PodStatus {
    let mut status = worker.status.clone();
    let (phase, reason, message) = match &worker.sent {
        Some(sent) => (sent.phase, sent.reason, sent.message),
        None => (Phase::Pending, "", TextId::EMPTY),
    };
    if status.phase.is_terminal() && !phase.is_terminal() && worker.may_run {
        status.phase = phase;
        status.reason = reason;
        status.message = message;
    }
    status
}

/// The worker is over: one more patch, which takes the object of a deleted Pod with it (TRM-06).
pub fn finalize(cx: &mut Cx, pod: PodId) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    worker.finalize = true;
    patch(cx, pod);
}

/// Nothing runs any more: a terminal phase that was withheld is sent, by the next full reconcile
/// unless the status changes before.
pub fn release_phase(cx: &mut Cx, pod: PodId) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.patch_at == Instant::NEVER && worker.sent.as_ref() != Some(&outgoing(worker)) {
        wait_for_reconcile(cx, pod);
    }
}

/// The next full reconcile is to look at this Pod: it was deleted after its worker's end, say
/// (SYN-14).
pub fn wait_for_reconcile(cx: &mut Cx, pod: PodId) {
    let Some(reconcile) = cx.pod(pod).node.map(|node| cx.node(node).reconcile) else {
        return;
    };
    let at = reconcile.at_or_after(cx.now);
    let timer = PodTimer::Reconcile;
    cx.at(at, Timer::Pod { pod, timer });
}

/// The full reconcile looks at this Pod.
pub fn reconcile(cx: &mut Cx, pod: PodId) {
    if cx.pod(pod).worker.as_ref().is_some_and(|w| w.has_status) {
        patch(cx, pod);
    }
    if cx.pod(pod).worker.as_ref().is_some_and(|w| w.finalize) {
        delete_object(cx, pod);
    }
}

/// Deletes the object of a Pod that has ended, once, if its deletion was asked for.
fn delete_object(cx: &mut Cx, pod: PodId) {
    if cx.pod(pod).deletion.is_none() {
        return;
    }
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.is_deleted || worker.object_gone {
        return;
    }
    worker.is_deleted = true;
    worker.object_gone = true;
    runtime::note_deleted(cx, pod);
    controllers::finalize_pod(cx, pod);
}
