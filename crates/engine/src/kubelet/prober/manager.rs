//! The prober manager's part for one container: its workers, one slot a kind.

use super::cached::Cached;
use super::results::{Changes, ProbeResult};
use super::settings::ProbeSettings;
use super::worker::{Finished, Next, Settled, Step, Worker};
use crate::api::ProbeKind;
use crate::record::ProbeOutcome;
use crate::time::{Duration, Instant};

/// The workers of one container. A worker that has ended leaves its slot empty, so that the next
/// sync makes a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContainerProbes {
    /// Indexed by [`ProbeKind`], which is the order of creation (PRB-01).
    slots: [Option<Worker>; 3],
}

impl ContainerProbes {
    /// Makes the worker of a probe unless it exists; whether it did. The first step is due after
    /// `sleep` (PRB-04: a draw from the period, only if [`ProbeSettings::needs_jitter`]), so poll
    /// at once if there is none.
    pub fn add(
        &mut self,
        settings: ProbeSettings,
        now: Instant,
        sleep: impl FnOnce() -> Duration,
    ) -> bool {
        let slot = &mut self.slots[settings.kind as usize];
        if slot.is_some() {
            return false;
        }
        *slot = Some(Worker::new(settings, now, sleep()));
        true
    }

    /// The worker of a kind.
    pub fn worker(&self, kind: ProbeKind) -> Option<&Worker> {
        self.slots[kind as usize].as_ref()
    }

    /// The worker of a kind, to be changed.
    pub fn worker_mut(&mut self, kind: ProbeKind) -> Option<&mut Worker> {
        self.slots[kind as usize].as_mut()
    }

    /// Whether there is a worker of that kind.
    pub fn has(&self, kind: ProbeKind) -> bool {
        self.slots[kind as usize].is_some()
    }

    /// Whether there is no worker at all.
    pub fn is_empty(&self) -> bool {
        self.slots.iter().all(Option::is_none)
    }

    /// The cached result of a kind for a container instance.
    pub fn result(&self, kind: ProbeKind, instance: u32) -> Option<ProbeResult> {
        self.worker(kind)?.result_of(instance)
    }

    /// When the worker of that kind has something to do next ([`Worker::poll_at`]);
    /// [`Instant::NEVER`] without one.
    pub fn poll_at(&self, kind: ProbeKind) -> Instant {
        self.worker(kind).map_or(Instant::NEVER, Worker::poll_at)
    }

    /// Polls the worker of that kind ([`Worker::poll`]). If it ended its slot is empty afterwards.
    pub fn poll(&mut self, kind: ProbeKind, now: Instant, cached: Cached) -> Step {
        let slot = &mut self.slots[kind as usize];
        let Some(worker) = slot else {
            return Step {
                next: Next::NotDue,
                changes: Changes::NONE,
            };
        };
        let step = worker.poll(now, cached);
        if worker.has_exited() {
            *slot = None;
        }
        step
    }

    /// The handler of that kind is done ([`Worker::execution_done`]). Poll again afterwards, unless
    /// a retry is asked for.
    pub fn execution_done(&mut self, kind: ProbeKind, outcome: ProbeOutcome) -> Finished {
        match &mut self.slots[kind as usize] {
            Some(worker) => worker.execution_done(outcome),
            None => Finished {
                settled: Settled::Discarded,
                changes: Changes::NONE,
            },
        }
    }

    /// Triggers the readiness worker (PRB-20); poll it then. Other kinds are never triggered.
    pub fn trigger_readiness(&mut self) {
        if let Some(worker) = &mut self.slots[ProbeKind::Readiness as usize] {
            worker.trigger();
        }
    }

    /// The readiness worker takes a trigger before it can read the status that the trigger is about:
    /// nothing to probe yet, but the period begins anew (PRB-21).
    pub fn miss_trigger(&mut self, now: Instant) {
        self.poll(ProbeKind::Readiness, now, Cached::Missing);
    }

    /// Tells the worker of that kind to end; poll it then. A worker in a run ends after it, and
    /// keeps its slot until then.
    pub fn stop(&mut self, kind: ProbeKind) {
        if let Some(worker) = &mut self.slots[kind as usize] {
            worker.stop();
        }
    }
}
