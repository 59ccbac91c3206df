//! A node's conditions (RES-06).

use super::view::View;
use crate::fault::Pressure;
use crate::ids::NodeId;

/// One of `status.conditions`.
#[derive(Clone, Copy)]
pub struct NodeCondition {
    pub kind: &'static str,
    pub status: &'static str,
    pub reason: &'static str,
    pub message: &'static str,
}

const fn condition(
    kind: &'static str,
    status: &'static str,
    reason: &'static str,
    message: &'static str,
) -> NodeCondition {
    NodeCondition {
        kind,
        status,
        reason,
        message,
    }
}

/// Of a healthy node.
#[rustfmt::skip]
const HEALTHY: [NodeCondition; 4] = [
    condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
];

/// Where something is short: the taint that stands as long as the condition (RES-05).
#[rustfmt::skip]
const SHORT: [(Pressure, NodeCondition); 2] = [
    (
        Pressure::Memory,
        condition("MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
    ),
    (
        Pressure::Disk,
        condition("DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure"),
    ),
];

/// The conditions in the order of the API. Of a node that is silent nothing is known (NOD-02).
pub fn node_conditions(view: &View, id: NodeId) -> [NodeCondition; 4] {
    let mut conditions = HEALTHY;
    if !view.node_is_ready(id) {
        for known in &mut conditions {
            let message = "Kubelet stopped posting node status.";
            *known = condition(known.kind, "Unknown", "NodeStatusUnknown", message);
        }
        return conditions;
    }
    let taints = &view.cluster.nodes[id.index()].object.taints;
    for (pressure, short) in SHORT {
        if taints.iter().any(|taint| taint.key == pressure.taint()) {
            for known in conditions
                .iter_mut()
                .filter(|known| known.kind == short.kind)
            {
                *known = short;
            }
        }
    }
    conditions
}
