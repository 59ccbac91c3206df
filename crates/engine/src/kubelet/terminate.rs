//! The end of a Pod on its node: terminating and terminated syncs (TRM-06, TRM-08, TRM-12).

use super::pod_worker::Work;
use super::requests::{self, End};
use super::sync::{current, wait_until, Step};
use super::{kill, probe_orders, status, status_manager};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::time::Instant;

/// Status as it is, liveness and startup of regular containers off, then all containers stop.
pub fn begin_terminating(cx: &mut Cx, pod: PodId) {
    let Some(sync) = current(cx, pod) else { return };
    let view = sync.view.clone();
    let status = status::generate(cx, pod, &view, false);
    status_manager::set(cx, pod, status);
    probe_orders::trigger_unready(cx, pod, &[]);
    probe_orders::stop_liveness_and_startup(cx, pod);
    let grace = match cx.pod(pod).worker.as_ref() {
        // Only a deletion (or eviction) has a grace of its own (TRM-04).
        Some(worker) if worker.grace_seconds > 0 => worker.grace_seconds,
        _ => cx.pod(pod).spec.termination_grace_period_seconds,
    };
    kill::queue_all(cx, pod, Some(grace.max(1)));
    wait_until(cx, pod, Step::Kills, Instant::NEVER);
    kill::proceed(cx, pod);
}

/// All containers and the sandbox are down: the final status (TRM-08), then the terminated sync.
pub fn containers_stopped(cx: &mut Cx, pod: PodId) {
    probe_orders::remove_workers(cx, pod);
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let truth = worker.truth.clone();
    worker.may_run = false;
    let status = status::generate(cx, pod, &truth, true);
    status_manager::set(cx, pod, status);
    status_manager::release_phase(cx, pod);
    if let Some(worker) = cx.pod_mut(pod).worker.as_mut() {
        worker.work = Work::Terminated;
    }
    requests::end_sync(cx, pod, End::Transition);
}

/// Volumes and cgroup go; a status that is not terminal becomes so; the object may go (TRM-06).
pub fn run_terminated(cx: &mut Cx, pod: PodId) {
    let Some(sync) = current(cx, pod) else { return };
    let view = sync.view.clone();
    let status = status::generate(cx, pod, &view, true);
    let status = status::without_survivors(cx, pod, status);
    status_manager::set(cx, pod, status);
    requests::end_worker(cx, pod);
}
