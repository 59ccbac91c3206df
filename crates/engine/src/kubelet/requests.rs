//! When a pod worker syncs: requests that merge, the wait for a newer cache, relists, the resync
//! queue (SYN-01 to SYN-04, SYN-07, SYN-08, SYN-12).

use super::pod_worker::{PodWorker, RunState, RuntimeState, Work};
use super::sync::{self, Step, Sync, SyncError};
use super::{played, runtime, status_manager, steady, PodTimer};
use crate::cluster::Cx;
use crate::ids::{PodId, RecordId};
use crate::record::{SyncKind, What};
use crate::time::{Duration, Instant};
use crate::timer::Timer;

/// Resync of a healthy Pod, before the random factor (SYN-08).
pub const RESYNC: Duration = Duration::from_secs(60);
/// Longest wait for the end of a restart back-off, before the random factor (SYN-12).
const LONGEST_BACK_OFF_WAIT: Duration = Duration::from_secs(60);
/// Retry after any other error, before the random factor (SYN-12).
const RETRY: Duration = Duration::from_secs(10);
/// From the request of an on-demand relist to the relist.
const ON_DEMAND: Duration = Duration::from_millis(1);

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Done,
    /// The worker goes on to the next kind of sync, or to its end.
    Transition,
}

/// Asks for a sync; requests merge while one is under way or waits (SYN-01).
pub fn request_sync(cx: &mut Cx, pod: PodId) {
    let cause = cx.cause;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.work == Work::Finished {
        return;
    }
    worker.pending.get_or_insert(cause);
    let is_ending = worker.work == Work::Terminating && !worker.volumes_ready;
    let waits = |sync: &&mut Box<Sync>| sync.kind == SyncKind::Sync && sync.step == Step::Volumes;
    if let Some(sync) = worker.sync.as_mut().filter(|sync| is_ending && waits(sync)) {
        // A Pod that is to end waits for its volumes no longer: the sync fails (TRM-06).
        sync.error = Some(SyncError::Other);
        return end_sync(cx, pod, End::Done);
    }
    take_pending(cx, pod);
}

/// Takes up the pending request if the worker is idle.
fn take_pending(cx: &mut Cx, pod: PodId) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.sync.is_some() || worker.waiting.is_some() {
        return;
    }
    let Some(cause) = worker.pending.take() else {
        return;
    };
    worker.waiting = Some(cause);
    worker.waiting_work = worker.work;
    begin_if_newer(cx, pod);
}

/// Begins the sync that waits if the cache is newer than the end of the previous one; otherwise
/// it waits for the next relist (SYN-03).
fn begin_if_newer(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(relist) = played::relist(cx, pod) else {
        return;
    };
    if cx
        .pod(pod)
        .worker
        .as_ref()
        .is_some_and(|w| w.relist_at == now)
    {
        // This instant's full relist comes first.
        return relist_now(cx, pod);
    }
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let Some(cause) = worker.waiting else { return };
    let newest = relist.at_or_before(now).max(worker.cache_modified);
    if worker.synced_at.is_some() && newest <= worker.synced_at {
        return wait_for_relist(cx, pod);
    }
    worker.waiting = None;
    if cause != RecordId::NONE {
        cx.cause = cause;
    }
    sync::begin(cx, pod);
}

/// Sets a timer for the next full relist, unless one is set.
fn wait_for_relist(cx: &mut Cx, pod: PodId) {
    let Some(relist) = played::relist(cx, pod) else {
        return;
    };
    let at = relist.after(cx.now);
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.relist_at <= at {
        return;
    }
    worker.relist_at = at;
    let timer = PodTimer::Relist;
    cx.at(at, Timer::Pod { pod, timer });
}

/// The runtime's state changed: the next full relist will see it.
pub fn runtime_changed(cx: &mut Cx, pod: PodId) {
    wait_for_relist(cx, pod);
}

/// A full relist is due.
pub fn relist_timer(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    if cx
        .pod(pod)
        .worker
        .as_ref()
        .is_some_and(|w| w.relist_at == now)
    {
        relist_now(cx, pod);
    }
}

/// An on-demand relist is due; a full one in between has made it needless (SYN-07).
pub fn on_demand_timer(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let on_demand = played::on_demand(cx, pod, ON_DEMAND);
    let Some(relist) = played::relist(cx, pod) else {
        return;
    };
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.on_demand_at != now {
        return;
    }
    worker.on_demand_at = Instant::NEVER;
    let asked_at = now.saturating_sub(on_demand);
    if relist.at_or_before(now).is_some_and(|full| full > asked_at) {
        return;
    }
    worker.cache_modified = Some(now);
    relist_now(cx, pod);
}

