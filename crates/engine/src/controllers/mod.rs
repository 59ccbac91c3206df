//! API server, scheduler and controllers (API-*, SCH-*, DEP-*, RSC-*, EPS-*).
//!
//! Objects are plain data in [`Controllers`]; Pods are in [`Cluster::pods`], nodes in
//! [`Cluster::nodes`]. An act changes an object at once and queues whoever watches it; each
//! controller then takes one step at a time, as its original does.
//!
//! [`Cluster::pods`]: crate::cluster::Cluster::pods
//! [`Cluster::nodes`]: crate::cluster::Cluster::nodes

mod acts;
mod apply;
mod bootstrap;
mod budgets;
mod cascade;
mod collect;
mod condition;
mod delete;
mod deployment;
mod disruption;
mod endpoint_slice;
mod endpoints;
mod error;
mod lookup;
mod metadata;
pub(crate) mod names;
mod namespace;
mod node_lifecycle;
mod nodes;
mod patch;

mod pods;
mod replica_set;
mod scheduler;
mod service;
mod state;
#[cfg(test)]
pub(crate) mod tests;
mod workload;

pub use acts::{rollout, scale, set_env, set_image};
pub use apply::{apply, changed_pod, create, ApplyOutcome};
pub use bootstrap::bootstrap;
pub use condition::{DeploymentCondition, DeploymentReason};
pub use delete::{delete, delete_pod};
pub use deployment::limits;
pub use disruption::{budget_status, BudgetCondition, BudgetState, BudgetStatus, Eviction, Kept};
pub use endpoint_slice::{Endpoint, EndpointSlice};
pub use endpoints::{written_slices, EndpointsState, SliceState, MANAGED_BY};
pub use error::{ApiError, ErrorReason};
pub use lookup::{find_deployment, find_node, find_pod, find_replica_set, find_service, resolve};
pub use metadata::{annotate, label};
pub use namespace::{EndConditions, Terminating};
pub use node_lifecycle::{
    node_is_ready, node_posted, node_renewed_at, node_reported_again, node_silent,
    node_transition_at, NodeLifecycle,
};
pub use nodes::{cordon, drain, is_bare, is_daemon, taint, Drained};
pub use patch::{patch, patch_pod};

pub use pods::{finalize_pod, mark_evicted, patch_status, store_status};
pub use scheduler::{decision, priority, refusal, Decision, Refused, Scheduler};
pub use state::{
    ClaimState, Controllers, DeploymentState, DeploymentStatus, ReplicaSetState, ReplicaSetStatus,
    ServiceState, Store,
};

pub use workload::{find_workload, job_labels, JobStatus, Revision, WorkloadState, WorkloadStatus};

use crate::cluster::Cx;
use crate::ids::{DeploymentId, NodeId, PodId, ReplicaSetId, ServiceId, TextId, WorkloadId};
use crate::kubelet;

/// The control plane's timers. Those of a work queue carry no moment: the object holds it, and a
/// timer that finds another one there does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllerTimer {
    /// The scheduler takes up a Pod.
    Schedule(PodId),
    /// The node's kubelet sees a Pod bound to it.
    PodBound(PodId),
    /// The node's kubelet sees a change of a Pod.
    PodChanged(PodId),
    /// The node's kubelet sees that a Pod is gone.
    PodGone(PodId),
    /// Pod garbage collection: the Pod's node does not exist (NOD-08).
    CollectPod(PodId),
    Deployment(DeploymentId),
    ReplicaSet(ReplicaSetId),
    /// The next Pod of a ReplicaSet (RSC-02).
    CreatePod(ReplicaSetId),
    EndpointSlice(ServiceId),
    /// The mirroring controller looks at the Endpoints `namespace/name` (EPS-06).
    Mirror(TextId),
    /// The garbage collector finds a ReplicaSet without its owner (API-07).
    CollectReplicaSet(ReplicaSetId),
    /// The garbage collector finds Pods without their owner (API-07).
    CollectPodsOf(ReplicaSetId),
    /// A StatefulSet's, DaemonSet's or Job's controller.
    Workload(WorkloadId),
    /// The garbage collector finds Pods of a workload that is gone (API-07).
    CollectPodsOfWorkload(WorkloadId),
    /// The node controller sees that a node was cordoned or uncordoned.
    TaintCordoned(NodeId),
    /// The node's kubelet reports that it was cordoned or uncordoned.
    ReportCordon(NodeId),
    /// The node controller's monitor misses a node that is silent (NOD-02).
    NodeMissed(NodeId),
    /// The unreachable taint with NoSchedule follows the node's conditions (NOD-04).
    TaintUnreachable(NodeId),
    /// The same with NoExecute.
    TaintNoExecute(NodeId),
    /// `kubectl drain` asks again for an eviction (NOD-09).
    RetryEviction(PodId),
    /// The namespace controller looks at one that is deleted (API-05).
    Namespace(TextId),
    /// The disruption controller looks at the budget `namespace/name` (NOD-09).
    Budget(TextId),
    /// A Pod's toleration of a NoExecute taint is over (NOD-05).
    Evict(PodId),
}

/// A timer of the control plane is due.
pub fn timer(cx: &mut Cx, timer: ControllerTimer) {
    match timer {
        ControllerTimer::Schedule(pod) => scheduler::attempt(cx, pod),
        ControllerTimer::PodBound(pod) => {
            if cx.pod(pod).removed_at.is_none() {
                kubelet::pod_added(cx, pod);
            }
        }
        ControllerTimer::PodChanged(pod) => {
            if cx.pod(pod).removed_at.is_none() {
                kubelet::pod_changed(cx, pod);
            }
        }
        ControllerTimer::PodGone(pod) => kubelet::pod_removed(cx, pod),
        ControllerTimer::CollectPod(pod) => collect::lost_pod(cx, pod),
        ControllerTimer::Deployment(id) => deployment::due(cx, id),
        ControllerTimer::ReplicaSet(id) => replica_set::due(cx, id),
        ControllerTimer::CreatePod(id) => replica_set::create_pod(cx, id),
        ControllerTimer::EndpointSlice(id) => endpoint_slice::due(cx, id),
        ControllerTimer::Mirror(text) => endpoints::due(cx, text),
        ControllerTimer::CollectReplicaSet(id) => collect::replica_set(cx, id),
        ControllerTimer::CollectPodsOf(id) => collect::pods_of(cx, id),
        ControllerTimer::Workload(id) => workload::due(cx, id),
        ControllerTimer::CollectPodsOfWorkload(id) => workload::collect(cx, id),
        ControllerTimer::TaintCordoned(node) => nodes::taint_cordoned(cx, node),
        ControllerTimer::ReportCordon(node) => nodes::report_cordon(cx, node),
        ControllerTimer::NodeMissed(node) => node_lifecycle::missed(cx, node),
        ControllerTimer::TaintUnreachable(node) => node_lifecycle::taint_unreachable(cx, node),
        ControllerTimer::TaintNoExecute(node) => node_lifecycle::taint_no_execute(cx, node),
        ControllerTimer::Namespace(name) => namespace::due(cx, name),
        ControllerTimer::RetryEviction(pod) => disruption::retry(cx, pod),
        ControllerTimer::Budget(id) => budgets::due(cx, id),
        ControllerTimer::Evict(pod) => node_lifecycle::evict(cx, pod),
    }
}
