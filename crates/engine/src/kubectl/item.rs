//! The API server's objects, found and listed.

use super::api_service;
use super::failure::Failure;
use super::get::DEFAULT_CLASS;
use super::pod_volume;
use super::resource::{of_kind, Resource};
use super::stamp::Stamp;
use super::view::View;
use crate::api::{ConfigData, Metadata, StringMap, SERVICE_NAME, SYSTEM_CLASSES};
use crate::cluster::Cluster;
use crate::controllers::{BudgetState, ClaimState, EndpointsState, SliceState, MANAGED_BY};
use crate::events::{Object, StoredEvent};
use crate::go_format::fnv_128a;
use crate::ids::{DeploymentId, EventId, NodeId, PodId, ReplicaSetId, ServiceId, WorkloadId};
use std::sync::Arc;

/// An object of the cluster.
#[derive(Clone, Debug)]
pub enum Thing {
    Pod(PodId),
    Deployment(DeploymentId),
    ReplicaSet(ReplicaSetId),
    /// A StatefulSet, DaemonSet or Job.
    Workload(WorkloadId),
    Service(ServiceId),
    /// The Service of the API server.
    ApiServer,
    Endpoints(ServiceId),
    EndpointSlice(ServiceId),
    /// Written by somebody, or a mirror of that.
    WrittenEndpoints(Arc<EndpointsState>),
    WrittenSlice(Arc<SliceState>),
    Node(NodeId),
    Event(EventId),
    Config(Arc<ConfigData>),
    Budget(Arc<BudgetState>),
    /// A claim, or its volume.
    Claim(Arc<ClaimState>),
    /// Known by its name only.
    Named,
}

/// An object and what every object has.
#[derive(Clone, Debug)]
pub struct Item {
    pub resource: &'static Resource,
    pub thing: Thing,
    pub name: String,
    /// Empty if the resource has none.
    pub namespace: String,
    pub labels: StringMap,
    pub created: Stamp,
}

/// The cluster's own objects are this much older than the scenario.
pub const CLUSTER_AGE_SECS: i64 = 600;

impl Item {
    /// `pod/web`, `deployment.apps/web`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.resource.prefix(), self.name)
    }

    /// The namespace in which a controller looks for it.
    pub fn place<'a>(&'a self, view: &'a View) -> &'a str {
        match self.namespace.as_str() {
            "" => &view.namespace,
            namespace => namespace,
        }
    }
}

/// Every object of a resource, in the order in which the server lists them (KUB-07). With a
/// namespace, those of it.
pub fn list(view: &View, resource: &'static Resource, namespace: Option<&str>) -> Vec<Item> {
    let mut items = match resource.kind {
        "Pod" => pods(view.cluster),
        "Deployment" => deployments(view.cluster),
        "ReplicaSet" => replica_sets(view.cluster),
        "StatefulSet" | "DaemonSet" | "Job" => workloads(view.cluster, resource),
        "Service" | "Endpoints" | "EndpointSlice" => of_services(view.cluster, resource),
        "Node" => nodes(view.cluster),
        "Event" => events(view),
        "PodDisruptionBudget" => budgets(view.cluster),
        "PersistentVolumeClaim" | "PersistentVolume" => claims(view.cluster, resource),
        _ => named(view.cluster, resource),
    };
    for item in &mut items {
        item.resource = resource;
    }
    if let Some(namespace) = namespace.filter(|_| resource.namespaced) {
        items.retain(|item| item.namespace == namespace);
    }
    items.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    items
}

/// One object by name.
pub fn find(view: &View, resource: &'static Resource, name: &str) -> Result<Item, Failure> {
    list(view, resource, Some(&view.namespace))
        .into_iter()
        .find(|item| item.name == name)
        .ok_or_else(|| Failure::not_found(resource, name))
}

/// One that is known by its name only, whether it is there or not.
pub fn unseen(view: &View, resource: &'static Resource, name: &str) -> Item {
    let namespace = match resource.namespaced {
        true => view.namespace.clone(),
        false => String::new(),
    };
    Item {
        resource,
        thing: Thing::Named,
        name: name.to_owned(),
        namespace,
        labels: StringMap::new(),
        created: Stamp::of(view.now),
    }
}

