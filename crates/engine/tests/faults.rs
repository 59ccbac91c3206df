//! Every fault, from its step to what Kubernetes makes of it, and back: a scenario is run with the
//! step and without it, and its `expect` has to hold with it only.

mod support;

use readyz_engine::verdict;
use support::*;

#[test]
fn kill_and_exit_end_the_process() {
    only_with(
        &server(""),
        "  steps: [{at: 20s, kill: {pod: p, signal: KILL}}]
  expect: [{by: 25s, pod: p, container: app, reason: Error, exitCode: 137, restarts: 1}]",
    );
    only_with(
        &server(""),
        "  steps: [{at: 20s, kill: {pod: p, signal: TERM}}]
  expect: [{by: 25s, pod: p, container: app, reason: Completed, exitCode: 0, restarts: 1}]",
    );
    only_with(
        &server(""),
        "  steps: [{at: 20s, exit: {pod: p, code: 3}}]
  expect: [{by: 25s, pod: p, container: app, reason: Error, exitCode: 3, restarts: 1}]",
    );
}

#[test]
fn exec_and_file_change_what_an_exec_probe_reads() {
    let touches = pod(
        "busybox:1.36",
        "command: [sh, -c, 'touch /tmp/healthy; sleep 600']
    livenessProbe: {exec: {command: [cat, /tmp/healthy]}, periodSeconds: 5}",
    );
    only_with(
        &touches,
        "  steps: [{at: 20s, exec: {pod: p, command: [rm, /tmp/healthy]}}]
  expect: [{by: 40s, pod: p, restarts: 1}]",
    );
    only_with(
        &touches,
        "  steps: [{at: 20s, file: {pod: p, path: /tmp/healthy, state: absent}}]
  expect: [{by: 40s, pod: p, restarts: 1}]",
    );
    // Undone before the third failure.
    let undone = setup(
        &touches,
        "  steps: [{at: 20.5s, file: {pod: p, path: /tmp/healthy, state: absent}, for: 8s}]
  expect:
  - {at: 2m, event: {reason: Unhealthy, count: '>= 1'}}
  - {at: 2m, pod: p, restarts: 0}",
    );
    assert_eq!(wrong(&verdict::judge(&undone)), Vec::<&str>::new());
}

#[test]
fn http_answers_otherwise_and_a_tcp_probe_does_not_see_it() {
    for step in [
        "status: 500",
        "latency: 3s",
        "answer: hang",
        "answer: reset",
        "answer: refuse",
    ] {
        let spec = format!(
            "  steps: [{{at: 20s, http: {{pod: p, {step}}}, for: 20s}}]
  expect: [{{by: 40s, pod: p, restarts: 1}}]"
        );
        only_with(&server(HTTP), &spec);
        let unseen = spec.replace("restarts: 1", "restarts: '>= 1'");
        let report = verdict::judge(&setup(&server(TCP), &unseen));
        assert_eq!(wrong(&report).len(), 1, "a TCP probe saw {step}");
    }
}

#[test]
fn a_closed_port_and_a_deadlock() {
    for step in [
        "port: {pod: p, port: 8080, state: closed}",
        "port: {pod: p, port: 8080, state: drop}",
    ] {
        let spec = format!(
            "  steps: [{{at: 20s, {step}, for: 20s}}]
  expect: [{{by: 40s, pod: p, restarts: 1}}]"
        );
        only_with(&server(HTTP), &spec);
        only_with(&server(TCP), &spec);
    }
    let hang = "  steps: [{at: 20s, hang: {pod: p}}]
  expect: [{by: 45s, pod: p, restarts: 1}, {at: 2m, pod: p, restarts: 1}]";
    only_with(&server(HTTP), hang);
    let report = verdict::judge(&setup(&server(TCP), hang));
    assert_eq!(
        wrong(&report)[0],
        "pod p should have restarts 1 by 45s, but at 45s it was: restarts 0"
    );
}

#[test]
fn grpc_health_is_switched() {
    let manifest = pod(
        "shop:1",
        "ports: [{containerPort: 9090}]
    livenessProbe: {grpc: {port: 9090}, periodSeconds: 5}",
    );
    only_with(
        &manifest,
        "  steps: [{at: 20s, grpc: {pod: p, status: NOT_SERVING}, for: 15s}]
  expect:
  - {by: 40s, pod: p, restarts: 1}
  - {by: 40s, event: {reason: Unhealthy, message: NOT_SERVING}}",
    );
}

/// RES-02: above its limit the container is killed; without one nothing happens.
#[test]
fn memory_grows_until_the_kernel_kills() {
    let limited = server("resources: {limits: {memory: 64Mi}}");
    only_with(
        &limited,
        "  steps: [{at: 20s, memory: {pod: p, to: 128Mi, over: 20s}}]
  expect: [{by: 45s, pod: p, container: app, reason: OOMKilled, exitCode: 137}]",
    );
    let report = verdict::judge(&setup(
        &server(""),
        "  steps: [{at: 20s, memory: {pod: p, to: 128Mi, over: 20s}}]
  expect: [{always: true, pod: p, restarts: 0}]",
    ));
    assert_eq!(report.refused, []);
}

