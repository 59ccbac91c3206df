//! Pods in the API server: creation, status writes, removal, and who hears of them.

use super::names;
use super::replica_set;
use super::scheduler::{self, Change};
use super::state::Objects;
use super::{
    budgets, endpoint_slice, find_pod, node_lifecycle, ApiError, ControllerTimer, ErrorReason,
};
use crate::api::{PodSpec, StringMap, DEFAULT_SCHEDULER};
use crate::cluster::{Cluster, Cx, Owner, PodState, Versioned};
use crate::container::{Place, PodWorld};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId, TextId};
use crate::kubelet;
use crate::latency;
use crate::manifest;
use crate::record::What;
use crate::status::{Condition, ConditionStatus, ConditionType, Phase, PodStatus};
use crate::timer::Timer;
use std::sync::Arc;

/// A Pod about to be created, its spec already admitted.
pub(super) struct NewPod {
    pub name: Arc<str>,
    pub namespace: Arc<str>,
    pub labels: Arc<StringMap>,
    pub annotations: Arc<StringMap>,
    pub spec: Arc<PodSpec>,
    pub owner: Owner,
}

/// What admission adds to a Pod (API-04).
pub(super) fn admit(mut spec: PodSpec) -> PodSpec {
    manifest::admit(&mut spec);
    spec
}

/// The same where it is to be created: what it names must exist (API-05).
pub(super) fn admit_to(
    cluster: &Cluster,
    namespace: &str,
    name: &str,
    spec: PodSpec,
) -> Result<Arc<PodSpec>, ApiError> {
    let mut spec = Arc::new(admit(spec));
    look_up(cluster, namespace, name, &mut spec)?;
    Ok(spec)
}

/// Looks for the ServiceAccount of a Pod, and for the class that has its priority.
pub(super) fn look_up(
    cluster: &Cluster,
    namespace: &str,
    name: &str,
    spec: &mut Arc<PodSpec>,
) -> Result<(), ApiError> {
    // Every namespace has the account `default`.
    if spec.service_account_name != "default" {
        find_account(cluster, namespace, name, &spec.service_account_name)?;
    }
    prioritise(cluster, name, spec)
}

/// Gives a Pod the priority of its class.
pub(super) fn prioritise(
    cluster: &Cluster,
    name: &str,
    spec: &mut Arc<PodSpec>,
) -> Result<(), ApiError> {
    let has_classes = !cluster.controllers.store.priority_classes.is_empty();
    if spec.placement.is_none() && !has_classes {
        return Ok(());
    }
    let class = scheduler::admit_priority(cluster, Arc::make_mut(spec));
    class.map_err(|class| ApiError {
        reason: ErrorReason::Forbidden,
        causes: Vec::new(),
        text: forbidden(name, &manifest::missing_class(&class)),
    })
}

#[inline(never)]
fn find_account(
    cluster: &Cluster,
    namespace: &str,
    pod: &str,
    account: &str,
) -> Result<(), ApiError> {
    let kind = "serviceaccount".to_owned();
    let key = (kind, namespace.to_owned(), account.to_owned());
    if cluster.controllers.store.others.contains(&key) {
        return Ok(());
    }
    Err(ApiError {
        reason: ErrorReason::Forbidden,
        causes: Vec::new(),
        text: forbidden(pod, &manifest::missing_account(namespace, account)),
    })
}

fn forbidden(pod: &str, why: &str) -> String {
    ["pods \"", pod, "\" is forbidden: ", why].concat()
}

/// Creates a Pod: Pending, and queued for the scheduler unless it names its node (API-02, SCH-01).
pub(super) fn create(cx: &mut Cx, new: NewPod) -> PodId {
    let pod = PodId::at(cx.cluster.pods.len());
    let uid = names::uid(&mut cx.cluster.draws);
    let wanted = Arc::clone(&new.spec);
    let owner = new.owner;
    cx.cluster.pods.push(Arc::new(PodState {
        name: new.name,
        namespace: new.namespace,
        uid,
        labels: new.labels,
        annotations: new.annotations,
        spec: new.spec,
        owner,
        created_at: cx.now,
        generation: 1,
        node: None,
        deletion: None,
        removed_at: None,
        status: PodStatus::default(),
        worker: None,
        world: PodWorld::new(cx.cluster.start_unix_secs, Place::default()),
    }));
    let before = cx.cause;
    cx.record_as_cause(What::PodCreated { pod });
    match owner {
        Owner::ReplicaSet(set) => replica_set::pod_arrived(cx, set, pod),
        Owner::Workload(id) => cx.workload_mut(id).pods.push(pod),
        Owner::None => {}
    }
    if !wanted.scheduling_gates.is_empty() {
        scheduler::hold(cx, pod);
    } else if wanted.node_name.is_empty() {
        schedule(cx, pod);
    } else {
        match super::find_node(cx.cluster, &wanted.node_name) {
            Some(node) => place(cx, pod, node),
            None => {
                let at = cx.cluster.controllers.nodes.pod_gc_after(cx.now);
                cx.at(at, Timer::Controller(ControllerTimer::CollectPod(pod)));
            }
        }
    }
    endpoint_slice::pod_changed(cx, pod);
    budgets::pod_changed(cx, pod);
    cx.cause = before;
    pod
}

