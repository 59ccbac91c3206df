//! What becomes of an owner's dependents when it is deleted otherwise than in the background
//! (API-07).

use super::state::Objects;
use super::{collect, deployment, replica_set, workload, ControllerTimer};
use crate::cluster::{Cx, Owner};
use crate::ids::{DeploymentId, PodId, ReplicaSetId, WorkloadId};
use crate::latency;
use crate::record::What;
use crate::timer::Timer;

fn collect_later(cx: &mut Cx, timer: ControllerTimer) {
    cx.after(latency::COLLECT, Timer::Controller(timer));
}

/// A Deployment goes, its ReplicaSets stay.
#[inline(never)]
pub(super) fn orphan_sets(cx: &mut Cx, id: DeploymentId) {
    for set in std::mem::take(&mut cx.deployment_mut(id).replica_sets) {
        cx.replica_set_mut(set).deployment = None;
        cx.record(What::ReplicaSetChanged { replica_set: set });
    }
}

/// A ReplicaSet goes, its Pods stay; another one that selects them takes them.
#[inline(never)]
pub(super) fn orphan_pods_of_set(cx: &mut Cx, id: ReplicaSetId) {
    let pods = std::mem::take(&mut cx.replica_set_mut(id).pods);
    collect::remove_set(cx, id);
    set_free(cx, pods);
}

/// A StatefulSet, DaemonSet or Job goes, its Pods stay.
#[inline(never)]
pub(super) fn orphan_pods_of_workload(cx: &mut Cx, id: WorkloadId) {
    let pods = std::mem::take(&mut cx.workload_mut(id).pods);
    workload::take_away(cx, id);
    set_free(cx, pods);
}

fn set_free(cx: &mut Cx, pods: Vec<PodId>) {
    for pod in pods {
        cx.pod_mut(pod).owner = Owner::None;
        replica_set::reconsider_owner(cx, pod);
    }
}

/// Foreground: a Deployment waits for its ReplicaSets, which wait for their Pods.
#[inline(never)]
pub(super) fn wait_for_sets(cx: &mut Cx, id: DeploymentId) {
    let now = cx.now;
    let state = cx.deployment_mut(id);
    if state.deleting_since.is_some() {
        return;
    }
    state.deleting_since = Some(now);
    state.generation += 1;
    cx.record_as_cause(What::DeploymentChanged { deployment: id });
    for set in cx.deployment(id).replica_sets.clone() {
        collect_later(cx, ControllerTimer::CollectReplicaSet(set));
    }
    deployment::enqueue(cx, id, latency::COLLECT);
}

/// Foreground: a ReplicaSet waits for its Pods.
#[inline(never)]
pub(super) fn wait_for_pods_of_set(cx: &mut Cx, id: ReplicaSetId) {
    let now = cx.now;
    let state = cx.replica_set_mut(id);
    if state.deleting_since.is_some() || state.removed_at.is_some() {
        return;
    }
    state.deleting_since = Some(now);
    state.generation += 1;
    state.burst_left = 0;
    cx.record_as_cause(What::ReplicaSetChanged { replica_set: id });
    collect_later(cx, ControllerTimer::CollectPodsOf(id));
    replica_set::enqueue(cx, id, latency::COLLECT);
}

/// Foreground: a StatefulSet, DaemonSet or Job waits for its Pods.
#[inline(never)]
pub(super) fn wait_for_pods_of_workload(cx: &mut Cx, id: WorkloadId) {
    let now = cx.now;
    let state = cx.workload_mut(id);
    if state.deleting_since.is_some() {
        return;
    }
    state.deleting_since = Some(now);
    state.generation += 1;
    cx.record_as_cause(What::WorkloadChanged { workload: id });
    collect_later(cx, ControllerTimer::CollectPodsOfWorkload(id));
    workload::enqueue(cx, id, latency::COLLECT);
}
