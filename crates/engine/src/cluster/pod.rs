//! A Pod: its object in the API server, and what runs for it on a node.

use crate::api::{PodSpec, StringMap};
use crate::container::PodWorld;
use crate::ids::{NodeId, ReplicaSetId, WorkloadId};
use crate::kubelet::PodWorker;
use crate::status::PodStatus;
use crate::time::Instant;
use std::sync::Arc;

/// The controller that owns a Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    None,
    ReplicaSet(ReplicaSetId),
    Workload(WorkloadId),
}

/// A deletion in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// When it was asked for; `metadata.deletionTimestamp` is this plus the grace.
    pub asked_at: Instant,
    pub grace_seconds: u32,
}

/// One Pod over its whole life.
#[derive(Clone, Debug)]
pub struct PodState {
    pub name: Arc<str>,
    pub namespace: Arc<str>,
    /// As texts print it: eight-four-four-four-twelve hex digits.
    pub uid: Arc<str>,
    pub labels: Arc<StringMap>,
    pub annotations: Arc<StringMap>,
    pub spec: Arc<PodSpec>,
    pub owner: Owner,
    pub created_at: Instant,
    /// `metadata.generation`: 1, raised by a change of the spec and by deletion (STS-13).
    pub generation: u32,
    pub node: Option<NodeId>,
    pub deletion: Option<Deletion>,
    /// When the object left the API server.
    pub removed_at: Option<Instant>,
    /// As the API server has it: the kubelet's may be newer.
    pub status: PodStatus,
    /// The kubelet's side, once it has seen the Pod.
    pub worker: Option<PodWorker>,
    /// Processes, files and sockets.
    pub world: PodWorld,
}

impl PodState {
    /// `name_namespace(uid)`, as the kubelet's texts name a Pod.
    pub fn full_name(&self) -> String {
        format!("{}_{}({})", self.name, self.namespace, self.uid)
    }
}
