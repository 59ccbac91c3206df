//! The cluster before the first object.

use crate::api::{named_namespace, Node};
use crate::cluster::Cluster;
use crate::ids::NodeId;
use crate::kubelet::Kubelet;
use std::sync::Arc;

/// The first node's address is one above it (recorded: 192.168.0.121, …122).
const NODE_NETWORK: u32 = u32::from_be_bytes([192, 168, 0, 120]);
/// The first node's Pod network is 256 above it: 10.244.1.0/24.
const POD_NETWORKS: u32 = u32::from_be_bytes([10, 244, 0, 0]);
/// Namespaces that every cluster has.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// Gives a new cluster its nodes, Ready from the start, and its namespaces.
pub fn bootstrap(cluster: &mut Cluster, nodes: &[Node]) {
    let store = Arc::make_mut(&mut cluster.controllers.store);
    for namespace in NAMESPACES {
        let metadata = named_namespace(namespace);
        store.namespaces.insert(namespace.to_owned(), metadata);
    }
    let scheduler = Arc::make_mut(&mut cluster.controllers.scheduler);
    scheduler.start(&mut cluster.draws);
    for node in nodes {
        add_kubelet(cluster, node.clone());
    }
    let lifecycle = Arc::make_mut(&mut cluster.controllers.nodes);
    lifecycle.start(&mut cluster.draws);
    for _ in nodes {
        lifecycle.add_node(&mut cluster.draws);
    }
}

/// Adds a node to a cluster that runs.
pub(super) fn add_node(cluster: &mut Cluster, node: Node) -> NodeId {
    let id = add_kubelet(cluster, node);
    let lifecycle = Arc::make_mut(&mut cluster.controllers.nodes);
    lifecycle.add_node(&mut cluster.draws);
    id
}

/// A node with the labels that its kubelet sets.
fn add_kubelet(cluster: &mut Cluster, mut node: Node) -> NodeId {
    let name = node.metadata.name.clone();
    let own = [
        ("beta.kubernetes.io/arch", "amd64"),
        ("beta.kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", "amd64"),
        ("kubernetes.io/hostname", name.as_str()),
        ("kubernetes.io/os", "linux"),
    ];
    for (key, value) in own {
        let labels = &mut node.metadata.labels;
        labels
            .entry(key.to_owned())
            .or_insert_with(|| value.to_owned());
    }
    let id = NodeId::at(cluster.nodes.len());
    let kubelet = Kubelet::new(
        Arc::new(node),
        NODE_NETWORK.wrapping_add(id.0 + 1),
        POD_NETWORKS.wrapping_add((id.0 + 1) << 8),
        &mut cluster.draws,
    );
    cluster.nodes.push(Arc::new(kubelet));
    id
}
