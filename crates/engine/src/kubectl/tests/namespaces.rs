//! API-05: a Namespace that is deleted ends by and by.

use super::Visitor;

const SHOP: &str = "apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: empty}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 12
      containers: [{name: main, image: 'busybox:1.36', command: [sleep, '3600']}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {a: b}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 2m
  steps:
  - {at: 20s, delete: {kind: namespace, name: shop}}
  - {at: 20s, delete: {kind: namespace, name: empty}}
";

fn phase(visitor: &mut Visitor, millis: u64, name: &str) -> String {
    let line = format!("get ns {name} --no-headers");
    let (out, _) = visitor.types(millis, &line);
    out.split_whitespace().nth(1).unwrap_or("gone").to_owned()
}

/// The controller hears of it five seconds later: Pods go first, with their grace; the rest stays
/// until they are gone, and so does the namespace. An empty one is gone at the first look.
#[test]
fn a_namespace_terminates_while_its_pods_end() {
    let mut visitor = Visitor::of(SHOP);
    assert_eq!(phase(&mut visitor, 19_000, "shop"), "Active");
    for at in [21_000, 36_000] {
        assert_eq!(phase(&mut visitor, at, "shop"), "Terminating");
        let settings = visitor.reads(at, "get cm settings -n shop --no-headers");
        assert!(settings.starts_with("settings"), "{settings}");
    }
    assert_eq!(phase(&mut visitor, 24_900, "empty"), "Terminating");
    assert_eq!(phase(&mut visitor, 25_100, "empty"), "gone");
    let pods = |visitor: &mut Visitor, at| {
        let table = visitor.types(at, "get pods -n shop --no-headers").0;
        let status = |line: &str| line.split_whitespace().nth(2).unwrap_or("").to_owned();
        table.lines().map(status).collect::<Vec<_>>()
    };
    assert_eq!(pods(&mut visitor, 24_900), ["Running", "Running"]);
    // No Pod takes their place.
    assert_eq!(pods(&mut visitor, 30_000), ["Terminating", "Terminating"]);
    assert!(pods(&mut visitor, 39_000).is_empty());
    assert_eq!(phase(&mut visitor, 41_000, "shop"), "gone");
    let (_, lost) = visitor.types(41_000, "get ns shop");
    assert_eq!(
        lost,
        "Error from server (NotFound): namespaces \"shop\" not found\n"
    );
    let (_, lost) = visitor.types(41_000, "get deploy web -n shop");
    assert!(lost.contains("NotFound"), "{lost}");
}

#[test]
fn a_terminating_namespace_takes_nothing_new() {
    let mut visitor = Visitor::of(SHOP);
    let forbidden = "is forbidden: unable to create new content in namespace shop because it is \
                     being terminated\n";
    let (_, refused) = visitor.types(22_000, "run x --image=busybox -n shop");
    assert_eq!(
        refused,
        format!("Error from server (Forbidden): pods \"x\" {forbidden}")
    );
    let (_, refused) = visitor.types(22_000, "create configmap y -n shop");
    assert_eq!(
        refused,
        format!("error: failed to create configmap: configmaps \"y\" {forbidden}")
    );
    let text = visitor.reads(22_000, "describe ns shop");
    assert!(text.contains("Status:       Terminating\n"), "{text}");
    let json = "get ns shop -o jsonpath='{.metadata.deletionTimestamp} {.status.phase}'";
    let told = visitor.reads(22_000, json);
    assert!(told.ends_with("Z Terminating"), "{told}");
    let before = visitor.reads(19_000, json);
    assert_eq!(before, " Active");
}

/// The controller tells what it waits for: nothing until it looks, Pods while they have their grace,
/// a failure when they are there longer.
#[test]
fn a_terminating_namespace_tells_what_is_left() {
    let mut visitor = Visitor::of(SHOP);
    let path =
        "get ns shop -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: \
                {.message}\n{end}'";
    assert_eq!(visitor.reads(24_000, path), "");
    let found = "NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources \
                 successfully discovered\nNamespaceDeletionGroupVersionParsingFailure=False \
                 ParsedGroupVersions: All legacy kube types successfully parsed\n";
    let deleted = "NamespaceDeletionContentFailure=False ContentDeleted: All content successfully \
                   deleted, may be waiting on finalization\n";
    let left = "NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: \
                pods. has 2 resource instances\nNamespaceFinalizersRemaining=False ContentRemoved: \
                All content successfully removed\n";
    assert_eq!(visitor.reads(26_000, path), [found, deleted, left].concat());
    // The Pods ignore SIGTERM: their grace is over at 37 s, as the controller's patience is.
    let late = "NamespaceDeletionContentFailure=True ContentDeletionFailed: Failed to delete all \
                resource types, 1 remaining: unexpected items still remain in namespace: shop for gvr: \
                /v1, Resource=pods\n";
    assert_eq!(visitor.reads(37_050, path), [found, late, left].concat());
    let described = visitor.reads(26_000, "describe ns shop");
    let expected = "Status:       Terminating\nConditions:\n  Type                                         \
                    Status  LastTransitionTime               Reason               Message\n  ----          \
                    \u{20}                              ------  ------------------               ------    \
                    \u{20}          -------\n  NamespaceDeletionDiscoveryFailure            False   ";
    assert!(described.contains(expected), "{described}");
}

/// Claims are released a moment later, and the controller looks again five seconds after it saw them.
#[test]
fn claims_keep_a_namespace_for_a_while() {
    let text = "apiVersion: v1
kind: Namespace
metadata: {name: data}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: disk, namespace: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 2m
  steps: [{at: 20s, delete: {kind: namespace, name: data}}]
";
    let mut visitor = Visitor::of(text);
    assert_eq!(phase(&mut visitor, 29_000, "data"), "Terminating");
    let path = "get ns data -o jsonpath={.status.conditions[3:].message}";
    assert_eq!(
        visitor.reads(29_000, path),
        "Some resources are remaining: persistentvolumeclaims. has 1 resource instances Some \
         finalizers are remaining: kubernetes.io/pvc-protection in 1 resource instances"
    );
    assert_eq!(phase(&mut visitor, 31_000, "data"), "gone");
}
