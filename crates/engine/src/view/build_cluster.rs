//! Cluster at a moment → [`ClusterView`].

use super::build_container::container_view;
use super::{
    ClusterView, ConditionView, ContainerRole, DependencyView, EventView, FaultView, GaugeState,
    Look, NextProbeView, NodeView, PodView, RunView, StopsView, CROWD,
};
use crate::cluster::{Cluster, PodState};
use crate::controllers;
use crate::events;
use crate::fault::Undo;
use crate::go_format;
use crate::ids::{NodeId, PodId};
use crate::kubectl::pod_row;
use crate::status::ConditionType;
use crate::time::Instant;
use std::sync::Arc;

/// What a front end shows of `cluster` at `at`, a moment of the run that `run` describes; what is
/// not looked at is left out (None: all of it is).
pub fn cluster_view(
    cluster: &Cluster,
    run: &RunView,
    at: Instant,
    valid_until: Instant,
    look: Option<&Look>,
) -> ClusterView {
    let lanes = LaneIndex::new(run);
    let mut pods: Vec<PodView> = cluster
        .live_pods()
        .map(|pod| pod_view(cluster, &lanes, pod, at))
        .collect();
    let next_probe = next_probe(&pods, at);
    let look = look.filter(|_| pods.len() > CROWD);
    if let Some(look) = look {
        let crowd = pods.iter_mut().filter(|pod| pod.name != look.pod);
        crowd.for_each(calm);
    }
    let told = look.is_none_or(|look| look.events);
    ClusterView {
        at,
        valid_until,
        nodes: cluster
            .live_nodes()
            .map(|node| node_view(cluster, node))
            .collect(),
        pods: pods.into_iter().map(Arc::new).collect(),
        deployments: super::build_services::deployments(cluster),
        services: super::build_services::services(cluster),
        events: cluster
            .events
            .live(at)
            .filter(|_| told)
            .map(|(_, event)| event_view(cluster, event))
            .collect(),
        next_probe,
        stops: stops(&run.moments, at),
        faults: match cluster.faults.is_empty() {
            true => Vec::new(),
            false => loose_faults(cluster),
        },
        dependencies: dependencies(cluster),
    }
}

/// Faults that are no Pod's, each with what it is about.
#[inline(never)]
fn loose_faults(cluster: &Cluster) -> Vec<FaultView> {
    let about = |undo: &Undo| match undo {
        Undo::NodeDisk { node }
        | Undo::Unreachable { node }
        | Undo::Down { node }
        | Undo::Pressure { node, .. }
        | Undo::Kubelet { node } => Some(cluster.nodes[node.index()].name.to_string()),
        Undo::Traffic { service, .. } => {
            Some(super::build_services::name_and_rate(cluster, *service).0)
        }
        _ => None,
    };
    let faults = cluster.faults.iter().filter(|f| f.pod == PodId::NONE);
    faults
        .map(|fault| FaultView {
            input: fault.input,
            label: match about(&fault.undo) {
                Some(name) => [&name, ": ", &fault.undo.label()].concat(),
                None => fault.undo.label(),
            },
            since: fault.since,
            until: None,
        })
        .collect()
}

fn dependencies(cluster: &Cluster) -> Vec<DependencyView> {
    let all = cluster.dependencies.iter();
    all.map(|one| DependencyView {
        name: one.name.clone(),
        up: one.up,
    })
    .collect()
}

fn next_probe(pods: &[PodView], now: Instant) -> Option<NextProbeView> {
    let probes = pods.iter().zip(0..).flat_map(|(pod, number)| {
        let probes = pod.containers.iter().flat_map(|one| &one.probes);
        probes.map(move |probe| (number, probe))
    });
    let due = probes.filter_map(|(pod, probe)| {
        let runs = probe.gauge != GaugeState::Passed; // its worker ticks on, and asks nothing (PRB-13)
        let at = probe.next_tick.filter(|at| runs && *at >= now)?;
        let kind = probe.kind;
        Some(NextProbeView { at, pod, kind })
    });
    due.min_by_key(|next| next.at)
}

/// In a crowd a Pod whose probes go on passing says nothing new.
fn calm(pod: &mut PodView) {
    for container in &mut pod.containers {
        for probe in &mut container.probes {
            probe.last_tick = None;
            probe.next_tick = None;
            if probe.gauge == GaugeState::Passing {
                probe.successes = probe.successes.min(probe.success_threshold);
            }
        }
    }
}

