//! Dialogues with one container's workers, rule by rule.

use super::*;
use crate::api::ProbeKind;
use crate::record::ProbeOutcome::{self, Error, Failure, Success};
use crate::time::{Duration, Instant};
use ProbeKind::{Liveness, Readiness, Startup};

/// One container with its workers, a moment, and the cached status that the workers read.
struct Bench {
    now: Instant,
    probes: ContainerProbes,
    cached: Cached,
}

/// API defaults: period 10 s, failureThreshold 3, successThreshold 1, no delay (PRB-25).
fn probe(kind: ProbeKind) -> ProbeSettings {
    ProbeSettings {
        kind,
        sidecar: false,
        pod_deleting: false,
        initial_delay_seconds: 0,
        success_threshold: 1,
        failure_threshold: 3,
        period: Duration::from_secs(10),
    }
}

/// Instance `instance`, running since `started_ms`.
fn running(instance: u32, started_ms: u64, started: bool) -> Cached {
    Cached::Container(CachedContainer {
        instance: Some(instance),
        state: CachedState::Running {
            started_at: Instant::from_millis(started_ms),
        },
        started,
        kept: None,
    })
}

fn terminated(instance: u32, will_restart: bool) -> Cached {
    Cached::Container(CachedContainer {
        instance: Some(instance),
        state: CachedState::Terminated { will_restart },
        started: false,
        kept: None,
    })
}

/// The values of changed results, in order; None: removed.
type Values = Vec<(u32, Option<ProbeResult>)>;

fn values(changes: &Changes) -> Values {
    changes.into_iter().map(|c| (c.instance, c.value)).collect()
}

const OK: Option<ProbeResult> = Some(ProbeResult::Success);
const BAD: Option<ProbeResult> = Some(ProbeResult::Failure);
const UNKNOWN: Option<ProbeResult> = Some(ProbeResult::Unknown);
const GONE: Option<ProbeResult> = None;

impl Bench {
    /// Workers made at t=0 by an old kubelet, in a Pod without status.
    fn new(probes: &[ProbeSettings]) -> Self {
        let mut bench = Bench {
            now: Instant::ZERO,
            probes: ContainerProbes::default(),
            cached: Cached::Missing,
        };
        for &settings in probes {
            assert!(bench.probes.add(settings, bench.now, || Duration::ZERO));
            assert_eq!(bench.poll(settings.kind), Next::Wait);
        }
        bench
    }

    fn at(&mut self, ms: u64) -> &mut Self {
        self.now = Instant::from_millis(ms);
        self
    }

    fn sees(&mut self, cached: Cached) -> &mut Self {
        self.cached = cached;
        self
    }

    fn poll(&mut self, kind: ProbeKind) -> Next {
        self.step(kind).0
    }

    fn step(&mut self, kind: ProbeKind) -> (Next, Values) {
        let step = self.probes.poll(kind, self.now, self.cached);
        (step.next, values(&step.changes))
    }

    fn done(&mut self, kind: ProbeKind, outcome: ProbeOutcome) -> (Settled, Values) {
        let finished = self.probes.execution_done(kind, outcome);
        (finished.settled, values(&finished.changes))
    }

    /// At `ms` a step executes and ends at once with `outcome`.
    fn probes_at(&mut self, ms: u64, kind: ProbeKind, outcome: ProbeOutcome) -> Values {
        assert_eq!(self.at(ms).poll(kind), Next::Execute, "at {ms} ms");
        self.done(kind, outcome).1
    }

    fn due_ms(&self, kind: ProbeKind) -> u64 {
        self.probes.poll_at(kind).as_millis()
    }

    fn flags(&self, instance: u32, carried_started: bool) -> ContainerFlags {
        container_flags(&self.probes, Some(instance), carried_started)
    }
}

/// PRB-02, PRB-03: the phase is that of the worker's creation, whenever the container starts.
#[test]
fn ticks_keep_the_phase_of_the_first_sync() {
    let mut bench = Bench::new(&[probe(Liveness)]);
    bench.sees(running(0, 3_700, true));
    assert_eq!(bench.at(9_999).poll(Liveness), Next::NotDue);
    bench.probes_at(10_000, Liveness, Success);
    assert_eq!(bench.due_ms(Liveness), 20_000);
}

