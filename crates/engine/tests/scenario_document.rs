//! The Scenario document: everything product.md shows is read, everything else is named.

use readyz_engine::manifest::parse;
use readyz_engine::scenario::{
    step_from_text, Act, Count, Fact, OnStop, PodRef, PullBehaviour, Scenario, When,
};
use readyz_engine::time::{Duration, Instant};

const CHECKOUT: &str = r#"
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: checkout-outage}
spec:
  seed: 7
  start: 2026-01-01T00:00:00Z
  duration: 10m
  nodes: [{name: node-1, cpu: "2", memory: 4Gi, labels: {env_role: dev}}]
  images:
    - image: registry.example/checkout:1.4
      pull: 3s
      startup: 8s
      listen: [8080]
      http:
        - {port: 8080, path: /healthz, status: 200, latency: 20ms}
      grpc: [{port: 9090, service: "", status: SERVING}]
      onStop: {after: 5s, exitCode: 0}
      memory: 60Mi
  traffic: [{service: checkout, rate: 5}]
  steps:
    - {at: 30s, exec: {pod: checkout, container: app, command: [rm, /tmp/healthy]}}
    - {at: 60s, http: {pod: checkout, container: app, path: /healthz, status: 500}, for: 20s}
  expect:
    - {by: 2m, pod: checkout, restarts: 1}
"#;

fn scenario(text: &str) -> (Scenario, Vec<String>) {
    let stream = parse(text);
    let problem = |d: &readyz_engine::manifest::Diagnostic| {
        let way_out = d.suggestion.clone().unwrap_or_default();
        format!("{}:{} {} ({way_out})", d.line, d.column, d.message)
    };
    let problems = stream.diagnostics.iter().map(problem).collect();
    (stream.scenario.expect("a scenario"), problems)
}

#[test]
fn the_example_of_the_product_is_read() {
    let (scenario, problems) = scenario(CHECKOUT);
    assert_eq!(problems, [""; 0]);
    assert_eq!(scenario.name, "checkout-outage");
    assert_eq!(
        (scenario.seed, scenario.first_line, scenario.last_line),
        (7, 2, 25)
    );
    assert_eq!(scenario.duration, Duration::from_secs(600));
    let node = &scenario.nodes[0];
    assert_eq!(
        (node.cpu_milli, node.memory_bytes, node.pods),
        (2_000, 4 << 30, 110)
    );
    assert_eq!(
        node.metadata.labels.get("env_role").map(String::as_str),
        Some("dev")
    );
    let image = &scenario.images[0];
    assert_eq!(image.pull, PullBehaviour::Takes(Duration::from_secs(3)));
    assert_eq!(image.http[0].latency, Duration::from_millis(20));
    let after = Duration::from_secs(5);
    let stop = OnStop::Exit {
        after,
        code: 0,
        keeps_listening: false,
    };
    assert_eq!(image.on_stop, Some(stop));
    assert_eq!(scenario.traffic[0].rate_milli, 5_000);
    let step = &scenario.steps[1];
    assert_eq!((step.at, step.line), (Instant::from_secs(60), 23));
    assert_eq!(step.hold_for, Some(Duration::from_secs(20)));
    let Act::Http(fault) = &step.act else {
        panic!("an HTTP fault");
    };
    assert_eq!(
        (fault.path.as_deref(), fault.status),
        (Some("/healthz"), Some(500))
    );
    let expectation = &scenario.expect[0];
    assert_eq!(expectation.when, When::By(Instant::from_secs(120)));
    let Fact::Pod { pod, restarts, .. } = &expectation.fact else {
        panic!("a Pod");
    };
    assert_eq!(pod, &PodRef::Name("checkout".into()));
    assert_eq!(*restarts, Some(Count::Exactly(1)));
}

