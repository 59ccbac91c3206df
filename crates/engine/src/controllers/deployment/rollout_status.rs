//! `status` of a Deployment: counts, Available, Progressing, the deadline (DEP-11, DEP-12).

use super::{enqueue, limits, total};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::controllers::{
    DeploymentCondition, DeploymentReason, DeploymentState, DeploymentStatus,
};
use crate::ids::{DeploymentId, ReplicaSetId};
use crate::latency;
use crate::record::What;
use crate::time::{Duration, Instant};

/// A deadline as long as this means none.
const NO_DEADLINE: u32 = i32::MAX as u32;

fn has_deadline(state: &DeploymentState) -> bool {
    state.object.progress_deadline_seconds < NO_DEADLINE
}

/// Sets condition Progressing and stores it.
pub fn note_progress(cx: &mut Cx, id: DeploymentId, set: ReplicaSetId, reason: DeploymentReason) {
    if !has_deadline(cx.deployment(id)) {
        return;
    }
    let name = cx.replica_set(set).name.clone();
    let message = cx.intern(&reason.message(&name));
    let now = cx.now;
    let state = cx.deployment_mut(id);
    let current = state.status.progress;
    // Once complete it keeps saying so until it progresses again.
    let next = DeploymentCondition::next(current, reason, message, now, false);
    if current != Some(next) {
        state.status.progress = Some(next);
        state.status.progress_first = false;
        cx.record(What::DeploymentChanged { deployment: id });
    }
}

/// Conditions of `paused` (DEP-12).
pub fn check_paused(cx: &mut Cx, id: DeploymentId) {
    let state = cx.deployment(id);
    if !has_deadline(state) {
        return;
    }
    let current = state.status.progress;
    let was_paused = current.is_some_and(|c| c.reason == DeploymentReason::DeploymentPaused);
    if current.is_some_and(|c| c.reason == DeploymentReason::ProgressDeadlineExceeded) {
        return;
    }
    let reason = match (state.object.paused, was_paused) {
        (true, false) => DeploymentReason::DeploymentPaused,
        (false, true) => DeploymentReason::DeploymentResumed,
        _ => return,
    };
    let message = cx.intern(&reason.message(""));
    let next = DeploymentCondition::next(current, reason, message, cx.now, false);
    let status = &mut cx.deployment_mut(id).status;
    status.progress = Some(next);
    status.progress_first = false;
    cx.record(What::DeploymentChanged { deployment: id });
}

/// Everything wanted is there and nothing else, by the stored status.
pub fn is_complete(cx: &Cx, id: DeploymentId) -> bool {
    let state = cx.deployment(id);
    complete(state, &state.status)
}

fn complete(state: &DeploymentState, status: &DeploymentStatus) -> bool {
    let wanted = state.object.replicas;
    status.updated == wanted
        && status.replicas == wanted
        && status.available == wanted
        && status.observed_generation >= state.generation
}

/// Counts anew and stores what changed. `judges_progress`: not while paused or scaling.
pub fn update(cx: &mut Cx, id: DeploymentId, new: Option<ReplicaSetId>, judges_progress: bool) {
    let mut status = counts(cx, id, new);
    let known = status.availability.map(|condition| condition.reason);
    let available = availability(cx, id, &status);
    status.availability = Some(available);
    status.progress_first |= known != Some(available.reason);
    if judges_progress && has_deadline(cx.deployment(id)) {
        let next = progress(cx, id, new, &status);
        if next != status.progress {
            status.progress_first = false;
        }
        status.progress = next;
    }
    if status != cx.deployment(id).status {
        cx.deployment_mut(id).status = status;
        cx.record(What::DeploymentChanged { deployment: id });
        // Its own status is news to the controller, too: old ReplicaSets go by what is stored.
        enqueue(cx, id, latency::WATCH);
    }
    if judges_progress {
        queue_deadline(cx, id);
    }
}

