//! One step of a rolling update (DEP-05).

use super::{limits, old_sets, scale, total};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::ids::{DeploymentId, ReplicaSetId};

/// Brings the new ReplicaSet towards its size, as far as the surge allows. Whether it changed.
pub fn grow_new(cx: &mut Cx, id: DeploymentId, new: ReplicaSetId) -> bool {
    let state = cx.deployment(id);
    let wanted = state.object.replicas;
    let have = cx.replica_set(new).object.replicas;
    if have == wanted {
        return false;
    }
    if have > wanted {
        return scale(cx, id, new, wanted);
    }
    let most = wanted + limits(&state.object).0;
    let room = most.saturating_sub(total(cx, &state.replica_sets));
    let to = have + room.min(wanted - have);
    scale(cx, id, new, to)
}

/// Takes old Pods away: first those that are not available, then as many as the new ones have
/// made superfluous. Whether anything changed.
pub fn shrink_old(cx: &mut Cx, id: DeploymentId, new: ReplicaSetId) -> bool {
    let old = old_sets(cx, id, Some(new));
    if total(cx, &old) == 0 {
        return false;
    }
    let state = cx.deployment(id);
    let least = state.object.replicas - limits(&state.object).1;
    let set = cx.replica_set(new);
    let not_up = set.object.replicas.saturating_sub(set.status.available);
    let all = total(cx, &state.replica_sets);
    let most = i64::from(all) - i64::from(least) - i64::from(not_up);
    let Ok(most @ 1..) = u32::try_from(most) else {
        return false;
    };
    let cleaned = clean_unavailable(cx, id, &old, most);
    shrink_available(cx, id, &old, least) || cleaned
}

fn clean_unavailable(cx: &mut Cx, id: DeploymentId, old: &[ReplicaSetId], most: u32) -> bool {
    let mut left = most;
    for set in old {
        let state = cx.replica_set(*set);
        let have = state.object.replicas;
        let count = left.min(have.saturating_sub(state.status.available));
        if count > 0 {
            scale(cx, id, *set, have - count);
            left -= count;
        }
    }
    left < most
}

fn shrink_available(cx: &mut Cx, id: DeploymentId, old: &[ReplicaSetId], least: u32) -> bool {
    let sets = &cx.deployment(id).replica_sets;
    let available: u32 = sets
        .iter()
        .map(|s| cx.replica_set(*s).status.available)
        .sum();
    let mut left = available.saturating_sub(least);
    let mut changed = false;
    for set in old {
        let have = cx.replica_set(*set).object.replicas;
        let count = left.min(have);
        if count > 0 {
            changed |= scale(cx, id, *set, have - count);
            left -= count;
        }
    }
    changed
}
