//! Pods on their node's network (`hostNetwork`): one port belongs to one process of the node.
//!
//! Each such Pod's machines are told which ports the others have. A probe goes to an address, and
//! reaches whoever has the port there.

use crate::cluster::{Cluster, Cx};
use crate::ids::{NodeId, PodId};

fn listening(cluster: &Cluster, pod: PodId) -> impl Iterator<Item = u16> + '_ {
    let listeners = cluster.pods[pod.index()].world.listeners();
    listeners.iter().map(|listener| listener.port)
}

/// A Pod has come to its node, or a socket has opened or closed in it.
#[inline(never)]
pub fn share_ports(cx: &mut Cx, node: NodeId) {
    let own = cx.node(node).pods.iter().copied();
    let pods: Vec<PodId> = own.filter(|pod| cx.pod(*pod).spec.host_network).collect();
    for &pod in &pods {
        let others = pods.iter().filter(|other| **other != pod);
        let taken: Vec<u16> = others
            .flat_map(|other| listening(cx.cluster, *other))
            .collect();
        if cx.pod(pod).world.taken_ports() != taken {
            cx.pod_mut(pod).world.set_taken_ports(taken);
        }
    }
}

/// Whom a connection to the Pod's address reaches: the Pod itself, or on its node's network whoever
/// has the port there.
pub fn port_owner(cx: &Cx, pod: PodId, port: u16) -> PodId {
    let state = cx.pod(pod);
    match state.node {
        Some(node) if state.spec.host_network => owner_on(cx, node, pod, port),
        _ => pod,
    }
}

#[inline(never)]
fn owner_on(cx: &Cx, node: NodeId, pod: PodId, port: u16) -> PodId {
    let has = |pod: &PodId| listening(cx.cluster, *pod).any(|own| own == port);
    let mut others = cx.node(node).pods.iter().copied();
    match has(&pod) {
        true => pod,
        false => others
            .find(|other| cx.pod(*other).spec.host_network && has(other))
            .unwrap_or(pod),
    }
}