/// Little CPU makes answers late: an HTTP probe with its second of patience fails, a TCP probe
/// does not.
#[test]
fn scarce_cpu_makes_answers_late() {
    let spec = "  steps: [{at: 20s, cpu: {pod: p, throttle: 0.5%}, for: 30s}]
  expect:
  - {by: 45s, event: {reason: Unhealthy, message: context deadline exceeded}}
  - {by: 45s, pod: p, restarts: 1}";
    only_with(&server(HTTP), spec);
    let report = verdict::judge(&setup(&server(TCP), spec));
    assert_eq!(wrong(&report).len(), 2);
}

/// A CPU limit that is too low for the traffic: the queue grows, and probes time out with it.
#[test]
fn a_cpu_limit_below_the_load_fails_probes() {
    let manifest = server(&format!("resources: {{limits: {{cpu: 100m}}}}\n    {HTTP}")) + SERVICE;
    only_with(
        &manifest,
        "  traffic: [{service: p, rate: 2}]
  steps: [{at: 20s, traffic: {service: p, rate: 20}, for: 30s}]
  expect:
  - {by: 50s, pod: p, restarts: '>= 1'}
  - {by: 50s, event: {reason: Unhealthy, message: Client.Timeout}}",
    );
}

/// RES-02: a limit of the whole Pod throttles a container that has none of its own.
#[test]
fn a_cpu_limit_of_the_whole_pod_throttles() {
    let expect = "  expect:
  - {by: 50s, pod: p, restarts: '>= 1'}
  - {by: 50s, event: {reason: Unhealthy, message: Client.Timeout}}";
    let load = "  traffic: [{service: p, rate: 2}]
  steps: [{at: 20s, traffic: {service: p, rate: 20}, for: 30s}]
";
    let whole = |limit: &str| {
        let limits = format!("spec:\n  resources: {{limits: {{cpu: {limit}}}}}\n");
        server(HTTP).replacen("spec:\n", &limits, 1) + SERVICE
    };
    only_with(&whole("100m"), &format!("{load}{expect}"));
    let enough = verdict::judge(&setup(&whole("'2'"), &format!("{load}{expect}")));
    assert_eq!(wrong(&enough).len(), 2);
}

#[test]
fn a_full_disk_stops_writers_only() {
    let writes = pod(
        "busybox:1.36",
        "command: [sleep, '600']
    livenessProbe: {exec: {command: [sh, -c, 'touch /tmp/probe.$(date +%s)']}, periodSeconds: 5}",
    );
    let text = "No space left on device";
    only_with(
        &writes,
        &format!(
            "  steps: [{{at: 20s, disk: {{pod: p, full: true}}, for: 14s}}]
  expect: [{{by: 40s, event: {{reason: Unhealthy, message: {text}, count: 3}}}}]"
        ),
    );
    only_with(
        &writes,
        &format!(
            "  nodes: [{{name: n1}}]
  steps: [{{at: 20s, disk: {{node: n1, full: true}}}}]
  expect:
  - {{by: 40s, event: {{reason: Unhealthy, message: {text}}}}}
  - {{by: 2m, pod: p, restarts: '>= 1'}}"
        ),
    );
}

/// IMG-01: nodes keep what they have; a new tag cannot be pulled.
#[test]
fn an_image_gone_from_the_registry() {
    let manifest = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: 'shop:1', ports: [{containerPort: 8080}]}]}
";
    for (pull, message) in [
        ("missing", "not found"),
        ("denied", "pull access denied"),
        ("refused", "connection refused"),
    ] {
        only_with(
            manifest,
            &format!(
                "  steps:
  - {{at: 5s, image: {{image: 'shop:2', pull: {pull}}}, for: 40s}}
  - {{at: 20s, setImage: {{deployment: web, container: app, image: 'shop:2'}}}}
  expect:
  - {{by: 40s, event: {{reason: Failed, message: {message}}}}}
  - {{at: 30s, deployment: web, available: 1, updated: 1, replicas: 2}}"
            ),
        );
    }
    // The node has the image: a restart does not ask the registry.
    let report = verdict::judge(&setup(
        &server(""),
        "  steps:
  - {at: 5s, image: {image: 'shop:1', pull: missing}}
  - {at: 20s, exit: {pod: p}}
  expect: [{by: 25s, pod: p, status: Running, restarts: 1}]",
    ));
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

