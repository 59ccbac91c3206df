//! Whatever a host does to a worker, these hold.

use super::*;
use crate::api::ProbeKind;
use crate::record::ProbeOutcome;
use crate::time::{Duration, Instant};
use proptest::prelude::*;

/// Something that happens to a worker.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Time passes; the worker is polled whenever it is due.
    Pass(Duration),
    See(Cached),
    Trigger,
    Stop,
    /// The handler answers, if it runs.
    Answer(ProbeOutcome),
}

fn cached() -> impl Strategy<Value = Cached> {
    let state = prop_oneof![
        Just(CachedState::Waiting),
        (0..100_u64).prop_map(|s| CachedState::Running {
            started_at: Instant::from_millis(s * 777)
        }),
        any::<bool>().prop_map(|will_restart| CachedState::Terminated { will_restart }),
    ];
    let container = (prop::option::of(0..4_u32), state, any::<bool>()).prop_map(
        |(instance, state, started)| {
            Cached::Container(CachedContainer {
                instance,
                state,
                started,
                kept: None,
            })
        },
    );
    prop_oneof![1 => Just(Cached::Missing), 20 => container]
}

fn act() -> impl Strategy<Value = Act> {
    let outcome = prop_oneof![
        Just(ProbeOutcome::Success),
        Just(ProbeOutcome::Warning),
        Just(ProbeOutcome::Failure),
        Just(ProbeOutcome::Error),
    ];
    prop_oneof![
        8 => (0..4_000_u64).prop_map(|ms| Act::Pass(Duration::from_millis(ms))),
        3 => cached().prop_map(Act::See),
        2 => Just(Act::Trigger),
        6 => outcome.prop_map(Act::Answer),
        1 => Just(Act::Stop),
    ]
}

fn settings() -> impl Strategy<Value = ProbeSettings> {
    let kind = prop::sample::select(ProbeKind::ALL.as_slice());
    (kind, any::<bool>(), 0..4_u32, 1..4_u32, 1..4_u32, 1..4_u64).prop_map(
        |(kind, sidecar, delay, success, failure, period)| ProbeSettings {
            kind,
            sidecar,
            pod_deleting: false,
            initial_delay_seconds: delay,
            success_threshold: success,
            failure_threshold: failure,
            period: Duration::from_secs(period),
        },
    )
}

/// A host that checks.
struct Host {
    worker: Worker,
    now: Instant,
    cached: Cached,
    /// What a result cache would hold, kept from the changes alone.
    stored: Option<(u32, ProbeResult)>,
    executing: bool,
    steps: u64,
    triggers: u64,
    /// Where the ticks lie: any tick taken.
    phase: Instant,
}

impl Host {
    fn apply(&mut self, changes: &Changes) {
        for change in changes {
            match change.value {
                Some(value) => {
                    // PRB-14: only what is new is a change; one entry at a time (PRB-07).
                    assert_ne!(self.stored, Some((change.instance, value)));
                    if let Some((instance, _)) = self.stored {
                        assert_eq!(
                            instance, change.instance,
                            "the old ID's entry is left behind"
                        );
                    }
                    self.stored = Some((change.instance, value));
                }
                None => {
                    let (instance, _) = self.stored.take().expect("only what is stored is removed");
                    assert_eq!(instance, change.instance);
                }
            }
        }
    }

    fn poll(&mut self) {
        let is_due = self.worker.poll_at() <= self.now;
        let phase_before = self.worker.next_tick();
        let step = self.worker.poll(self.now, self.cached);
        assert_eq!(step.next != Next::NotDue, is_due, "poll_at tells the truth");
        assert!(!(self.executing && is_due), "runs never overlap (PRB-03)");
        self.apply(&step.changes);
        match step.next {
            Next::NotDue => return,
            Next::Stopped => {}
            Next::Wait | Next::Exit | Next::Execute => self.steps += 1,
        }
        if self.worker.was_triggered() {
            self.phase = self.now;
        } else if step.next != Next::Stopped {
            assert!(self.now >= phase_before || self.steps == 1);
        }
        self.executing = step.next == Next::Execute;
        if self.worker.has_exited() {
            assert_eq!(self.stored, None, "an ended worker leaves no result");
            return;
        }
        let period = self.worker.settings().period;
        let next = self.worker.next_tick();
        assert!(next > self.now && next <= self.now + period);
        let since = next.since(self.phase).0;
        assert_eq!(since % period.0, 0, "only a trigger moves the phase");
    }

    fn pass(&mut self, span: Duration) {
        let until = self.now + span;
        while self.worker.poll_at() <= until {
            self.now = self.now.max(self.worker.poll_at());
            self.poll();
        }
        self.now = until;
        self.poll();
    }

    fn answer(&mut self, outcome: ProbeOutcome) {
        let before = self.worker;
        let finished = self.worker.execution_done(outcome);
        if !self.executing {
            assert_eq!(self.worker, before, "an answer nobody asked for");
            return;
        }
        self.apply(&finished.changes);
        self.executing = finished.settled == Settled::Retry;
        assert_eq!(self.executing, self.worker.is_executing());
        if outcome == ProbeOutcome::Error {
            assert!(
                finished.changes.is_empty(),
                "errors change nothing (PRB-10)"
            );
            assert_eq!(self.worker.streak(), before.streak());
        }
        if !self.executing && self.worker.poll_at() <= self.now {
            self.poll();
        }
    }
}

proptest! {
    #[test]
    fn invariants_hold_for_any_script(
        settings in settings(),
        sleep_ms in 0..2_000_u64,
        acts in prop::collection::vec(act(), 0..120),
    ) {
        let sleep = Duration::from_millis(sleep_ms);
        let mut host = Host {
            worker: Worker::new(settings, Instant::ZERO, sleep),
            now: Instant::ZERO,
            cached: Cached::Missing,
            stored: None,
            executing: false,
            steps: 0,
            triggers: 0,
            phase: Instant::ZERO + sleep,
        };
        for act in acts {
            match act {
                Act::Pass(span) => host.pass(span),
                Act::See(cached) => host.cached = cached,
                Act::Trigger => {
                    host.triggers += 1;
                    host.worker.trigger();
                }
                Act::Stop => host.worker.stop(),
                Act::Answer(outcome) => host.answer(outcome),
            }
            if let Some((instance, value)) = host.stored {
                prop_assert_eq!(host.worker.result_of(instance), Some(value));
            }
            let ticks = host.now.0 / settings.period.0 + 1;
            prop_assert!(host.steps <= ticks + host.triggers);
        }
    }
}
