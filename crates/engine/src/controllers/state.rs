//! The objects of the API server other than Pods, nodes and Events, with their controllers'
//! work queues.

use super::condition::DeploymentCondition;
use super::disruption::{BudgetState, Eviction};
use super::endpoint_slice::EndpointSlice;
use super::endpoints::{EndpointsState, SliceState};
use super::node_lifecycle::NodeLifecycle;
use super::scheduler::Scheduler;
use super::workload::WorkloadState;
use crate::api::{
    Claim, ConfigData, Deployment, Metadata, PodSpec, PriorityClass, ReplicaSet, Service, StringMap,
};
use crate::cluster::{Cx, PodState};
use crate::ids::{DeploymentId, PodId, ReplicaSetId, ServiceId, WorkloadId};
use crate::sorted::{Map, Set};
use crate::time::Instant;
use std::sync::Arc;

/// State of the control plane. What is deleted stays, with `removed_at`.
#[derive(Clone, Debug, Default)]
pub struct Controllers {
    /// Indexed by [`DeploymentId`].
    pub deployments: Vec<Arc<DeploymentState>>,
    /// Indexed by [`ReplicaSetId`].
    pub replica_sets: Vec<Arc<ReplicaSetState>>,
    /// Indexed by [`WorkloadId`].
    pub workloads: Vec<Arc<WorkloadState>>,
    /// Indexed by [`ServiceId`].
    pub services: Vec<Arc<ServiceState>>,
    pub scheduler: Arc<Scheduler>,
    pub nodes: Arc<NodeLifecycle>,
    pub store: Arc<Store>,
}

/// Objects that only wait to be looked up.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// By name.
    pub namespaces: Map<String, Metadata>,
    /// Those of them that are Terminating.
    pub ending_namespaces: Map<String, super::namespace::Terminating>,
    /// By namespace and name.
    pub config_maps: Map<(String, String), Arc<ConfigData>>,
    pub secrets: Map<(String, String), Arc<ConfigData>>,
    pub claims: Map<(String, String), ClaimState>,
    pub priority_classes: Map<String, PriorityClass>,
    /// By namespace and name.
    pub budgets: Map<(String, String), BudgetState>,
    /// By namespace and name; a selector's own are not among them.
    pub endpoints: Map<(String, String), Arc<EndpointsState>>,
    pub slices: Map<(String, String), Arc<SliceState>>,
    /// Evictions that budgets do not allow yet.
    pub evictions: Vec<Eviction>,
    /// Not simulated: kind in lower case, namespace, name.
    pub others: Set<(String, String, String)>,
}

/// A PersistentVolumeClaim: there is always a volume for it.
#[derive(Clone, Debug)]
pub struct ClaimState {
    pub object: Claim,
    pub created_at: Instant,
}

/// A Deployment.
#[derive(Clone, Debug)]
pub struct DeploymentState {
    pub name: Arc<str>,
    pub namespace: Arc<str>,
    pub uid: Arc<str>,
    pub created_at: Instant,
    pub removed_at: Option<Instant>,
    /// Deleted in the foreground: it waits for its dependents (API-07).
    pub deleting_since: Option<Instant>,
    pub generation: u32,
    /// As it is now; labels and annotations included.
    pub object: Arc<Deployment>,
    /// Annotation `deployment.kubernetes.io/revision`; 0: none yet (DEP-09).
    pub revision: u32,
    pub status: DeploymentStatus,
    /// Its ReplicaSets, oldest first; those that are gone are left out.
    pub replica_sets: Vec<ReplicaSetId>,
    /// When its controller takes it up next.
    pub sync_at: Instant,
}

/// `status` of a Deployment (DEP-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct DeploymentStatus {
    pub replicas: u32,
    pub updated: u32,
    pub ready: u32,
    pub available: u32,
    pub unavailable: u32,
    pub terminating: u32,
    pub observed_generation: u32,
    /// Condition Available.
    pub availability: Option<DeploymentCondition>,
    /// Condition Progressing.
    pub progress: Option<DeploymentCondition>,
    /// Progressing stands before Available: a condition that changes goes to the end (DEP-12).
    pub progress_first: bool,
    /// Condition ReplicaFailure.
    pub failure: Option<DeploymentCondition>,
}

/// A ReplicaSet.
#[derive(Clone, Debug)]
pub struct ReplicaSetState {
    pub name: Arc<str>,
    pub namespace: Arc<str>,
    pub uid: Arc<str>,
    pub created_at: Instant,
    pub removed_at: Option<Instant>,
    /// Deleted in the foreground: it waits for its dependents (API-07).
    pub deleting_since: Option<Instant>,
    pub generation: u32,
    pub object: Arc<ReplicaSet>,
    pub deployment: Option<DeploymentId>,
    /// Annotations of the Deployment controller (DEP-09); 0: none.
    pub revision: u32,
    pub revision_history: Vec<u32>,
    pub desired_replicas: u32,
    pub max_replicas: u32,
    /// What its Pods share.
    pub pod_labels: Arc<StringMap>,
    pub pod_annotations: Arc<StringMap>,
    pub pod_spec: Arc<PodSpec>,
    pub status: ReplicaSetStatus,
    /// Its Pods that the API server has, in order of creation.
    pub pods: Vec<PodId>,
    pub sync_at: Instant,
    /// Pods still to be created in the sync under way (RSC-02).
    pub burst_left: u32,
    /// How often in a row the API server has refused its Pod.
    pub refusals: u32,
}

/// `status` of a ReplicaSet (RSC-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ReplicaSetStatus {
    pub replicas: u32,
    pub fully_labeled: u32,
    pub ready: u32,
    pub available: u32,
    pub terminating: u32,
    pub observed_generation: u32,
    /// Condition ReplicaFailure: why the API server refuses its Pods.
    pub failure: Option<DeploymentCondition>,
}

