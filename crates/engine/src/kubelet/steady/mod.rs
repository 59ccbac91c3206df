//! Pods at rest: the part of a run that says nothing new, carried out without touching the Pod.
//!
//! Once a probe has passed and nothing about its Pod has changed, its next run is known: the same
//! answer, a period later. Once a resync has found nothing to do, so is the next. Both go on here,
//! as a few numbers a probe; every timer, draw and record stays what it would be. The requests that
//! a server's log still has to show are counted, and sent when somebody looks.
//!
//! What makes it right: an answer follows from the Pod alone, and [`Cx::pod_mut`], the only way to
//! change a Pod, first brings it up to date and ends its rest ([`settle`]).

mod owed;
mod table;

pub use table::Beats;

use super::handlers::{self, ProbeOutput, ProbeRun, TargetHandler};
use super::pod_worker::{container_spec, Work};
use super::prober::Worker;
use super::probes::{self, SlotId};
use super::requests::RESYNC;
use super::runtime::Runtime;
use super::PodTimer;
use crate::api::{Handler, ProbeKind};
use crate::cluster::{Cluster, Cx, PodState};
use crate::ids::PodId;
use crate::record::{ProbeOutcome, SyncKind, What};
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use owed::send_owed;
use std::borrow::Cow;
use std::sync::Arc;
use table::{Beat, Mode, Place, OFF};

/// A worker's step is due. Whether it was one that goes on by itself.
pub fn step(cx: &mut Cx, pod: PodId, slot: SlotId) -> bool {
    let now = cx.now;
    let Some(beat) = cx.cluster.beats.beat_mut(pod, slot) else {
        return false;
    };
    if beat.mode == Mode::Off {
        return false;
    }
    if beat.step_at != now {
        return true;
    }
    let (at, timer) = if beat.mode == Mode::Holds {
        beat.step_at = now + beat.period;
        (beat.step_at, PodTimer::Probe(slot))
    } else {
        beat.step_at = Instant::NEVER;
        beat.ends_at = now + beat.takes;
        if beat.is_logged {
            if beat.owed == 0 {
                beat.owed_from = now;
            }
            beat.owed += 1;
        }
        (beat.ends_at, PodTimer::ProbeEnd(slot))
    };
    cx.at(at, Timer::Pod { pod, timer });
    true
}

/// A run's end is due. Whether it was one that goes on by itself.
pub fn end(cx: &mut Cx, pod: PodId, slot: SlotId) -> bool {
    let now = cx.now;
    let Some(beat) = cx.cluster.beats.beat_mut(pod, slot) else {
        return false;
    };
    if beat.mode == Mode::Off {
        return false;
    }
    if beat.ends_at != now {
        return true;
    }
    beat.ends_at = Instant::NEVER;
    beat.run = beat.run.saturating_add(1);
    beat.step_at = now.saturating_sub(beat.takes) + beat.period;
    let (run, at, takes) = (beat.run, beat.step_at, beat.takes);
    let passed = (ProbeOutcome::Success, run);
    cx.record(probes::probed(pod, slot, passed, false, takes));
    let timer = PodTimer::Probe(slot);
    cx.at(at, Timer::Pod { pod, timer });
    true
}

/// The look at the resync queue is due. Whether the resyncs go on by themselves.
pub fn look(cx: &mut Cx, pod: PodId) -> bool {
    let now = cx.now;
    let Some(place) = cx.cluster.beats.places.get(pod.index()).copied() else {
        return false;
    };
    if place.requeue_at == Instant::NEVER {
        return false;
    }
    if place.requeue_at > now {
        return true;
    }
    let kind = SyncKind::Sync;
    cx.record_as_cause(What::SyncBegan { pod, kind });
    cx.record_as_cause(What::SyncEnded { pod, error: false });
    let due = now + cx.cluster.draws.requeue(RESYNC);
    let at = cx.node(place.node).look.at_or_after(due);
    let place = &mut cx.cluster.beats.places[pod.index()];
    place.requeue_at = due;
    place.synced_at = now;
    let timer = PodTimer::Look;
    cx.at(at, Timer::Pod { pod, timer });
    true
}

/// A run has begun whose answer is a plain success: lets the probe go on by itself from here if
/// every run to come will pass the same way. Whether it does.
pub fn passes(cx: &mut Cx, pod: PodId, slot: SlotId, takes: Duration, server: Option<u16>) -> bool {
    let Some(beat) = passing_beat(cx.now, cx.pod(pod), slot, takes, server) else {
        return false;
    };
    if !cx.cluster.beats.put(pod, slot, beat) {
        return false;
    }
    let timer = PodTimer::ProbeEnd(slot);
    cx.at(beat.ends_at, Timer::Pod { pod, timer });
    true
}

