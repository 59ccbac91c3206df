//! What a kubelet refuses though it is bound to its node, mostly because `nodeName` went past the
//! scheduler (RES-03).

use super::extended;
use super::filter::{is_selected, is_tolerated, ports_conflict};
use super::request::{self, Amounts};
use crate::api::{Node, PodSpec, TaintEffect};
use crate::cluster::Cluster;
use crate::ids::{NodeId, PodId};

/// Reason and text of a refusal.
pub fn refusal(cluster: &Cluster, pod: PodId, node: NodeId) -> Option<(&'static str, String)> {
    let spec = &cluster.pods[pod.index()].spec;
    let kubelet = &cluster.nodes[node.index()];
    let object = &kubelet.object;
    let wanted = request::of_pod(spec);
    let pressure = pressure(object, spec, wanted);
    if pressure.is_some() {
        return pressure;
    }
    // Those that it has let in, in the order in which they came.
    let others = || {
        let others = kubelet.pods.iter().filter(|other| **other != pod);
        let others = others.map(|other| &*cluster.pods[other.index()]);
        others.filter(|other| other.removed_at.is_none() && !other.status.phase.is_terminal())
    };
    if extended::is_asked_for(spec) {
        let used = |name: &str| {
            others()
                .map(|other| extended::wanted(&other.spec, name))
                .sum()
        };
        if let Some(refusal) = extended::refused(object, spec, &used) {
            return Some(refusal);
        }
    }
    let mut used = Amounts::default();
    let mut count = 0;
    for other in others() {
        used = used.plus(request::of_pod(&other.spec));
        count += 1;
    }
    let capacity = u64::from(object.pods);
    for (reason, requested, used, capacity) in [
        ("OutOfpods", 1, count, capacity),
        (
            "OutOfcpu",
            wanted.cpu_milli,
            used.cpu_milli,
            object.cpu_milli,
        ),
        (
            "OutOfmemory",
            wanted.memory_bytes,
            used.memory_bytes,
            object.memory_bytes,
        ),
        (
            "OutOfephemeral-storage",
            wanted.ephemeral_bytes,
            used.ephemeral_bytes,
            object.ephemeral_bytes,
        ),
    ] {
        if requested > 0 && requested > capacity.saturating_sub(used) {
            let name = reason.trim_start_matches("OutOf");
            return Some((reason, shortage(name, [requested, used, capacity])));
        }
    }
    if !is_selected(object, spec) {
        let text =
            "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
        return refused("NodeAffinity", text);
    }
    if ports_conflict(spec, others()) {
        let text = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
        return refused("NodePorts", text);
    }
    let mut taints = object.taints.iter();
    if taints.any(|t| t.effect == TaintEffect::NoExecute && !is_tolerated(spec, t)) {
        let text =
            "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate";
        return refused("TaintToleration", text);
    }
    None
}

/// What a node that is short of something does not let in (RES-05).
fn pressure(object: &Node, spec: &PodSpec, wanted: Amounts) -> Option<(&'static str, String)> {
    let has = |key: &str| object.taints.iter().any(|taint| taint.key == key);
    let is_modest = (wanted.cpu_milli, wanted.memory_bytes) == (0, 0);
    let memory = "node.kubernetes.io/memory-pressure";
    let bears = |key: &str| spec.tolerations.iter().any(|t| t.exists && t.key == key);
    if has("node.kubernetes.io/disk-pressure") {
        return refused("Evicted", "The node had condition: [DiskPressure]. ");
    }
    if is_modest && has(memory) && !bears(memory) {
        return refused("Evicted", "The node had condition: [MemoryPressure]. ");
    }
    None
}

fn refused(reason: &'static str, text: &str) -> Option<(&'static str, String)> {
    Some((reason, text.to_string()))
}

/// What a kubelet says about a resource that its node has too little of.
pub fn shortage(name: &str, amounts: [u64; 3]) -> String {
    let [requested, used, capacity] = amounts.map(|amount| amount.to_string());
    let text = [
        "Node didn't have enough resource: ",
        name,
        ", requested: ",
        &requested,
        ", used: ",
        &used,
        ", capacity: ",
        &capacity,
    ];
    text.concat()
}
