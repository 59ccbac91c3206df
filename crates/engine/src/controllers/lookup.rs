//! Objects by name, and Pods as steps name them.

use super::ReplicaSetState;
use crate::api::labels_contain;
use crate::cluster::{Cluster, Owner, PodState};
use crate::ids::{DeploymentId, NodeId, PodId, ReplicaSetId, ServiceId};
use crate::scenario::PodRef;
use std::sync::Arc;

/// The namespace as stored: an empty one means the cluster's default one.
pub(super) fn or_default(cluster: &Cluster, namespace: &str) -> Arc<str> {
    if namespace.is_empty() {
        Arc::clone(&cluster.namespace)
    } else {
        namespace.into()
    }
}

fn same_namespace(cluster: &Cluster, have: &str, wanted: &str) -> bool {
    have == wanted || (wanted.is_empty() && *have == *cluster.namespace)
}

/// A Pod that the API server has. An empty namespace means the default one
/// ([`Cluster::namespace`]), here and below.
pub fn find_pod(cluster: &Cluster, namespace: &str, name: &str) -> Option<PodId> {
    cluster.live_pods().find(|pod| {
        let pod = &cluster.pods[pod.index()];
        *pod.name == *name && same_namespace(cluster, &pod.namespace, namespace)
    })
}

/// A Deployment that the API server has.
pub fn find_deployment(cluster: &Cluster, namespace: &str, name: &str) -> Option<DeploymentId> {
    cluster
        .controllers
        .live_deployments()
        .find(|(_, d)| *d.name == *name && same_namespace(cluster, &d.namespace, namespace))
        .map(|(id, _)| id)
}

/// A ReplicaSet that the API server has.
pub fn find_replica_set(cluster: &Cluster, namespace: &str, name: &str) -> Option<ReplicaSetId> {
    cluster
        .controllers
        .live_replica_sets()
        .find(|(_, set)| *set.name == *name && same_namespace(cluster, &set.namespace, namespace))
        .map(|(id, _)| id)
}

/// A Service that the API server has.
pub fn find_service(cluster: &Cluster, namespace: &str, name: &str) -> Option<ServiceId> {
    cluster
        .controllers
        .live_services()
        .find(|(_, s)| *s.name == *name && same_namespace(cluster, &s.namespace, namespace))
        .map(|(id, _)| id)
}

/// A node.
pub fn find_node(cluster: &Cluster, name: &str) -> Option<NodeId> {
    let mut nodes = cluster.nodes.iter();
    let index = nodes.position(|node| node.has_object && *node.name == *name)?;
    Some(NodeId::at(index))
}

/// The Pods that a step names, in any namespace; none if there is no such Pod now.
pub fn resolve(cluster: &Cluster, wanted: &PodRef) -> Vec<PodId> {
    match wanted {
        PodRef::Name(name) => cluster
            .live_pods()
            .filter(|pod| *cluster.pods[pod.index()].name == **name)
            .take(1)
            .collect(),
        PodRef::Nth {
            kind,
            owner,
            number,
        } => {
            let mut pods: Vec<PodId> = cluster
                .live_pods()
                .filter(|pod| {
                    let pod = &cluster.pods[pod.index()];
                    // Without a kind, as recordings write it, terminating Pods count.
                    (kind.is_empty() || pod.deletion.is_none())
                        && is_owned_by(cluster, pod, kind, owner)
                })
                .collect();
            pods.sort_by(|a, b| {
                let (a, b) = (&cluster.pods[a.index()], &cluster.pods[b.index()]);
                (a.created_at, &a.name).cmp(&(b.created_at, &b.name))
            });
            let index = (*number as usize).wrapping_sub(1);
            pods.get(index).copied().into_iter().collect()
        }
        PodRef::Labels(labels) => {
            let wanted = labels.iter().cloned().collect();
            cluster
                .live_pods()
                .filter(|pod| labels_contain(&cluster.pods[pod.index()].labels, &wanted))
                .collect()
        }
    }
}

fn is_owned_by(cluster: &Cluster, pod: &PodState, kind: &str, owner: &str) -> bool {
    let set = match pod.owner {
        Owner::ReplicaSet(set) => set,
        Owner::Workload(id) => {
            let state = &cluster.controllers.workloads[id.index()];
            let is_kind = kind.is_empty() || state.object.kind.name().eq_ignore_ascii_case(kind);
            return is_kind && *state.name == *owner;
        }
        Owner::None => return false,
    };
    let set: &ReplicaSetState = cluster.controllers.replica_set(set);
    let is_set = *set.name == *owner;
    let is_deployment = set
        .deployment
        .is_some_and(|id| *cluster.controllers.deployment(id).name == *owner);
    match kind {
        "" => is_set || is_deployment,
        "deployment" => is_deployment,
        "replicaset" => is_set,
        _ => false,
    }
}
