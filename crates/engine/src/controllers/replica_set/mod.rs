//! ReplicaSets keep a number of Pods (RSC-*).

mod ranking;

use super::pods::{self, NewPod};
use super::state::Objects;
use super::{
    collect, delete_pod, deployment, names, namespace, workload, ControllerTimer,
    DeploymentCondition, DeploymentReason, ReplicaSetState, ReplicaSetStatus,
};
use crate::api::{labels_contain, ReplicaSet};
use crate::cluster::{Cx, Owner, PodState};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{DeploymentId, PodId, ReplicaSetId};
use crate::latency;
use crate::record::What;
use crate::status::ConditionType;
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// Pods created or deleted in one sync at most (RSC-02).
const BURST_MAX: u32 = 500;
/// The wait of the work queue after the first failure, and the longest.
const REFUSED_WAIT: Duration = Duration::from_millis(5);
const REFUSED_WAIT_MAX: Duration = Duration::from_secs(1_000);

/// Creates a ReplicaSet and queues its controller.
pub(super) fn create(
    cx: &mut Cx,
    object: ReplicaSet,
    deployment: Option<DeploymentId>,
) -> ReplicaSetId {
    let id = ReplicaSetId::at(cx.cluster.controllers.replica_sets.len());
    let template = &object.template;
    let state = ReplicaSetState {
        name: object.metadata.name.as_str().into(),
        namespace: super::lookup::or_default(cx.cluster, &object.metadata.namespace),
        uid: names::uid(&mut cx.cluster.draws),
        created_at: cx.now,
        removed_at: None,
        deleting_since: None,
        generation: 1,
        deployment,
        revision: 0,
        revision_history: Vec::new(),
        desired_replicas: 0,
        max_replicas: 0,
        pod_labels: Arc::new(template.metadata.labels.clone()),
        pod_annotations: Arc::new(template.metadata.annotations.clone()),
        pod_spec: Arc::new(pods::admit(template.spec.clone())),
        object: Arc::new(object),
        status: ReplicaSetStatus::default(),
        pods: Vec::new(),
        sync_at: Instant::NEVER,
        burst_left: 0,
        refusals: 0,
    };
    cx.cluster.controllers.replica_sets.push(Arc::new(state));
    cx.record_as_cause(What::ReplicaSetChanged { replica_set: id });
    adopt_orphans(cx, id);
    enqueue(cx, id, latency::WATCH);
    id
}

/// Sets `spec.replicas`. Whether that is a change.
pub(super) fn set_replicas(cx: &mut Cx, id: ReplicaSetId, replicas: u32) -> bool {
    if cx.replica_set(id).object.replicas == replicas {
        return false;
    }
    let state = cx.replica_set_mut(id);
    Arc::make_mut(&mut state.object).replicas = replicas;
    state.generation += 1;
    cx.record(What::ReplicaSetChanged { replica_set: id });
    enqueue(cx, id, latency::WATCH);
    true
}

/// Queues the controller: at most one moment waits, the earliest.
pub(super) fn enqueue(cx: &mut Cx, id: ReplicaSetId, delay: Duration) {
    let at = cx.now + delay;
    if cx.replica_set(id).sync_at > at {
        cx.replica_set_mut(id).sync_at = at;
        cx.at(at, Timer::Controller(ControllerTimer::ReplicaSet(id)));
    }
}

/// A Pod of this ReplicaSet was created.
pub(super) fn pod_arrived(cx: &mut Cx, id: ReplicaSetId, pod: PodId) {
    cx.replica_set_mut(id).pods.push(pod);
    enqueue(cx, id, latency::WATCH);
}

/// A Pod changed in a way that its ReplicaSet counts.
pub(super) fn pod_changed(cx: &mut Cx, pod: PodId, delay: Duration) {
    if let Owner::Workload(id) = cx.pod(pod).owner {
        return workload::pod_changed(cx, id, pod);
    }
    if let Owner::ReplicaSet(id) = cx.pod(pod).owner {
        if cx.replica_set(id).removed_at.is_none() {
            enqueue(cx, id, delay);
        }
    }
}

/// A Pod's object is gone, or no longer this ReplicaSet's.
pub(super) fn pod_left(cx: &mut Cx, pod: PodId) {
    if let Owner::Workload(id) = cx.pod(pod).owner {
        return workload::pod_changed(cx, id, pod);
    }
    if let Owner::ReplicaSet(id) = cx.pod(pod).owner {
        cx.replica_set_mut(id).pods.retain(|p| *p != pod);
        if cx.replica_set(id).removed_at.is_none() {
            enqueue(cx, id, latency::WATCH);
        }
    }
}