/// PRB-03: of the ticks during a long run one is kept, the rest are lost, the phase stays.
#[test]
fn a_slow_probe_is_followed_at_once_by_one_more() {
    let mut bench = Bench::new(&[probe(Liveness)]);
    bench.sees(running(0, 0, true));
    assert_eq!(bench.at(10_000).poll(Liveness), Next::Execute);
    assert_eq!(bench.at(20_000).poll(Liveness), Next::NotDue);
    bench.at(43_000).done(Liveness, Success);
    assert_eq!(bench.poll(Liveness), Next::Execute);
    bench.at(43_100).done(Liveness, Success);
    assert_eq!(bench.poll(Liveness), Next::NotDue);
    assert_eq!(bench.due_ms(Liveness), 50_000);
}

/// PRB-04: only a kubelet younger than the period adds jitter; nothing is lost meanwhile.
#[test]
fn a_young_kubelets_worker_sleeps_first() {
    assert!(probe(Readiness).needs_jitter(Duration::from_millis(9_999)));
    assert!(!probe(Readiness).needs_jitter(Duration::from_secs(10)));

    let mut bench = Bench::new(&[]);
    let sleep = || Duration::from_millis(4_200);
    bench.probes.add(probe(Readiness), Instant::ZERO, sleep);
    bench.sees(running(0, 1_000, true));
    bench.probes.trigger_readiness();
    assert_eq!(bench.at(1_000).poll(Readiness), Next::NotDue);
    bench.probes_at(4_200, Readiness, Failure);
    assert_eq!(bench.poll(Readiness), Next::Execute, "the kept trigger");
}

/// PRB-05: a trigger runs the worker at once and restarts the period; further ones are dropped.
#[test]
fn a_trigger_moves_the_phase() {
    let mut bench = Bench::new(&[probe(Readiness)]);
    bench.sees(running(0, 0, true));
    bench.probes.trigger_readiness();
    bench.probes.trigger_readiness();
    bench.probes_at(3_300, Readiness, Failure);
    assert_eq!(bench.poll(Readiness), Next::NotDue);
    assert_eq!(bench.at(10_000).poll(Readiness), Next::NotDue);
    assert_eq!(bench.due_ms(Readiness), 13_300);
}

/// PRB-05: a trigger during a run is taken after it; the period then counts from its end.
#[test]
fn a_trigger_during_a_run_waits_for_its_end() {
    let mut bench = Bench::new(&[probe(Readiness)]);
    bench.sees(running(0, 0, true));
    assert_eq!(bench.at(10_000).poll(Readiness), Next::Execute);
    bench.probes.trigger_readiness();
    assert_eq!(bench.at(10_200).poll(Readiness), Next::NotDue);
    bench.at(10_400).done(Readiness, Failure);
    assert_eq!(bench.poll(Readiness), Next::Execute);
    assert!(bench.probes.worker(Readiness).unwrap().was_triggered());
    bench.at(10_500).done(Readiness, Failure);
    assert_eq!(bench.due_ms(Readiness), 20_400);
}

/// PRB-06 rows 1 to 3: without status or container ID there is nothing to do.
#[test]
fn nothing_happens_before_there_is_a_container_id() {
    let mut bench = Bench::new(&[probe(Liveness)]);
    let mut view = CachedContainer {
        instance: None,
        state: CachedState::Waiting,
        started: false,
        kept: None,
    };
    bench.sees(Cached::Container(view));
    assert_eq!(bench.at(10_000).step(Liveness), (Next::Wait, vec![]));
    view.instance = Some(0);
    bench.sees(Cached::Container(view));
    let first_sight = vec![(0, OK), (0, BAD)];
    assert_eq!(bench.at(20_000).step(Liveness), (Next::Wait, first_sight));
    bench.sees(Cached::PodEnded);
    let end = (Next::Exit, vec![(0, GONE)]);
    assert_eq!(bench.at(30_000).step(Liveness), end);
    assert!(!bench.probes.has(Liveness));
}