fn counts(cx: &Cx, id: DeploymentId, new: Option<ReplicaSetId>) -> DeploymentStatus {
    let state = cx.deployment(id);
    let mut status = DeploymentStatus {
        observed_generation: state.generation,
        availability: state.status.availability,
        progress: state.status.progress,
        progress_first: state.status.progress_first,
        ..DeploymentStatus::default()
    };
    for set in &state.replica_sets {
        let have = &cx.replica_set(*set).status;
        if have.failure.is_some() && (status.failure.is_none() || Some(*set) == new) {
            status.failure = have.failure;
        }
        status.replicas += have.replicas;
        status.ready += have.ready;
        status.available += have.available;
        status.terminating += have.terminating;
        if Some(*set) == new {
            status.updated = have.replicas;
        }
    }
    status.unavailable = total(cx, &state.replica_sets).saturating_sub(status.available);
    status
}

fn availability(cx: &mut Cx, id: DeploymentId, status: &DeploymentStatus) -> DeploymentCondition {
    let object = &cx.deployment(id).object;
    let least = object.replicas - limits(object).1;
    let reason = if status.available >= least {
        DeploymentReason::MinimumReplicasAvailable
    } else {
        DeploymentReason::MinimumReplicasUnavailable
    };
    let message = cx.intern(&reason.message(""));
    DeploymentCondition::next(status.availability, reason, message, cx.now, false)
}

fn progress(
    cx: &mut Cx,
    id: DeploymentId,
    new: Option<ReplicaSetId>,
    status: &DeploymentStatus,
) -> Option<DeploymentCondition> {
    let state = cx.deployment(id);
    let current = status.progress;
    let was_complete = current
        .is_some_and(|c| c.reason == DeploymentReason::NewReplicaSetAvailable)
        && status.replicas == status.updated;
    if was_complete {
        return current;
    }
    let has_progressed = {
        let old = &state.status;
        let superseded = |s: &DeploymentStatus| i64::from(s.replicas) - i64::from(s.updated);
        status.updated > old.updated
            || superseded(status) < superseded(old)
            || status.ready > old.ready
            || status.available > old.available
    };
    let reason = if complete(state, status) {
        DeploymentReason::NewReplicaSetAvailable
    } else if has_progressed {
        DeploymentReason::ReplicaSetUpdated
    } else if is_timed_out(state, current, cx.now) {
        DeploymentReason::ProgressDeadlineExceeded
    } else {
        return current;
    };
    let name = new.map_or_else(
        || state.name.clone(),
        |set| cx.replica_set(set).name.clone(),
    );
    let message = cx.intern(&reason.message(&name));
    // Progress refreshes the time from which the deadline counts.
    let refresh = reason == DeploymentReason::ReplicaSetUpdated;
    Some(DeploymentCondition::next(
        current, reason, message, cx.now, refresh,
    ))
}

fn deadline(state: &DeploymentState, condition: &DeploymentCondition) -> Instant {
    let seconds = u64::from(state.object.progress_deadline_seconds);
    condition.last_update + Duration::from_secs(seconds)
}

fn is_timed_out(
    state: &DeploymentState,
    condition: Option<DeploymentCondition>,
    now: Instant,
) -> bool {
    match condition {
        None => false,
        Some(c) if c.reason == DeploymentReason::NewReplicaSetAvailable => false,
        Some(c) if c.reason == DeploymentReason::ProgressDeadlineExceeded => true,
        Some(c) => deadline(state, &c) < now,
    }
}

/// Looks again one second after the deadline (DEP-12).
fn queue_deadline(cx: &mut Cx, id: DeploymentId) {
    let state = cx.deployment(id);
    let Some(condition) = state.status.progress else {
        return;
    };
    let is_settled = complete(state, &state.status)
        || matches!(
            condition.reason,
            DeploymentReason::NewReplicaSetAvailable | DeploymentReason::ProgressDeadlineExceeded
        );
    if is_settled || !has_deadline(state) {
        return;
    }
    let at = deadline(state, &condition) + Duration::from_secs(1);
    enqueue(cx, id, at.since(cx.now));
}
