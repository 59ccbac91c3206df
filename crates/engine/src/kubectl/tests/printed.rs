//! What kubectl 1.36.3 printed of the same objects.

use super::{pod, Visitor};

/// KUB-07: of 21 Pods of one second the order is neither that of their names nor arbitrary.
#[test]
fn equal_keys_come_in_the_order_of_an_unstable_sort() {
    let names =
        "agent-n5xwv agent-n6qk9 agent-qn5fm bad-pft6h bad-rh5lt completed crash db-0 db-1 \
                 done-wxbbr done-xjc87 grpc initfail live noclaim nocm noimage pending web-1 web-2 \
                 web-3";
    let text: String = names
        .split(' ')
        .map(|name| pod(name, &[("a", "")]))
        .collect();
    // The fifth has another key, as the Pod that came ten seconds later.
    let later = "metadata: {name: bad-rh5lt, labels: {z: b}}";
    let mut text = text.replace("metadata: {name: bad-rh5lt}", later);
    for name in names.split(' ').filter(|name| *name != "bad-rh5lt") {
        let labelled = format!("metadata: {{name: {name}, labels: {{z: a}}}}");
        text = text.replace(&format!("metadata: {{name: {name}}}"), &labelled);
    }
    let line = "get pods --sort-by=.metadata.labels.z -o jsonpath='{.items[*].metadata.name}'";
    assert_eq!(
        Visitor::of(&text).reads(20_000, line),
        "done-xjc87 grpc agent-qn5fm bad-pft6h web-3 completed crash db-0 db-1 done-wxbbr \
         agent-n6qk9 initfail agent-n5xwv live noclaim nocm noimage pending web-1 web-2 bad-rh5lt"
    );
}

/// DSC-09.
#[test]
fn claims_and_accounts_are_described() {
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: \
                 {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n---\n";
    let mut visitor = Visitor::of(&[claim, &pod("p", &[("a", "")])].concat());
    let claim = visitor.reads(20_000, "describe pvc data");
    assert!(claim.ends_with(
        "Capacity:      1Gi\nAccess Modes:  RWO\nVolumeMode:    Filesystem\nUsed By:       \
         <none>\nEvents:        <none>\n"
    ));
    let account = visitor.reads(20_000, "describe sa default");
    assert_eq!(
        account,
        "Name:                default\nNamespace:           default\nLabels:              \
         <none>\nAnnotations:         <none>\nImage pull secrets:  <none>\nEvents:              \
         <none>\n"
    );
}

/// ERR-07.
#[test]
fn wrong_lines_are_refused() {
    let mut visitor = Visitor::of(&pod("p", &[("a", "")]));
    for (line, refusal) in [
        (
            "get pod p -A",
            "error: a resource cannot be retrieved by name across all namespaces\n",
        ),
        ("label pod p x=y=z", "error: invalid label spec: x=y=z\n"),
        (
            "taint pod p a=b:NoSchedule",
            "error: invalid resource type pod, only node types are supported\n",
        ),
        (
            "scale deploy/x",
            "error: required flag(s) \"replicas\" not set\n",
        ),
        (
            "delete --all",
            "error: at least one resource must be specified to use a selector\n",
        ),
        (
            "expose pod",
            "error: resource(s) were provided, but no name was specified\n",
        ),
    ] {
        let (stdout, stderr) = visitor.types(20_000, line);
        assert_eq!((stdout.as_str(), stderr.as_str()), ("", refusal), "{line}");
    }
}