/// A Service and its EndpointSlice.
#[derive(Clone, Debug)]
pub struct ServiceState {
    pub name: Arc<str>,
    pub namespace: Arc<str>,
    pub uid: Arc<str>,
    pub created_at: Instant,
    pub removed_at: Option<Instant>,
    /// With node ports filled in.
    pub object: Arc<Service>,
    /// Host order; None: headless, or a name elsewhere.
    pub cluster_ip: Option<u32>,
    pub slice: EndpointSlice,
    /// When the slice's controller takes it up next.
    pub sync_at: Instant,
}

impl ServiceState {
    /// The name that a Pod has within the Service, if it says that this is its subdomain; else
    /// empty (SVC-05).
    pub fn hostname<'p>(&self, pod: &'p PodState) -> &'p str {
        let is_own = pod.spec.subdomain == *self.name && pod.namespace == self.namespace;
        if is_own {
            &pod.spec.hostname
        } else {
            ""
        }
    }
}

impl Controllers {
    /// A Deployment.
    pub fn deployment(&self, id: DeploymentId) -> &DeploymentState {
        &self.deployments[id.index()]
    }

    /// A Deployment, to be changed.
    pub fn deployment_mut(&mut self, id: DeploymentId) -> &mut DeploymentState {
        Arc::make_mut(&mut self.deployments[id.index()])
    }

    /// A ReplicaSet.
    pub fn replica_set(&self, id: ReplicaSetId) -> &ReplicaSetState {
        &self.replica_sets[id.index()]
    }

    /// A ReplicaSet, to be changed.
    pub fn replica_set_mut(&mut self, id: ReplicaSetId) -> &mut ReplicaSetState {
        Arc::make_mut(&mut self.replica_sets[id.index()])
    }

    /// A Service.
    pub fn service(&self, id: ServiceId) -> &ServiceState {
        &self.services[id.index()]
    }

    /// A Service, to be changed.
    pub fn service_mut(&mut self, id: ServiceId) -> &mut ServiceState {
        Arc::make_mut(&mut self.services[id.index()])
    }

    /// A ConfigMap.
    pub fn config_map(&self, namespace: &str, name: &str) -> Option<&Arc<ConfigData>> {
        let key = (namespace.to_owned(), name.to_owned());
        self.store.config_maps.get(&key)
    }

    /// A Secret.
    pub fn secret(&self, namespace: &str, name: &str) -> Option<&Arc<ConfigData>> {
        let key = (namespace.to_owned(), name.to_owned());
        self.store.secrets.get(&key)
    }

    /// The Services that the API server has.
    pub fn live_services(&self) -> impl Iterator<Item = (ServiceId, &ServiceState)> {
        self.services
            .iter()
            .enumerate()
            .filter(|(_, service)| service.removed_at.is_none())
            .map(|(index, service)| (ServiceId::at(index), &**service))
    }

    /// The Deployments that the API server has.
    pub fn live_deployments(&self) -> impl Iterator<Item = (DeploymentId, &DeploymentState)> {
        self.deployments
            .iter()
            .enumerate()
            .filter(|(_, deployment)| deployment.removed_at.is_none())
            .map(|(index, deployment)| (DeploymentId::at(index), &**deployment))
    }

    /// The ReplicaSets that the API server has.
    pub fn live_replica_sets(&self) -> impl Iterator<Item = (ReplicaSetId, &ReplicaSetState)> {
        self.replica_sets
            .iter()
            .enumerate()
            .filter(|(_, set)| set.removed_at.is_none())
            .map(|(index, set)| (ReplicaSetId::at(index), &**set))
    }
}

/// The objects' accessors at a step's hand.
pub(super) trait Objects {
    fn deployment(&self, id: DeploymentId) -> &DeploymentState;
    fn deployment_mut(&mut self, id: DeploymentId) -> &mut DeploymentState;
    fn replica_set(&self, id: ReplicaSetId) -> &ReplicaSetState;
    fn replica_set_mut(&mut self, id: ReplicaSetId) -> &mut ReplicaSetState;
    fn workload(&self, id: WorkloadId) -> &WorkloadState;
    fn workload_mut(&mut self, id: WorkloadId) -> &mut WorkloadState;
    fn service(&self, id: ServiceId) -> &ServiceState;
    fn service_mut(&mut self, id: ServiceId) -> &mut ServiceState;
}

impl Objects for Cx<'_> {
    fn deployment(&self, id: DeploymentId) -> &DeploymentState {
        self.cluster.controllers.deployment(id)
    }

    fn deployment_mut(&mut self, id: DeploymentId) -> &mut DeploymentState {
        self.cluster.controllers.deployment_mut(id)
    }

    fn replica_set(&self, id: ReplicaSetId) -> &ReplicaSetState {
        self.cluster.controllers.replica_set(id)
    }

    fn replica_set_mut(&mut self, id: ReplicaSetId) -> &mut ReplicaSetState {
        self.cluster.controllers.replica_set_mut(id)
    }

    fn workload(&self, id: WorkloadId) -> &WorkloadState {
        &self.cluster.controllers.workloads[id.index()]
    }

    fn workload_mut(&mut self, id: WorkloadId) -> &mut WorkloadState {
        Arc::make_mut(&mut self.cluster.controllers.workloads[id.index()])
    }

    fn service(&self, id: ServiceId) -> &ServiceState {
        self.cluster.controllers.service(id)
    }

    fn service_mut(&mut self, id: ServiceId) -> &mut ServiceState {
        self.cluster.controllers.service_mut(id)
    }
}