/// After a change of its labels a Pod may be released, or adopted by another owner (API-07).
pub(super) fn reconsider_owner(cx: &mut Cx, pod: PodId) {
    if let Owner::ReplicaSet(id) = cx.pod(pod).owner {
        let set = cx.replica_set(id);
        if set.removed_at.is_some() || set.object.selector.matches(&cx.pod(pod).labels) {
            return;
        }
        pod_left(cx, pod);
        cx.pod_mut(pod).owner = Owner::None;
    }
    let state = cx.pod(pod);
    if matches!(state.owner, Owner::Workload(_)) {
        return;
    }
    if state.deletion.is_some() || state.status.phase.is_terminal() {
        return;
    }
    let heir = cx
        .cluster
        .controllers
        .live_replica_sets()
        .find(|(_, set)| set.namespace == state.namespace && selects(set, state))
        .map(|(id, _)| id);
    if let Some(id) = heir {
        adopt(cx, id, pod);
    }
}

/// A Pod gets an owner: a write, after which the controller counts (API-07). Meanwhile it is bound.
fn adopt(cx: &mut Cx, id: ReplicaSetId, pod: PodId) {
    cx.pod_mut(pod).owner = Owner::ReplicaSet(id);
    cx.replica_set_mut(id).pods.push(pod);
    enqueue(cx, id, latency::REPLICA_SET_REACTS);
}

fn selects(set: &ReplicaSetState, pod: &PodState) -> bool {
    set.object.selector.matches(&pod.labels)
}

/// Pods without an owner that the selector matches become this ReplicaSet's (API-07).
fn adopt_orphans(cx: &mut Cx, id: ReplicaSetId) {
    let set = cx.replica_set(id);
    let orphans: Vec<PodId> = cx
        .cluster
        .live_pods()
        .filter(|pod| {
            let pod = cx.pod(*pod);
            pod.owner == Owner::None
                && pod.namespace == set.namespace
                && is_active(pod)
                && selects(set, pod)
        })
        .collect();
    for pod in orphans {
        adopt(cx, id, pod);
    }
}

/// Counts as a replica (RSC-01).
pub(super) fn is_active(pod: &PodState) -> bool {
    pod.deletion.is_none() && !pod.status.phase.is_terminal()
}

/// When a Pod counts as available; None while it is not ready (DEP-13).
fn available_at(pod: &PodState, min_ready_seconds: u32) -> Option<Instant> {
    let since = pod.status.condition(ConditionType::Ready).last_transition;
    let wait = Duration::from_secs(u64::from(min_ready_seconds));
    pod.status.is_ready().then(|| since + wait)
}

/// A moment of the work queue has come.
#[inline(never)]
pub(super) fn due(cx: &mut Cx, id: ReplicaSetId) {
    let set = cx.replica_set(id);
    if set.sync_at != cx.now {
        return;
    }
    let (is_gone, is_busy) = (set.removed_at.is_some(), set.burst_left > 0);
    cx.replica_set_mut(id).sync_at = Instant::NEVER;
    // While Pods are being created the sync is still under way; the last one queues the next.
    if !is_gone && !is_busy {
        sync(cx, id);
    }
}

fn sync(cx: &mut Cx, id: ReplicaSetId) {
    let (status, next_available) = count(cx, id);
    let set = cx.replica_set(id);
    let wanted = set.object.replicas;
    let have = status.replicas;
    let is_changed = set.status != status;
    if set.deleting_since.is_some() {
        if set.pods.is_empty() {
            return collect::remove_set(cx, id);
        }
    } else if have > wanted {
        delete_surplus(cx, id, (have - wanted).min(BURST_MAX));
    } else if have < wanted {
        cx.replica_set_mut(id).burst_left = (wanted - have).min(BURST_MAX);
        let timer = Timer::Controller(ControllerTimer::CreatePod(id));
        cx.after(latency::CREATE_POD, timer);
    }
    if is_changed {
        cx.replica_set_mut(id).status = status;
        cx.record_as_cause(What::ReplicaSetChanged { replica_set: id });
        if let Some(owner) = cx.replica_set(id).deployment {
            deployment::enqueue(cx, owner, latency::WATCH);
        }
    }
    if let Some(at) = next_available {
        let delay = at.since(cx.now);
        enqueue(cx, id, delay);
    }
}