/// Queues a Pod, unless it waits for another scheduler, of which nothing is heard.
fn schedule(cx: &mut Cx, pod: PodId) {
    if cx.pod(pod).spec.scheduler_name() == DEFAULT_SCHEDULER {
        scheduler::add(cx, pod);
    }
}

/// Puts a Pod on its node: the binding, and what its kubelet then sees.
pub(super) fn place(cx: &mut Cx, pod: PodId, node: NodeId) {
    let now = cx.now;
    let state = cx.pod_mut(pod);
    state.node = Some(node);
    state.status.conditions[ConditionType::PodScheduled as usize] = Condition {
        status: ConditionStatus::True,
        last_transition: now.floor_secs(),
        ..Condition::default()
    };
    cx.record_as_cause(What::PodBound { pod, node });
    cx.record(What::StatusWritten { pod });
    let timer = Timer::Controller(ControllerTimer::PodBound(pod));
    cx.after(latency::KUBELET_SEES_POD, timer);
    node_lifecycle::pod_placed(cx, pod, node);
    budgets::pod_changed(cx, pod);
    scheduler::cluster_changed(cx, Change::PodPlaced);
}

/// The API server stores a status that a kubelet sent, now. PodScheduled and DisruptionTarget are
/// not the kubelet's: they stay if the status lacks them.
pub fn store_status(cx: &mut Cx, pod: PodId, mut status: PodStatus) {
    if cx.pod(pod).removed_at.is_some() {
        return;
    }
    let old = &cx.pod(pod).status;
    for kind in [ConditionType::PodScheduled, ConditionType::DisruptionTarget] {
        let condition = &mut status.conditions[kind as usize];
        if condition.status == ConditionStatus::Absent {
            *condition = *old.condition(kind);
        }
    }
    status.foreign.clone_from(&old.foreign);
    if *old == status {
        return;
    }
    let ended = !old.phase.is_terminal() && status.phase.is_terminal();
    let ready = ConditionType::Ready;
    let counted = ended
        || old.phase != status.phase
        || old.restarts() != status.restarts()
        || old.condition(ready).status != status.condition(ready).status;
    // A Pod that was not ready and ends by itself stays listed: its phase alone is not looked at,
    // while every change of a Pod under deletion is (EPS-05).
    let listed = (ended && cx.pod(pod).deletion.is_some())
        || old.is_ready() != status.is_ready()
        || old.pod_ip != status.pod_ip;
    let before = cx.cause;
    cx.pod_mut(pod).status = status;
    cx.record_as_cause(What::StatusWritten { pod });
    budgets::pod_changed(cx, pod);
    if counted {
        replica_set::pod_changed(cx, pod, latency::WATCH);
    }
    if listed {
        endpoint_slice::pod_changed(cx, pod);
    }
    if ended {
        scheduler::cluster_changed(cx, Change::PodGone);
    }
    cx.cause = before;
}

/// `kubectl patch pod --subresource=status`: conditions that are not the kubelet's are set, and a
/// kubelet whose Ready follows from them looks again (SYN-02, STS-04).
pub fn patch_status(
    cx: &mut Cx,
    namespace: &str,
    name: &str,
    conditions: &[(String, bool)],
) -> Result<bool, ApiError> {
    let pod =
        find_pod(cx.cluster, namespace, name).ok_or_else(|| ApiError::not_found("pods", name))?;
    let mut foreign = cx.pod(pod).status.foreign.clone();
    for (kind, is_true) in conditions {
        if ConditionType::ALL.iter().any(|own| own.name() == kind) {
            continue;
        }
        let kind = cx.intern(kind);
        let status = if *is_true {
            ConditionStatus::True
        } else {
            ConditionStatus::False
        };
        match foreign.iter_mut().find(|known| known.0 == kind) {
            Some(known) => known.1 = status,
            None => foreign.push((kind, status)),
        }
    }
    if cx.pod(pod).status.foreign == foreign {
        return Ok(false);
    }
    cx.pod_mut(pod).status.foreign = foreign;
    cx.record_as_cause(What::StatusWritten { pod });
    if kubelet::gates_are_stale(cx, pod) {
        cx.after(
            latency::WATCH,
            Timer::Controller(ControllerTimer::PodChanged(pod)),
        );
    }
    Ok(true)
}

