//! API-01, ERR-04: versions of objects, and updates of old ones.

use super::Visitor;

const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: 'probe-lab:v1'}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: b}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 2m
  steps:
  - {at: 30s, scale: {deployment: web, replicas: 2}}
  - {at: 40s, label: {kind: service, name: web, labels: {tier: front}}}
";

fn version(visitor: &mut Visitor, millis: u64, what: &str) -> u64 {
    // The API server's own Service comes first.
    let place = if matches!(what, "svc" | "endpointslices") {
        1
    } else {
        0
    };
    let line = format!("get {what} -o jsonpath='{{.items[{place}].metadata.resourceVersion}}'");
    visitor.reads(millis, &line).parse().expect("a number")
}

/// One counter for all: a write makes an object's version the newest, and no other's.
#[test]
fn a_write_raises_the_version_of_its_object_alone() {
    let mut visitor = Visitor::of(WEB);
    let all = ["deploy", "rs", "pods", "svc", "endpointslices", "cm"];
    let mut at = |millis| all.map(|what| version(&mut visitor, millis, what));
    let (first, idle, later, scaled) = (at(200), at(25_000), at(29_000), at(39_000));
    assert_eq!(idle, later, "nothing was written");
    // The Pod became ready, and who watches it wrote that down.
    for place in [0, 1, 2, 4] {
        assert!(first[place] < idle[place], "{}", all[place]);
    }
    assert_eq!((first[3], first[5]), (idle[3], idle[5]));
    // The Deployment counts after its ReplicaSet, which counts after the Pod.
    assert!(idle[2] < idle[1] && idle[1] < idle[0], "{idle:?}");
    assert!(idle[0] < scaled[0] && idle[1] < scaled[1]);
    assert_eq!((idle[3], idle[5]), (scaled[3], scaled[5]));
    let labelled = at(45_000);
    assert!(labelled[3] > *scaled.iter().max().unwrap_or(&0));
    assert_eq!(labelled[0], scaled[0]);
}

/// An old version is refused; the newest is taken, and none means any.
#[test]
fn an_update_of_an_old_version_is_refused() {
    let mut visitor = Visitor::of(WEB);
    let old = visitor.reads(200, "get deploy web -o yaml");
    let refused = visitor.answers("replace -f x.yaml", &old);
    assert_eq!(
        refused.stderr,
        "Error from server (Conflict): error when replacing \"STDIN\": Operation cannot be fulfilled \
         on deployments.apps \"web\": the object has been modified; please apply your changes to the \
         latest version and try again\n"
    );
    assert!(refused.acts.is_empty());
    let new = visitor.reads(20_000, "get deploy web -o yaml");
    let replaced = visitor.answers("replace -f x.yaml", &new);
    assert_eq!(
        (replaced.stdout.as_str(), replaced.stderr.as_str()),
        ("deployment.apps/web replaced\n", "")
    );
    let conflict = "Error from server (Conflict): Operation cannot be fulfilled on services \"web\": \
                    the object has been modified; please apply your changes to the latest version and \
                    try again\n";
    for line in [
        "label svc web a=b --resource-version=1",
        "annotate svc web a=b --resource-version=1",
        "patch svc web --type=merge -p '{\"metadata\":{\"resourceVersion\":\"1\",\"labels\":{\"a\":\"b\"}}}'",
    ] {
        let (stdout, stderr) = visitor.types(20_000, line);
        assert_eq!((stdout.as_str(), stderr.as_str()), ("", conflict), "{line}");
    }
    let current = version(&mut visitor, 20_000, "svc");
    let line = format!("label svc web a=b --resource-version={current}");
    assert_eq!(visitor.reads(20_000, &line), "service/web labeled\n");
}
