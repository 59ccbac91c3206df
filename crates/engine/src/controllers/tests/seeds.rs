//! The stories of the tutorials, with their own manifests' facts.

use super::Play;
use crate::controllers;
use crate::ids::PodId;
use crate::record::{Record, What};
use crate::status::{ConditionType, Phase};

/// Two nginx containers, one Service each; `8081` answers only under `/`.
fn two_containers(liveness: &str, readiness: &str) -> String {
    let probe = |path: &str, port: u32| {
        format!(
            "{{httpGet: {{path: {path}, port: {port}}}, initialDelaySeconds: 5, periodSeconds: 5}}"
        )
    };
    let container = |port: u32, liveness: &str, readiness: &str| {
        format!(
            "      - name: nginx-{port}\n        image: nginx-{port}:v1\n        ports:\n        \
             - containerPort: {port}\n        livenessProbe: {}\n        readinessProbe: {}\n",
            probe(liveness, port),
            probe(readiness, port)
        )
    };
    let service = |port: u32| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: svc-{port}}}\nspec:\n  \
             selector: {{app: multi}}\n  ports: [{{port: {port}, targetPort: {port}}}]\n"
        )
    };
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: multi}}\nspec:\n  replicas: 1\n  \
         selector: {{matchLabels: {{app: multi}}}}\n  template:\n    metadata: {{labels: {{app: multi}}}}\n    \
         spec:\n      containers:\n{}{}{}{}",
        container(8080, "/", "/"),
        container(8081, liveness, readiness),
        service(8080),
        service(8081)
    )
}

fn ready_containers(play: &Play, pod: PodId) -> (usize, usize) {
    let containers = &play.cluster.pods[pod.index()].status.containers;
    (
        containers.iter().filter(|c| c.ready).count(),
        containers.len(),
    )
}

fn ready_endpoints(play: &Play, service: &str) -> u32 {
    let id = play.service(service);
    play.cluster.controllers.service(id).slice.ready()
}

/// Seed 002, EPS-02: readiness of one container asks for a page that is not there: 1/2 READY, and
/// both Services have lost the Pod, also the one of the healthy container. Nothing restarts.
#[test]
fn one_unready_container_costs_both_services_the_pod() {
    let mut play = Play::recorded();
    play.put_text(&two_containers("/", "/hehe"));
    play.until(120_000);
    let pod = PodId(0);
    let status = &play.cluster.pods[0].status;
    assert_eq!(ready_containers(&play, pod), (1, 2));
    assert_eq!(status.phase, Phase::Running);
    let ready = status.condition(ConditionType::Ready);
    assert_eq!(ready.reason, "ContainersNotReady");
    assert_eq!(
        play.cluster.texts.get(ready.message),
        "containers with unready status: [nginx-8081]"
    );
    for service in ["svc-8080", "svc-8081"] {
        assert_eq!(ready_endpoints(&play, service), 0);
        let id = play.service(service);
        let slice = &play.cluster.controllers.service(id).slice;
        assert_eq!(slice.endpoints.len(), 1, "listed, not ready");
    }
    assert!(status.containers.iter().all(|c| c.restart_count == 0));
    let (_, state) = play.deployment("multi");
    assert_eq!((state.status.ready, state.status.unavailable), (0, 1));
}

/// Seed 002: readiness right, then patched to a page that is not there: the old Pod keeps serving
/// in both Services while the rollout stands still (DEP-05, API-08).
#[test]
fn a_wrong_readiness_path_patched_in_does_not_reach_the_services() {
    let mut play = Play::recorded();
    play.put_text(&two_containers("/", "/"));
    play.until(30_000);
    play.put_text(&two_containers("/", "/hehe"));
    play.until(120_000);
    assert_eq!(play.sets("multi"), [(1, 1), (1, 0)]);
    for service in ["svc-8080", "svc-8081"] {
        assert_eq!(ready_endpoints(&play, service), 1);
    }
}

/// Seed 002: liveness of one container asks for a page that is not there: only that container
/// restarts, the other one and the Pod with its address stay.
#[test]
fn only_the_failing_container_restarts() {
    let mut play = Play::recorded();
    play.put_text(&two_containers("/hehe", "/"));
    play.until(12_000);
    let address = play.cluster.pods[0].status.pod_ip;
    assert!(address.is_some());
    play.until(60_000);
    let status = &play.cluster.pods[0].status;
    let restarts: Vec<u32> = status.containers.iter().map(|c| c.restart_count).collect();
    assert_eq!(restarts[0], 0);
    assert!(restarts[1] >= 3, "{restarts:?}");
    assert_eq!(status.pod_ip, address);
    assert_eq!(play.cluster.live_pods().count(), 1);
    let killed: Vec<u16> = play
        .log
        .records()
        .iter()
        .filter_map(|record| match record.what {
            What::StopSignalled { container, .. } => Some(container),
            _ => None,
        })
        .collect();
    assert!(killed.iter().all(|container| *container == 1), "{killed:?}");
    let killing = play.events(&["Killing"]);
    assert!(killing[0].ends_with("Container nginx-8081 failed liveness probe, will be restarted"));
}

