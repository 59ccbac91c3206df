//! Deployments and Services of a [`super::ClusterView`].

use super::build_cluster::dotted;
use super::{DeploymentView, EndpointView, LedgerView, ServiceView};
use crate::api::{labels_contain, PortRef, ServiceType};
use crate::cluster::{Cluster, Owner};
use crate::controllers::ServiceState;
use crate::ids::{PodId, ServiceId};
use crate::network::written;
use std::sync::Arc;

pub(super) fn deployments(cluster: &Cluster) -> Vec<DeploymentView> {
    cluster
        .controllers
        .live_deployments()
        .map(|(_, state)| DeploymentView {
            name: state.name.to_string(),
            namespace: state.namespace.to_string(),
            created_at: state.created_at,
            replicas: state.object.replicas,
            ready: state.status.ready,
            up_to_date: state.status.updated,
            available: state.status.available,
        })
        .collect()
}

/// `deployment/web`, or `replicaset/web-5d…` of a ReplicaSet without one; empty for a bare Pod.
pub(super) fn owner_name(cluster: &Cluster, owner: Owner) -> String {
    let Owner::ReplicaSet(set) = owner else {
        return String::new();
    };
    let set = cluster.controllers.replica_set(set);
    match set.deployment {
        Some(id) => format!("deployment/{}", cluster.controllers.deployment(id).name),
        None => format!("replicaset/{}", set.name),
    }
}

fn selects(service: &ServiceState, cluster: &Cluster, pod: PodId) -> bool {
    let pod = &cluster.pods[pod.index()];
    !service.object.selector.is_empty()
        && service.namespace == pod.namespace
        && labels_contain(&pod.labels, &service.object.selector)
}

/// Names of the Services that select a Pod.
pub(super) fn services_of(cluster: &Cluster, pod: PodId) -> Vec<String> {
    cluster
        .controllers
        .live_services()
        .filter(|(_, service)| selects(service, cluster, pod))
        .map(|(_, service)| service.name.to_string())
        .collect()
}

pub(super) fn services(cluster: &Cluster) -> Vec<Arc<ServiceView>> {
    cluster
        .controllers
        .live_services()
        .map(|(id, state)| Arc::new(service(cluster, id, state)))
        .collect()
}

fn service(cluster: &Cluster, id: ServiceId, state: &ServiceState) -> ServiceView {
    let route = cluster.network.routes.get(id.index());
    let ledger = route.map(|route| route.ledger).unwrap_or_default();
    ServiceView {
        name: state.name.to_string(),
        namespace: state.namespace.to_string(),
        kind: kind(state).into(),
        cluster_ip: state.cluster_ip.map_or_else(String::new, dotted),
        ports: ports(state),
        selector: state.object.selector.clone().into_iter().collect(),
        endpoints: endpoints(cluster, state),
        rate: route.map_or(0, |route| route.rate_milli.div_ceil(1_000)),
        ledger: LedgerView {
            served: ledger.served,
            server_errors: ledger.errors_5xx,
            refused: ledger.refused,
            reset: ledger.reset,
            timed_out: ledger.timed_out,
            no_endpoint: ledger.no_endpoint,
        },
        last_request: route.and_then(|route| route.ended).map(|(pod, outcome)| {
            let met = cluster.pods.get(pod.index()).filter(|_| pod != PodId::NONE);
            (
                met.map_or_else(String::new, |pod| pod.name.to_string()),
                outcome,
            )
        }),
        mismatch: mismatch(cluster, state),
    }
}

/// The rows of the Service's slices. An address that is no Pod's stands for its name, too.
fn endpoints(cluster: &Cluster, state: &ServiceState) -> Vec<EndpointView> {
    let name = |pod: PodId| cluster.pods[pod.index()].name.to_string();
    let own = state.slice.endpoints.iter().map(|endpoint| EndpointView {
        pod: name(endpoint.pod),
        address: dotted(endpoint.address),
        ready: endpoint.state.ready,
        serving: endpoint.state.serving,
        terminating: endpoint.state.terminating,
        since: endpoint.since,
    });
    let mut rows: Vec<EndpointView> = own.collect();
    for (at, conditions) in written::addresses(cluster, state) {
        let address = dotted(at.address);
        let found = written::resolved(cluster, at);
        rows.push(EndpointView {
            pod: found.map_or_else(|_| address.clone(), |found| name(found.pod)),
            address,
            ready: conditions.ready,
            serving: conditions.serving,
            terminating: conditions.terminating,
            since: state.created_at,
        });
    }
    rows
}

fn kind(state: &ServiceState) -> &'static str {
    match state.object.service_type {
        ServiceType::ClusterIp if state.object.headless => "Headless",
        ServiceType::ClusterIp => "ClusterIP",
        ServiceType::NodePort => "NodePort",
        ServiceType::LoadBalancer => "LoadBalancer",
        ServiceType::ExternalName => "ExternalName",
    }
}

fn ports(state: &ServiceState) -> Vec<String> {
    let ports = state.object.ports.iter();
    ports
        .map(|port| {
            let target = match &port.target_port {
                PortRef::Number(number) => number.to_string(),
                PortRef::Name(name) => name.clone(),
            };
            match port.node_port {
                0 => format!("{} → {target}", port.port),
                node_port => format!("{}:{node_port} → {target}", port.port),
            }
        })
        .collect()
}

/// Which label keeps every Pod of the namespace out, if no Pod is selected: that of the Pod which
/// comes nearest.
fn mismatch(cluster: &Cluster, state: &ServiceState) -> String {
    let namesakes = || {
        let pods = cluster.live_pods();
        pods.filter(|pod| cluster.pods[pod.index()].namespace == state.namespace)
    };
    if state.object.selector.is_empty() || namesakes().any(|pod| selects(state, cluster, pod)) {
        return String::new();
    }
    let differing = |pod: &PodId| {
        let labels = &cluster.pods[pod.index()].labels;
        let selector = state.object.selector.iter();
        selector
            .filter(|(key, value)| labels.get(*key) != Some(*value))
            .count()
    };
    let Some(nearest) = namesakes().min_by_key(differing) else {
        return String::new();
    };
    let pod = &cluster.pods[nearest.index()];
    let wanted = state.object.selector.iter();
    let texts: Vec<String> = wanted
        .filter(|(key, value)| pod.labels.get(*key) != Some(*value))
        .map(|(key, value)| match pod.labels.get(key) {
            Some(other) => format!("{key}={value}, but Pod {} has {key}={other}", pod.name),
            None => format!("{key}={value}, but Pod {} has no label {key}", pod.name),
        })
        .collect();
    texts.join("; ")
}

/// Name and rate (requests a second, rounded up) of a Service, gone ones included.
pub(super) fn name_and_rate(cluster: &Cluster, id: ServiceId) -> (String, u32) {
    let services = &cluster.controllers.services;
    let name = services.get(id.index()).map_or("", |state| &state.name);
    let rate = cluster.network.routes.get(id.index());
    (
        name.into(),
        rate.map_or(0, |route| route.rate_milli.div_ceil(1_000)),
    )
}