/// Compares the runtime with the relist before (SYN-04): the cache follows, a waiting sync begins,
/// each newly running or exited container or sandbox asks for one.
fn relist_now(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    played::lose_dead(cx, pod);
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    worker.relist_at = Instant::NEVER;
    let mut requests = 0;
    if worker.truth != worker.seen {
        requests = sync_worthy(&worker.seen, &worker.truth);
        worker.cache = worker.truth.clone();
        worker.seen = worker.truth.clone();
        worker.cache_modified = Some(now);
        drop_older_dead(worker);
        let dirty = worker.truth != worker.seen;
        if requests > 0 {
            cx.record_as_cause(What::Relisted { pod });
        }
        if dirty {
            wait_for_relist(cx, pod);
        }
    }
    let cause = cx.cause;
    if played::merges_requests(cx, pod) {
        requests = requests.min(1);
    }
    begin_if_newer(cx, pod);
    for _ in 0..requests {
        cx.cause = cause;
        request_sync(cx, pod);
    }
}

/// How many changes between two relists ask for a sync.
fn sync_worthy(before: &RuntimeState, after: &RuntimeState) -> u32 {
    let mut requests = 0;
    for instance in &after.instances {
        let old = before
            .instances
            .iter()
            .find(|old| (old.container, old.attempt) == (instance.container, instance.attempt))
            .map(|old| old.state);
        if old != Some(instance.state) && instance.state != RunState::Created {
            requests += 1;
        }
    }
    let ready = |state: &RuntimeState| state.sandbox.map(|s| (s.attempt, s.ready));
    if ready(before) != ready(after) {
        requests += 1;
    }
    requests
}

/// All but the newest exited instance of each container go (RUN-09).
fn drop_older_dead(worker: &mut PodWorker) {
    let instances = &mut worker.truth.instances;
    let mut kept: Vec<u16> = Vec::new();
    for index in (0..instances.len()).rev() {
        if instances[index].state != RunState::Exited {
            continue;
        }
        if kept.contains(&instances[index].container) {
            instances.remove(index);
        } else {
            kept.push(instances[index].container);
        }
    }
}

/// The look at the resync queue: due entries ask for a sync (SYN-08).
pub fn look_timer(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.requeue_at.is_some_and(|at| at <= now) {
        worker.requeue_at = None;
        let before = steady::before(cx);
        request_sync(cx, pod);
        steady::rests(cx, pod, &before);
    }
}

/// Ends the sync under way: reason cache, resync queue, on-demand relist, next request.
pub fn end_sync(cx: &mut Cx, pod: PodId, end: End) {
    let now = cx.now;
    let on_demand = played::on_demand(cx, pod, ON_DEMAND);
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let Some(sync) = worker.sync.take() else {
        return;
    };
    for (container, problem) in &sync.outcomes {
        worker.containers[usize::from(*container)].problem = *problem;
    }
    worker.synced_at = Some(now);
    let relists =
        sync.kind == SyncKind::Sync && end == End::Done && sync.acted && sync.error.is_none();
    if relists {
        worker.on_demand_at = now + on_demand;
    }
    let error = sync.error.is_some();
    runtime::note_sync_end(cx, pod, &sync);
    let cause = cx.record_as_cause(What::SyncEnded { pod, error });
    requeue(cx, pod, end, sync.error);
    if relists {
        let timer = PodTimer::OnDemandRelist;
        cx.after(on_demand, Timer::Pod { pod, timer });
    }
    if end == End::Transition {
        if let Some(worker) = cx.pod_mut(pod).worker.as_mut() {
            worker.pending.get_or_insert(cause);
        }
    }
    take_pending(cx, pod);
}

/// The terminated sync has ended: the worker is over (TRM-06).
pub fn end_worker(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    let Some(sync) = worker.sync.take() else {
        return;
    };
    worker.synced_at = Some(now);
    worker.work = Work::Finished;
    worker.pending = None;
    worker.waiting = None;
    worker.requeue_at = None;
    runtime::note_sync_end(cx, pod, &sync);
    cx.record_as_cause(What::SyncEnded { pod, error: false });
    status_manager::finalize(cx, pod);
}

/// Enters the Pod in the resync queue; one entry a Pod, the newest counts.
fn requeue(cx: &mut Cx, pod: PodId, end: End, error: Option<SyncError>) {
    let now = cx.now;
    let Some(look) = cx.pod(pod).node.map(|node| cx.node(node).look) else {
        return;
    };
    let base = match (end, error) {
        (End::Transition, _) => Duration::ZERO,
        (End::Done, None) => RESYNC,
        (End::Done, Some(SyncError::BackOff { until })) => {
            until.since(now).min(LONGEST_BACK_OFF_WAIT)
        }
        (End::Done, Some(SyncError::Other)) => RETRY,
    };
    let played = match end {
        End::Transition => None,
        End::Done => played::wait(cx, pod, base, error.is_some()),
    };
    let delay = played.unwrap_or_else(|| cx.cluster.draws.requeue(base));
    runtime::note_requeue(cx, pod, delay);
    let due = now + delay;
    if let Some(worker) = cx.pod_mut(pod).worker.as_mut() {
        worker.requeue_at = Some(due);
    }
    let timer = PodTimer::Look;
    cx.at(look.at_or_after(due), Timer::Pod { pod, timer });
}
