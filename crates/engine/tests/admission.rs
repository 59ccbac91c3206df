//! What a Pod names must exist: service accounts (API-05). And who places it: another scheduler than
//! the default one. Sources: kubernetes.io/docs/tasks/configure-pod-container/configure-service-account,
//! .../tasks/extend-kubernetes/configure-multiple-schedulers.

#[path = "support/visitor.rs"]
mod visitor;

use visitor::Visitor;

const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n---\n";
const TEMPLATE: &str = "spec:
      serviceAccountName: robot
      containers: [{name: app, image: busybox, command: [sleep, 1d]}]
";

fn workload(kind: &str, version: &str, more: &str) -> String {
    format!(
        "apiVersion: {version}
kind: {kind}
metadata: {{name: web}}
spec:
  {more}
  template:
    metadata: {{labels: {{app: web}}}}
    {TEMPLATE}"
    )
}

const SELECTOR: &str = "selector: {matchLabels: {app: web}}";

/// Refused where it is created, with the server's words; accepted where the account exists.
#[test]
fn a_pod_without_its_account_is_refused() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {serviceAccountName: robot, \
               containers: [{name: app, image: busybox, command: [sleep, 1d]}]}\n";
    let step = |text: &str| {
        let lines: String = text.lines().map(|line| format!("      {line}\n")).collect();
        format!("apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  steps:\n  - at: 5s\n    apply: |\n{lines}")
    };
    let mut visitor = Visitor::of(&step(pod));
    let missing = visitor.types(20, "kubectl get pod p");
    assert!(
        missing.stderr.contains("pods \"p\" not found"),
        "{}",
        missing.stderr
    );
    let mut visitor = Visitor::of(&(ACCOUNT.to_string() + &step(pod)));
    let row = visitor.reads(20, "kubectl get pod p --no-headers");
    assert!(row.contains("Running"), "{row}");
    let accounts = visitor.reads(20, "kubectl get sa -o name");
    assert_eq!(accounts, "serviceaccount/default\nserviceaccount/robot\n");
    let account = "kubectl get pod p -o jsonpath={.spec.serviceAccountName}";
    assert_eq!(visitor.reads(20, account), "robot");
}

/// Workloads say so in Events, and go on when it is there.
#[test]
fn workloads_tell_of_a_missing_account() {
    let why = |name: &str| {
        format!(
            "pods \"{name}\" is forbidden: error looking up service account default/robot: \
             serviceaccount \"robot\" not found"
        )
    };
    for (text, object, start) in [
        (
            workload("ReplicaSet", "apps/v1", SELECTOR),
            "rs/web",
            "Error creating: ".to_string() + &why("web-"),
        ),
        (
            workload("DaemonSet", "apps/v1", SELECTOR),
            "ds/web",
            "Error creating: ".to_string() + &why("web-"),
        ),
        (
            workload(
                "StatefulSet",
                "apps/v1",
                "selector: {matchLabels: {app: web}}\n  serviceName: web",
            ),
            "sts/web",
            "create Pod web-0 in StatefulSet web failed error: ".to_string() + &why("web-0"),
        ),
    ] {
        let later = "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 30m\n  steps:\n  - at: 40s\n    apply: |\n      \
                     apiVersion: v1\n      kind: ServiceAccount\n      metadata: {name: robot}\n";
        let mut visitor = Visitor::of(&(text + later));
        let described = visitor.reads(30, &format!("kubectl describe {object}"));
        assert!(
            described.contains("FailedCreate") && described.contains(&start),
            "{described}"
        );
        assert_eq!(visitor.types(30, "kubectl get pods -o name").stdout, "");
        let pods = visitor.reads(1_700, "kubectl get pods --no-headers");
        assert!(pods.contains("Running"), "{object}: {pods}");
    }
}

/// Nobody places it, and nobody says anything of it.
#[test]
fn a_pod_of_another_scheduler_stays_pending_without_a_word() {
    let pod = |more: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{schedulerName: mine, {more}\
             containers: [{{name: app, image: busybox, command: [sleep, 1d]}}]}}\n"
        )
    };
    let mut visitor = Visitor::of(&pod(""));
    let row = visitor.reads(100, "kubectl get pod p --no-headers");
    assert!(row.contains("Pending"), "{row}");
    let described = visitor.reads(100, "kubectl describe pod p");
    assert!(
        described.contains("Events:           <none>")
            || described.contains("Events:") && described.trim_end().ends_with("<none>"),
        "{described}"
    );
    let path = "kubectl get pod p -o jsonpath={.spec.schedulerName}";
    assert_eq!(visitor.reads(100, path), "mine");
    let chosen = "kubectl get pods --field-selector spec.schedulerName=mine -o name";
    assert_eq!(visitor.reads(100, chosen), "pod/p\n");
    // A Pod that names its node needs no scheduler.
    let mut visitor = Visitor::of(&pod("nodeName: node-1, "));
    let row = visitor.reads(100, "kubectl get pod p --no-headers");
    assert!(row.contains("Running"), "{row}");
}
