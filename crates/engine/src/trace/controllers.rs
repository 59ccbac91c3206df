//! Rows of Services, slices, Deployments, ReplicaSets and nodes.

use super::tracer::Rows;
use super::{Change, DeploymentRow, EndpointsRow, NodeRow, ReplicaSetRow, ServiceRow, Verb};
use crate::api::TaintEffect;
use crate::controllers::{
    self, DeploymentCondition, DeploymentState, DeploymentStatus, ReplicaSetState, ReplicaSetStatus,
};
use crate::ids::{DeploymentId, NodeId, PodId, ReplicaSetId, ServiceId};
use crate::record::What;
use crate::sorted::Map;

/// What a client has seen of the objects that controllers write.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    deployments: Map<DeploymentId, (DeploymentStatus, u32)>,
    replica_sets: Map<ReplicaSetId, (ReplicaSetStatus, u32)>,
    /// Whether the Service is there.
    services: Map<ServiceId, bool>,
    slices: Map<ServiceId, EndpointsRow>,
    /// None: as new nodes are.
    nodes: Map<NodeId, NodeRow>,
}

impl Seen {
    pub(super) fn observe(&mut self, out: &mut Rows, what: &What) {
        match *what {
            What::DeploymentChanged { deployment } => self.deployment(out, deployment),
            What::ReplicaSetChanged { replica_set } => self.replica_set(out, replica_set),
            What::ServiceChanged { service } => {
                self.service(out, service);
                self.slice(out, service);
            }
            What::Endpoint { service, .. } => self.slice(out, service),
            What::NodeChanged { node } => self.node(out, node),
            _ => {}
        }
    }

    /// Labels and annotations do not show.
    fn node(&mut self, out: &mut Rows, id: NodeId) {
        let row = node_row(out, id);
        let is_same = match self.nodes.get(&id) {
            Some(before) => *before == row,
            // A kubelet that starts posts all of its node's status.
            None if out.cluster.nodes[id.index()].restarted_at.is_some() => false,
            #[cfg(feature = "scripted")]
            None if out.cluster.recorded.posts(&row.node) => false,
            None => row.taints.is_empty() && !row.unschedulable && row.ready == "True",
        };
        if !is_same {
            self.nodes.insert(id, row.clone());
            out.push(Change::Node(row));
        }
    }

    fn deployment(&mut self, out: &mut Rows, id: DeploymentId) {
        let state: &DeploymentState = out.cluster.controllers.deployment(id);
        let now = (state.status, state.object.replicas);
        let before = self.deployments.insert(id, now);
        if state.removed_at.is_some() {
            self.deployments.remove(&id);
        } else if before == Some(now) {
            return;
        }
        let conditions = |status: &DeploymentStatus| (status.availability, status.progress);
        let before_conditions = before.map(|(status, _)| conditions(&status));
        let row = deployment_row(
            out,
            state,
            before_conditions != Some(conditions(&state.status)),
            verb(before.is_none(), state.removed_at.is_some()),
        );
        out.push(Change::Deployment(Box::new(row)));
    }

    fn replica_set(&mut self, out: &mut Rows, id: ReplicaSetId) {
        let state: &ReplicaSetState = out.cluster.controllers.replica_set(id);
        let now = (state.status, state.object.replicas);
        let before = self.replica_sets.insert(id, now);
        if state.removed_at.is_some() {
            self.replica_sets.remove(&id);
        } else if before == Some(now) {
            return;
        }
        let row = ReplicaSetRow {
            name: state.name.to_string(),
            verb: verb(before.is_none(), state.removed_at.is_some()),
            replicas: state.status.replicas,
            ready_replicas: state.status.ready,
            available_replicas: state.status.available,
            terminating_replicas: state.status.terminating,
            observed_generation: u64::from(state.status.observed_generation),
            spec_replicas: state.object.replicas,
        };
        out.push(Change::ReplicaSet(row));
    }

    fn service(&mut self, out: &mut Rows, id: ServiceId) {
        let state = out.cluster.controllers.service(id);
        let is_there = state.removed_at.is_none();
        let was_there = self.services.insert(id, is_there).unwrap_or(false);
        let verb = match (was_there, is_there) {
            (false, true) => Verb::Added,
            (true, false) => Verb::Deleted,
            _ => return,
        };
        let row = ServiceRow {
            verb,
            name: state.name.to_string(),
            selector: state.object.selector.clone().into_iter().collect(),
        };
        out.push(Change::Service(row));
    }

