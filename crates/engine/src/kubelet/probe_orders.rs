//! What a Pod's syncs tell its probe workers: to run at once, to end (PRB-20, PRB-24).

use super::pod_worker::regular_range;
use super::prober::container_flags;
use super::probes::{after_poll, poll, wake, SlotId};
use crate::api::ProbeKind;
use crate::cluster::{Cx, PodState};
use crate::ids::PodId;
use crate::status::ContainerState;
use crate::time::Duration;

/// After each status generation: the readiness workers of started containers that are not ready
/// run at once (PRB-20). Whether there are any.
pub fn trigger_unready(cx: &mut Cx, pod: PodId, early: &[u16]) -> bool {
    let now = cx.now;
    let mut triggered = false;
    let Some(worker) = cx.pod(pod).worker.as_ref() else {
        return triggered;
    };
    let count = worker.containers.len() as u16;
    for container in 0..count {
        if !is_unready(cx.pod(pod), container) {
            continue;
        }
        let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
            return triggered;
        };
        let entry = &mut worker.containers[usize::from(container)];
        let slot = SlotId::new(container, ProbeKind::Readiness);
        if let Some(host) = &mut entry.slots[ProbeKind::Readiness as usize] {
            triggered = true;
            if host.step_at > now && host.step_at.saturating_sub(host.delay) <= now {
                // The worker has already woken for a step: the trigger is for the one after.
                host.trigger_next = true;
                continue;
            }
        }
        entry.probes.trigger_readiness();
        if early.contains(&container) {
            entry.probes.miss_trigger(now);
        }
        wake(cx, pod, slot, Duration::ZERO);
    }
    triggered
}

/// Whether a container has started and its readiness probe has yet to succeed.
fn is_unready(state: &PodState, container: u16) -> bool {
    let Some(worker) = &state.worker else {
        return false;
    };
    let Some(status) = worker.status.containers.get(usize::from(container)) else {
        return false;
    };
    let running = match status.state {
        ContainerState::Running { .. } => status.instance,
        _ => None,
    };
    let entry = &worker.containers[usize::from(container)];
    container_flags(&entry.probes, running, status.started == Some(true)).trigger_readiness
}

/// Termination begins: liveness and startup workers of regular containers end (PRB-24).
pub fn stop_liveness_and_startup(cx: &mut Cx, pod: PodId) {
    for container in regular_range(&cx.pod(pod).spec.clone()) {
        for kind in [ProbeKind::Liveness, ProbeKind::Startup] {
            stop(cx, pod, SlotId::new(container, kind));
        }
    }
}

/// Everything is down: all workers end.
pub fn remove_workers(cx: &mut Cx, pod: PodId) {
    for container in super::actions::all_containers(&cx.pod(pod).spec.clone()) {
        for kind in ProbeKind::ALL {
            stop(cx, pod, SlotId::new(container, kind));
        }
    }
}

/// Tells a worker to end; one in a run ends after it.
fn stop(cx: &mut Cx, pod: PodId, slot: SlotId) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let probes = &mut worker.containers[usize::from(slot.container())].probes;
    if !probes.has(slot.kind()) {
        return;
    }
    probes.stop(slot.kind());
    let now = cx.now;
    if let Some((step, tick)) = poll(cx.pod_mut(pod), now, slot) {
        after_poll(cx, pod, slot, step, tick);
    }
}
