//! The tutorials that readyz grew from: every manifest runs, and what each describes can be seen.
//! Moments are those of the recordings of the same manifests (`seed000-*`, `seed003-*`,
//! `seed004-*`), ±1 s.

#[path = "support/shows.rs"]
mod shows;

use readyz_engine::experiment::Setup;
use readyz_engine::{manifest, verdict};
use shows::shows;

const CLAIM: &str = "apiVersion: v1
kind: Namespace
metadata: {name: squid}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: squid-claim, namespace: squid}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
";

/// Seed 000's Deployment, with this probe.
fn squid(probe: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: squid, namespace: squid, labels: {{name: squid}}}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: squid}}}}
  template:
    metadata: {{labels: {{app: squid}}}}
    spec:
      volumes:
      - name: squid-volume
        persistentVolumeClaim: {{claimName: squid-claim}}
      dnsPolicy: ClusterFirstWithHostNet
      hostNetwork: true
      containers:
      - name: squid
        image: squid:2.0
        imagePullPolicy: IfNotPresent
        livenessProbe: {{{probe}, initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 3}}
        resources: {{limits: {{memory: 4Gi}}}}
        volumeMounts: [{{mountPath: /var/log/squid, name: squid-volume}}]"
    )
}

const SQUID_CHECK: &str = "exec: {command: [squid, -k, check]}";

/// As written, the claim is missing: Pending.
#[test]
fn seed_000_without_its_claim_stays_pending() {
    let namespace = CLAIM.split("---\n").next().expect("the namespace");
    shows(
        &format!("{namespace}---\n{}", squid(SQUID_CHECK)),
        "  expect:
  - {always: {from: 1s}, pod: app=squid, phase: Pending}
  - {at: 1m, event: {reason: FailedScheduling, message: 'persistentvolumeclaim \"squid-claim\" not found'}}",
    );
}

/// `squid -k shutdown` at 25 s: the PID file stays 5 s more, three checks fail, SIGTERM is ignored
/// by `tail` as PID 1, SIGKILL after 30 s.
#[test]
fn seed_000_restarts_squid_after_three_failed_checks() {
    let text = "FATAL: failed to open /run/squid.pid: (2) No such file or directory";
    let spec = format!(
        "  steps: [{{at: 25s, exec: {{pod: deployment/squid, container: squid, command: [squid, -k, shutdown]}}}}]
  expect:
  - {{always: {{from: 2s, to: 59s}}, pod: app=squid, status: Running, restarts: 0, ready: true}}
  - {{never: {{to: 39500ms}}, event: {{reason: Unhealthy}}}}
  - {{by: 41500ms, event: {{reason: Unhealthy, message: '{text}', count: 1}}}}
  - {{never: {{to: 49500ms}}, event: {{reason: Unhealthy, count: 2}}}}
  - {{by: 51500ms, event: {{reason: Unhealthy, message: '{text}', count: 2}}}}
  - {{by: 61500ms, event: {{reason: Unhealthy, message: '{text}', count: 3}}}}
  - {{by: 61500ms, event: {{reason: Killing, message: 'Container squid failed liveness probe, will be restarted'}}}}
  - {{never: {{to: 89500ms}}, pod: app=squid, restarts: 1}}
  - {{by: 92s, pod: app=squid, container: squid, restarts: 1, reason: Error, exitCode: 137, state: running}}
  - {{always: {{from: 92s, to: 4m}}, pod: app=squid, restarts: 1}}"
    );
    shows(&format!("{CLAIM}{}", squid(SQUID_CHECK)), &spec);
}