/// Stops around a moment of a run whose stops are `moments`, ascending.
fn stops(moments: &[Instant], at: Instant) -> StopsView {
    let after = moments.partition_point(|moment| *moment <= at);
    let earlier = |by: usize| {
        let place = after.checked_sub(by);
        place.map_or(Instant::ZERO, |place| moments[place])
    };
    StopsView {
        here: earlier(1),
        before: earlier(2),
        next: moments.get(after).copied(),
    }
}

/// Finds a container's lane.
pub(super) struct LaneIndex<'a> {
    run: &'a RunView,
    /// First lane of each Pod, in ascending order of Pods.
    first: Vec<(u32, u32)>,
}

impl<'a> LaneIndex<'a> {
    fn new(run: &'a RunView) -> Self {
        let mut first: Vec<(u32, u32)> = Vec::new();
        for (index, lane) in run.lanes.iter().enumerate() {
            if first.last().is_none_or(|(pod, _)| *pod != lane.pod_id) {
                first.push((lane.pod_id, index as u32));
            }
        }
        first.sort_unstable();
        LaneIndex { run, first }
    }

    /// The lane of container `number` of a Pod.
    pub(super) fn lane(&self, pod: PodId, number: usize) -> Option<&'a super::LaneView> {
        let place = self
            .first
            .binary_search_by_key(&pod.0, |(id, _)| *id)
            .ok()?;
        let lane = self.run.lanes.get(self.first[place].1 as usize + number)?;
        (lane.pod_id == pod.0).then_some(lane)
    }
}

fn node_view(cluster: &Cluster, id: NodeId) -> NodeView {
    let node = &cluster.nodes[id.index()];
    NodeView {
        name: node.name.to_string(),
        ready: controllers::node_is_ready(cluster, id),
        schedulable: !node.object.unschedulable,
        address: dotted(node.address),
    }
}

/// An IPv4 address in dots.
pub(super) fn dotted(address: u32) -> String {
    go_format::ipv4(address)
}

fn pod_view(cluster: &Cluster, lanes: &LaneIndex, id: PodId, at: Instant) -> PodView {
    let pod: &PodState = &cluster.pods[id.index()];
    let row = pod_row(pod);
    PodView {
        id: id.0,
        name: pod.name.to_string(),
        namespace: pod.namespace.to_string(),
        owner: super::build_services::owner_name(cluster, pod.owner),
        node: pod.node.map_or_else(String::new, |node| {
            cluster.nodes[node.index()].name.to_string()
        }),
        ip: pod.status.pod_ip.map_or_else(String::new, dotted),
        created_at: pod.created_at,
        ready_containers: row.ready,
        total_containers: row.total,
        status: row.status,
        restarts: row.restarts,
        last_restart_at: row.last_restart_at,
        phase: pod.status.phase.name().into(),
        ready: pod.status.is_ready(),
        deleting: pod.deletion.is_some(),
        conditions: conditions(cluster, pod),
        containers: (0..pod.spec.container_count())
            .filter_map(|number| container_view(cluster, lanes, id, number, at))
            .collect(),
        services: super::build_services::services_of(cluster, id),
    }
}

fn conditions(cluster: &Cluster, pod: &PodState) -> Vec<ConditionView> {
    ConditionType::ALL
        .into_iter()
        .map(|kind| (kind, pod.status.condition(kind)))
        .filter(|(_, condition)| !condition.status.name().is_empty())
        .map(|(kind, condition)| ConditionView {
            kind: kind.name().into(),
            status: condition.status.name().into(),
            reason: condition.reason.into(),
            message: cluster.texts.get(condition.message).into(),
            last_transition: condition.last_transition,
        })
        .collect()
}

/// The role of container `number`.
pub(super) fn role(pod: &PodState, number: usize) -> ContainerRole {
    if pod.spec.is_sidecar(number) {
        ContainerRole::Sidecar
    } else if number < pod.spec.init_containers.len() {
        ContainerRole::Init
    } else {
        ContainerRole::Regular
    }
}

fn event_view(cluster: &Cluster, event: &events::StoredEvent) -> EventView {
    let emission = &event.emission;
    let container = match (emission.object, emission.container) {
        (events::Object::Pod(pod), Some(number)) => cluster.pods[pod.index()]
            .spec
            .container(usize::from(number))
            .map_or_else(String::new, |container| container.name.clone()),
        _ => String::new(),
    };
    EventView {
        object: events::object_name(cluster, emission.object),
        container,
        warning: emission.event_type == events::EventType::Warning,
        reason: emission.reason.into(),
        message: events::render(cluster, event),
        count: event.count,
        first: event.first,
        last: event.last,
        source: emission.source.component().into(),
    }
}
