//! Pods on their node's network (`hostNetwork`): one port belongs to one process of the node.
//!
//! Each such Pod's machines are told which ports the others have; a probe and a request still reach
//! the Pod that they are for alone.

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
