//! Rows of Services, their slices, Deployments, ReplicaSets, nodes; and of what the user did.

use super::{ordered, Seconds, Verb};
use serde::{Deserialize, Serialize};

/// An EndpointSlice: Pod names by condition of their endpoint, in the slice's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointsRow {
    pub service: String,
    /// Name of the EndpointSlice.
    pub slice: String,
    /// Absent for a modification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verb: Option<Verb>,
    /// Port numbers of the slice.
    pub ports: Vec<u32>,
    pub ready: Vec<String>,
    /// Listed, but not ready.
    pub not_ready: Vec<String>,
    pub terminating: Vec<String>,
    pub serving: Vec<String>,
}

/// A Service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    pub verb: Verb,
    pub name: String,
    #[serde(with = "ordered")]
    pub selector: Vec<(String, String)>,
}

/// Counts of a Deployment's status, `specReplicas` of its spec. A row appears when one changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentRow {
    pub name: String,
    /// Absent for a modification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verb: Option<Verb>,
    pub replicas: u32,
    pub updated_replicas: u32,
    pub ready_replicas: u32,
    pub available_replicas: u32,
    pub unavailable_replicas: u32,
    pub terminating_replicas: u32,
    pub observed_generation: u64,
    pub spec_replicas: u32,
    /// All conditions in the status' order, type to `STATUS/REASON: MESSAGE`; absent (empty) when
    /// none of them changed.
    #[serde(with = "ordered", default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<(String, String)>,
}

/// Counts of a ReplicaSet's status, `specReplicas` of its spec. A row appears when one changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplicaSetRow {
    pub name: String,
    /// Absent for a modification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verb: Option<Verb>,
    pub replicas: u32,
    pub ready_replicas: u32,
    pub available_replicas: u32,
    pub terminating_replicas: u32,
    pub observed_generation: u64,
    pub spec_replicas: u32,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRow {
    pub node: String,
    /// Status of the condition Ready: `True`, `False`, `Unknown`.
    pub ready: String,
    /// Reason of the condition Ready.
    pub reason: String,
    /// `KEY=VALUE:EFFECT` each.
    pub taints: Vec<String>,
    pub unschedulable: bool,
}

/// A step that was carried out, in a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRow {
    /// Number in the recording's list of actions.
    pub action: u32,
    /// Kind of step.
    #[serde(rename = "do")]
    pub kind: String,
    /// The command line.
    pub detail: String,
    /// Exit code of the command.
    pub exit: i32,
    /// When the command ended.
    pub t_end: Seconds,
}