const ON_DEV: &str = "
apiVersion: v1
kind: Pod
metadata: {name: nginx, labels: {app: nginx}}
spec:
  containers:
  - {name: nginx, image: nginx, imagePullPolicy: IfNotPresent}
  nodeSelector: {env_role: dev}
";

/// Seed 001, SCH-03, SCH-06: nobody has the label; the scheduler says so and tries again at once
/// when a node gets it.
#[test]
fn a_pod_waits_for_a_node_with_the_label() {
    let mut play = Play::recorded();
    play.put_text(ON_DEV);
    play.until(25_000);
    let text = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. no \
                new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is \
                not helpful for scheduling.";
    assert_eq!(
        play.events(&["FailedScheduling"]),
        [format!("0.005 FailedScheduling: {text}")]
    );
    let dev = [("env_role".to_owned(), Some("dev".to_owned()))];
    controllers::label(&mut play.cx(), "node", "", "node1", &dev, false).expect("a node");
    play.until(30_000);
    assert_eq!(play.node_of(PodId(0)), "node1");
    assert!(play.cluster.pods[0].status.is_ready());
}

const TOMCAT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: tomcat-deployment}
spec:
  replicas: 3
  selector: {matchLabels: {app: tomcat}}
  template:
    metadata: {labels: {app: tomcat}}
    spec:
      imagePullSecrets: [{name: registry-pull-secret}]
      containers:
      - name: tomcat
        image: 192.168.0.122/ceba/tomcat
        imagePullPolicy: Always
        ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: tomcat-service, labels: {app: tomcat}}
spec:
  type: NodePort
  ports: [{port: 80, targetPort: 8080}]
  selector: {app: tomcat}
";

/// Seed 001, API-09, DEP-11, EPS-03, SCH-07: three tomcats on the nodes, all behind one NodePort
/// of the valid range that goes to their port 8080.
#[test]
fn three_tomcats_stand_behind_a_node_port() {
    let mut play = Play::recorded();
    play.put_text(TOMCAT);
    play.until(60_000);
    let (_, state) = play.deployment("tomcat-deployment");
    assert_eq!((state.status.ready, state.status.available), (3, 3));
    let id = play.service("tomcat-service");
    let service = play.cluster.controllers.service(id);
    let port = &service.object.ports[0];
    assert_eq!(port.port, 80);
    assert!((30_000..=32_767).contains(&port.node_port));
    assert_eq!(service.slice.ready(), 3);
    assert!(service.slice.endpoints.iter().all(|e| e.ports == [8080]));
    let mut nodes: Vec<String> = play.active().into_iter().map(|p| play.node_of(p)).collect();
    nodes.sort();
    nodes.dedup();
    assert_eq!(nodes, ["node1", "node2"]);
}

/// Seed 001 and product.md §6: the way of a Pod from the client to the runtime, step by step, each
/// caused by the one before (API-02, SCH-05, SYN-15).
#[test]
fn the_way_of_a_new_pod_can_be_followed() {
    let mut play = Play::recorded();
    play.put_text(&ON_DEV.replace("  nodeSelector: {env_role: dev}\n", ""));
    play.until(3_000);
    let find = |like: fn(&What) -> bool| {
        let mut records = play.log.records().iter();
        *records.find(|record| like(&record.what)).expect("happens")
    };
    let created = find(|what| matches!(what, What::PodCreated { .. }));
    let bound = find(|what| matches!(what, What::PodBound { .. }));
    let synced = find(|what| matches!(what, What::SyncBegan { .. }));
    let sandbox = find(|what| matches!(what, What::SandboxReady { .. }));
    let started = find(|what| matches!(what, What::ContainerStarted { .. }));
    // Each of the latencies is a median of the recordings.
    let millis = |from: Record, to: Record| to.at.since(from.at).as_millis();
    assert_eq!(millis(created, bound), 5);
    assert_eq!(millis(bound, synced), 3);
    assert_eq!(millis(synced, sandbox), 410);
    assert_eq!(millis(sandbox, started), 108);
    for record in [sandbox, started] {
        for step in [synced, bound, created] {
            let cause = play.cause_of(&record, |what| *what == step.what);
            assert_eq!(cause.map(|cause| cause.at), Some(step.at));
        }
    }
    let scheduled = play.events(&["Scheduled"]);
    assert_eq!(
        scheduled,
        ["0.005 Scheduled: Successfully assigned default/nginx to node1"]
    );
}
