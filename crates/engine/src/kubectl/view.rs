//! What a verb sees.

use super::stamp::Stamp;
use crate::api::StringMap;
use crate::cluster::{Cluster, PodState};
use crate::ids::{DeploymentId, NodeId, PodId, ReplicaSetId, ServiceId};
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

    /// Status of a condition that a readiness gate asks for.
    pub fn gate(&self, pod: PodId, name: &str) -> ConditionStatus {
        let mut foreign = self.pod(pod).status.foreign.iter();
        let found = foreign.find(|(kind, _)| self.cluster.texts.get(*kind) == name);
        found.map_or(ConditionStatus::Absent, |(_, status)| *status)
    }

    /// Whether a node's condition Ready is True.
    pub fn node_is_ready(&self, node: NodeId) -> bool {
        crate::controllers::node_is_ready(self.cluster, node)
    }

    /// The ReplicaSet of a Deployment's current template.
    pub fn newest_set(&self, id: DeploymentId) -> Option<ReplicaSetId> {
        let controllers = &self.cluster.controllers;
        let state = controllers.deployment(id);
        let wanted = &state.object.template;
        let is_same = |set: &&ReplicaSetId| {
            let have = &controllers.replica_set(**set).object.template;
            let mut labels = have.metadata.labels.clone();
            labels.remove("pod-template-hash");
            have.spec == wanted.spec
                && have.metadata.annotations == wanted.metadata.annotations
                && labels == wanted.metadata.labels
        };
        state.replica_sets.iter().find(is_same).copied()
    }

    /// Annotations of a Service's EndpointSlice (EPS-04).
    pub fn slice_annotations(&self, id: ServiceId) -> StringMap {
        let slice = &self.cluster.controllers.service(id).slice;
        let mut annotations = StringMap::new();
        if let Some(since) = slice.trigger {
            let key = "endpoints.kubernetes.io/last-change-trigger-time".to_owned();
            annotations.insert(key, self.date(Stamp::of(since)));
        }
        annotations
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
