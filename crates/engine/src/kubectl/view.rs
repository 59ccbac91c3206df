//! What a verb sees.

use super::api_service;
use super::item::{Item, Thing};
use super::stamp::Stamp;
use crate::api::{Container, PodSpec, StringMap, LAST_APPLIED};
use crate::cluster::{Cluster, Owner, PodState};
use crate::controllers::{ServiceState, Terminating};
use crate::ids::{DeploymentId, NodeId, PodId, ReplicaSetId, ServiceId};
use crate::manifest::yaml::Node;
use crate::status::ConditionStatus;
use crate::time::Instant;
use crate::written::Manifest;

/// Where a workload's manifest describes its Pods.
const TEMPLATE: &str = "spec.template.spec";

/// The cluster at one moment, from a namespace.
pub struct View<'a> {
    pub cluster: &'a Cluster,
    pub now: Instant,
    pub namespace: String,
    /// Text of standard input, for `-f -`.
    pub stdin: Option<String>,
}

impl View<'_> {
    /// The same of another cluster.
    pub fn of<'c>(&self, cluster: &'c Cluster) -> View<'c> {
        View {
            cluster,
            now: self.now,
            namespace: self.namespace.clone(),
            stdin: None,
        }
    }

    /// The text of a file: that of standard input, which also stands for a file if it is not empty.
    pub fn file(&self, name: &str) -> Option<&str> {
        let text = self.stdin.as_deref()?;
        (name == "-" || !text.is_empty()).then_some(text)
    }

    /// A Service.
    pub fn service(&self, thing: &Thing) -> Option<&ServiceState> {
        match thing {
            Thing::Service(id) => Some(self.cluster.controllers.service(*id)),
            Thing::ApiServer => Some(api_service::state()),
            _ => None,
        }
    }

    /// A Pod.
    pub fn pod(&self, pod: PodId) -> &PodState {
        &self.cluster.pods[pod.index()]
    }

    /// The containers of a Pod, or of the Pods of a workload.
    pub fn containers(&self, thing: &Thing) -> &[Container] {
        self.pod_spec(thing).map_or(&[], |spec| &spec.containers)
    }

    /// The spec of a Pod, or of the Pods of a workload.
    pub fn pod_spec(&self, thing: &Thing) -> Option<&PodSpec> {
        let controllers = &self.cluster.controllers;
        Some(match thing {
            Thing::Pod(id) => &self.pod(*id).spec,
            Thing::Deployment(id) => &controllers.deployment(*id).object.template.spec,
            Thing::ReplicaSet(id) => &controllers.replica_set(*id).object.template.spec,
            Thing::Workload(id) => &controllers.workloads[id.index()].object.template.spec,
            _ => return None,
        })
    }

    /// The zone of a node (EPS-04); empty if it names none.
    pub fn zone(&self, node: Option<NodeId>) -> &str {
        let node = node.map(|node| &self.cluster.nodes[node.index()].object.metadata);
        let zone = node.and_then(|node| node.labels.get("topology.kubernetes.io/zone"));
        zone.map_or("", String::as_str)
    }

    /// The node where room is being made for a Pod.
    pub fn nominated(&self, pod: PodId) -> Option<&str> {
        let mut nominated = self.cluster.controllers.scheduler.nominated();
        let (_, node) = nominated.find(|(of, _)| *of == pod)?;
        Some(&self.cluster.nodes[node.index()].name)
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

    /// The manifest of an object.
    pub fn manifest(&self, kind: &str, namespace: &str, name: &str) -> Option<&Manifest> {
        let cluster = self.cluster;
        let default = &cluster.namespace;
        cluster.written.find(kind, namespace, name, default)
    }

    /// An object's annotations, with that of `kubectl apply` (APP-02).
    pub fn annotations(&self, item: &Item, own: &StringMap) -> StringMap {
        let mut all = own.clone();
        let kind = item.resource.singular();
        let manifest = self.manifest(&kind, &item.namespace, &item.name);
        if let Some(manifest) = manifest.filter(|manifest| manifest.is_applied) {
            let text = manifest.source.last_applied(&item.namespace);
            all.insert(LAST_APPLIED.to_owned(), text);
        }
        all
    }

    /// The spec of a Pod as it was written, by its owner's manifest if it has one.
    pub fn pod_as_written(&self, pod: PodId) -> Option<&Node> {
        let state = self.pod(pod);
        let controllers = &self.cluster.controllers;
        let (kind, name, path) = match state.owner {
            Owner::None => ("pod".to_owned(), &state.name, "spec"),
            Owner::ReplicaSet(set) => {
                let set = controllers.replica_set(set);
                match set.deployment {
                    Some(id) => {
                        let name = &controllers.deployment(id).name;
                        ("deployment".to_owned(), name, TEMPLATE)
                    }
                    None => ("replicaset".to_owned(), &set.name, TEMPLATE),
                }
            }
            Owner::Workload(id) => {
                let owner = &controllers.workloads[id.index()];
                let kind = owner.object.kind.name().to_ascii_lowercase();
                (kind, &owner.name, TEMPLATE)
            }
        };
        let manifest = self.manifest(&kind, &state.namespace, name)?;
        manifest.source.root().at(path)
    }

    /// The Pod template of a workload as it was written.
    pub fn template_as_written(&self, kind: &str, namespace: &str, name: &str) -> Option<&Node> {
        self.manifest(kind, namespace, name)?
            .source
            .root()
            .at(TEMPLATE)
    }

    /// When a Namespace that is Terminating was deleted.
    pub fn ending_namespace(&self, name: &str) -> Option<&Terminating> {
        let store = &self.cluster.controllers.store;
        store.ending_namespaces.get(name)
    }

    /// `status.phase` of a Namespace.
    pub fn phase_of_namespace(&self, name: &str) -> &'static str {
        match self.ending_namespace(name) {
            Some(_) => "Terminating",
            None => "Active",
        }
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