#[test]
fn wrong_fields_are_named_with_their_place() {
    let text = "\
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  sead: 7
  duration: ten minutes
  steps:
    - {exec: {pod: a, command: [x]}}
    - {at: 1s, kil: {pod: a}}
    - {at: 1s, kill: {pod: a, signl: TERM}}
    - {at: 1s, http: {pod: 'a b', status: 500}}
    - {at: 1s, node: {name: n1, state: gone}}
";
    let (scenario, problems) = scenario(text);
    assert_eq!(
        problems,
        [
            "4:3 spec.sead: there is no such field in a Scenario (did you mean seed?)",
            "5:3 spec.duration: this is no duration (write it as in 90s, 1m30s or 500ms)",
            "7:8 spec.steps[0].at: this field is missing ()",
            "8:8 spec.steps[1].at: a step needs something to do (add one of exec, kill, file, \
             http, delete, scale, …)",
            "8:16 spec.steps[1].kil: there is no such field in a Scenario (did you mean kill?)",
            "9:31 spec.steps[2].kill.signl: there is no such field in a Scenario (did you mean signal?)",
            "10:23 spec.steps[3].http.pod: this names no Pod (write a Pod's name, \
             deployment/web#2, or labels such as app=web)",
            "11:33 spec.steps[4].node.state: the word \"gone\" is not known here (one of: ready, \
             unreachable, down, memoryPressure, diskPressure, cordoned, schedulable, drained)",
        ]
    );
    assert_eq!(scenario.steps.len(), 1);
}

#[test]
fn a_step_is_read_from_one_line() {
    let step = step_from_text("{at: 12.5s, kill: {pod: web, container: app, signal: SIGKILL}}")
        .expect("a step");
    assert_eq!(step.at, Instant::from_millis(12_500));
    assert!(matches!(&step.act, Act::Kill { signal, .. } if signal == "KILL"));
    assert!(step_from_text("{at: 1s}").is_err());
    assert!(step_from_text("{at: 1s, kill: {pod: web}, exit: {pod: web}}").is_err());
    assert!(step_from_text("[").is_err());
    assert!(step_from_text("").is_err());
}

#[test]
fn every_act_of_the_step_tables_is_known() {
    for act in [
        "exec: {pod: p, command: [ls]}",
        "kill: {pod: p, process: nginx, signal: 15}",
        "exit: {pod: p, code: 3}",
        "file: {pod: p, path: /tmp/healthy, state: absent}",
        "http: {pod: p, answer: refuse}",
        "grpc: {pod: p, service: a, status: NOT_SERVING}",
        "port: {pod: p, port: 80, state: drop}",
        "hang: {pod: p}",
        "memory: {pod: p, to: 100Mi, over: 30s}",
        "cpu: {pod: p, throttle: 20%}",
        "disk: {node: n1, full: true}",
        "image: {image: nginx, pull: missing}",
        "node: {name: n1, state: unreachable}",
        "kubelet: {node: n1, action: restart}",
        "network: {between: [node-1, node-2], state: cut}",
        "traffic: {service: s, rate: 0.5}",
        "apply: 'apiVersion: v1'",
        "create: 'apiVersion: v1'",
        "delete: {kind: Deployment, name: web, grace: 0s, force: true}",
        "delete: {kind: Deployment, name: web, cascade: foreground}",
        "patch: {kind: Pod, name: p, patch: {metadata: {labels: {a: null}}}}",
        "scale: {deployment: web, replicas: 3}",
        "setImage: {deployment: web, container: c, image: nginx}",
        "setEnv: {deployment: web, env: {A: '1', B: null}}",
        "label: {kind: Node, name: n1, labels: {a: b}, overwrite: true}",
        "annotate: {kind: Pod, name: p, annotations: {a: b}}",
        "taint: {node: n1, add: [{key: k, effect: NoExecute}], remove: [{key: j}]}",
        "cordon: node-1",
        "uncordon: {node: node-1}",
        "drain: {node: n1, force: true, ignoreDaemonSets: true, timeout: 60s}",
        "rollout: {deployment: web, action: undo, toRevision: 2}",
        "hostSignal: {pod: p, container: c, signal: KILL}",
        "kubectl: {args: [get, pods]}",
    ] {
        let step = step_from_text(&format!("{{at: 1s, {act}}}"));
        assert!(step.is_ok(), "{act}: {step:?}");
    }
}