fn pods(cluster: &Cluster) -> Vec<Item> {
    let items = cluster.live_pods().map(|id| {
        let pod = &cluster.pods[id.index()];
        Item {
            resource: of_kind("Pod"),
            thing: Thing::Pod(id),
            name: pod.name.to_string(),
            namespace: pod.namespace.to_string(),
            labels: (*pod.labels).clone(),
            created: Stamp::of(pod.created_at),
        }
    });
    items.collect()
}

fn deployments(cluster: &Cluster) -> Vec<Item> {
    let items = cluster.controllers.live_deployments();
    let items = items.map(|(id, deployment)| Item {
        resource: of_kind("Deployment"),
        thing: Thing::Deployment(id),
        name: deployment.name.to_string(),
        namespace: deployment.namespace.to_string(),
        labels: deployment.object.metadata.labels.clone(),
        created: Stamp::of(deployment.created_at),
    });
    items.collect()
}

fn replica_sets(cluster: &Cluster) -> Vec<Item> {
    let items = cluster.controllers.live_replica_sets();
    let items = items.map(|(id, set)| Item {
        resource: of_kind("ReplicaSet"),
        thing: Thing::ReplicaSet(id),
        name: set.name.to_string(),
        namespace: set.namespace.to_string(),
        labels: set.object.metadata.labels.clone(),
        created: Stamp::of(set.created_at),
    });
    items.collect()
}

/// The StatefulSets, DaemonSets or Jobs.
fn workloads(cluster: &Cluster, resource: &'static Resource) -> Vec<Item> {
    let all = cluster.controllers.workloads.iter().enumerate();
    let live = all.filter(|(_, state)| {
        state.removed_at.is_none() && state.object.kind.name() == resource.kind
    });
    let items = live.map(|(index, state)| {
        let mut labels = state.object.metadata.labels.clone();
        if resource.kind == "Job" && labels.is_empty() {
            // Defaulted from the template's, to which the API server adds (JOB-01).
            labels = super::object::job_labels(state);
        }
        Item {
            resource,
            thing: Thing::Workload(WorkloadId::at(index)),
            name: state.name.to_string(),
            namespace: state.namespace.to_string(),
            labels,
            created: Stamp::of(state.created_at),
        }
    });
    items.collect()
}

/// A Service, its Endpoints or its EndpointSlice (EPS-04, EPS-06).
fn of_services(cluster: &Cluster, resource: &'static Resource) -> Vec<Item> {
    let mut items = Vec::new();
    for (id, service) in cluster.controllers.live_services() {
        let object = &service.object;
        let mut labels = object.metadata.labels.clone();
        let mut name = service.name.to_string();
        let has_slice = !object.selector.is_empty() && !service.slice.name.is_empty();
        let thing = match resource.kind {
            "Service" => Thing::Service(id),
            _ if !has_slice => continue,
            kind => {
                if object.headless {
                    let headless = "service.kubernetes.io/headless";
                    labels.insert(headless.to_owned(), String::new());
                }
                if kind == "Endpoints" {
                    let managed = "endpoints.kubernetes.io/managed-by".to_owned();
                    labels.insert(managed, "endpoint-controller".to_owned());
                    Thing::Endpoints(id)
                } else {
                    let manager = "endpointslice-controller.k8s.io".to_owned();
                    labels.insert(MANAGED_BY.to_owned(), manager);
                    labels.insert(SERVICE_NAME.to_owned(), name.clone());
                    name = service.slice.name.to_string();
                    Thing::EndpointSlice(id)
                }
            }
        };
        items.push(Item {
            resource,
            thing,
            name,
            namespace: service.namespace.to_string(),
            labels,
            created: Stamp::of(service.created_at),
        });
    }
    items.extend(written(cluster, resource));
    let own = api_service::item(resource);
    if !items
        .iter()
        .any(|item| (&item.name, &item.namespace) == (&own.name, &own.namespace))
    {
        items.push(own);
    }
    items
}

