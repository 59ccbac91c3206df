//! NOD-09, DRN-01: budgets and drains, with the texts that kubectl has for them.

use super::Visitor;

const CLUSTER: &str = "apiVersion: \
    apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: \
    {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: \
    {nodeName: node-1, containers: [{name: main, image: 'probe-lab:v1'}]}\n---\napiVersion: policy/v1\nkind: \
    PodDisruptionBudget\nmetadata: {name: web-pdb}\nspec:\n  minAvailable: 2\n  selector: \
    {matchLabels: {app: web}}\n";

/// The columns and lines of the documentation and of kubectl's printers.
#[test]
fn a_budget_is_listed_and_described() {
    let mut visitor = Visitor::of(CLUSTER);
    assert_eq!(
        visitor.reads(20_000, "get pdb"),
        "NAME      MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE\n\
         web-pdb   2               N/A               0                     20s\n"
    );
    assert_eq!(
        visitor.reads(20_000, "describe pdb web-pdb"),
        "Name:           web-pdb\nNamespace:      default\nMin available:  2\nSelector:       \
         app=web\nStatus:\n    Allowed disruptions:  0\n    Current:              2\n    Desired: \
         \u{20}            2\n    Total:                2\nEvents:\n  Type    Reason  Age                From               Message\n  ----    ------  ----               ----               \
         -------\n  Normal  NoPods  20s (x2 over 20s)  controllermanager  No matching pods found\n"
    );
    let yaml = visitor.reads(20_000, "get pdb web-pdb -o yaml");
    let status = yaml.split_once("status:\n").expect("a status").1;
    let (transition, status) = status.split_once("\n    message").expect("a condition");
    assert!(
        transition.starts_with("  conditions:\n  - lastTransitionTime: \"20"),
        "{transition}"
    );
    assert_eq!(
        status,
        ": \"\"\n    observedGeneration: 1\n    reason: InsufficientPods\n    status: \"False\"\n    \
         type: DisruptionAllowed\n  currentHealthy: 2\n  desiredHealthy: 2\n  disruptionsAllowed: \
         0\n  expectedPods: 2\n  observedGeneration: 1\n"
    );
    let path = "get pdb web-pdb -o jsonpath='{.spec.minAvailable} {.status.expectedPods} \
                {.status.disruptionsAllowed}'";
    assert_eq!(visitor.reads(20_000, path), "2 2 0");
    let both = CLUSTER.replace("minAvailable: 2", "minAvailable: 2\n  maxUnavailable: 1");
    let budget = both.rsplit("---\n").next().unwrap_or("");
    let refused = visitor.answers("apply -f x.yaml", budget).stderr;
    let expected = "The PodDisruptionBudget \"web-pdb\" is invalid: spec: Invalid value: ";
    assert!(refused.starts_with(expected), "{refused}");
    assert!(
        refused.ends_with(": minAvailable and maxUnavailable cannot be both set\n"),
        "{refused}"
    );
}

#[test]
fn a_drain_tells_what_keeps_a_pod() {
    let mut visitor = Visitor::of(CLUSTER);
    let names = visitor.reads(20_000, "get pods -o jsonpath='{.items[*].metadata.name}'");
    let (stdout, stderr) = visitor.types(20_000, "drain node-1");
    let mut expected = ("node/node-1 cordoned\n".to_owned(), String::new());
    for name in names.split(' ') {
        expected.0 += &format!("evicting pod default/{name}\n");
        expected.1 += &format!(
            "error when evicting pods/\"{name}\" -n \"default\" (will retry after 5s): Cannot \
             evict pod as it would violate the pod's disruption budget.\n"
        );
    }
    assert_eq!((stdout, stderr), expected);
}

/// DRN-01: other Pods than those of controllers need a flag each; nothing is evicted before.
#[test]
fn a_drain_asks_for_its_flags() {
    let text = "apiVersion: \
                apps/v1\nkind: DaemonSet\nmetadata: {name: log}\nspec:\n  selector: {matchLabels: \
                {app: log}}\n  template:\n    metadata: {labels: {app: log}}\n    spec: \
                {containers: [{name: main, image: 'probe-lab:v1'}]}\n---\napiVersion: v1\nkind: \
                Pod\nmetadata: {name: bare}\nspec: {nodeName: node-1, containers: [{name: main, image: \
                'probe-lab:v1'}], volumes: [{name: v, emptyDir: {}}]}\n";
    let mut visitor = Visitor::of(text);
    let daemon = visitor.reads(
        20_000,
        "get pods -l app=log --field-selector spec.nodeName=node-1 -o name",
    );
    let daemon = daemon.trim().replace("pod/", "default/");
    let flags = "--force --ignore-daemonsets --delete-emptydir-data";
    // Source: kubectl's drain.go. Nothing is done: the node is not cordoned the next time.
    for (how, suffix) in [
        ("--dry-run", " (dry run)"),
        ("--dry-run=client", " (dry run)"),
        ("--dry-run=server", " (server dry run)"),
    ] {
        let (stdout, _) = visitor.types(20_000, &format!("drain node-1 {flags} {how}"));
        let lines = [
            "node/node-1 cordoned",
            "evicting pod default/bare",
            "node/node-1 drained",
        ];
        let expected: Vec<String> = lines.map(|line| format!("{line}{suffix}\n")).into();
        assert_eq!(stdout, expected.concat());
        let (stdout, _) = visitor.types(20_000, &format!("drain node-1 {how}"));
        assert_eq!(stdout, format!("node/node-1 cordoned{suffix}\n"));
    }
    let (stdout, stderr) = visitor.types(20_000, "drain node-1");
    assert_eq!(stdout, "node/node-1 cordoned\n");
    for refusal in [
        format!("cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {daemon}"),
        "cannot delete Pods with local storage (use --delete-emptydir-data to override): default/bare"
            .to_owned(),
        "cannot delete Pods that declare no controller (use --force to override): default/bare"
            .to_owned(),
    ] {
        assert!(stderr.contains(&refusal), "{stderr}");
    }
    let (stdout, stderr) = visitor.types(20_000, &format!("drain node-1 {flags}"));
    let expected =
        "node/node-1 already cordoned\nevicting pod default/bare\npod/bare evicted\nnode/node-1 \
                    drained\n";
    assert_eq!(stdout, expected);
    assert!(
        stderr.starts_with(&format!(
            "Warning: ignoring DaemonSet-managed Pods: {daemon}; "
        )),
        "{stderr}"
    );
}