    fn slice(&mut self, out: &mut Rows, id: ServiceId) {
        let state = out.cluster.controllers.service(id);
        if state.slice.name.is_empty() {
            return;
        }
        if state.removed_at.is_some() && state.slice.endpoints.is_empty() {
            // The object goes as it was last.
            if let Some(mut row) = self.slices.remove(&id) {
                row.verb = Some(Verb::Deleted);
                out.push(Change::Endpoints(Box::new(row)));
            }
            return;
        }
        let names = |wanted: fn(&crate::record::EndpointState) -> bool| -> Vec<String> {
            let endpoints = state.slice.endpoints.iter();
            endpoints
                .filter(|endpoint| wanted(&endpoint.state))
                .map(|endpoint| pod_name(out, endpoint.pod))
                .collect()
        };
        let mut row = EndpointsRow {
            service: state.name.to_string(),
            slice: state.slice.name.to_string(),
            verb: None,
            ports: slice_ports(state),
            ready: names(|state| state.ready),
            not_ready: names(|state| !state.ready),
            terminating: names(|state| state.terminating),
            serving: names(|state| state.serving),
        };
        match self.slices.get(&id) {
            Some(before) if *before == row => return,
            Some(_) => {
                self.slices.insert(id, row.clone());
            }
            None => {
                self.slices.insert(id, row.clone());
                row.verb = Some(Verb::Added);
            }
        }
        out.push(Change::Endpoints(Box::new(row)));
    }
}

fn verb(is_new: bool, is_gone: bool) -> Option<Verb> {
    match (is_new, is_gone) {
        (_, true) => Some(Verb::Deleted),
        (true, false) => Some(Verb::Added),
        (false, false) => None,
    }
}

/// The slice's port numbers: the endpoints' own, none while there is no endpoint.
fn slice_ports(state: &crate::controllers::ServiceState) -> Vec<u32> {
    let first = state.slice.endpoints.first();
    first.map_or_else(Vec::new, |endpoint| {
        let ports = endpoint.ports.iter().filter(|port| **port != 0);
        ports.map(|port| u32::from(*port)).collect()
    })
}

fn pod_name(out: &Rows, pod: PodId) -> String {
    out.cluster.pods[pod.index()].name.to_string()
}

fn deployment_row(
    out: &Rows,
    state: &DeploymentState,
    with_conditions: bool,
    verb: Option<Verb>,
) -> DeploymentRow {
    let status = &state.status;
    DeploymentRow {
        name: state.name.to_string(),
        verb,
        replicas: status.replicas,
        updated_replicas: status.updated,
        ready_replicas: status.ready,
        available_replicas: status.available,
        unavailable_replicas: status.unavailable,
        terminating_replicas: status.terminating,
        observed_generation: u64::from(status.observed_generation),
        spec_replicas: state.object.replicas,
        conditions: if with_conditions {
            conditions(out, status)
        } else {
            Vec::new()
        },
    }
}

/// Type to `STATUS/REASON: MESSAGE`, in the order in which they were last updated.
fn conditions(out: &Rows, status: &DeploymentStatus) -> Vec<(String, String)> {
    let text = |condition: &DeploymentCondition| {
        format!(
            "{}/{}: {}",
            condition.reason.status().name(),
            condition.reason.name(),
            out.cluster.texts.get(condition.message)
        )
    };
    [
        ("Available", &status.availability),
        ("Progressing", &status.progress),
    ]
    .into_iter()
    .filter_map(|(kind, condition)| Some((kind.to_string(), text(condition.as_ref()?))))
    .collect()
}

fn node_row(out: &Rows, node: NodeId) -> NodeRow {
    let (ready, reason) = if controllers::node_is_ready(out.cluster, node) {
        ("True", "KubeletReady")
    } else {
        ("Unknown", "NodeStatusUnknown")
    };
    let node = &out.cluster.nodes[node.index()];
    let effect = |effect: TaintEffect| match effect {
        TaintEffect::NoSchedule => "NoSchedule",
        TaintEffect::PreferNoSchedule => "PreferNoSchedule",
        TaintEffect::NoExecute => "NoExecute",
    };
    let mut taints: Vec<String> = node
        .object
        .taints
        .iter()
        .map(|taint| format!("{}={}:{}", taint.key, taint.value, effect(taint.effect)))
        .collect();
    taints.sort();
    NodeRow {
        node: node.name.to_string(),
        ready: ready.into(),
        reason: reason.into(),
        taints,
        unschedulable: node.object.unschedulable,
    }
}
