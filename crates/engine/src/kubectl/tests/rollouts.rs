//! ROL-07: what `rollout status` says of StatefulSets and DaemonSets.

use super::Visitor;

fn set(kind: &str, more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: web}}\nspec:\n  selector: \
         {{matchLabels: {{app: web}}}}\n  {more}\n  template:\n    metadata: {{labels: {{app: \
         web}}}}\n    spec:\n      terminationGracePeriodSeconds: 1\n      containers: [{{name: main, \
         image: 'probe-lab:v1'}}]\n"
    )
}

fn scenario(steps: &str) -> String {
    format!(
        "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 2m\n  nodes: \
         [{{name: n1}}, {{name: n2}}]\n  steps:{steps}\n"
    )
}

/// A line for each thing that is waited for, in kubectl's order: the controller's look, readiness,
/// the partition.
#[test]
fn a_stateful_set_tells_what_it_waits_for() {
    let text = set(
        "StatefulSet",
        "replicas: 3\n  updateStrategy: {rollingUpdate: {partition: 1}}",
    );
    let restart = "\n  - {at: 60s, rollout: {action: restart, statefulset: web}}";
    let mut visitor = Visitor::of(&(text + &scenario(restart)));
    let mut at = |millis| visitor.reads(millis, "rollout status sts/web --watch=false");
    let unseen = "Waiting for statefulset spec update to be observed...\n";
    assert_eq!(at(1), unseen);
    assert_eq!(at(100), "Waiting for 3 pods to be ready...\n");
    let done =
        |count| format!("partitioned roll out complete: {count} new pods have been updated...\n");
    assert_eq!(at(30_000), done(3));
    assert_eq!(at(60_001), unseen);
    // All are ready, and the two above the partition are of the old template.
    assert_eq!(
        at(60_004),
        "Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...\n"
    );
    assert_eq!(at(61_500), "Waiting for 1 pods to be ready...\n");
    assert_eq!(at(90_000), done(2));
}

#[test]
fn a_daemon_set_tells_what_it_waits_for() {
    let restart = "\n  - {at: 60s, rollout: {action: restart, daemonset: web}}";
    let mut visitor = Visitor::of(&(set("DaemonSet", "minReadySeconds: 0") + &scenario(restart)));
    let mut at = |millis| visitor.reads(millis, "rollout status ds/web --watch=false");
    let unseen = "Waiting for daemon set spec update to be observed...\n";
    assert_eq!(at(1), unseen);
    let waits = "Waiting for daemon set \"web\" rollout to finish: ";
    assert_eq!(
        at(500),
        format!("{waits}0 of 2 updated pods are available...\n")
    );
    let done = "daemon set \"web\" successfully rolled out\n";
    assert_eq!(at(30_000), done);
    assert_eq!(at(60_001), unseen);
    assert_eq!(
        at(60_050),
        format!("{waits}0 out of 2 new pods have been updated...\n")
    );
    assert_eq!(at(90_000), done);
}

/// Without a rolling update there is nothing to wait for.
#[test]
fn only_rolling_updates_have_a_status() {
    let refusal = "error: rollout status is only available for RollingUpdate strategy type\n";
    for kind in ["StatefulSet", "DaemonSet"] {
        let text = set(kind, "updateStrategy: {type: OnDelete}");
        let mut visitor = Visitor::of(&(text + &scenario(" []")));
        let line = format!("rollout status {kind}/web");
        assert_eq!(
            visitor.types(20_000, &line),
            (String::new(), refusal.to_owned())
        );
    }
}
