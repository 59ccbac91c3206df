//! Rules of the kubelet that no recording shows by itself.

use readyz_engine::container::Registry;
use readyz_engine::experiment::{recorded_nodes, Setup};
use readyz_engine::manifest::{self, Diagnostic, Severity};
use readyz_engine::scenario;
use readyz_engine::time::Duration;

/// The rows of a run as JSON, with their moments in milliseconds.
fn run(text: &str, steps: &str, seconds: u64) -> Vec<(i64, String)> {
    let stream = manifest::parse(text);
    let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
    assert!(!stream.diagnostics.iter().any(is_error));
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut setup = Setup::new(objects, None);
    setup.registry = Registry::Recorded;
    setup.scenario.nodes = recorded_nodes();
    setup.scenario.duration = Duration::from_secs(seconds);
    let (steps, problems) = scenario::steps_from_json(steps);
    assert!(problems.is_empty(), "{problems:?}");
    setup.scenario.steps = steps;
    let rows = setup.trace().into_iter();
    rows.map(|row| {
        let text = serde_json::to_string(&row).expect("plain data");
        (row.t.millis, text)
    })
    .collect()
}

/// The moments of the rows that hold all parts.
fn moments(rows: &[(i64, String)], parts: &[&str]) -> Vec<i64> {
    let holds = |text: &String| parts.iter().all(|part| text.contains(part));
    let found = rows.iter().filter(|(_, text)| holds(text));
    found.map(|(at, _)| *at).collect()
}

/// TRM-07: a deletion that comes while a sync stops a container for a failed probe waits for that
/// sync, which starts the container again first.
#[test]
fn a_deletion_during_a_probe_kill_waits_for_the_restart() {
    let text = "
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  terminationGracePeriodSeconds: 10
  containers:
  - name: main
    image: busybox:1.36
    command: [sh, -c, sleep 600]
    livenessProbe: {exec: {command: ['false']}, periodSeconds: 5, failureThreshold: 1}
";
    let rows = run(text, r#"[{"at":"8s","delete":{"pod":"p"}}]"#, 60);
    let killed = moments(&rows, &["\"Killing\"", "failed liveness probe"])[0];
    let started = moments(&rows, &["\"reason\":\"Started\""]);
    let stopped = moments(&rows, &["Stopping container main"]);
    let marked = moments(&rows, &["pod-terminating"])[0];
    assert!(
        killed < marked && marked < started[1],
        "{killed} {marked} {started:?}"
    );
    assert!(
        (9_900..11_000).contains(&(started[1] - killed)),
        "{started:?}"
    );
    assert!(stopped[0] >= started[1], "{stopped:?}");
}

/// BKO-01: the image is part of the back-off's key, so another image starts at once.
#[test]
fn another_image_starts_without_back_off() {
    let text = "
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: main, image: 'busybox:1.36', command: [sh, -c, exit 1]}
";
    let set = r#"[{"at":"65s","setImage":{"pod":"p","container":"main","image":"probe-lab:v1"}}]"#;
    let waits = moments(&run(text, "[]", 80), &["\"reason\":\"Started\""]);
    assert!(
        !waits.iter().any(|at| (65_000..70_000).contains(at)),
        "{waits:?}"
    );
    let changed = moments(&run(text, set, 80), &["\"reason\":\"Started\""]);
    assert!(
        changed.iter().any(|at| (65_000..68_000).contains(at)),
        "{changed:?}"
    );
}

/// HDL-06: a redirect to the same host name is followed and the final status decides; one to another
/// host is not, which is a warning and counts as success.
#[test]
fn redirects_are_followed_on_the_same_host_only() {
    let pod = |path: &str| {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: p}}
spec:
  containers:
  - name: main
    image: registry.k8s.io/e2e-test-images/agnhost:2.40
    args: [liveness]
    readinessProbe: {{httpGet: {{path: '{path}', port: 8080}}, periodSeconds: 2}}
"
        )
    };
    let same = run(&pod("/redirect?loc=/nosuch"), "[]", 9);
    assert!(!moments(
        &same,
        &["Readiness probe failed: HTTP probe failed with statuscode: 404"]
    )
    .is_empty());
    let other = run(&pod("/redirect?loc=http://elsewhere.example/"), "[]", 9);
    let warned = moments(
        &other,
        &[
            "ProbeWarning",
            "Readiness probe warning: Probe terminated redirects",
        ],
    );
    assert!(!warned.is_empty(), "{other:?}");
    assert!(!moments(&other, &["\"ready\":true"]).is_empty());
}

/// HDL-03: every probe has a connection of its own, from another port, so that no two texts about a
/// reset are alike.
#[test]
fn every_probe_connects_anew() {
    let text = "
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: main
    image: probe-lab:v1
    readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 2}
";
    let rows = run(
        text,
        r#"[{"at":"5s","http":{"pod":"p","answer":"reset"}}]"#,
        20,
    );
    let texts: Vec<&str> = rows
        .iter()
        .filter(|(_, row)| row.contains("connection reset by peer"))
        .filter_map(|(_, row)| row.split("read tcp ").nth(1)?.split("->").next())
        .collect();
    let distinct: std::collections::BTreeSet<&str> = texts.iter().copied().collect();
    assert!(texts.len() >= 5, "{texts:?}");
    assert_eq!(distinct.len(), texts.len(), "{texts:?}");
}