/// Endpoints or EndpointSlices that were not made from a selector.
fn written(cluster: &Cluster, resource: &'static Resource) -> Vec<Item> {
    let store = &cluster.controllers.store;
    let item = |namespace: &String, metadata: &Metadata, created, thing| Item {
        resource,
        thing,
        name: metadata.name.clone(),
        namespace: namespace.clone(),
        labels: metadata.labels.clone(),
        created: Stamp::of(created),
    };
    match resource.kind {
        "Endpoints" => {
            let all = store.endpoints.iter().map(|((namespace, _), state)| {
                let thing = Thing::WrittenEndpoints(Arc::clone(state));
                item(namespace, &state.object.metadata, state.created_at, thing)
            });
            all.collect()
        }
        "EndpointSlice" => {
            let all = store.slices.iter().map(|((namespace, _), state)| {
                let thing = Thing::WrittenSlice(Arc::clone(state));
                item(namespace, &state.object.metadata, state.created_at, thing)
            });
            all.collect()
        }
        _ => Vec::new(),
    }
}

fn nodes(cluster: &Cluster) -> Vec<Item> {
    let nodes = cluster.nodes.iter().enumerate();
    let nodes = nodes.filter(|(_, node)| node.has_object);
    let items = nodes.map(|(index, node)| Item {
        resource: of_kind("Node"),
        thing: Thing::Node(NodeId::at(index)),
        name: node.name.to_string(),
        namespace: String::new(),
        labels: node.object.metadata.labels.clone(),
        created: Stamp::before_start(node_age(cluster, &node.name)),
    });
    items.collect()
}

/// Seconds since a node registered, before the start.
#[cfg(feature = "scripted")]
fn node_age(cluster: &Cluster, name: &str) -> i64 {
    let known = cluster.recorded.nodes.get(name);
    let age = known.and_then(|node| node.age_secs);
    age.unwrap_or(CLUSTER_AGE_SECS)
}

#[cfg(not(feature = "scripted"))]
fn node_age(_cluster: &Cluster, _name: &str) -> i64 {
    CLUSTER_AGE_SECS
}

/// Claims, or the volumes that are bound to them.
fn claims(cluster: &Cluster, resource: &'static Resource) -> Vec<Item> {
    let claims = cluster.controllers.store.claims.iter();
    let items = claims.map(|((namespace, name), claim)| {
        let (namespace, name, labels) = match resource.kind {
            "PersistentVolume" => (
                String::new(),
                volume_name(namespace, name),
                StringMap::new(),
            ),
            _ => (
                namespace.clone(),
                name.clone(),
                claim.object.metadata.labels.clone(),
            ),
        };
        Item {
            resource,
            thing: Thing::Claim(Arc::new(claim.clone())),
            name,
            namespace,
            labels,
            created: Stamp::of(claim.created_at),
        }
    });
    items.collect()
}

/// The volume that was made for a claim, named by the claim's identity.
pub fn volume_name(namespace: &str, claim: &str) -> String {
    let id = fnv_128a(&[namespace, "/", claim].concat());
    let digits = format!("{id:032x}");
    let parts = [
        &digits[..8],
        &digits[8..12],
        &digits[13..16],
        &digits[17..20],
        &digits[20..],
    ];
    let [a, b, c, d, e] = parts;
    format!("pvc-{a}-{b}-4{c}-a{d}-{e}")
}

fn budgets(cluster: &Cluster) -> Vec<Item> {
    let budgets = cluster.controllers.store.budgets.iter();
    let items = budgets.map(|((namespace, name), budget)| Item {
        resource: of_kind("PodDisruptionBudget"),
        thing: Thing::Budget(Arc::new(budget.clone())),
        name: name.clone(),
        namespace: namespace.clone(),
        labels: budget.object.metadata.labels.clone(),
        created: Stamp::of(budget.created_at),
    });
    items.collect()
}