fn passing_beat(
    now: Instant,
    state: &PodState,
    slot: SlotId,
    takes: Duration,
    server: Option<u16>,
) -> Option<Beat> {
    let own = state.worker.as_ref()?;
    // On its node's network another Pod may answer, whose changes end no rest of this one.
    let is_alone = !state.spec.host_network && !has_equal_delays(state);
    if !matches!(own.runtime, Runtime::Machines(_)) || !is_alone {
        return None;
    }
    let entry = own.containers.get(usize::from(slot.container()))?;
    let host = entry.slots[slot.kind() as usize].as_ref()?;
    let worker = entry.probes.worker(slot.kind())?;
    let period = worker.settings().period;
    let tick = now.saturating_sub(host.delay);
    if !worker.will_pass_on() || worker.next_tick() != tick + period || takes + host.delay > period
    {
        return None;
    }
    let (container, is_logged) = match host.target.handler {
        TargetHandler::Http {
            port,
            elsewhere: false,
            ..
        } => {
            let spec = container_spec(&state.spec, slot.container());
            let Some(Handler::HttpGet(get)) = spec.probe(slot.kind()).map(|p| &p.handler) else {
                return None;
            };
            state.world.answers_alike(port, &handlers::path_of(get))?
        }
        TargetHandler::Tcp {
            port,
            elsewhere: false,
        } if !state.world.is_waited_at(port) => (0, false),
        TargetHandler::Grpc { .. } => (0, false),
        _ => return None,
    };
    Some(Beat {
        ends_at: now + takes,
        period,
        takes,
        run: worker.streak().1,
        mode: Mode::Passes,
        is_logged,
        container: container as u16,
        server,
        ..OFF
    })
}

/// Whether two workers of a Pod could step at one instant, in an order that only the queue knows.
fn has_equal_delays(state: &PodState) -> bool {
    state.spec.containers.len() > 10 && !state.spec.init_containers.is_empty()
}

/// A worker has only waited at its step and knows the next: lets it go on by itself if it is on
/// hold.
pub fn holds(cx: &mut Cx, pod: PodId, slot: SlotId) {
    let state = cx.pod(pod);
    let beat = state.worker.as_ref().and_then(|own| {
        let entry = own.containers.get(usize::from(slot.container()))?;
        let host = entry.slots[slot.kind() as usize].as_ref()?;
        let worker = entry.probes.worker(slot.kind())?;
        let is_machine = matches!(own.runtime, Runtime::Machines(_));
        let is_on_time = host.step_at == worker.next_tick() + host.delay;
        (is_machine && is_on_time && worker.will_hold_on()).then(|| Beat {
            step_at: host.step_at,
            period: worker.settings().period,
            run: worker.streak().1,
            mode: Mode::Holds,
            ..OFF
        })
    });
    if let Some(beat) = beat {
        cx.cluster.beats.put(pod, slot, beat);
    }
}

/// What a resync has been up to.
pub struct Before {
    records: u32,
    timers: u64,
}

/// To be asked before a resync.
pub fn before(cx: &Cx) -> Before {
    Before {
        records: cx.log.position(),
        timers: cx.cluster.queue.pushed(),
    }
}

/// A resync is over: lets the Pod's resyncs go on by themselves if it found nothing to do.
///
/// A sync that leaves no more than its begin, its end and the next entry in the queue has changed
/// nothing that a sync looks at; what it reads besides the Pod are the moment, for a deadline, and
/// the pull secrets.
pub fn rests(cx: &mut Cx, pod: PodId, before: &Before) {
    let did_nothing = cx.log.position() == before.records + 2
        && cx.cluster.queue.pushed() == before.timers + 1
        && cx.log.records().last().map(|record| record.what)
            == Some(What::SyncEnded { pod, error: false });
    if !did_nothing || cx.cluster.beats.places.len() <= pod.index() {
        return;
    }
    let state = cx.pod(pod);
    let Some(own) = state.worker.as_ref() else {
        return;
    };
    let is_idle = own.work == Work::Sync
        && own.sync.is_none()
        && own.waiting.is_none()
        && own.pending.is_none()
        && own.relist_at == Instant::NEVER
        && own.patch_at == Instant::NEVER
        && matches!(own.runtime, Runtime::Machines(_));
    let is_plain = state.deletion.is_none()
        && state.spec.active_deadline_seconds.is_none()
        && state.spec.image_pull_secrets.is_empty();
    let is_well = own.has_status && own.status.containers.iter().all(|c| c.ready);
    let (Some(requeue_at), Some(synced_at)) = (own.requeue_at, own.synced_at) else {
        return;
    };
    if is_idle && is_plain && is_well {
        let place = &mut cx.cluster.beats.places[pod.index()];
        if place.slots > 0 {
            place.requeue_at = requeue_at;
            place.synced_at = synced_at;
            place.going += 1;
        }
    }
}

