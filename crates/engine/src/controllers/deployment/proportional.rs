//! A Deployment scaled while it rolls or is paused (DEP-07).

use super::{limits, old_sets, scale as scale_set, total};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::controllers::ReplicaSetState;
use crate::ids::{DeploymentId, ReplicaSetId};
use std::cmp::Reverse;

/// Spreads `spec.replicas` over the ReplicaSets.
pub fn scale(cx: &mut Cx, id: DeploymentId, new: Option<ReplicaSetId>) {
    let old = old_sets(cx, id, new);
    let mut active: Vec<ReplicaSetId> = cx
        .deployment(id)
        .replica_sets
        .iter()
        .copied()
        .filter(|set| cx.replica_set(*set).object.replicas > 0)
        .collect();
    let replicas = cx.deployment(id).object.replicas;
    let single = match active.as_slice() {
        [] => new.or(old.last().copied()),
        [single] => Some(*single),
        _ => None,
    };
    if active.len() < 2 {
        if let Some(set) = single {
            scale_set(cx, id, set, replicas);
        }
        return;
    }
    if new.is_some_and(|set| is_saturated(cx.replica_set(set), replicas)) {
        for set in old {
            if cx.replica_set(set).object.replicas > 0 {
                scale_set(cx, id, set, 0);
            }
        }
        return;
    }
    let surge = limits(&cx.deployment(id).object).0;
    let allowed = if replicas > 0 { replicas + surge } else { 0 };
    let to_add = i64::from(allowed) - i64::from(total(cx, &active));
    let size = |set: &ReplicaSetId| cx.replica_set(*set).object.replicas;
    // Larger first; of equal ones the newer when growing, the older when shrinking.
    active.sort_by_key(|set| {
        let age = i64::from(set.0);
        (Reverse(size(set)), if to_add > 0 { -age } else { age })
    });
    let mut added = 0;
    let mut sizes = Vec::with_capacity(active.len());
    for set in &active {
        let state = cx.replica_set(*set);
        let share = share(state, replicas, allowed, to_add - added);
        sizes.push(i64::from(state.object.replicas) + share);
        added += share;
    }
    sizes[0] = (sizes[0] + to_add - added).max(0);
    for (set, size) in active.iter().zip(sizes) {
        scale_set(cx, id, *set, u32::try_from(size).unwrap_or(0));
    }
}

/// The new ReplicaSet has everything already.
fn is_saturated(set: &ReplicaSetState, replicas: u32) -> bool {
    set.object.replicas == replicas
        && set.desired_replicas == replicas
        && set.status.available == replicas
}

/// What a ReplicaSet gains or loses, within what is left to add or take away.
fn share(set: &ReplicaSetState, replicas: u32, allowed: u32, left: i64) -> i64 {
    let size = i64::from(set.object.replicas);
    if size == 0 || left == 0 {
        return 0;
    }
    let share = if replicas == 0 {
        -size
    } else {
        let most = i64::from(set.max_replicas.max(1));
        // Rounded half away from zero; all are positive.
        (2 * size * i64::from(allowed) + most) / (2 * most) - size
    };
    if left > 0 {
        share.min(left)
    } else {
        share.max(left)
    }
}