/// The health server answers 400 from 20 s on (`seed000-flask`): kill at 40.3, up at 40.5.
#[test]
fn seed_000_asks_over_http() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  containers:
  - name: main
    image: agent:1
    livenessProbe: {httpGet: {path: /healthz, port: 5000}, initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 3}";
    shows(
        manifest,
        "  images: [{image: 'agent:1', listen: [5000], http: [{path: /healthz, body: '{\"code\":0,\"msg\":\"OK\"}'}]}]
  steps: [{at: 20s, http: {pod: agent, path: /healthz, status: 400}, for: 20400ms}]
  expect:
  - {never: {to: 19500ms}, event: {reason: Unhealthy}}
  - {by: 21300ms, event: {reason: Unhealthy, message: 'HTTP probe failed with statuscode: 400', count: 1}}
  - {by: 41300ms, event: {reason: Unhealthy, count: 3}}
  - {by: 41300ms, event: {reason: Killing}}
  - {never: {to: 39500ms}, pod: agent, restarts: 1}
  - {by: 41500ms, pod: agent, container: main, restarts: 1, reason: Completed, exitCode: 0}",
    );
}

/// 404 from the first probe; the file made and removed again.
#[test]
fn seed_003_readiness_follows_a_file() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: readiness-httpget-pod, namespace: default}
spec:
  containers:
  - name: readiness-httpget-container
    image: escape/nginx-test:v1
    imagePullPolicy: IfNotPresent
    readinessProbe:
      httpGet: {port: 80, path: /index1.html}
      initialDelaySeconds: 1
      periodSeconds: 3";
    shows(
        manifest,
        "  steps:
  - {at: 25s, exec: {pod: readiness-httpget-pod, command: [sh, -c, 'echo 123 > /usr/share/nginx/html/index1.html']}}
  - {at: 40s, exec: {pod: readiness-httpget-pod, command: [rm, /usr/share/nginx/html/index1.html]}}
  expect:
  - {always: {from: 2s, to: 25s}, pod: readiness-httpget-pod, phase: Running, ready: false}
  - {by: 5s, event: {reason: Unhealthy, message: 'Readiness probe failed: HTTP probe failed with statuscode: 404'}}
  - {by: 29s, pod: readiness-httpget-pod, ready: true}
  - {always: {from: 29s, to: 45s}, pod: readiness-httpget-pod, ready: true}
  - {at: 52s, pod: readiness-httpget-pod, ready: false}
  - {always: true, pod: readiness-httpget-pod, restarts: 0}",
    );
}

#[test]
fn seed_003_liveness_by_exec() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: liveness-exec-pod, namespace: default}
spec:
  containers:
  - name: liveness-exec-container
    image: busybox
    imagePullPolicy: IfNotPresent
    command: ['/bin/sh', '-c', 'touch /tmp/live ; sleep 60; rm -rf /tmp/live; sleep 3600 ']
    livenessProbe:
      exec: {command: ['test', '-e', '/tmp/live']}
      initialDelaySeconds: 1
      periodSeconds: 3";
    shows(
        manifest,
        "  expect:
  - {never: {to: 60s}, event: {reason: Unhealthy}}
  - {by: 64500ms, event: {reason: Unhealthy, message: 'Liveness probe failed: ', count: 1}}
  - {by: 70500ms, event: {reason: Unhealthy, count: 3}}
  - {by: 70500ms, event: {reason: Killing}}
  - {never: {to: 98500ms}, pod: liveness-exec-pod, restarts: 1}
  - {by: 100500ms, pod: liveness-exec-pod, container: liveness-exec-container, restarts: 1, exitCode: 137}",
    );
}

