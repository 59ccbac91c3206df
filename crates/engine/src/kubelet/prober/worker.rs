//! The worker of one probe: a ticker with one kept tick, a one-slot manual trigger, and the
//! decision of each step (PRB-03 to PRB-14).

use super::cached::{Cached, CachedContainer, CachedState};
use super::results::{Changes, ProbeResult, ResultChange};
use super::settings::ProbeSettings;
use crate::api::ProbeKind;
use crate::planted::{self, Bug};
use crate::record::ProbeOutcome;
use crate::time::{Duration, Instant};
use serde::{Deserialize, Serialize};

/// Tries of one run whose handler cannot tell (PRB-10).
pub const MAX_TRIES: u8 = 3;

/// Where the worker's loop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Loop {
    /// Before the first step, which is due at `wake_at`; signals are only noted (PRB-04).
    Sleeping { wake_at: Instant },
    /// Between two steps.
    Waiting,
    /// The handler runs; `tries` of this run are over.
    Executing { tries: u8 },
    /// Over; the result is removed.
    Exited,
}

/// The worker of one probe of one container. It outlives the container's instances (PRB-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    settings: ProbeSettings,
    state: Loop,
    /// The ticker's next tick that the worker has not seen. While a run lasts it may fall behind:
    /// then one tick is kept and the rest are lost (PRB-03).
    next_tick: Instant,
    trigger_kept: bool,
    stop_kept: bool,
    /// Whether the last step was caused by a trigger.
    triggered: bool,
    on_hold: bool,
    last: ProbeResult,
    run: u32,
    instance: Option<u32>,
    result: Option<ProbeResult>,
}

/// What a poll led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub next: Next,
    pub changes: Changes,
}

/// What the host has to do after a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing was due, no step ran.
    NotDue,
    /// A step ran and did not probe; come back at [`Worker::poll_at`].
    Wait,
    /// A step ran: run the handler now and report to [`Worker::execution_done`].
    Execute,
    /// A step ran and ended the worker.
    Exit,
    /// The worker ended because it was told to; no step ran.
    Stopped,
}

/// What the end of a handler's run led to. Afterwards poll again: a tick, a trigger or a stop may
/// be waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    pub settled: Settled,
    pub changes: Changes,
}

/// What a handler's answer counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was an error: run the handler once more, at once.
    Retry,
    /// It was the last error allowed: emit the event, nothing else changes (PRB-10).
    Discarded,
    /// It was counted; that many equal results in a row now (before a verdict resets the count).
    Counted { run: u32 },
}

impl Worker {
    /// A worker made at `now`; its first step is due after `sleep` (PRB-04, usually zero).
    pub fn new(settings: ProbeSettings, now: Instant, sleep: Duration) -> Self {
        let wake_at = now + sleep;
        Worker {
            settings,
            state: Loop::Sleeping { wake_at },
            next_tick: wake_at + settings.period,
            trigger_kept: false,
            stop_kept: false,
            triggered: false,
            on_hold: false,
            last: ProbeResult::Success,
            run: 0,
            instance: None,
            result: None,
        }
    }

    /// The earliest moment at which [`Worker::poll`] has something to do; in the past if it has
    /// already, [`Instant::NEVER`] while the handler runs.
    pub fn poll_at(&self) -> Instant {
        match self.state {
            Loop::Sleeping { wake_at } => wake_at,
            Loop::Waiting if self.stop_kept || self.trigger_kept => Instant::ZERO,
            Loop::Waiting => self.next_tick,
            Loop::Executing { .. } | Loop::Exited => Instant::NEVER,
        }
    }

    /// Runs one step if one is due. `cached` is the status as it is at `now`.
    ///
    /// Where a tick and a trigger wait together, the real loop picks at random; here the trigger
    /// goes first, which drops the tick.
    pub fn poll(&mut self, now: Instant, cached: Cached) -> Step {
        let mut changes = Changes::NONE;
        match self.state {
            Loop::Sleeping { wake_at } if wake_at <= now => {
                self.triggered = false;
                self.state = Loop::Waiting;
            }
            Loop::Waiting if self.stop_kept => {
                self.exit(&mut changes);
                return Step {
                    next: Next::Stopped,
                    changes,
                };
            }
            Loop::Waiting if self.trigger_kept => {
                self.trigger_kept = false;
                self.triggered = true;
                self.next_tick = now + self.settings.period;
            }
            Loop::Waiting if self.next_tick <= now => {
                self.triggered = false;
                self.take_tick(now);
            }
            _ => {
                return Step {
                    next: Next::NotDue,
                    changes,
                }
            }
        }
        let next = self.step(now, cached, &mut changes);
        match next {
            Next::Execute => self.state = Loop::Executing { tries: 0 },
            Next::Exit => self.exit(&mut changes),
            _ => {}
        }
        Step { next, changes }
    }

