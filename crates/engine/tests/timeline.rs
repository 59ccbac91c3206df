//! Seek equals replay from zero, forks equal runs from zero: on random scenarios.

use proptest::prelude::*;
use readyz_engine::experiment::Setup;
use readyz_engine::input::TimedInput;
use readyz_engine::manifest;
use readyz_engine::scenario::{self, Step};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::timeline::Timeline;
use readyz_engine::view;

/// A stream of a Deployment with a Service, whose probes have these numbers.
fn text(probes: &Probes) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      terminationGracePeriodSeconds: {grace}
      containers:
      - name: web
        image: nginx
        ports: [{{containerPort: 80}}]
        readinessProbe: {{httpGet: {{path: /, port: 80}}, periodSeconds: {period}, failureThreshold: {threshold}}}
      - name: shell
        image: busybox:1.36
        command: [sh, -c, 'touch /tmp/healthy; sleep {life}; rm /tmp/healthy; sleep 600']
        livenessProbe: {{exec: {{command: [cat, /tmp/healthy]}}, periodSeconds: {period}, initialDelaySeconds: {delay}}}
---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec:
  selector: {{app: web}}
  ports: [{{port: 80}}]
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {{name: random}}
spec:
  seed: {seed}
  duration: 3m
  traffic: [{{service: web, rate: 2}}]
",
        replicas = probes.replicas,
        grace = probes.grace,
        period = probes.period,
        threshold = probes.threshold,
        life = probes.life,
        delay = probes.delay,
        seed = probes.seed,
    )
}

#[derive(Clone, Debug)]
struct Probes {
    replicas: u32,
    grace: u32,
    period: u32,
    threshold: u32,
    life: u32,
    delay: u32,
    seed: u64,
}

fn probes() -> impl Strategy<Value = Probes> {
    (
        1..4_u32,
        0..20_u32,
        1..12_u32,
        1..4_u32,
        1..40_u32,
        0..15_u32,
        0..1_000_u64,
    )
        .prop_map(
            |(replicas, grace, period, threshold, life, delay, seed)| Probes {
                replicas,
                grace,
                period,
                threshold,
                life,
                delay,
                seed,
            },
        )
}

fn act() -> impl Strategy<Value = String> {
    (1..170_000_u64, 0..5_u32).prop_map(|(millis, kind)| {
        let what = match kind {
            0 => "http: {pod: deployment/web#1, container: web, path: /, status: 500}, for: 20s",
            1 => "kill: {pod: deployment/web#1, container: shell, signal: KILL}",
            2 => "exec: {pod: deployment/web#1, container: shell, command: [rm, -f, /tmp/healthy]}",
            3 => "delete: {pod: deployment/web#1}",
            _ => "scale: {deployment: web, replicas: 2}",
        };
        format!("{{at: {millis}ms, {what}}}")
    })
}

fn setup(probes: &Probes, acts: &[String]) -> Setup {
    let stream = manifest::parse(&text(probes));
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut setup = Setup::new(objects, stream.scenario);
    setup.acts = acts.iter().map(|act| step(act)).collect();
    setup.acts.sort_by_key(|act| act.at);
    setup
}

fn step(text: &str) -> Step {
    scenario::step_from_text(text).expect("the test's own steps are valid")
}

fn run(setup: &Setup) -> Timeline {
    let mut timeline = setup.timeline();
    timeline.run();
    timeline
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The state shown for a moment is the state of a run that stops there, to the last bit.
    #[test]
    fn seek_equals_replay_from_zero(
        probes in probes(),
        acts in prop::collection::vec(act(), 0..4),
        moments in prop::collection::vec(0..180_000_u64, 1..4),
    ) {
        let setup = setup(&probes, &acts);
        let timeline = run(&setup);
        for millis in moments {
            let at = Instant::from_millis(millis);
            let mut fresh = setup.timeline();
            fresh.run_until(at);
            prop_assert_eq!(format!("{:?}", timeline.seek(at)), format!("{:?}", fresh.seek(at)));
        }
    }

    /// Acting in the past gives the run that one gets by acting then in the first place.
    #[test]
    fn a_fork_equals_a_run_from_zero(
        probes in probes(),
        first in act(),
        second in act(),
    ) {
        let (mut first, mut second) = (step(&first), step(&second));
        if second.at < first.at {
            std::mem::swap(&mut first, &mut second);
        }
        let mut whole = setup(&probes, &[]);
        whole.acts = vec![first.clone()];
        let id = whole.next_id();
        let mut forked = run(&whole).fork(second.at, TimedInput::step(&second, id, false));
        forked.run();
        whole.acts.push(second);
        let fresh = run(&whole);
        prop_assert_eq!(forked.records(), fresh.records());
        prop_assert_eq!(format!("{:?}", forked.latest()), format!("{:?}", fresh.latest()));
    }

    /// Same text, same steps, same seed: the same records.
    #[test]
    fn two_runs_are_equal(probes in probes(), acts in prop::collection::vec(act(), 0..4)) {
        let setup = setup(&probes, &acts);
        let (a, b) = (run(&setup), run(&setup));
        prop_assert_eq!(view::trace_hash(a.records()), view::trace_hash(b.records()));
    }
}

/// Found at random: the end of a fault that began before the fork was lost.
#[test]
fn a_fork_keeps_the_end_of_an_earlier_fault() {
    let probes = Probes {
        replicas: 1,
        grace: 0,
        period: 1,
        threshold: 1,
        life: 1,
        delay: 0,
        seed: 0,
    };
    let broken = |at: &str| {
        step(&format!(
            "{{at: {at}, http: {{pod: deployment/web#1, container: web, status: 500}}, for: 20s}}"
        ))
    };
    let (first, second) = (broken("5s"), broken("10s"));
    let mut whole = setup(&probes, &[]);
    whole.acts = vec![first];
    let id = whole.next_id();
    let mut forked = run(&whole).fork(second.at, TimedInput::step(&second, id, false));
    forked.run();
    whole.acts.push(second);
    let undone = |timeline: &Timeline| {
        let records = timeline.records().iter();
        records
            .filter(|r| matches!(r.what, readyz_engine::record::What::Undone { .. }))
            .count()
    };
    assert_eq!((undone(&forked), undone(&run(&whole))), (2, 2));
    assert_eq!(forked.records(), run(&whole).records());
}

#[test]
fn an_input_precedes_the_timers_of_its_moment() {
    let probes = Probes {
        replicas: 1,
        grace: 1,
        period: 5,
        threshold: 1,
        life: 30,
        delay: 0,
        seed: 1,
    };
    let timeline = run(&setup(&probes, &[]));
    let probed = timeline
        .records()
        .iter()
        .find(|record| matches!(record.what, readyz_engine::record::What::Probed { .. }))
        .expect("a probe ran");
    let mut acted = setup(&probes, &[]);
    acted.acts = vec![Step {
        at: probed.at,
        hold_for: Some(Duration::from_secs(1)),
        ..step("{at: 1s, hang: {pod: deployment/web#1, container: web}}")
    }];
    let timeline = run(&acted);
    let input = timeline
        .records()
        .iter()
        .position(|r| matches!(r.what, readyz_engine::record::What::Input { input } if input > 0));
    let same_moment = timeline.records().iter().position(|r| r.at == probed.at);
    assert_eq!(
        input, same_moment,
        "the input is the first record of its moment"
    );
}