/// nginx stops by itself: one refused probe at most, no kill, a restart after exit 0.
#[test]
fn seed_003_liveness_by_tcp() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: probe-tcp, namespace: default}
spec:
  containers:
  - name: nginx
    image: escape/nginx-test:v1
    livenessProbe:
      initialDelaySeconds: 5
      timeoutSeconds: 1
      tcpSocket: {port: 80}";
    shows(
        manifest,
        "  steps: [{at: 20s, exec: {pod: probe-tcp, command: [nginx, -s, quit]}}]
  expect:
  - {never: true, event: {reason: Killing}}
  - {by: 22s, pod: probe-tcp, container: nginx, restarts: 1, reason: Completed, exitCode: 0, state: running}
  - {always: {from: 22s}, pod: probe-tcp, restarts: 1}",
    );
    // A server that no longer listens is refused three times, and killed.
    shows(
        manifest,
        "  steps: [{at: 20s, port: {pod: probe-tcp, port: 80, state: closed}}]
  expect:
  - {never: {to: 19s}, event: {reason: Unhealthy}}
  - {by: 30s, event: {reason: Unhealthy, message: ':80: connect: connection refused', count: 1}}
  - {by: 50s, event: {reason: Unhealthy, message: 'Liveness probe failed: dial tcp', count: 3}}
  - {by: 50s, event: {reason: Killing, message: 'Container nginx failed liveness probe, will be restarted'}}
  - {by: 51s, pod: probe-tcp, restarts: 1}",
    );
}

#[test]
fn seed_003_liveness_by_http_on_a_named_port() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: liveness-httpget-pod, namespace: default}
spec:
  containers:
  - name: liveness-httpget-container
    image: escape/nginx-test:v1
    imagePullPolicy: IfNotPresent
    ports: [{name: http, containerPort: 80}]
    livenessProbe:
      httpGet: {port: http, path: /index.html}
      initialDelaySeconds: 1
      periodSeconds: 3
      timeoutSeconds: 10";
    shows(
        manifest,
        "  steps: [{at: 15s, exec: {pod: liveness-httpget-pod, command: [rm, /usr/share/nginx/html/index.html]}}]
  expect:
  - {never: {to: 15s}, event: {reason: Unhealthy}}
  - {by: 16500ms, event: {reason: Unhealthy, message: 'Liveness probe failed: HTTP probe failed with statuscode: 404'}}
  - {by: 22300ms, event: {reason: Killing}}
  - {by: 22600ms, pod: liveness-httpget-pod, container: liveness-httpget-container, restarts: 1, exitCode: 0}
  - {always: {from: 23s, to: 2m}, pod: liveness-httpget-pod, restarts: 1}",
    );
}

/// Both hooks run: the first leaves its line, the second delays nothing; gone after 1.1 s.
#[test]
fn seed_003_hooks() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: lifecycle-demo}
spec:
  containers:
  - name: lifecycle-demo-container
    image: nginx
    lifecycle:
      postStart:
        exec: {command: ['/bin/sh', '-c', 'echo Hello from the postStart handler > /usr/share/message']}
      preStop:
        exec: {command: ['/bin/sh', '-c', 'echo Hello from the poststop handler > /usr/share/message']}";
    shows(
        manifest,
        "  steps:
  - {at: 10s, exec: {pod: lifecycle-demo, command: [sh, -c, 'grep -q postStart /usr/share/message || kill 1']}}
  - {at: 20s, delete: {pod: lifecycle-demo}}
  expect:
  - {always: {from: 2s, to: 19s}, pod: lifecycle-demo, status: Running, restarts: 0, ready: true}
  - {never: true, event: {reason: FailedPostStartHook}}
  - {never: true, event: {reason: FailedPreStopHook}}
  - {by: 22s, pod: lifecycle-demo, exists: false}",
    );
}

/// What the second hook writes is there before the process is asked to end: a neighbour that shares
/// the volume reads it.
#[test]
fn seed_003_the_second_hook_writes_before_the_end() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: lifecycle-demo}
spec:
  volumes: [{name: shared, emptyDir: {}}]
  containers:
  - name: lifecycle-demo-container
    image: nginx
    volumeMounts: [{name: shared, mountPath: /usr/share/hooks}]
    lifecycle:
      preStop:
        exec: {command: ['/bin/sh', '-c', 'echo Hello from the poststop handler > /usr/share/hooks/message; sleep 3']}
  - name: reader
    image: busybox
    command: ['/bin/sh', '-c', 'until grep -q poststop /shared/message 2>/dev/null; do sleep 1; done; exit 7']
    volumeMounts: [{name: shared, mountPath: /shared}]";
    shows(
        manifest,
        "  steps: [{at: 20s, delete: {pod: lifecycle-demo}}]
  expect:
  - {always: {from: 3s, to: 19s}, pod: lifecycle-demo, container: reader, state: running}
  - {by: 25s, pod: lifecycle-demo, container: reader, exitCode: 7}
  - {by: 25s, pod: lifecycle-demo, exists: false}",
    );
}