    /// The handler that [`Next::Execute`] or [`Settled::Retry`] asked for is done.
    pub fn execution_done(&mut self, outcome: ProbeOutcome) -> Finished {
        let mut changes = Changes::NONE;
        let Loop::Executing { tries } = self.state else {
            return Finished {
                settled: Settled::Discarded,
                changes,
            };
        };
        let result = match outcome {
            ProbeOutcome::Success | ProbeOutcome::Warning => ProbeResult::Success,
            ProbeOutcome::Failure => ProbeResult::Failure,
            ProbeOutcome::Error => {
                let tries = tries + 1;
                let settled = if tries < MAX_TRIES {
                    self.state = Loop::Executing { tries };
                    Settled::Retry
                } else {
                    self.state = Loop::Waiting;
                    Settled::Discarded
                };
                return Finished { settled, changes };
            }
        };
        self.state = Loop::Waiting;
        let run = self.count(result, &mut changes);
        Finished {
            settled: Settled::Counted { run },
            changes,
        }
    }

    /// A manual trigger (PRB-05). One is kept; it is taken by the next poll after the current run.
    pub fn trigger(&mut self) {
        self.trigger_kept = true;
    }

    /// Tells the worker to end. It does so at the next poll outside a run.
    pub fn stop(&mut self) {
        self.stop_kept = true;
    }

    /// The probe's numbers.
    pub const fn settings(&self) -> &ProbeSettings {
        &self.settings
    }

    /// The container instance that the worker remembers (PRB-06 row 4).
    pub const fn instance(&self) -> Option<u32> {
        self.instance
    }

    /// The stored result of that container instance, if the worker has one (PRB-07).
    pub fn result_of(&self, instance: u32) -> Option<ProbeResult> {
        if self.instance == Some(instance) {
            self.result
        } else {
            None
        }
    }

    /// Whether the run under way, if it passes, and all that pass after it change nothing but the
    /// count.
    pub fn will_pass_on(&self) -> bool {
        self.is_executing()
            && self.settings.kind != ProbeKind::Startup
            && self.last == ProbeResult::Success
            && self.result == Some(ProbeResult::Success)
            && !(self.triggered || self.trigger_kept || self.stop_kept || self.on_hold)
    }

    /// Whether every step to come only waits, as long as the status stays as it is (PRB-13).
    pub fn will_hold_on(&self) -> bool {
        self.state == Loop::Waiting
            && self.on_hold
            && !(self.triggered || self.trigger_kept || self.stop_kept)
    }

    /// Takes over the ticks and runs of a worker that went on by itself. `runs`: the handler runs.
    pub fn go_on(&mut self, next_tick: Instant, run: u32, runs: bool) {
        self.next_tick = next_tick;
        self.run = run;
        self.state = if runs {
            Loop::Executing { tries: 0 }
        } else {
            Loop::Waiting
        };
    }

    /// Whether the handler runs.
    pub const fn is_executing(&self) -> bool {
        matches!(self.state, Loop::Executing { .. })
    }

    /// Whether the worker is over.
    pub const fn has_exited(&self) -> bool {
        matches!(self.state, Loop::Exited)
    }

    /// Whether the last step was caused by a trigger, not by a tick.
    pub const fn was_triggered(&self) -> bool {
        self.triggered
    }

    /// Whether the worker waits for another container instance (PRB-13).
    pub const fn is_on_hold(&self) -> bool {
        self.on_hold
    }

    /// The last counted result and how many of it came in a row (PRB-11, PRB-12).
    pub const fn streak(&self) -> (ProbeResult, u32) {
        (self.last, self.run)
    }

    /// The ticker's next tick (meaningless after the end). A trigger moves it (PRB-05).
    pub const fn next_tick(&self) -> Instant {
        self.next_tick
    }

    /// Takes the one kept tick: what lies between it and `now` is lost, the phase stays (PRB-03).
    fn take_tick(&mut self, now: Instant) {
        let period = self.settings.period;
        self.next_tick += period;
        if self.next_tick <= now {
            let lost = now.since(self.next_tick).0 / period.0.max(1) + 1;
            self.next_tick += period.times(lost);
        }
    }

