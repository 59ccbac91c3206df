//! The status manager (SYN-14): keeps the newest status, notes transitions, patches at once.

use super::{conditions, runtime, PodTimer};
use crate::cluster::Cx;
use crate::controllers;
use crate::ids::PodId;
use crate::status::{ConditionStatus, ConditionType, PodStatus};
use crate::step::Timer;
use crate::time::{Duration, Instant};
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
    let pod_state = Arc::make_mut(&mut cluster.pods[pod.index()]);
    let Some(worker) = pod_state.worker.as_mut() else {
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
    if latency == Duration::ZERO {
        return patch_arrives(cx, pod);
    }
    let timer = PodTimer::Patch;
    cx.at(due, Timer::Pod { pod, timer });
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
    if worker.object_gone {
        return;
    }
    let mut status = worker.status.clone();
    let (may_run, finalize) = (worker.may_run, worker.finalize);
    let stored = &cx.pod(pod).status;
    if status.phase.is_terminal() && !stored.phase.is_terminal() && may_run {
        // Withheld while something may still run; the kubelet itself goes by it (SYN-14).
        status.phase = stored.phase;
        status.reason = stored.reason;
        status.message = stored.message;
    }
    let deletes = finalize && cx.pod(pod).deletion.is_some();
    runtime::note_status(cx, pod, &status, deletes);
    controllers::store_status(cx, pod, status);
    if deletes {
        controllers::finalize_pod(cx, pod);
    }
}

/// The object of a Pod whose worker is over is to be deleted: the next full reconcile of the status
/// manager does it (SYN-14).
pub fn finalize_later(cx: &mut Cx, pod: PodId) {
    let Some(reconcile) = cx.pod(pod).node.map(|node| cx.node(node).reconcile) else {
        return;
    };
    let due = reconcile.at_or_after(cx.now);
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.finalize && worker.patch_at == Instant::NEVER {
        worker.patch_at = due;
        let timer = PodTimer::Patch;
        cx.at(due, Timer::Pod { pod, timer });
    }
}

/// The worker is over: one more patch, which takes the object of a deleted Pod with it (TRM-06).
pub fn finalize(cx: &mut Cx, pod: PodId) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    worker.finalize = true;
    patch(cx, pod);
}
