//! Programs that ask other Pods.

mod support;

use readyz_engine::verdict;
use support::*;

/// SVC-01, SVC-05, SVC-02: a probe that asks a Service by its name follows what it depends on, and
/// what it asks stands in the other's log as any request.
#[test]
fn a_probe_that_asks_a_service_follows_it() {
    let client = "---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec:
  containers:
  - name: app
    image: busybox:1.36
    command: [sleep, '3600']
    readinessProbe:
      exec: {command: [wget, -q, -T, '1', -O-, 'http://p/']}
      periodSeconds: 2
      timeoutSeconds: 3
      failureThreshold: 1
";
    let report = verdict::judge(&setup(
        &format!("{}---\n{SERVICE}{client}", server(HTTP)),
        "  nodes: [{name: n1}]
  steps: [{at: 30s, port: {pod: p, port: 8080, state: closed}, for: 20s}]
  expect:
  - {at: 25s, pod: client, ready: true}
  - {at: 35s, pod: client, ready: false}
  - {by: 35s, event: {reason: Unhealthy, object: pod/client, message: Connection refused}}
  - {by: 60s, pod: client, ready: true}",
    ));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

/// A loop that asks for ever does not stop the clock.
#[test]
fn asking_takes_time() {
    let asks = "while true; do wget -q -T 1 -O- http://nosuch/; wget -q -T 1 -O- http://p/; done";
    let busy = format!("command: [sh, -c, '{asks}']");
    let report = verdict::judge(&setup(
        &format!("{}---\n{SERVICE}", pod("busybox:1.36", &busy)),
        "  duration: 5s
  nodes: [{name: n1}]
  expect: [{at: 4s, pod: p, phase: Running}]",
    ));
    assert_eq!(wrong(&report), Vec::<&str>::new());
}