/// The kubelet asks from the Pod's own node: a partition from the clients stays invisible to it.
#[test]
fn a_partition_is_invisible_to_probes() {
    let manifest = server(READY) + SERVICE;
    for other in ["pod/p", "n1", "app=p"] {
        let spec = format!(
            "  nodes: [{{name: n1}}]
  traffic: [{{service: p, rate: 2}}]
  steps: [{{at: 20s, network: {{between: [service/p, '{other}'], state: cut}}, for: 10s}}]
  expect:
  - {{at: 2m, requests: {{service: p, dropped: '>= 22'}}}}"
        );
        only_with(&manifest, &spec);
    }
    let report = verdict::judge(&setup(
        &manifest,
        "  traffic: [{service: p, rate: 2}]
  steps: [{at: 20s, network: {between: [service/p, pod/p]}}]
  expect: [{always: {from: 10s}, service: p, endpoints: 1}]",
    ));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

#[test]
fn a_dependency_is_switched_off_for_a_time() {
    let images = "  images:
  - {image: 'shop:1', http: [{path: /ready, needs: db}]}
  dependencies: [{name: db}]
";
    let asks = "readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5}";
    let report = verdict::judge(&setup(
        &(server(asks) + SERVICE),
        &format!(
            "{images}  steps: [{{at: 30s, dependency: {{name: db, state: down}}, for: 30s}}]
  expect:
  - {{always: {{from: 10s, to: 30s}}, service: p, endpoints: 1}}
  - {{by: 50s, service: p, endpoints: 0}}
  - {{at: 50s, event: {{reason: Unhealthy, message: 'statuscode: 503'}}}}
  - {{by: 66s, service: p, endpoints: 1}}
  - {{at: 2m, service: p, endpoints: 1}}
  - {{at: 2m, pod: p, restarts: 0}}"
        ),
    ));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
    // A script that asks by name waits, as an init container would.
    let waits = pod(
        "busybox:1.36",
        "command: [sh, -c, 'until nc -z db 5432; do sleep 1; done; wget -q -O- http://db/; sleep 600']
    readinessProbe: {exec: {command: [grep, -q, sleep600, /proc/1/cmdline]}}",
    );
    let report = verdict::judge(&setup(
        &waits,
        "  dependencies: [{name: db, state: down}]
  steps: [{at: 30s, dependency: {name: db, state: up}}]
  expect: [{at: 2m, pod: p, restarts: 0}]",
    ));
    assert_eq!(wrong(&report), Vec::<&str>::new());
}

#[test]
fn what_cannot_be_done_is_said() {
    for (step, why) in [
        ("kill: {pod: q}", "no Pod matches q"),
        (
            "kill: {pod: p, process: nginx}",
            "there is no such process in the container",
        ),
        ("hang: {pod: p, container: x}", "Pod p has no container x"),
        ("disk: {node: n9}", "there is no node n9"),
        ("traffic: {service: s, rate: 1}", "services \"s\" not found"),
        (
            "network: {between: [service/s, p]}",
            "there is no Service s",
        ),
    ] {
        let spec = format!("  steps: [{{at: 5s, {step}}}]");
        let report = verdict::judge(&setup(&server(""), &spec));
        let said: Vec<_> = report.refused.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(said, [why]);
    }
}

/// A front end can list every fault, and each can be read as a step with its parameters.
#[test]
fn the_registry_describes_steps_that_can_be_read() {
    use readyz_engine::fault::{Subject, KINDS};
    for kind in KINDS {
        assert!(
            !kind.does.is_empty() && !kind.unseen.is_empty(),
            "{}",
            kind.id
        );
        let fields = match kind.subject {
            Subject::Container => vec!["pod: p, container: app".to_string()],
            Subject::PodOrNode => vec!["pod: p".to_string()],
            Subject::Node => vec!["name: n1".to_string()],
            Subject::AtNode => vec!["node: n1".to_string()],
            Subject::Image => vec!["image: nginx".to_string()],
            Subject::Service => vec!["service: s".to_string()],
            Subject::Dependency => vec!["name: db".to_string()],
            Subject::Between => vec!["between: [service/p, pod/p]".to_string()],
        };
        for parameter in kind.parameters {
            for value in parameter.values {
                let mut one = fields.clone();
                one.push(format!("{}: {value}", parameter.name));
                let missing = kind.parameters.iter().filter(|p| p.name != parameter.name);
                one.extend(missing.map(|p| format!("{}: {}", p.name, p.values[0])));
                let text = format!("{{at: 1s, {}: {{{}}}}}", kind.id, one.join(", "));
                if let Err(problem) = readyz_engine::scenario::step_from_text(&text) {
                    panic!("{text}: {problem}");
                }
            }
        }
    }
}

/// Another rate for a time, and the one before it afterwards.
#[test]
fn the_traffic_changes_for_a_time() {
    // 2/s, but 20/s for ten seconds.
    let spec = "  traffic: [{service: p, rate: 2}]
  steps: [{at: 20s, traffic: {service: p, rate: 20}, for: 10s}]
  expect:
  - {at: 20s, requests: {service: p, served: '<= 40'}}
  - {at: 31s, requests: {service: p, served: '>= 220'}}
  - {at: 1m, requests: {service: p, served: '<= 305'}}";
    let report = verdict::judge(&setup(&format!("{}{SERVICE}", server(HTTP)), spec));
    assert_eq!(report.refused, []);
    assert_eq!(wrong(&report), Vec::<&str>::new());
}