/// The kubelet has finished with a Pod: its object goes, now (TRM-06).
pub fn finalize_pod(cx: &mut Cx, pod: PodId) {
    remove(cx, pod);
    // A long run may see thousands of Pods go.
    cx.pod_mut(pod).world.forget_files();
}

/// Takes the object away and tells everybody.
pub(super) fn remove(cx: &mut Cx, pod: PodId) {
    if cx.pod(pod).removed_at.is_some() {
        return;
    }
    let now = cx.now;
    let state = cx.pod_mut(pod);
    state.removed_at = Some(now);
    let was_bound = state.node.is_some();
    let before = cx.cause;
    cx.record_as_cause(What::PodRemoved { pod });
    if was_bound {
        let timer = Timer::Controller(ControllerTimer::PodGone(pod));
        cx.after(latency::WATCH, timer);
    }
    replica_set::pod_left(cx, pod);
    endpoint_slice::pod_changed(cx, pod);
    budgets::pod_changed(cx, pod);
    scheduler::forget(cx, pod);
    scheduler::cluster_changed(cx, Change::PodGone);
    cx.cause = before;
}

/// The node of a Pod is lost: Ready turns False, everything else stays as it was (NOD-03).
pub(super) fn set_not_ready(cx: &mut Cx, pod: PodId) {
    let mut status = cx.pod(pod).status.clone();
    let ready = &mut status.conditions[ConditionType::Ready as usize];
    if ready.status != ConditionStatus::True {
        return;
    }
    ready.status = ConditionStatus::False;
    ready.last_transition = cx.now.floor_secs();
    store_status(cx, pod, status);
    let message = Message::Text(cx.intern("Node is not ready"));
    events::emit(
        cx,
        Emission {
            source: Source::NodeController,
            object: Object::Pod(pod),
            container: None,
            event_type: EventType::Warning,
            reason: "NodeNotReady",
            message,
        },
    );
}

/// The status of a Pod that is about to be taken away says by whom, and perhaps that it failed.
pub(super) fn mark_disrupted(
    cx: &mut Cx,
    pod: PodId,
    reason: &'static str,
    message: &str,
    fails: bool,
) {
    let mut status = cx.pod(pod).status.clone();
    status.conditions[ConditionType::DisruptionTarget as usize] = Condition {
        status: ConditionStatus::True,
        reason,
        message: cx.intern(message),
        last_transition: cx.now.floor_secs(),
    };
    if fails {
        status.phase = Phase::Failed;
    }
    store_status(cx, pod, status);
}

/// The kubelet takes a Pod away from a node that is short of something (RES-05).
pub fn mark_evicted(cx: &mut Cx, pod: PodId, message: TextId) {
    let text = cx.cluster.texts.get(message).to_owned();
    mark_disrupted(cx, pod, "TerminationByKubelet", &text, false);
}

/// New metadata and spec, already checked. Whether that changed anything.
pub(super) fn replace(
    cx: &mut Cx,
    pod: PodId,
    labels: StringMap,
    annotations: StringMap,
    spec: PodSpec,
) -> bool {
    let have = cx.pod(pod);
    let is_relabelled = *have.labels != labels;
    let is_spec = *have.spec != spec;
    if !is_relabelled && !is_spec && *have.annotations == annotations {
        return false;
    }
    cx.versions().write(Versioned::Pod(pod));
    let state = cx.pod_mut(pod);
    state.annotations = Arc::new(annotations);
    let mut is_released = false;
    if is_spec {
        is_released = !state.spec.scheduling_gates.is_empty() && spec.scheduling_gates.is_empty();
        state.spec = Arc::new(spec);
        state.generation += 1;
    }
    if is_released && cx.pod(pod).node.is_none() {
        schedule(cx, pod);
    }
    if is_relabelled {
        set_labels(cx, pod, labels);
    } else {
        tell_kubelet(cx, pod);
    }
    true
}

/// New labels; owners, Services and the kubelet hear of it.
pub(super) fn set_labels(cx: &mut Cx, pod: PodId, labels: StringMap) {
    // Services that select it by the old labels, then by the new ones.
    endpoint_slice::pod_changed(cx, pod);
    cx.pod_mut(pod).labels = Arc::new(labels);
    endpoint_slice::pod_changed(cx, pod);
    budgets::pod_changed(cx, pod);
    replica_set::reconsider_owner(cx, pod);
    tell_kubelet(cx, pod);
}

/// The Pod's kubelet hears of a change a moment later.
pub(super) fn tell_kubelet(cx: &mut Cx, pod: PodId) {
    if cx.pod(pod).node.is_some() {
        let timer = Timer::Controller(ControllerTimer::PodChanged(pod));
        cx.after(latency::WATCH, timer);
    }
}
