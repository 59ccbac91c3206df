//! What is done to objects while they run, and what a kubelet makes of Pods that came past the
//! scheduler.

#[path = "support/shows.rs"]
mod shows;

use shows::shows;

/// A Pod that sleeps, with these fields.
fn sleeper(name: &str, fields: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  {fields}
  terminationGracePeriodSeconds: 1
  containers: [{{name: main, image: busybox, command: [sleep, 1d], ports: [{{containerPort: 80, hostPort: 80}}]}}]
"
    )
}

/// RES-03: a kubelet admits Pods in the order in which they came; the first keeps its host port.
#[test]
fn of_two_pods_with_a_host_port_the_second_is_refused() {
    let pods = ["one", "two"].map(|name| sleeper(name, "nodeName: node-1"));
    shows(
        &pods.join("---\n"),
        "  expect:
  - {at: 10s, pod: one, phase: Running}
  - {at: 10s, pod: two, phase: Failed, status: NodePorts}",
    );
}

/// RES-04, API-08: a deadline may be given to a Pod that runs, and is counted from its start.
#[test]
fn a_deadline_given_later_counts_from_the_start() {
    let pod = sleeper("late", "restartPolicy: Never");
    let fields = "restartPolicy: Never\n  activeDeadlineSeconds: 20";
    let later = sleeper("late", fields);
    let text = later.replace('\n', "\n      ");
    shows(
        &pod,
        &format!(
            "  steps:
  - at: 10s
    apply: |
      {text}
  expect:
  - {{always: {{from: 2s, to: 19s}}, pod: late, phase: Running}}
  - {{by: 32s, pod: late, phase: Failed}}
  - {{at: 32s, event: {{reason: DeadlineExceeded}}}}"
        ),
    );
}

/// FailedMount: a Pod that was put on a node by name waits for the claim that it mounts.
#[test]
fn a_missing_claim_is_not_mounted() {
    let pod = sleeper("waiting", "nodeName: node-1").replace(
        "containers:",
        "volumes: [{name: data, persistentVolumeClaim: {claimName: nope}}]\n  containers:",
    );
    let claim = "apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: nope}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
    shows(
        &pod,
        &format!(
            "  steps: [{{at: 30s, create: '{{{claim}}}'}}]
  expect:
  - {{by: 2s, event: {{reason: FailedMount, message: 'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/nope: failed to fetch PVC from API server: persistentvolumeclaims \"nope\" not found'}}}}
  - {{always: {{from: 1s, to: 30s}}, pod: waiting, status: ContainerCreating}}
  - {{by: 50s, pod: waiting, status: Running}}"
        ),
    );
}

/// API-08: any object can be patched, by each of kubectl's types of patches.
#[test]
fn every_kind_can_be_patched() {
    let text = "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, labels: {tier: back}}
spec:
  serviceName: db
  replicas: 1
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: main, image: busybox, command: [sleep, 1d], env: [{name: A, value: '1'}]}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox, command: [sleep, '5']}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: red, size: big}
";
    shows(
        text,
        "  steps:
  - {at: 20s, patch: {kind: statefulset, name: db, patch: {spec: {replicas: 2}}}}
  - {at: 20s, patch: {kind: job, name: once, type: merge, patch: {spec: {suspend: false}}}}
  - {at: 40s, patch: {kind: sts, name: db, type: json, patch: [{op: replace, path: /spec/replicas, value: 3}, {op: remove, path: /metadata/labels/tier}]}}
  - {at: 60s, patch: {kind: sts, name: db, patch: {spec: {template: {spec: {containers: [{name: main, env: [{name: B, value: '2'}]}]}}}}}}
  expect:
  - {at: 19s, pod: db-1, exists: false}
  - {at: 35s, pod: db-1, ready: true}
  - {at: 55s, pod: db-2, ready: true}
  - {by: 30s, event: {reason: SuccessfulCreate, object: job/once}}
  - {by: 40s, event: {reason: Completed, object: job/once}}
  - {by: 70s, event: {reason: Killing, object: pod/db-2}}
  - {at: 119s, pod: db-0, ready: true}",
    );
}