    /// The table of PRB-06, row by row.
    fn step(&mut self, now: Instant, cached: Cached, changes: &mut Changes) -> Next {
        let container = match cached {
            Cached::Missing => return Next::Wait, // row 1, and 3 where the container is absent
            Cached::PodEnded => return Next::Exit, // row 2
            Cached::Container(container) => container,
        };
        let Some(instance) = container.instance else {
            return Next::Wait; // row 3
        };
        if self.instance != Some(instance) {
            self.adopt(instance, &container, changes); // row 4
        }
        if self.on_hold {
            return Next::Wait; // row 5
        }
        let started_at = match container.state {
            CachedState::Running { started_at } => started_at.floor_secs(),
            CachedState::Waiting => return self.not_running(true, changes),
            CachedState::Terminated { will_restart } => {
                return self.not_running(will_restart, changes)
            }
        };
        let is_startup = self.settings.kind == ProbeKind::Startup;
        if self.settings.pod_deleting && self.settings.kind != ProbeKind::Readiness {
            self.store(ProbeResult::Success, changes); // row 7
            return Next::Exit;
        }
        if now.since(started_at).as_secs() < u64::from(self.settings.initial_delay_seconds) {
            return Next::Wait; // row 8
        }
        if container.started == is_startup {
            return Next::Wait; // rows 9 and 10
        }
        Next::Execute // row 11
    }

    /// Another container ID: the old result goes, the initial value comes, the hold ends. The
    /// counters stay (PRB-12). For a sidecar whose `started` was carried over (PRB-22) the startup
    /// result is Success for that instant first, which makes one more update (recorded: every
    /// such restart in `cases-public`).
    fn adopt(&mut self, instance: u32, container: &CachedContainer, changes: &mut Changes) {
        self.remove(changes);
        self.instance = Some(instance);
        self.on_hold = false;
        if self.settings.kind == ProbeKind::Startup && self.settings.sidecar && container.started {
            self.store(ProbeResult::Success, changes);
        }
        let initial = match self.settings.kind {
            ProbeKind::Startup if container.kept.is_some() && container.started => {
                ProbeResult::Success
            }
            ProbeKind::Startup => ProbeResult::Unknown,
            ProbeKind::Readiness if container.kept == Some(true) => ProbeResult::Success,
            ProbeKind::Readiness => ProbeResult::Failure,
            ProbeKind::Liveness => ProbeResult::Success,
        };
        self.store(initial, changes);
    }

    /// Row 6: a container that does not run has failed; without a restart the worker is done.
    fn not_running(&mut self, will_restart: bool, changes: &mut Changes) -> Next {
        self.store(ProbeResult::Failure, changes);
        if will_restart {
            Next::Wait
        } else {
            Next::Exit
        }
    }

    /// Counts a result; at its threshold it becomes the stored one (PRB-11, PRB-13). Returns the
    /// count before a verdict resets it.
    fn count(&mut self, result: ProbeResult, changes: &mut Changes) -> u32 {
        if self.last == result {
            self.run = self.run.saturating_add(1);
        } else {
            self.last = result;
            self.run = 1;
        }
        let run = self.run;
        let threshold = match result {
            ProbeResult::Success => self.settings.success_threshold,
            _ => self.settings.failure_threshold,
        };
        if run + u32::from(planted::is(Bug::Threshold)) < threshold {
            return run;
        }
        self.store(result, changes);
        let is_verdict = match self.settings.kind {
            ProbeKind::Startup => true,
            ProbeKind::Liveness => result == ProbeResult::Failure,
            ProbeKind::Readiness => false,
        };
        if is_verdict {
            self.on_hold = !planted::is(Bug::OnHold);
            self.run = 0;
        }
        run
    }

    /// Stores a result for the current instance; a change only if it differs (PRB-14).
    fn store(&mut self, value: ProbeResult, changes: &mut Changes) {
        if self.result == Some(value) {
            return;
        }
        if let Some(instance) = self.instance {
            self.result = Some(value);
            changes.push(ResultChange {
                instance,
                value: Some(value),
            });
        }
    }

    /// Removes the stored result.
    fn remove(&mut self, changes: &mut Changes) {
        if let (Some(instance), Some(_)) = (self.instance, self.result) {
            changes.push(ResultChange {
                instance,
                value: None,
            });
        }
        self.result = None;
    }

    fn exit(&mut self, changes: &mut Changes) {
        self.remove(changes);
        self.state = Loop::Exited;
    }
}
