//! Workloads, and the other kinds a stream may hold.

use super::{LabelSelector, Metadata, Pod, PodTemplate, Service, StringMap, Taint};
use serde::{Deserialize, Serialize};

/// `apps/v1` Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub metadata: Metadata,
    pub replicas: u32,
    pub selector: LabelSelector,
    pub template: PodTemplate,
    pub strategy: Strategy,
    pub min_ready_seconds: u32,
    pub revision_history_limit: u32,
    pub progress_deadline_seconds: u32,
    pub paused: bool,
}

/// How a Deployment replaces Pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    Recreate,
    RollingUpdate {
        max_surge: Amount,
        max_unavailable: Amount,
    },
}

/// `intstr.IntOrString` as a number of Pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Amount {
    Count(u32),
    Percent(u32),
}

/// `apps/v1` ReplicaSet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSet {
    pub metadata: Metadata,
    pub replicas: u32,
    pub selector: LabelSelector,
    pub template: PodTemplate,
    pub min_ready_seconds: u32,
}

/// `v1.Node` as a manifest or a Scenario describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub metadata: Metadata,
    pub unschedulable: bool,
    pub taints: Vec<Taint>,
    pub cpu_milli: u64,
    pub memory_bytes: u64,
    pub ephemeral_bytes: u64,
    pub pods: u32,
}

/// ConfigMap or Secret: keys and their content (Secret values decoded).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigData {
    pub metadata: Metadata,
    pub data: StringMap,
}

/// One object of a stream, with defaults applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant)] // a handful per stream; boxing would only obscure
pub enum Object {
    Pod(Pod),
    Deployment(Deployment),
    ReplicaSet(ReplicaSet),
    Service(Service),
    Node(Node),
    Namespace(Metadata),
    ConfigMap(ConfigData),
    Secret(ConfigData),
    PersistentVolumeClaim(Metadata),
    /// Accepted by the API server, not simulated here: `kind` and name.
    Other {
        api_version: String,
        kind: String,
        metadata: Metadata,
    },
}