/// The article's table of restart policies, exits and containers.
#[test]
fn seed_003_restart_policies() {
    let pod = |policy: &str, scripts: &[&str]| {
        let containers: Vec<String> = scripts
            .iter()
            .enumerate()
            .map(|(n, script)| {
                format!("  - {{name: c{n}, image: busybox, command: [sh, -c, '{script}']}}")
            })
            .collect();
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  restartPolicy: {policy}\n  containers:\n{}",
            containers.join("\n")
        )
    };
    let cases = [
        ("Always", vec!["sleep 5"], "Running", ">= 1"),
        ("OnFailure", vec!["sleep 5"], "Succeeded", "0"),
        ("Never", vec!["sleep 5"], "Succeeded", "0"),
        ("Always", vec!["sleep 5; exit 1"], "Running", ">= 1"),
        ("OnFailure", vec!["sleep 5; exit 1"], "Running", ">= 1"),
        ("Never", vec!["sleep 5; exit 1"], "Failed", "0"),
        (
            "Always",
            vec!["sleep 5; exit 1", "sleep 600"],
            "Running",
            ">= 1",
        ),
        (
            "OnFailure",
            vec!["sleep 5; exit 1", "sleep 600"],
            "Running",
            ">= 1",
        ),
        (
            "Never",
            vec!["sleep 5; exit 1", "sleep 600"],
            "Running",
            "0",
        ),
        ("Never", vec!["sleep 5; exit 1", "sleep 10"], "Failed", "0"),
    ];
    for (policy, scripts, phase, restarts) in cases {
        shows(
            &pod(policy, &scripts),
            &format!("  expect: [{{at: 30s, pod: p, phase: {phase}, restarts: '{restarts}'}}]"),
        );
    }
}

/// `43s (x6 over 2m8s)`: six failures, two kills, three containers within 2:43.
#[test]
fn seed_004_liveness_by_exec() {
    let manifest = "apiVersion: v1
kind: Pod
metadata:
  labels: {test: liveness}
  name: liveness-exec
spec:
  containers:
  - name: liveness
    image: busybox:1.36
    args: [/bin/sh, -c, touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600]
    livenessProbe:
      exec: {command: [cat, /tmp/healthy]}
      initialDelaySeconds: 5
      periodSeconds: 5";
    let text = "cat: can''t open ''/tmp/healthy'': No such file or directory";
    let spec = format!(
        "  expect:
  - {{never: {{to: 34500ms}}, event: {{reason: Unhealthy}}}}
  - {{by: 36300ms, event: {{reason: Unhealthy, message: '{text}'}}}}
  - {{by: 46400ms, event: {{reason: Killing, count: 1}}}}
  - {{by: 76500ms, pod: liveness-exec, container: liveness, restarts: 1, exitCode: 137}}
  - {{at: 163s, event: {{reason: Unhealthy, count: 6}}}}
  - {{at: 163s, event: {{reason: Killing, count: 2}}}}
  - {{at: 163s, event: {{reason: Created, count: 3}}}}
  - {{at: 163s, pod: liveness-exec, restarts: 2}}"
    );
    shows(manifest, &spec);
}