/// Sends a Pod's servers the requests that they are owed; what goes on by itself goes on.
pub fn pay(cluster: &mut Cluster, pod: PodId) {
    let Some((_, beats)) = cluster.beats.of(pod) else {
        return;
    };
    if beats.iter().all(|beat| beat.owed == 0) {
        return;
    }
    send_owed(Arc::make_mut(&mut cluster.pods[pod.index()]), beats);
    let place = cluster.beats.places[pod.index()];
    let first = place.first as usize;
    for beat in &mut cluster.beats.beats[first..first + usize::from(place.slots)] {
        beat.owed = 0;
    }
}

/// Brings a Pod up to date and ends its rest.
pub fn settle(cluster: &mut Cluster, pod: PodId) {
    if let Some((place, beats)) = cluster.beats.of(pod) {
        bring_up(Arc::make_mut(&mut cluster.pods[pod.index()]), place, beats);
        cluster.beats.clear(pod);
    }
}

/// A Pod as it is, with everything that has gone on by itself.
pub fn up_to_date(cluster: &Cluster, pod: PodId) -> Cow<'_, PodState> {
    let state = &*cluster.pods[pod.index()];
    match cluster.beats.of(pod) {
        None => Cow::Borrowed(state),
        Some((place, beats)) => {
            let mut state = state.clone();
            bring_up(&mut state, place, beats);
            Cow::Owned(state)
        }
    }
}

/// A probe's worker as it is.
pub fn worker_of(cluster: &Cluster, pod: PodId, container: u16, kind: ProbeKind) -> Option<Worker> {
    let own = cluster.pods[pod.index()].worker.as_ref()?;
    let entry = own.containers.get(usize::from(container))?;
    let mut worker = *entry.probes.worker(kind)?;
    let slot = SlotId::new(container, kind);
    if let Some((_, beats)) = cluster.beats.of(pod) {
        let delay = entry.slots[kind as usize].as_ref()?.delay;
        catch_up(&mut worker, &beats[usize::from(slot.0)], delay);
    }
    Some(worker)
}

fn catch_up(worker: &mut Worker, beat: &Beat, delay: Duration) {
    if beat.mode == Mode::Off {
        return;
    }
    let runs = beat.ends_at != Instant::NEVER;
    let step_at = if runs {
        beat.ends_at.saturating_sub(beat.takes) + beat.period
    } else {
        beat.step_at
    };
    worker.go_on(step_at.saturating_sub(delay), beat.run, runs);
}

fn bring_up(state: &mut PodState, place: &Place, beats: &[Beat]) {
    send_owed(state, beats);
    let Some(own) = state.worker.as_mut() else {
        return;
    };
    if place.requeue_at != Instant::NEVER {
        own.requeue_at = Some(place.requeue_at);
        own.synced_at = Some(place.synced_at);
    }
    for (index, beat) in beats.iter().enumerate() {
        if beat.mode == Mode::Off {
            continue;
        }
        let slot = SlotId(index as u16);
        let Some(entry) = own.containers.get_mut(usize::from(slot.container())) else {
            continue;
        };
        let Some(host) = &mut entry.slots[slot.kind() as usize] else {
            continue;
        };
        host.step_at = beat.step_at;
        host.run = (beat.ends_at != Instant::NEVER).then(|| ProbeRun {
            began_at: beat.ends_at.saturating_sub(beat.takes),
            ends_at: beat.ends_at,
            outcome: ProbeOutcome::Success,
            output: ProbeOutput::Empty,
            exec: None,
            server: beat.server,
        });
        let delay = host.delay;
        if let Some(worker) = entry.probes.worker_mut(slot.kind()) {
            // On hold, no run is added.
            let runs = beat.run.saturating_sub(worker.streak().1);
            host.counts.passed(runs, beat.takes);
            if let (TargetHandler::Http { port, .. }, false) = (host.target.handler, beat.is_logged)
            {
                // The first run asked the server itself.
                let asked = runs + u32::from(host.run.is_some());
                let more = asked.saturating_sub(1);
                let last = match host.run {
                    Some(run) => run.began_at,
                    None => beat.step_at.saturating_sub(beat.period),
                };
                state.world.spend_requests(last, beat.period, more, port);
            }
            catch_up(worker, beat, delay);
        }
    }
}