fn events(view: &View) -> Vec<Item> {
    let cluster = view.cluster;
    let items = cluster.events.live(view.now).map(|(id, event)| {
        let (namespace, _) = involved(cluster, event.emission.object);
        Item {
            resource: of_kind("Event"),
            thing: Thing::Event(id),
            name: event_name(cluster, event),
            namespace,
            labels: StringMap::new(),
            created: Stamp::of(event.created),
        }
    });
    items.collect()
}

/// The name of an Event: the object's, and the moment of the first report.
fn event_name(cluster: &Cluster, event: &StoredEvent) -> String {
    let (_, name) = involved(cluster, event.emission.object);
    let hex = Stamp::exact(event.first).unix_nanos_hex(cluster.start_unix_secs);
    format!("{name}.{hex}")
}

/// Namespace and name of what an Event is about. Events of nodes are in `default`.
pub fn involved(cluster: &Cluster, object: Object) -> (String, String) {
    let controllers = &cluster.controllers;
    let both = |namespace: &Arc<str>, name: &Arc<str>| (namespace.to_string(), name.to_string());
    match object {
        Object::Pod(id) => {
            let pod = &cluster.pods[id.index()];
            both(&pod.namespace, &pod.name)
        }
        Object::Deployment(id) => {
            let deployment = controllers.deployment(id);
            both(&deployment.namespace, &deployment.name)
        }
        Object::ReplicaSet(id) => {
            let set = controllers.replica_set(id);
            both(&set.namespace, &set.name)
        }
        Object::Service(id) => {
            let service = controllers.service(id);
            both(&service.namespace, &service.name)
        }
        Object::Workload(id, _) => {
            let workload = &controllers.workloads[id.index()];
            both(&workload.namespace, &workload.name)
        }
        Object::Budget(id) => {
            let (namespace, name) = cluster.texts.get(id).split_once('/').unwrap_or_default();
            (namespace.to_owned(), name.to_owned())
        }
        Object::Node(id) => (
            "default".to_owned(),
            cluster.nodes[id.index()].name.to_string(),
        ),
    }
}

/// Objects that the cluster keeps by name (and content, of ConfigMaps and Secrets).
fn named(cluster: &Cluster, resource: &'static Resource) -> Vec<Item> {
    let store = &cluster.controllers.store;
    let created = Stamp::before_start(CLUSTER_AGE_SECS);
    let mut items = Vec::new();
    let mut add = |namespace: &str, name: &str, labels: StringMap, thing: Thing| {
        items.push(Item {
            resource,
            thing,
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            labels,
            created,
        });
    };
    match resource.kind {
        "Namespace" => {
            for (name, metadata) in store.namespaces.iter() {
                add("", name, metadata.labels.clone(), Thing::Named);
            }
        }
        "ServiceAccount" => {
            for namespace in store.namespaces.keys() {
                add(namespace, "default", StringMap::new(), Thing::Named);
            }
            for (kind, namespace, name) in &store.others {
                if kind == "serviceaccount" {
                    add(namespace, name, StringMap::new(), Thing::Named);
                }
            }
        }
        "ConfigMap" | "Secret" => {
            let table = if resource.kind == "Secret" {
                &store.secrets
            } else {
                for namespace in store.namespaces.keys() {
                    let data = Arc::new(pod_volume::root_certificate(namespace));
                    add(
                        namespace,
                        pod_volume::ROOT_CERTIFICATE,
                        StringMap::new(),
                        Thing::Config(data),
                    );
                }
                &store.config_maps
            };
            for ((namespace, name), data) in table {
                let thing = Thing::Config(data.clone());
                add(namespace, name, data.metadata.labels.clone(), thing);
            }
        }
        "PriorityClass" => {
            for (name, _) in SYSTEM_CLASSES {
                add("", name, StringMap::new(), Thing::Named);
            }
            for name in store.priority_classes.keys() {
                add("", name, StringMap::new(), Thing::Named);
            }
        }
        kind => {
            if kind == "StorageClass" {
                add("", DEFAULT_CLASS, StringMap::new(), Thing::Named);
            }
            let kind = kind.to_ascii_lowercase();
            for (other, namespace, name) in &store.others {
                if *other == kind {
                    add(namespace, name, StringMap::new(), Thing::Named);
                }
            }
        }
    }
    items
}
