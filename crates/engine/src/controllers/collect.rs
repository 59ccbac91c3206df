//! Garbage collection: by owner (API-07), and of Pods without a node (NOD-08).

use super::pods;
use super::state::Objects;
use super::{cascade, delete_pod, ControllerTimer};
use crate::cluster::{Cx, Owner};
use crate::ids::{PodId, ReplicaSetId};
use crate::latency;
use crate::record::What;
use crate::timer::Timer;

/// A ReplicaSet whose owner is gone: collected a moment later.
pub(super) fn orphaned_set(cx: &mut Cx, set: ReplicaSetId) {
    let timer = Timer::Controller(ControllerTimer::CollectReplicaSet(set));
    cx.after(latency::COLLECT, timer);
}

/// The garbage collector deletes a ReplicaSet.
#[inline(never)]
pub(super) fn replica_set(cx: &mut Cx, set: ReplicaSetId) {
    let owner = cx.replica_set(set).deployment;
    let is_awaited = owner.is_some_and(|id| {
        let owner = cx.deployment(id);
        owner.deleting_since.is_some() && owner.removed_at.is_none()
    });
    if is_awaited {
        cascade::wait_for_pods_of_set(cx, set);
    } else {
        remove_set(cx, set);
    }
}

/// Removes a ReplicaSet at once; its Pods follow.
pub(super) fn remove_set(cx: &mut Cx, set: ReplicaSetId) {
    if cx.replica_set(set).removed_at.is_some() {
        return;
    }
    let now = cx.now;
    let state = cx.replica_set_mut(set);
    state.removed_at = Some(now);
    state.burst_left = 0;
    let deployment = state.deployment;
    cx.record_as_cause(What::ReplicaSetChanged { replica_set: set });
    if let Some(id) = deployment {
        if cx.deployment(id).removed_at.is_none() {
            cx.deployment_mut(id).replica_sets.retain(|s| *s != set);
            super::deployment::enqueue(cx, id, latency::WATCH);
        }
    }
    let timer = Timer::Controller(ControllerTimer::CollectPodsOf(set));
    cx.after(latency::COLLECT, timer);
}

/// The garbage collector deletes the Pods of a ReplicaSet that is gone.
#[inline(never)]
pub(super) fn pods_of(cx: &mut Cx, set: ReplicaSetId) {
    let pods: Vec<PodId> = cx.replica_set(set).pods.clone();
    for pod in pods {
        if cx.pod(pod).owner == Owner::ReplicaSet(set) && cx.pod(pod).deletion.is_none() {
            delete_pod(cx, pod, None);
        }
    }
}

/// A Pod on a node that does not exist fails and goes (NOD-08).
#[inline(never)]
pub(super) fn lost_pod(cx: &mut Cx, pod: PodId) {
    let state = cx.pod(pod);
    let is_there = match state.node {
        Some(node) => cx.node(node).has_object,
        None => super::find_node(cx.cluster, &state.spec.node_name).is_some(),
    };
    if state.removed_at.is_some() || is_there {
        return;
    }
    let message = "PodGC: node no longer exists";
    pods::mark_disrupted(cx, pod, "DeletionByPodGC", message, true);
    delete_pod(cx, pod, Some(0));
}
