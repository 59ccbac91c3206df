//! API-*: Pods in the API server.

use super::{container, pod, spec, Play};
use crate::api::{
    Amount, ConfigData, Handler, JobSpec, Metadata, Object, PodSpec, PortRef, Protocol, PullPolicy,
    RestartPolicy, Scheme, Strategy, WorkloadKind,
};
use crate::controllers::{self, ApplyOutcome, ErrorReason};
use crate::ids::PodId;
use crate::record::What;
use crate::status::Phase;

/// Ignores SIGTERM.
fn stubborn(grace: u32) -> PodSpec {
    let mut main = container("main", "probe-lab:v1");
    main.args = Some(vec!["--on-term=ignore".into()]);
    PodSpec {
        termination_grace_period_seconds: grace,
        ..spec(vec![main])
    }
}

fn removed_at(play: &Play) -> Option<u64> {
    let records = play.log.records().iter();
    records
        .filter(|r| matches!(r.what, What::PodRemoved { .. }))
        .map(|r| r.at.as_millis())
        .next()
}

/// API-01, API-02, API-04.
#[test]
fn a_created_pod_is_pending_and_admitted() {
    let mut play = Play::recorded();
    assert_eq!(
        play.apply(Object::Pod(pod("web", stubborn(30)))),
        Ok(ApplyOutcome::Created)
    );
    let state = &play.cluster.pods[0];
    assert_eq!((state.status.phase, state.generation), (Phase::Pending, 1));
    assert_eq!(state.spec.service_account_name, "default");
    let keys: Vec<&str> = state
        .spec
        .tolerations
        .iter()
        .map(|t| t.key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "node.kubernetes.io/not-ready",
            "node.kubernetes.io/unreachable"
        ]
    );
    play.until(3_000);
    assert_eq!(play.cluster.pods[0].status.phase, Phase::Running);
}

/// API-08, VAL-25: applied again; a changed probe or command is refused, an image is not.
#[test]
fn only_images_of_a_pod_may_change() {
    let mut play = Play::recorded();
    let mut object = pod("web", stubborn(30));
    play.put(Object::Pod(object.clone()));
    play.until(3_000);
    assert_eq!(
        play.apply(Object::Pod(object.clone())),
        Ok(ApplyOutcome::Unchanged)
    );
    object.spec.containers[0].image = "probe-lab:v2".into();
    assert_eq!(
        play.apply(Object::Pod(object.clone())),
        Ok(ApplyOutcome::Configured)
    );
    assert_eq!(play.cluster.pods[0].generation, 2);
    object.spec.containers[0].command = Some(vec!["/other".into()]);
    let refused = play
        .apply(Object::Pod(object.clone()))
        .expect_err("immutable");
    assert_eq!(refused.reason, ErrorReason::Invalid);
    assert!(refused.to_string().starts_with(
        "The Pod \"web\" is invalid: spec: Forbidden: pod updates may not change fields other \
         than `spec.containers[*].image`,"
    ));
    let again = controllers::create(&mut play.cx(), &Object::Pod(object));
    assert_eq!(
        again.expect_err("exists").text,
        "pods \"web\" already exists"
    );
}

/// API-06: graceful deletion sets the deadline and the kubelet finishes it; a second request only
/// shortens it.
#[test]
fn deletion_waits_for_the_grace_period() {
    let mut play = Play::recorded();
    play.put(Object::Pod(pod("web", stubborn(30))));
    play.until(5_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    let state = &play.cluster.pods[0];
    assert_eq!(state.deletion.map(|d| d.grace_seconds), Some(30));
    assert_eq!(state.generation, 2);
    play.until(6_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), Some(60));
    let grace = |play: &Play| play.cluster.pods[0].deletion.map(|d| d.grace_seconds);
    assert_eq!(grace(&play), Some(30));
    controllers::delete_pod(&mut play.cx(), PodId(0), Some(5));
    assert_eq!(grace(&play), Some(5));
    play.until(60_000);
    // TRM-04: the stop under way on the node is not interrupted.
    let at = removed_at(&play).expect("gone");
    assert!((35_000..=37_000).contains(&at), "{at}");
}

/// API-06, recorded in delete-force: with grace 0 the object goes at once; the kubelet kills
/// afterwards.
#[test]
fn forced_deletion_removes_the_object_at_once() {
    let mut play = Play::recorded();
    play.put(Object::Pod(pod("web", stubborn(30))));
    play.until(5_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), Some(0));
    assert_eq!(removed_at(&play), Some(5_000));
    assert!(controllers::find_pod(&play.cluster, "", "web").is_none());
    play.until(40_000);
    let exited = play
        .log
        .records()
        .iter()
        .any(|r| matches!(r.what, What::ContainerExited { .. }));
    assert!(exited, "the process does not outlive its object for ever");
}

