use super::*;
use crate::manifest;

const HTTP: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: shop/web:1
        ports: [{containerPort: 8080}]
        livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 10, failureThreshold: 3}
";

/// Starts in 2 s, never pauses.
const CALM: Behaviour = Behaviour {
    start: (2, 2),
    pause: 0,
    every: 0,
    failure: Failure::Hang,
};

fn lives(text: &str, behaviour: &Behaviour, numbers: Numbers, count: u64) -> Tuned {
    let stream = manifest::parse(text);
    let subject = Subject::new(&stream, "deployment/web", "app").expect("a probe that asks");
    let mut all = Tuned::default();
    for seed in 0..count {
        all.add(&subject.live(behaviour, numbers, seed));
    }
    all
}

fn mean_down(tuned: &Tuned) -> f64 {
    tuned.down.0 as f64 / 1e9 / f64::from(tuned.lives)
}

#[test]
fn downtime_lies_where_the_calculator_says() {
    // PRB-11: two periods and a timeout after a first run that comes within one period; then up to
    // a second of sync, the exit at once, and 2 s of start-up.
    let all = lives(HTTP, &CALM, (10, 3), 40);
    assert_eq!((all.lives, all.lost, all.needless), (40, 0, 0));
    let mean = mean_down(&all);
    assert!((26.0..31.0).contains(&mean), "{mean}");
    // Without a delay such a probe would kill every start.
    let delayed = HTTP.replace("periodSeconds", "initialDelaySeconds: 5, periodSeconds");
    let often = mean_down(&lives(&delayed, &CALM, (2, 1), 40));
    assert!((3.0..7.0).contains(&often), "{often}");
}

#[test]
fn errors_are_seen_a_timeout_earlier_than_silence() {
    let errors = Behaviour {
        failure: Failure::Errors,
        ..CALM
    };
    let silence = mean_down(&lives(HTTP, &CALM, (10, 3), 40));
    let told = mean_down(&lives(HTTP, &errors, (10, 3), 40));
    assert!((0.5..1.5).contains(&(silence - told)), "{silence} {told}");
}

#[test]
fn pauses_and_slow_starts_restart_what_is_well() {
    let pauses = Behaviour {
        pause: 8,
        every: 60,
        ..CALM
    };
    let hasty = lives(HTTP, &pauses, (1, 1), 20);
    let patient = lives(HTTP, &pauses, (10, 3), 20);
    assert!(hasty.needless > 60, "{hasty:?}");
    assert_eq!(patient.needless, 0, "{patient:?}");
    // PRB-13: without a startup probe liveness counts from the start.
    let slow = Behaviour {
        start: (20, 50),
        ..CALM
    };
    assert!(lives(HTTP, &slow, (5, 3), 10).needless > 10);
    assert_eq!(lives(HTTP, &slow, (30, 3), 10).needless, 0);
    let never = lives(HTTP, &slow, (2, 1), 5);
    assert_eq!(never.lost, 5, "{never:?}");
}

#[test]
fn a_probe_that_asks_the_kernel_never_notices_a_deadlock() {
    let tcp = HTTP.replace(
        "httpGet: {path: /healthz, port: 8080}",
        "tcpSocket: {port: 8080}",
    );
    let all = lives(&tcp, &CALM, (10, 3), 5);
    assert_eq!((all.lost, all.down), (5, Duration(5 * LOST.0)));
}

#[test]
fn a_probe_that_runs_a_command_is_left_alone() {
    let exec = HTTP.replace(
        "httpGet: {path: /healthz, port: 8080}",
        "exec: {command: [cat, /tmp/healthy]}",
    );
    assert!(Subject::new(&manifest::parse(&exec), "deployment/web", "app").is_none());
    assert!(Subject::new(&manifest::parse(HTTP), "deployment/web", "other").is_none());
}
