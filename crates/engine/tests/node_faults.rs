//! Faults of nodes and kubelets: as in `faults.rs`, each with its twin without the step.

mod support;
#[path = "support/visitor.rs"]
mod visitor;

use readyz_engine::verdict;
use support::*;

const PAIR: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: p}}
  template:
    metadata: {labels: {app: p}}
    spec:
      containers:
      - name: app
        image: shop:1
        ports: [{containerPort: 8080}]
        livenessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 5}
";

/// NOD-02, NOD-03, NOD-05, NOD-07: requests are lost at once, the node is missed 50 to 55 s after
/// its last lease (renewed every 10 s), its Pods are deleted 300 s later; when it returns in time
/// everything is as before, without a restart.
#[test]
fn a_node_out_of_reach_is_missed_later() {
    let manifest = format!("{PAIR}{SERVICE}");
    only_with(
        &manifest,
        "  duration: 8m
  nodes: [{name: n1}, {name: n2}]
  traffic: [{service: p, rate: 2}]
  steps: [{at: 60s, node: {name: n2, state: unreachable}}]
  expect:
  - {at: 99s, requests: {dropped: '>= 20'}}
  - {by: 116s, event: {reason: NodeNotReady, object: node/n2}}
  - {by: 117s, service: p, endpoints: 1}
  - {by: 7m, event: {reason: TaintManagerEviction}}
  - {at: 117s, deployment: web, ready: 1, replicas: 2}",
    );
    let report = verdict::judge(&setup(
        &manifest,
        "  duration: 5m
  nodes: [{name: n1}, {name: n2}]
  steps: [{at: 60s, node: {name: n2, state: unreachable}, for: 90s}]
  expect:
  - {always: {from: 10s, to: 99s}, service: p, endpoints: 2}
  - {by: 116s, service: p, endpoints: 1}
  - {by: 155s, event: {reason: NodeReady, object: node/n2}}
  - {by: 165s, service: p, endpoints: 2}
  - {at: 5m, service: p, endpoints: 2}
  - {at: 5m, pod: app=p, restarts: 0}",
    ));
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

/// Without power the containers end; when the node is back they are started again.
#[test]
fn a_node_without_power_starts_its_containers_again() {
    only_with(
        &server(HTTP),
        "  duration: 5m
  nodes: [{name: n1}]
  steps: [{at: 60s, node: {name: n1, state: down}, for: 30s}]
  expect:
  - {by: 2m, pod: p, container: app, restarts: 1, exitCode: 255}
  - {at: 5m, pod: p, restarts: 1}",
    );
}

/// RUN-03: the sandbox has died, so that all is made anew: event, init containers from the first,
/// another address; every container counts a restart.
#[test]
fn a_lost_sandbox_is_made_anew() {
    let manifest = server(HTTP).replace(
        "spec:\n",
        "spec:\n  initContainers: [{name: prepare, image: 'busybox:1.36', command: ['true']}]\n",
    );
    only_with(
        &manifest,
        "  duration: 5m
  nodes: [{name: n1}]
  steps: [{at: 60s, node: {name: n1, state: down}, for: 30s}]
  expect:
  - {by: 2m, event: {reason: SandboxChanged, message: 'Pod sandbox changed, it will be killed and re-created.'}}
  - {by: 2m, pod: p, container: prepare, restarts: 1}
  - {by: 2m, pod: p, container: app, restarts: 1, state: running}",
    );
}

/// RES-05: the Pod furthest above its request goes first, one in 10 s; taint and event of the node.
#[test]
fn a_node_short_of_memory_evicts() {
    let two = format!(
        "{}---\n{}",
        server("resources: {requests: {memory: 64Mi}}"),
        server("").replace("name: p,", "name: q,")
    );
    only_with(
        &two,
        "  nodes: [{name: n1}]
  steps: [{at: 20s, node: {name: n1, state: memoryPressure}, for: 15s}]
  expect:
  - {by: 31s, event: {reason: Evicted, object: pod/q, message: 'The node was low on resource: memory.'}}
  - {by: 31s, event: {reason: NodeHasInsufficientMemory, object: node/n1}}
  - {by: 35s, pod: q, phase: Failed}",
    );
}

/// A Pod whose container writes two MiB to a path.
fn writer(name: &str, path: &str, more: &str) -> String {
    format!(
        "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'dd if=/dev/zero of={path} bs=1024 count=2048; sleep 1000']
{more}"
    )
}

/// RES-05: a node short of disk evicts the Pod that has written more, though another uses more
/// memory; the texts of both amounts.
#[test]
fn a_node_short_of_disk_evicts_who_has_written_most() {
    let text = "The node was low on resource: ephemeral-storage. Threshold quantity: 10737418240, \
                available: 5242880Ki. Container app was using ";
    let manifest = format!("{}{}", server(""), writer("w", "/data", ""));
    only_with(
        &manifest,
        &format!(
            "  nodes: [{{name: n1}}]
  steps: [{{at: 20s, node: {{name: n1, state: diskPressure}}, for: 15s}}]
  expect:
  - {{by: 31s, event: {{reason: Evicted, object: pod/w, message: '{text}'}}}}
  - {{by: 31s, event: {{reason: Evicted, object: pod/w, message: 'request is 0, has larger consumption of ephemeral-storage. '}}}}
  - {{by: 31s, event: {{reason: NodeHasDiskPressure, object: node/n1}}}}
  - {{by: 35s, pod: w, phase: Failed}}"
        ),
    );
}

/// RES-05: limits of the Pod's own on what it keeps on the disk, with the kubelet's texts.
#[test]
fn who_keeps_more_than_allowed_goes() {
    let volume = "    volumeMounts: [{name: v, mountPath: /v}]
  volumes: [{name: v, emptyDir: {sizeLimit: 1Mi}}]
";
    let limited =
        |limit: &str| format!("    resources: {{limits: {{ephemeral-storage: {limit}}}}}\n");
    let other = format!(
        "{}  - name: other\n    image: 'busybox:1.36'\n    command: [sleep, '1000']\n{}",
        limited("1Mi"),
        limited("8Mi")
    );
    let manifest = [
        writer("a", "/v/data", volume),
        writer("b", "/data", &limited("1Mi")),
        writer("c", "/data", &other),
        writer("d", "/data", &limited("3Mi")),
    ];
    let report = verdict::judge(&setup(
        manifest.concat().trim_start_matches("---\n"),
        r#"  nodes: [{name: n1}]
  expect:
  - {by: 12s, event: {reason: Evicted, object: pod/a, message: 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". '}}
  - {by: 12s, event: {reason: Evicted, object: pod/b, message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. '}}
  - {by: 12s, event: {reason: Evicted, object: pod/c, message: 'Container app exceeded its local ephemeral storage limit "1Mi". '}}
  - {by: 16s, pod: a, phase: Failed}
  - {at: 2m, pod: d, phase: Running}"#,
    ));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

/// RES-08: a stopped kubelet probes nothing; a restarted one goes on.
#[test]
fn a_stopped_kubelet_finds_nothing_out() {
    let report = verdict::judge(&setup(
        &server(HTTP),
        "  nodes: [{name: n1}]
  steps:
  - {at: 20s, kubelet: {node: n1, action: stop}, for: 30s}
  - {at: 21s, http: {pod: p, status: 500}, for: 60s}
  expect:
  - {never: {to: 50s}, event: {reason: Unhealthy}}
  - {by: 70s, event: {reason: Unhealthy}}
  - {by: 90s, pod: p, restarts: '>= 1'}",
    ));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

/// NOD-01: a lease is renewed every ten seconds, as long as the node is heard of.
#[test]
fn the_lease_of_a_node_follows_the_time() {
    let text = format!(
        "{PAIR}---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  start: 2026-11-21T07:50:00Z
  duration: 5m
  nodes: [{{name: n1}}, {{name: n2}}]
  steps: [{{at: 60s, node: {{name: n2, state: unreachable}}}}]
"
    );
    let mut visitor = visitor::Visitor::of(&text);
    let mut renewed = |at: u64, node: &str| {
        let described = visitor.reads(at, &format!("kubectl describe node {node}"));
        let mut lines = described.lines();
        let line = lines.find(|line| line.trim_start().starts_with("RenewTime:"));
        // `Sat, 21 Nov 2026 07:51:02 +0000`: the seconds since the start.
        let time = line.and_then(|line| line.split_whitespace().nth(5));
        let parts: Vec<u64> = time
            .expect("a time")
            .split(':')
            .map(|part| part.parse().expect("a number"))
            .collect();
        (parts[0] * 60 + parts[1] - 7 * 60 - 50) * 60 + parts[2]
    };
    for at in [59, 100, 200] {
        assert!((at - 10..=at).contains(&renewed(at, "n1")), "{at}");
    }
    assert_eq!(renewed(200, "n1"), renewed(100, "n1") + 100);
    let last = renewed(59, "n2");
    assert!((49..60).contains(&last), "{last}");
    for at in [80, 150, 290] {
        let then = renewed(at, "n2");
        assert!(
            then == last || then == last + 10 && then <= 60,
            "{at}: {then}"
        );
    }
}

/// PRB-23: after a restart a container with a readiness probe is ready before its first probe only
/// if the Pod was.
#[test]
fn a_restarted_kubelet_makes_nothing_ready_before_its_probe() {
    let report = verdict::judge(&setup(
        &format!("{}{SERVICE}", server(READY)),
        "  nodes: [{name: n1}]
  steps:
  - {at: 10s, http: {pod: p, status: 500}}
  - {at: 40s, kubelet: {node: n1, action: restart}}
  expect:
  - {at: 9s, pod: p, ready: true}
  - {always: {from: 30s, to: 2m}, pod: p, ready: false}
  - {always: {from: 30s, to: 2m}, service: p, endpoints: 0}",
    ));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

/// NOD-03, PRB-23: a Pod whose node was missed is not Ready; deleted meanwhile, it has no readiness
/// worker when the kubelet is back, and stays what it was until its end.
#[test]
fn a_deleted_pod_does_not_become_ready_when_its_kubelet_returns() {
    let ends_late = format!("{READY}\n    lifecycle: {{preStop: {{sleep: {{seconds: 20}}}}}}");
    let report = verdict::judge(&setup(
        &server(&ends_late).replace("Seconds: 1\n", "Seconds: 30\n"),
        "  duration: 4m
  nodes: [{name: n1}]
  steps:
  - {at: 20s, kubelet: {node: n1, action: stop}}
  - {at: 100s, delete: {pod: p}}
  - {at: 150s, kubelet: {node: n1, action: start}}
  expect:
  - {at: 20s, pod: p, ready: true}
  - {always: {from: 80s, to: 170s}, pod: p, ready: false}
  - {at: 160s, event: {reason: Killing}}",
    ));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
}
