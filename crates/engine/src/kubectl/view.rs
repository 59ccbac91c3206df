//! What a verb sees.

use super::stamp::Stamp;
use crate::cluster::{Cluster, PodState};
use crate::ids::{NodeId, PodId};
use crate::status::ConditionStatus;
use crate::time::Instant;

/// The cluster at one moment, from a namespace.
pub struct View<'a> {
    pub cluster: &'a Cluster,
    pub now: Instant,
    pub namespace: String,
    /// Text of standard input, for `-f -`.
    pub stdin: Option<String>,
}

impl View<'_> {
    /// A Pod.
    pub fn pod(&self, pod: PodId) -> &PodState {
        &self.cluster.pods[pod.index()]
    }

    /// Status of a condition that a readiness gate asks for. Nothing sets such conditions yet.
    pub fn gate(&self, _pod: PodId, _name: &str) -> ConditionStatus {
        ConditionStatus::Absent
    }

    /// Whether a node's condition Ready is True.
    pub fn node_is_ready(&self, node: NodeId) -> bool {
        self.cluster.nodes[node.index()].is_running
    }

    /// `Thu, 01 Jan 2026 00:00:00 +0000`.
    pub fn long_date(&self, stamp: Stamp) -> String {
        stamp.rfc1123(self.cluster.start_unix_secs)
    }

    /// `2026-01-01T00:00:00Z`.
    pub fn date(&self, stamp: Stamp) -> String {
        stamp.rfc3339(self.cluster.start_unix_secs)
    }
}