/// `/shutdown` flips `/healthz` to 500; the server ends with 0.
#[test]
fn seed_004_liveness_by_http() {
    let manifest = "apiVersion: v1
kind: Pod
metadata:
  labels: {test: liveness}
  name: liveness-http
spec:
  containers:
  - name: liveness
    image: harbor.nihility.cn/library/porbe-server:v1
    args: [/server]
    livenessProbe:
      httpGet:
        path: /healthz
        port: 8080
        httpHeaders: [{name: Custom-Header, value: Awesome}]
      initialDelaySeconds: 3
      periodSeconds: 3";
    shows(
        manifest,
        "  steps: [{at: 20s, exec: {pod: liveness-http, command: [wget, -q, -O-, 'http://127.0.0.1:8080/shutdown']}}]
  expect:
  - {never: {to: 20s}, event: {reason: Unhealthy}}
  - {by: 22300ms, event: {reason: Unhealthy, message: 'HTTP probe failed with statuscode: 500'}}
  - {by: 28300ms, event: {reason: Unhealthy, count: 3}}
  - {by: 28300ms, event: {reason: Killing}}
  - {by: 28600ms, pod: liveness-http, container: liveness, restarts: 1, reason: Completed, exitCode: 0}
  - {always: {from: 29s, to: 2m}, pod: liveness-http, restarts: 1}",
    );
}

#[test]
fn seed_004_tcp_readiness_and_liveness() {
    let manifest = "apiVersion: v1
kind: Pod
metadata: {name: goproxy, labels: {app: goproxy}}
spec:
  containers:
  - name: goproxy
    image: harbor.nihility.cn/library/porbe-server:v1
    ports: [{containerPort: 8080}]
    readinessProbe: {tcpSocket: {port: 8080}, initialDelaySeconds: 15, periodSeconds: 10}
    livenessProbe: {tcpSocket: {port: 8080}, initialDelaySeconds: 15, periodSeconds: 10}";
    shows(
        manifest,
        "  expect:
  - {always: {from: 1s, to: 15s}, pod: goproxy, ready: false}
  - {by: 24s, pod: goproxy, ready: true}
  - {always: {from: 24s, to: 5m}, pod: goproxy, ready: true}
  - {always: true, pod: goproxy, restarts: 0}",
    );
}

/// 30 × 10 s for the start: the last chance is at 300 s; and a host port admits one Pod a node.
#[test]
fn seed_004_startup_probe_and_host_port() {
    let manifest = |name: &str| {
        format!(
            "apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  containers:
  - name: c
    image: slow:1
    ports: [{{name: liveness-port, containerPort: 8080, hostPort: 8080}}]
    livenessProbe: {{httpGet: {{path: /healthz, port: liveness-port}}, failureThreshold: 1, periodSeconds: 10}}
    startupProbe: {{httpGet: {{path: /healthz, port: liveness-port}}, failureThreshold: 30, periodSeconds: 10}}"
        )
    };
    shows(
        &format!("{}\n---\n{}", manifest("a"), manifest("b")),
        "  duration: 7m
  nodes: [{name: n1}]
  images: [{image: 'slow:1', startup: 1h}]
  expect:
  - {never: {to: 299s}, event: {reason: Killing}}
  - {by: 301500ms, event: {reason: Killing, object: pod/a, message: 'Container c failed startup probe, will be restarted'}}
  - {by: 303s, pod: a, restarts: 1}
  - {always: {from: 1s}, pod: b, phase: Pending}
  - {by: 1s, event: {reason: FailedScheduling, object: pod/b, message: free ports}}",
    );
}

/// Every example shows what its own `expect` says.
#[test]
fn examples_show_what_they_expect() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let mut judged = 0;
    for entry in std::fs::read_dir(folder).expect("examples") {
        let path = entry.expect("an entry").path();
        let stream = manifest::parse(&std::fs::read_to_string(&path).expect("a text"));
        let objects = stream.objects.into_iter().map(|o| o.object).collect();
        let report = verdict::judge(&Setup::new(objects, stream.scenario));
        assert_eq!(report.refused, [], "{}", path.display());
        let wrong: Vec<_> = report.verdicts.iter().filter(|v| !v.holds).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", path.display());
        judged += report.verdicts.len();
    }
    assert!(judged > 0);
}