/// PRB-06 rows 9 and 10: startup idles once started, the others wait for it.
#[test]
fn startup_gates_the_others() {
    let mut bench = Bench::new(&[probe(Startup), probe(Readiness), probe(Liveness)]);
    bench.sees(running(0, 0, false)).at(10_000);
    assert_eq!(bench.poll(Readiness), Next::Wait);
    assert_eq!(bench.poll(Liveness), Next::Wait);
    assert_eq!(bench.poll(Startup), Next::Execute);
    assert_eq!(bench.done(Startup, Success).1, vec![(0, OK)]);
    bench.sees(running(0, 0, true)).at(20_000);
    assert_eq!(bench.poll(Startup), Next::Wait);
    assert_eq!(bench.poll(Readiness), Next::Execute);
    assert_eq!(bench.poll(Liveness), Next::Execute);
}

/// PRB-06 row 7: a worker made for a Pod that was being deleted ends with Success.
#[test]
fn a_worker_of_a_deleting_pod_ends_quietly() {
    for kind in ProbeKind::ALL {
        let settings = ProbeSettings {
            pod_deleting: true,
            ..probe(kind)
        };
        let mut bench = Bench::new(&[settings]);
        bench.sees(running(0, 0, kind != Startup));
        let expected = match kind {
            Readiness => Next::Execute,
            Startup | Liveness => Next::Exit,
        };
        assert_eq!(bench.at(10_000).poll(kind), expected);
    }
}

/// PRB-07: initial values.
#[test]
fn initial_values() {
    for (kind, initial) in [(Readiness, BAD), (Liveness, OK), (Startup, UNKNOWN)] {
        let mut bench = Bench::new(&[probe(kind)]);
        bench.sees(running(4, 0, kind == Startup));
        let first = (Next::Wait, vec![(4, initial)]);
        assert_eq!(bench.at(10_000).step(kind), first);
        assert_eq!(bench.probes.result(kind, 4), initial);
        assert_eq!(bench.probes.result(kind, 3), None);
    }
}

/// PRB-06 row 6, PRB-08: a dead container has failed; the worker stays only if it restarts.
#[test]
fn a_dead_container_fails_without_being_counted() {
    let mut bench = Bench::new(&[probe(Readiness)]);
    bench.sees(running(0, 0, true));
    bench.probes_at(10_000, Readiness, Success);
    bench.sees(terminated(0, true));
    let failed = (Next::Wait, vec![(0, BAD)]);
    assert_eq!(bench.at(20_000).step(Readiness), failed);
    let worker = bench.probes.worker(Readiness).unwrap();
    assert_eq!(worker.streak(), (ProbeResult::Success, 1));
    bench.sees(terminated(0, false));
    let ended = (Next::Exit, vec![(0, GONE)]);
    assert_eq!(bench.at(30_000).step(Readiness), ended);
}

/// PRB-09: the delay counts from the start's whole second, and skips ticks without postponing.
#[test]
fn the_initial_delay_counts_from_the_cut_second() {
    let settings = ProbeSettings {
        initial_delay_seconds: 5,
        period: Duration::from_secs(1),
        ..probe(Liveness)
    };
    let mut bench = Bench::new(&[settings]);
    bench.sees(running(0, 2_999, true));
    for tick in 1..7 {
        assert_eq!(bench.at(tick * 1_000).poll(Liveness), Next::Wait);
    }
    bench.probes_at(7_000, Liveness, Success); // 4.001 s after the true start
}

/// PRB-10: three tries, then nothing at all changes.
#[test]
fn an_error_is_tried_three_times_and_discarded() {
    let mut bench = Bench::new(&[probe(Liveness)]);
    bench.sees(running(0, 0, true));
    bench.probes_at(10_000, Liveness, Failure);
    let before = bench.probes.worker(Liveness).unwrap().streak();
    assert_eq!(bench.at(20_000).poll(Liveness), Next::Execute);
    assert_eq!(bench.done(Liveness, Error), (Settled::Retry, vec![]));
    assert_eq!(bench.done(Liveness, Error), (Settled::Retry, vec![]));
    assert_eq!(bench.done(Liveness, Error), (Settled::Discarded, vec![]));
    assert_eq!(bench.probes.worker(Liveness).unwrap().streak(), before);
    assert_eq!(bench.due_ms(Liveness), 30_000);
}

