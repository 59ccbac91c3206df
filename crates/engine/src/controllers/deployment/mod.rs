//! Deployments roll from one ReplicaSet to the next (DEP-*).

mod limits;
mod proportional;
mod revision;
mod rolling;
mod rollout_status;

pub use limits::limits;
pub(super) use revision::roll_back;

use super::state::Objects;
use super::{names, replica_set, ControllerTimer, DeploymentState, DeploymentStatus};
use crate::api::{Deployment, Strategy};
use crate::cluster::Cx;
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{DeploymentId, ReplicaSetId};
use crate::kubelet;
use crate::latency;
use crate::record::What;
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// Creates a Deployment and queues its controller.
pub(super) fn create(cx: &mut Cx, object: Deployment) -> DeploymentId {
    let id = DeploymentId::at(cx.cluster.controllers.deployments.len());
    let state = DeploymentState {
        name: object.metadata.name.as_str().into(),
        namespace: super::lookup::or_default(cx.cluster, &object.metadata.namespace),
        uid: names::uid(&mut cx.cluster.draws),
        created_at: cx.now,
        removed_at: None,
        deleting_since: None,
        generation: 1,
        object: Arc::new(object),
        revision: 0,
        status: DeploymentStatus::default(),
        replica_sets: Vec::new(),
        sync_at: Instant::NEVER,
    };
    cx.cluster.controllers.deployments.push(Arc::new(state));
    cx.record_as_cause(What::DeploymentChanged { deployment: id });
    revision::adopt_orphans(cx, id);
    enqueue(cx, id, latency::WATCH);
    id
}

/// Changes the spec; generation rises if that changed anything. Whether it did.
pub(super) fn change(cx: &mut Cx, id: DeploymentId, edit: impl FnOnce(&mut Deployment)) -> bool {
    let mut object = (*cx.deployment(id).object).clone();
    edit(&mut object);
    let old = &cx.deployment(id).object;
    if **old == object {
        return false;
    }
    let is_spec = old.replicas != object.replicas
        || old.template != object.template
        || old.strategy != object.strategy
        || old.min_ready_seconds != object.min_ready_seconds
        || old.revision_history_limit != object.revision_history_limit
        || old.progress_deadline_seconds != object.progress_deadline_seconds
        || old.paused != object.paused;
    let state = cx.deployment_mut(id);
    state.object = Arc::new(object);
    state.generation += u32::from(is_spec);
    cx.record_as_cause(What::DeploymentChanged { deployment: id });
    enqueue(cx, id, latency::WATCH);
    true
}

/// Queues the controller: at most one moment waits, the earliest.
pub(super) fn enqueue(cx: &mut Cx, id: DeploymentId, delay: Duration) {
    let at = cx.now + delay;
    let state = cx.deployment(id);
    if state.removed_at.is_none() && state.sync_at > at {
        cx.deployment_mut(id).sync_at = at;
        cx.at(at, Timer::Controller(ControllerTimer::Deployment(id)));
    }
}

/// A moment of the work queue has come.
#[inline(never)]
pub(super) fn due(cx: &mut Cx, id: DeploymentId) {
    let state = cx.deployment(id);
    if state.sync_at != cx.now {
        return;
    }
    let is_gone = state.removed_at.is_some();
    cx.deployment_mut(id).sync_at = Instant::NEVER;
    let wait = busy(cx, id);
    if !is_gone && wait > Duration::ZERO {
        enqueue(cx, id, wait);
    } else if !is_gone {
        sync(cx, id);
    }
}

/// How long a sync that created a ReplicaSet still lasts, where a recording shows it.
fn busy(cx: &Cx, id: DeploymentId) -> Duration {
    let newest = cx.deployment(id).replica_sets.last();
    newest.map_or(Duration::ZERO, |set| {
        let end = cx.replica_set(*set).created_at + kubelet::late_status(cx, set.index());
        end.since(cx.now)
    })
}

