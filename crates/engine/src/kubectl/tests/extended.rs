//! Extended resources: SCH-02, RES-03, CTR-08, DSC-10.

use super::Visitor;

const NODES: &str = "---
apiVersion: v1
kind: Node
metadata: {name: gpu}
status: {capacity: {nvidia.com/gpu: '2', example.com/dongle: 1k}}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 5m
  nodes: [{name: plain}, {name: one, extended: {nvidia.com/gpu: 1}}]
";

fn pod(name: &str, node: &str, gpus: u32) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  nodeName: '{node}'\n  \
         containers:\n  - name: main\n    image: probe-lab:v1\n    resources:\n      limits: \
         {{nvidia.com/gpu: {gpus}, cpu: 100m}}\n---\n"
    )
}

/// Two of the node's two are taken: three nodes have too few left, one of them ever.
#[test]
fn devices_are_counted_and_never_shared() {
    let text = pod("first", "", 2) + &pod("second", "", 1) + &pod("third", "", 2);
    let mut visitor = Visitor::of(&(text + NODES));
    let node = "get pod first -o jsonpath='{.spec.nodeName}'";
    assert_eq!(visitor.reads(20_000, node), "gpu");
    assert_eq!(
        visitor.reads(20_000, &node.replace("first", "second")),
        "one"
    );
    let event = visitor.reads(
        20_000,
        "get events --field-selector reason=FailedScheduling -o jsonpath='{.items[0].message}'",
    );
    assert_eq!(
        event,
        "0/3 nodes are available: 3 Insufficient nvidia.com/gpu. no new claims to deallocate, \
         preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 \
         Preemption is not helpful for scheduling."
    );
}

/// The request is the limit; the node's table has devices without a share, sorted among the rest.
#[test]
fn objects_and_descriptions_name_devices() {
    let mut visitor = Visitor::of(&(pod("first", "", 2) + NODES));
    let resources = "get pod first -o jsonpath='{.spec.containers[0].resources}'";
    assert_eq!(
        visitor.reads(20_000, resources),
        r#"{"limits":{"cpu":"100m","nvidia.com/gpu":"2"},"requests":{"cpu":"100m","nvidia.com/gpu":"2"}}"#
    );
    let described = visitor.reads(20_000, "describe pod first");
    let limits = "    Limits:\n      cpu:             100m\n      nvidia.com/gpu:  2\n";
    assert!(described.contains(limits), "{described}");
    let node = visitor.reads(20_000, "describe node gpu");
    let start = node.find("Allocatable:").unwrap_or(0);
    let end = node.find("System Info:").unwrap_or(0);
    let names: Vec<&str> = node[start..end]
        .lines()
        .skip(1)
        .filter_map(|line| line.trim().split(':').next())
        .collect();
    assert_eq!(
        names,
        [
            "cpu",
            "ephemeral-storage",
            "example.com/dongle",
            "hugepages-1Gi",
            "hugepages-2Mi",
            "memory",
            "nvidia.com/gpu",
            "pods"
        ]
    );
    let rows: Vec<Vec<&str>> = node
        .lines()
        .skip_while(|line| !line.starts_with("Allocated resources:"))
        .skip(7)
        .take(4)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0], ["hugepages-1Gi", "0", "(0%)", "0", "(0%)"]);
    assert_eq!(rows[1], ["hugepages-2Mi", "0", "(0%)", "0", "(0%)"]);
    assert_eq!(rows[2], ["example.com/dongle", "0", "0"]);
    assert_eq!(rows[3], ["nvidia.com/gpu", "2", "2"]);
    let capacity = "get node gpu -o jsonpath='{.status.capacity.example\\.com/dongle}'";
    assert_eq!(visitor.reads(20_000, capacity), "1k");
}

/// A Pod that names its node goes past the scheduler: the kubelet has no device for it. A node that
/// does not know the resource does not ask.
#[test]
fn kubelets_refuse_what_they_cannot_give() {
    let text = pod("two", "one", 2) + &pod("blind", "plain", 2);
    let mut visitor = Visitor::of(&(text + NODES));
    let status = "get pod two -o jsonpath='{.status.phase}|{.status.reason}|{.status.message}'";
    assert_eq!(
        visitor.reads(20_000, status),
        "Failed|UnexpectedAdmissionError|Pod was rejected: Allocate failed due to requested number \
         of devices unavailable for nvidia.com/gpu. Requested: 2, Available: 1, which is unexpected"
    );
    let phase = "get pod blind -o jsonpath='{.status.phase}'";
    assert_eq!(visitor.reads(20_000, phase), "Running");
}