/// API-06: a Pod that was never bound has nobody to wait for.
#[test]
fn an_unbound_pod_goes_at_once() {
    let mut play = Play::new(&[]);
    play.put(Object::Pod(pod("web", stubborn(30))));
    play.until(1_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    assert_eq!(removed_at(&play), Some(1_000));
}

/// API-05: the namespace must exist.
#[test]
fn objects_need_their_namespace() {
    let mut play = Play::recorded();
    let mut object = pod("web", stubborn(30));
    object.metadata.namespace = "shop".into();
    let refused = play
        .apply(Object::Pod(object.clone()))
        .expect_err("no such namespace");
    assert_eq!(
        refused.to_string(),
        "Error from server (NotFound): namespaces \"shop\" not found"
    );
    let namespace = Metadata {
        name: "shop".into(),
        ..Metadata::default()
    };
    play.put(Object::Namespace(namespace.clone()));
    assert_eq!(
        play.apply(Object::Namespace(namespace)),
        Ok(ApplyOutcome::Unchanged)
    );
    assert_eq!(play.apply(Object::Pod(object)), Ok(ApplyOutcome::Created));
}

/// ConfigMaps are kept for whoever mounts them.
#[test]
fn config_maps_can_be_looked_up() {
    let mut play = Play::recorded();
    let mut data = ConfigData {
        metadata: Metadata {
            name: "settings".into(),
            ..Metadata::default()
        },
        data: [("mode".to_owned(), "a".to_owned())].into_iter().collect(),
    };
    assert_eq!(
        play.apply(Object::ConfigMap(data.clone())),
        Ok(ApplyOutcome::Created)
    );
    assert_eq!(
        play.apply(Object::ConfigMap(data.clone())),
        Ok(ApplyOutcome::Unchanged)
    );
    data.data.insert("mode".into(), "b".into());
    assert_eq!(
        play.apply(Object::ConfigMap(data)),
        Ok(ApplyOutcome::Configured)
    );
    let found = play.cluster.controllers.config_map("default", "settings");
    assert_eq!(
        found.and_then(|c| c.data.get("mode")).map(String::as_str),
        Some("b")
    );
    assert!(play
        .cluster
        .controllers
        .secret("default", "settings")
        .is_none());
}

const BARE: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: a
        image: nginx
        ports: [{containerPort: 80}]
        resources: {limits: {cpu: 500m, memory: 64Mi}}
        livenessProbe: {httpGet: {port: 80}, periodSeconds: 0, failureThreshold: 0}
      - {name: b, image: \"nginx:1.15\"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: a, image: nginx}]}
";

/// API-03: what a manifest leaves out is filled in, and an explicit 0 of a probe as well.
#[test]
fn what_is_left_out_gets_its_default() {
    let stream = crate::manifest::parse(BARE);
    let objects: Vec<&Object> = stream.objects.iter().map(|o| &o.object).collect();
    let [Object::Deployment(web), Object::Service(service), Object::Workload(job)] = objects[..]
    else {
        panic!("{objects:?}");
    };
    let quarter = Amount::Percent(25);
    let rolling = Strategy::RollingUpdate {
        max_surge: quarter,
        max_unavailable: quarter,
    };
    assert_eq!((web.replicas, &web.strategy), (1, &rolling));
    assert_eq!(
        (web.revision_history_limit, web.progress_deadline_seconds),
        (10, 600)
    );
    let spec = &web.template.spec;
    assert_eq!(spec.restart_policy, RestartPolicy::Always);
    assert_eq!(spec.termination_grace_period_seconds, 30);
    let [a, b] = &spec.containers[..] else {
        panic!("two containers");
    };
    assert_eq!(a.image_pull_policy, PullPolicy::Always);
    assert_eq!(b.image_pull_policy, PullPolicy::IfNotPresent);
    assert_eq!(a.termination_message_path, "/dev/termination-log");
    assert_eq!(a.ports[0].protocol, Protocol::Tcp);
    let probe = a.liveness_probe.as_ref().expect("a probe");
    assert_eq!(
        (
            probe.timeout_seconds,
            probe.period_seconds,
            probe.success_threshold
        ),
        (1, 10, 1)
    );
    assert_eq!(
        (probe.failure_threshold, probe.initial_delay_seconds),
        (3, 0)
    );
    let Handler::HttpGet(get) = &probe.handler else {
        panic!("{:?}", probe.handler);
    };
    assert_eq!((get.path.as_str(), get.scheme), ("/", Scheme::Http));
    assert_eq!(service.ports[0].target_port, PortRef::Number(80));
    assert_eq!(service.affinity_seconds, None);
    let WorkloadKind::Job(JobSpec {
        parallelism,
        completions,
        backoff_limit,
        ..
    }) = job.kind
    else {
        panic!("{:?}", job.kind);
    };
    assert_eq!((parallelism, completions, backoff_limit), (1, Some(1), 6));
}

/// TRM-06, RUN-06, recorded in workloads/rs-surplus: a Pod that is deleted while it waits for its
/// volumes waits no longer; none of its containers starts.
#[test]
fn a_pod_that_waits_for_its_volumes_goes_at_once() {
    let mut play = Play::recorded();
    play.put_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: stuck}\nspec:\n  containers: [{name: main, \
         image: \"probe-lab:v1\"}]\n  volumes: [{name: v, configMap: {name: missing}}]\n",
    );
    play.put(Object::Pod(pod(
        "quick",
        spec(vec![container("main", "probe-lab:v1")]),
    )));
    play.until(200);
    controllers::delete_pod(&mut play.cx(), PodId(1), None);
    play.until(10_000);
    controllers::delete_pod(&mut play.cx(), PodId(0), None);
    play.until(12_000);
    assert_eq!(play.active(), []);
    assert_eq!(play.cluster.live_pods().count(), 0);
    let told = play.events(&["FailedMount", "Started", "Killing"]);
    assert!(
        told.iter().all(|line| line.contains("FailedMount")),
        "{told:?}"
    );
    assert!(!told.is_empty());
}