/// One step towards the wanted state; the next event brings the next one (DEP-01).
fn sync(cx: &mut Cx, id: DeploymentId) {
    if cx.deployment(id).deleting_since.is_some() {
        if cx.deployment(id).replica_sets.is_empty() {
            super::delete::remove_deployment(cx, id);
        } else {
            let new = revision::sync_existing(cx, id);
            rollout_status::update(cx, id, new, false);
        }
        return;
    }
    rollout_status::check_paused(cx, id);
    if cx.deployment(id).object.paused || is_scaling(cx, id) {
        let new = revision::sync_existing(cx, id);
        proportional::scale(cx, id, new);
        rollout_status::update(cx, id, new, false);
        return;
    }
    match cx.deployment(id).object.strategy {
        Strategy::RollingUpdate { .. } => {
            let Some(new) = revision::sync_new(cx, id) else {
                return;
            };
            let rest = busy(cx, id);
            if rest > Duration::ZERO {
                return enqueue(cx, id, rest);
            }
            let scaled = rolling::grow_new(cx, id, new) || rolling::shrink_old(cx, id, new);
            if !scaled && rollout_status::is_complete(cx, id) {
                revision::clean_up(cx, id, new);
            }
            rollout_status::update(cx, id, Some(new), true);
        }
        Strategy::Recreate => recreate(cx, id),
    }
}

/// DEP-06.
fn recreate(cx: &mut Cx, id: DeploymentId) {
    let new = revision::sync_existing(cx, id);
    let old: Vec<ReplicaSetId> = old_sets(cx, id, new);
    let mut scaled = false;
    for set in &old {
        if cx.replica_set(*set).object.replicas > 0 {
            scaled |= scale(cx, id, *set, 0);
        }
    }
    let still_runs = old
        .iter()
        .flat_map(|set| &cx.replica_set(*set).pods)
        .any(|pod| !cx.pod(*pod).status.phase.is_terminal());
    if scaled || still_runs {
        rollout_status::update(cx, id, new, true);
        return;
    }
    let Some(new) = revision::sync_new(cx, id) else {
        return;
    };
    let wanted = cx.deployment(id).object.replicas;
    let scaled = scale(cx, id, new, wanted);
    if !scaled && rollout_status::is_complete(cx, id) {
        revision::clean_up(cx, id, new);
    }
    rollout_status::update(cx, id, Some(new), true);
}

/// The ReplicaSets other than the newest, oldest first.
fn old_sets(cx: &Cx, id: DeploymentId, new: Option<ReplicaSetId>) -> Vec<ReplicaSetId> {
    let sets = &cx.deployment(id).replica_sets;
    sets.iter().copied().filter(|s| Some(*s) != new).collect()
}

/// Sum of `spec.replicas`.
fn total(cx: &Cx, sets: &[ReplicaSetId]) -> u32 {
    sets.iter()
        .map(|set| cx.replica_set(*set).object.replicas)
        .sum()
}

/// Whether `spec.replicas` changed since the ReplicaSets were last scaled (DEP-01).
fn is_scaling(cx: &Cx, id: DeploymentId) -> bool {
    let state = cx.deployment(id);
    state.replica_sets.iter().any(|set| {
        let set = cx.replica_set(*set);
        set.object.replicas > 0 && set.desired_replicas != state.object.replicas
    })
}

/// Scales a ReplicaSet, with its annotations and the event. Whether its size changed.
fn scale(cx: &mut Cx, id: DeploymentId, set: ReplicaSetId, to: u32) -> bool {
    annotate(cx, id, set);
    let from = cx.replica_set(set).object.replicas;
    if !replica_set::set_replicas(cx, set, to) {
        return false;
    }
    report_scaling(cx, id, set, from, to);
    true
}

/// `desired-replicas` and `max-replicas` (DEP-09).
fn annotate(cx: &mut Cx, id: DeploymentId, set: ReplicaSetId) {
    let object = &cx.deployment(id).object;
    let desired = object.replicas;
    let max = desired.saturating_add(limits(object).0);
    let have = cx.replica_set(set);
    if (have.desired_replicas, have.max_replicas) != (desired, max) {
        let set = cx.replica_set_mut(set);
        set.desired_replicas = desired;
        set.max_replicas = max;
    }
}

/// DEP-08.
fn report_scaling(cx: &mut Cx, id: DeploymentId, set: ReplicaSetId, from: u32, to: u32) {
    let way = if to > from { "up" } else { "down" };
    let name = &cx.replica_set(set).name;
    let text = format!("Scaled {way} replica set {name} from {from} to {to}");
    let message = Message::Text(cx.intern(&text));
    events::emit(
        cx,
        Emission {
            source: Source::DeploymentController,
            object: Object::Deployment(id),
            container: None,
            event_type: EventType::Normal,
            reason: "ScalingReplicaSet",
            message,
        },
    );
}