/// PRB-10: a try that can tell counts, whatever the tries before it.
#[test]
fn a_retry_may_succeed() {
    let mut bench = Bench::new(&[probe(Readiness)]);
    bench.sees(running(0, 0, true));
    assert_eq!(bench.at(10_000).poll(Readiness), Next::Execute);
    bench.done(Readiness, Error);
    let counted = (Settled::Counted { run: 1 }, vec![(0, OK)]);
    assert_eq!(bench.done(Readiness, Success), counted);
}

/// PRB-11, PRB-14: results change at the threshold only, and only if they differ.
#[test]
fn thresholds() {
    let settings = ProbeSettings {
        success_threshold: 2,
        ..probe(Readiness)
    };
    let mut bench = Bench::new(&[settings]);
    bench.sees(running(0, 0, true));
    let outcomes = [
        (Success, vec![]),
        (Success, vec![(0, OK)]),
        (Failure, vec![]),
        (Failure, vec![]),
        (Success, vec![]), // the run of failures is broken
        (Failure, vec![]),
        (Failure, vec![]),
        (Failure, vec![(0, BAD)]),
        (Failure, vec![]),
    ];
    for (tick, (outcome, expected)) in (1..).zip(outcomes) {
        let changes = bench.probes_at(tick * 10_000, Readiness, outcome);
        assert_eq!(changes, expected, "tick {tick}");
    }
}

/// PRB-12: two failures of three before a crash leave one to go after it.
#[test]
fn the_run_survives_a_restart() {
    let mut bench = Bench::new(&[probe(Liveness)]);
    bench.sees(running(0, 0, true));
    bench.probes_at(10_000, Liveness, Failure);
    bench.probes_at(20_000, Liveness, Failure);
    bench.sees(running(1, 25_000, true));
    let (next, changes) = bench.at(30_000).step(Liveness);
    assert_eq!(next, Next::Execute);
    assert_eq!(changes, vec![(0, GONE), (1, OK)]);
    let counted = (Settled::Counted { run: 3 }, vec![(1, BAD)]);
    assert_eq!(bench.done(Liveness, Failure), counted);
}

/// PRB-13: after a liveness Failure the worker idles until another container ID, then counts anew.
#[test]
fn a_liveness_failure_holds() {
    let mut bench = Bench::new(&[probe(Liveness)]);
    bench.sees(running(0, 0, true));
    for tick in 1..=3 {
        bench.probes_at(tick * 10_000, Liveness, Failure);
    }
    assert_eq!(bench.at(40_000).step(Liveness), (Next::Wait, vec![]));
    bench.sees(terminated(0, true));
    assert_eq!(bench.at(50_000).step(Liveness), (Next::Wait, vec![]));
    bench.sees(running(1, 55_000, true));
    assert_eq!(bench.probes_at(60_000, Liveness, Failure), vec![]);
    let worker = bench.probes.worker(Liveness).unwrap();
    assert_eq!(worker.streak(), (ProbeResult::Failure, 1));
}

/// PRB-13: any startup verdict holds.
#[test]
fn a_startup_verdict_holds() {
    for outcome in [Success, Failure] {
        let settings = ProbeSettings {
            failure_threshold: 1,
            ..probe(Startup)
        };
        let mut bench = Bench::new(&[settings]);
        bench.sees(running(0, 0, false));
        assert_eq!(bench.probes_at(10_000, Startup, outcome).len(), 1);
        assert!(bench.probes.worker(Startup).unwrap().is_on_hold());
        assert_eq!(bench.at(20_000).poll(Startup), Next::Wait);
    }
}

/// PRB-17, PRB-18: what is not there does not hold anything up.
#[test]
fn without_probes_running_means_started_and_ready() {
    let bench = Bench::new(&[]);
    let flags = bench.flags(0, false);
    assert_eq!((flags.started, flags.ready), (true, true));
    assert!(!flags.trigger_readiness);
    let not_running = container_flags(&bench.probes, None, true);
    assert_eq!(not_running, ContainerFlags::default());
}

/// PRB-20: a started container that is not Ready gets its readiness worker triggered.
#[test]
fn a_status_generation_triggers_readiness_until_it_succeeds() {
    let mut bench = Bench::new(&[probe(Readiness)]);
    bench.sees(running(0, 0, true));
    let flags = bench.flags(0, false);
    assert!(flags.started && !flags.ready && flags.trigger_readiness);
    bench.probes_at(10_000, Readiness, Success);
    let flags = bench.flags(0, false);
    assert!(flags.ready && !flags.trigger_readiness);
    assert!(!bench.flags(1, true).ready, "another instance");
}