/// `status` as the Pods are now, and when the next of them becomes available (RSC-05).
fn count(cx: &Cx, id: ReplicaSetId) -> (ReplicaSetStatus, Option<Instant>) {
    let set = cx.replica_set(id);
    let mut status = ReplicaSetStatus {
        observed_generation: set.generation,
        failure: set.status.failure,
        ..ReplicaSetStatus::default()
    };
    let mut next = None;
    for pod in &set.pods {
        let pod = cx.pod(*pod);
        if pod.status.phase.is_terminal() {
            continue;
        }
        if pod.deletion.is_some() {
            status.terminating += 1;
            continue;
        }
        status.replicas += 1;
        let labels = &set.object.template.metadata.labels;
        // Nearly always the very same labels.
        if Arc::ptr_eq(&pod.labels, &set.pod_labels) || labels_contain(&pod.labels, labels) {
            status.fully_labeled += 1;
        }
        if let Some(at) = available_at(pod, set.object.min_ready_seconds) {
            status.ready += 1;
            if at <= cx.now {
                status.available += 1;
            } else {
                next = Some(next.map_or(at, |other: Instant| other.min(at)));
            }
        }
    }
    (status, next)
}

/// Creates the next Pod of a sync. The batches of RSC-02 only show when the API server refuses;
/// what is recorded is one Pod after the other.
#[inline(never)]
pub(super) fn create_pod(cx: &mut Cx, id: ReplicaSetId) {
    let set = cx.replica_set(id);
    if set.burst_left == 0 || set.removed_at.is_some() {
        return;
    }
    // Every Pod would be refused, and so would the Event about it.
    if namespace::is_terminating(cx.cluster, &set.namespace) {
        cx.replica_set_mut(id).burst_left = 0;
        return;
    }
    let base = format!("{}-", set.name);
    let name: Arc<str> = names::generated(&mut cx.cluster.draws, &base).into();
    let set = cx.replica_set(id);
    let mut spec = Arc::clone(&set.pod_spec);
    // What it names is looked up before it has its own name.
    if let Err(error) = pods::look_up(cx.cluster, &set.namespace, &base, &mut spec) {
        return refused(cx, id, &error.text);
    }
    let set = cx.replica_set_mut(id);
    set.refusals = 0;
    set.status.failure = None;
    set.burst_left -= 1;
    let is_last = set.burst_left == 0;
    let new = NewPod {
        name: Arc::clone(&name),
        namespace: Arc::clone(&set.namespace),
        labels: Arc::clone(&set.pod_labels),
        annotations: Arc::clone(&set.pod_annotations),
        spec,
        owner: Owner::ReplicaSet(id),
    };
    pods::create(cx, new);
    let text = format!("Created pod: {name}");
    report(cx, id, EventType::Normal, "SuccessfulCreate", &text);
    if !is_last {
        let timer = Timer::Controller(ControllerTimer::CreatePod(id));
        cx.after(latency::CREATE_POD, timer);
    }
}

/// The API server refuses a Pod: the rest of the sync is given up, and tried again after a wait that
/// doubles (RSC-02, RSC-04).
#[inline(never)]
fn refused(cx: &mut Cx, id: ReplicaSetId, why: &str) {
    if cx.replica_set(id).status.failure.is_none() {
        let message = cx.intern(why);
        let reason = DeploymentReason::FailedCreate;
        let failure = DeploymentCondition::next(None, reason, message, cx.now, false);
        cx.replica_set_mut(id).status.failure = Some(failure);
        cx.record(What::ReplicaSetChanged { replica_set: id });
        if let Some(owner) = cx.replica_set(id).deployment {
            deployment::enqueue(cx, owner, latency::WATCH);
        }
    }
    let text = format!("Error creating: {why}");
    report(cx, id, EventType::Warning, "FailedCreate", &text);
    let set = cx.replica_set_mut(id);
    set.burst_left = 0;
    let wait = Duration(REFUSED_WAIT.0 << set.refusals.min(20)).min(REFUSED_WAIT_MAX);
    set.refusals += 1;
    enqueue(cx, id, wait);
}

fn delete_surplus(cx: &mut Cx, id: ReplicaSetId, count: u32) {
    for pod in ranking::victims(cx, id, count) {
        let name = Arc::clone(&cx.pod(pod).name);
        delete_pod(cx, pod, None);
        let text = format!("Deleted pod: {name}");
        report(cx, id, EventType::Normal, "SuccessfulDelete", &text);
    }
}

/// RSC-04.
fn report(cx: &mut Cx, id: ReplicaSetId, event_type: EventType, reason: &'static str, text: &str) {
    let message = Message::Text(cx.intern(text));
    events::emit(
        cx,
        Emission {
            source: Source::ReplicaSetController,
            object: Object::ReplicaSet(id),
            container: None,
            event_type,
            reason,
            message,
        },
    );
}