/// PRB-22: after a kill and restart within one sync `started` is carried over by name, until the
/// startup worker's next tick; the startup probe itself runs one tick later.
#[test]
fn started_is_carried_over_until_the_next_startup_tick() {
    let mut bench = Bench::new(&[probe(Startup), probe(Liveness)]);
    bench.sees(running(0, 0, false));
    bench.probes_at(10_000, Startup, Success);
    assert!(bench.flags(0, false).started);

    assert!(bench.flags(1, true).started, "nothing stored for it yet");
    assert!(!bench.flags(1, false).started, "after a crash");
    bench.sees(running(1, 13_000, true));
    let seen = (Next::Wait, vec![(0, GONE), (1, UNKNOWN)]);
    assert_eq!(bench.at(20_000).step(Startup), seen);
    assert_eq!(bench.poll(Liveness), Next::Execute);
    assert!(!bench.flags(1, true).started);
    bench.sees(running(1, 13_000, false));
    bench.probes_at(30_000, Startup, Success);
    assert!(bench.flags(1, false).started);
}

/// PRB-22 for sidecars, as recorded: Success is stored for an instant, then Unknown.
#[test]
fn a_carried_over_sidecar_stores_success_first() {
    let settings = ProbeSettings {
        sidecar: true,
        ..probe(Startup)
    };
    let mut bench = Bench::new(&[settings]);
    bench.sees(running(1, 0, true));
    let seen = (Next::Wait, vec![(1, OK), (1, UNKNOWN)]);
    assert_eq!(bench.at(10_000).step(Startup), seen);
}

/// PRB-19: a plain init container is ready only once it has ended well.
#[test]
fn plain_init_containers() {
    assert!(!plain_init_ready(None));
    assert!(!plain_init_ready(Some(1)));
    assert!(plain_init_ready(Some(0)));
}

/// PRB-23: after a kubelet restart a container is as its Pod was, until its probe has a result.
#[test]
fn readiness_is_kept_over_a_kubelet_restart() {
    let mut bench = Bench::new(&[probe(Readiness)]);
    assert!(kept_ready(&bench.probes, 7, false, true));
    assert!(!kept_ready(&bench.probes, 7, true, false));
    bench.sees(Cached::Container(CachedContainer {
        instance: Some(7),
        state: CachedState::Running {
            started_at: Instant::ZERO,
        },
        started: true,
        kept: Some(true),
    }));
    let (next, changes) = bench.at(10_000).step(Readiness);
    assert_eq!((next, changes), (Next::Execute, vec![(7, OK)]));
    assert!(kept_ready(&bench.probes, 7, true, false));
    bench.done(Readiness, Success);
    bench.sees(running(8, 0, true));
    bench.at(20_000).poll(Readiness);
    assert!(!kept_ready(&bench.probes, 8, false, true));
}

/// PRB-24: a worker that is told to stop ends at once, but not in the middle of a run.
#[test]
fn stopping() {
    let mut bench = Bench::new(&[probe(Liveness), probe(Readiness)]);
    bench.sees(running(0, 0, true)).at(10_000);
    assert_eq!(bench.poll(Liveness), Next::Execute);
    assert_eq!(bench.poll(Readiness), Next::Execute);
    bench.done(Readiness, Success);
    bench.at(10_100);
    bench.probes.stop(Liveness);
    bench.probes.stop(Readiness);
    let stopped = (Next::Stopped, vec![(0, GONE)]);
    assert_eq!(bench.step(Readiness), stopped);
    assert_eq!(bench.step(Liveness), (Next::NotDue, vec![]));
    assert!(!bench
        .probes
        .add(probe(Liveness), bench.now, || Duration::ZERO));
    bench.at(10_900).done(Liveness, Success);
    assert_eq!(bench.step(Liveness), stopped);
    assert!(bench.probes.is_empty());
}

/// A worker is copied with every snapshot.
#[test]
fn a_worker_is_small() {
    assert!(std::mem::size_of::<Worker>() <= 96);
}
