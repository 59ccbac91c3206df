//! StatefulSets, DaemonSets and Jobs: one kind of state, a controller each (KST-*, DMN-*, JOB-*).

mod claims;
mod daemon_set;
mod daemon_update;
mod failure_policy;
mod history;
mod job;
mod job_count;
mod job_status;
mod stateful_set;
mod success_policy;

use super::pods::{self, NewPod};
use super::state::Objects;
use super::{delete_pod, names, ApiError, ControllerTimer};
use crate::api::{ClaimRetention, PodSpec, PodTemplate, StringMap, Workload, WorkloadKind};
use crate::cluster::{Cluster, Cx, Owner, PodState};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId, WorkloadId};
use crate::latency;
use crate::record::What;
use crate::sorted::Map;
use crate::status::{ConditionType, Phase};
use crate::time::{Duration, Instant};
use crate::timer::Timer;
pub(super) use claims::claim;
pub use history::Revision;
pub use job::labels as job_labels;
pub use job_status::JobStatus;
use std::sync::Arc;

/// Tells the Pods of different templates apart.
const REVISION: &str = "controller-revision-hash";
/// How long after a refusal the API server is asked again.
const REFUSED_WAIT: Duration = Duration::from_secs(1);

/// A StatefulSet, DaemonSet or Job.
#[derive(Clone, Debug)]
pub struct WorkloadState {
    pub name: Arc<str>,
    pub namespace: Arc<str>,
    pub uid: Arc<str>,
    pub created_at: Instant,
    pub removed_at: Option<Instant>,
    /// Deleted in the foreground: it waits for its dependents (API-07).
    pub deleting_since: Option<Instant>,
    pub generation: u32,
    pub object: Arc<Workload>,
    /// The template of the last revision that was rolled out completely.
    current: Arc<PodTemplate>,
    /// Of a StatefulSet or DaemonSet, the newest last.
    pub history: Vec<Revision>,
    /// Its Pods that the API server has, in order of creation.
    pub pods: Vec<PodId>,
    pub status: WorkloadStatus,
    /// Of a Job.
    pub job: JobStatus,
    /// Of a DaemonSet: the failed Pods of its nodes.
    failed_pods: Map<NodeId, daemon_set::FailedPods>,
    sync_at: Instant,
}

/// `status` as far as StatefulSets and DaemonSets have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct WorkloadStatus {
    /// Pods that are wanted.
    pub desired: u32,
    /// Pods that are there and not ended.
    pub current: u32,
    pub ready: u32,
    pub available: u32,
    /// Pods of the newest template.
    pub updated: u32,
    /// `currentReplicas` of a StatefulSet: Pods of the template that was rolled out last.
    pub of_current: u32,
    /// 0: the controller has not looked yet.
    pub observed_generation: u32,
}

impl WorkloadState {
    /// `currentRevision` and `updateRevision` of a StatefulSet.
    pub fn revisions(&self) -> [String; 2] {
        let revision = |template: &PodTemplate| format!("{}-{}", self.name, hash(template));
        [revision(&self.current), revision(&self.object.template)]
    }
}

/// A StatefulSet, DaemonSet or Job that the API server has; `kind` in lower case.
pub fn find_workload(
    cluster: &Cluster,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Option<WorkloadId> {
    let namespace = super::lookup::or_default(cluster, namespace);
    let found = cluster.controllers.workloads.iter().position(|state| {
        state.removed_at.is_none()
            && state.object.kind.name().eq_ignore_ascii_case(kind)
            && *state.name == *name
            && state.namespace == namespace
    })?;
    Some(WorkloadId::at(found))
}

/// `kubectl apply` or `create`. Whether it is new, or whether that changed anything.
pub(super) fn put(
    cx: &mut Cx,
    object: &Workload,
    namespace: &str,
    may_exist: bool,
) -> Result<(bool, bool), ApiError> {
    let kind = object.kind.name();
    let Some(id) = find_workload(cx.cluster, kind, namespace, &object.metadata.name) else {
        create(cx, object.clone());
        return Ok((true, true));
    };
    let have = &cx.workload(id).object;
    if !may_exist {
        let resource = object.kind.resource();
        return Err(ApiError::already_exists(resource, &object.metadata.name));
    }
    check_fixed(have, object)?;
    Ok((false, change(cx, id, |live| *live = object.clone())))
}

/// What is fixed for good: a Job's template and selector, a DaemonSet's selector, and all of a
/// StatefulSet but a few fields (VAL-25).
fn check_fixed(have: &Workload, wanted: &Workload) -> Result<(), ApiError> {
    let kind = wanted.kind.name();
    let name = &wanted.metadata.name;
    let detail = match &wanted.kind {
        WorkloadKind::StatefulSet { .. } if is_other_set(have, wanted) => {
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', \
             'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', \
             'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
        }
        WorkloadKind::StatefulSet { .. } => return Ok(()),
        WorkloadKind::Job(_) if have.template != wanted.template => {
            "spec.template: Invalid value: {…}: field is immutable"
        }
        _ => {
            let group = wanted
                .kind
                .resource()
                .split_once('.')
                .map_or("", |(_, group)| group);
            let kind = [kind, ".", group].concat();
            return super::apply::check_selector(&kind, name, &have.selector, &wanted.selector);
        }
    };
    Err(ApiError::invalid(kind, name, detail))
}

/// Whether a StatefulSet would differ in what is fixed.
fn is_other_set(have: &Workload, wanted: &Workload) -> bool {
    let policy = |of: &Workload| match &of.kind {
        WorkloadKind::StatefulSet { is_parallel, .. } => *is_parallel,
        _ => false,
    };
    have.selector != wanted.selector
        || policy(have) != policy(wanted)
        || have.service_name != wanted.service_name
        || have.claim_templates != wanted.claim_templates
}

fn create(cx: &mut Cx, object: Workload) {
    let id = WorkloadId::at(cx.cluster.controllers.workloads.len());
    let state = WorkloadState {
        name: object.metadata.name.as_str().into(),
        namespace: super::lookup::or_default(cx.cluster, &object.metadata.namespace),
        uid: names::uid(&mut cx.cluster.draws),
        created_at: cx.now,
        removed_at: None,
        deleting_since: None,
        generation: 1,
        current: Arc::new(object.template.clone()),
        object: Arc::new(object),
        history: Vec::new(),
        pods: Vec::new(),
        status: WorkloadStatus::default(),
        job: JobStatus::default(),
        failed_pods: Map::new(),
        sync_at: Instant::NEVER,
    };
    cx.cluster.controllers.workloads.push(Arc::new(state));
    cx.record_as_cause(What::WorkloadChanged { workload: id });
    enqueue(cx, id, latency::WATCH);
}

/// Changes the spec. Whether that changed anything.
pub(super) fn change(cx: &mut Cx, id: WorkloadId, edit: impl FnOnce(&mut Workload)) -> bool {
    let mut object = (*cx.workload(id).object).clone();
    edit(&mut object);
    let old = &cx.workload(id).object;
    if **old == object {
        return false;
    }
    // Labels and annotations are not the spec (API-01).
    let is_spec = (&old.template, old.kind) != (&object.template, object.kind)
        || old.failure_rules != object.failure_rules
        || old.success_rules != object.success_rules
        || old.claim_templates != object.claim_templates
        || old.claim_retention != object.claim_retention
        || old.revision_history_limit != object.revision_history_limit;
    let state = cx.workload_mut(id);
    state.object = Arc::new(object);
    state.generation += u32::from(is_spec);
    cx.record_as_cause(What::WorkloadChanged { workload: id });
    enqueue(cx, id, latency::WATCH);
    true
}

/// Sets the number of Pods (of a Job: how many run at once). Err: there is no such number.
pub(super) fn scale(cx: &mut Cx, id: WorkloadId, to: u32) -> Result<bool, ApiError> {
    if matches!(cx.workload(id).object.kind, WorkloadKind::DaemonSet { .. }) {
        return Err(ApiError::bad_request(
            "could not find the requested resource",
        ));
    }
    Ok(change(cx, id, |object| match &mut object.kind {
        WorkloadKind::StatefulSet { replicas, .. } => *replicas = to,
        WorkloadKind::Job(job) => job.parallelism = to,
        WorkloadKind::DaemonSet { .. } => {}
    }))
}

/// Takes the object away; the garbage collector follows with its Pods (API-07), and claims go as
/// it says.
pub(super) fn remove(cx: &mut Cx, id: WorkloadId) {
    take_away(cx, id);
    release_claims(cx, id);
}

/// The same; what it owned stays.
pub(super) fn take_away(cx: &mut Cx, id: WorkloadId) {
    let now = cx.now;
    cx.workload_mut(id).removed_at = Some(now);
    cx.record_as_cause(What::WorkloadChanged { workload: id });
    let timer = Timer::Controller(ControllerTimer::CollectPodsOfWorkload(id));
    cx.after(latency::COLLECT, timer);
}

/// The garbage collector deletes the Pods of a workload that is gone.
#[inline(never)]
pub(super) fn collect(cx: &mut Cx, id: WorkloadId) {
    for pod in cx.workload(id).pods.clone() {
        if cx.pod(pod).deletion.is_none() {
            delete_pod(cx, pod, None);
        }
    }
}

/// Queues the controller: at most one moment waits, the earliest.
pub(super) fn enqueue(cx: &mut Cx, id: WorkloadId, delay: Duration) {
    let at = cx.now + delay;
    let state = cx.workload(id);
    if state.removed_at.is_none() && state.sync_at > at {
        cx.workload_mut(id).sync_at = at;
        cx.at(at, Timer::Controller(ControllerTimer::Workload(id)));
    }
}

/// A Pod of this workload changed, or is gone.
pub(super) fn pod_changed(cx: &mut Cx, id: WorkloadId, pod: PodId) {
    if cx.pod(pod).removed_at.is_some() {
        if matches!(cx.workload(id).object.kind, WorkloadKind::Job(_)) {
            // A Pod is kept until it is counted, whoever deletes it.
            job::pod_gone(cx, id, pod);
        }
        cx.workload_mut(id).pods.retain(|known| *known != pod);
        release_claims(cx, id);
    }
    // A Job collects the changes of a second (JOB-01).
    let is_job = matches!(cx.workload(id).object.kind, WorkloadKind::Job(_));
    let delay = if is_job { job::BATCH } else { latency::WATCH };
    enqueue(cx, id, delay);
}

/// Claims that a StatefulSet does not keep go with what used them.
fn release_claims(cx: &mut Cx, id: WorkloadId) {
    let object = &cx.workload(id).object;
    if let WorkloadKind::StatefulSet {
        replicas, start, ..
    } = object.kind
    {
        if object.claim_retention != ClaimRetention::default() {
            claims::release(cx, id, &(start..start + replicas));
        }
    }
}

/// A node appeared or changed: DaemonSets look at it.
pub(super) fn nodes_changed(cx: &mut Cx) {
    for index in 0..cx.cluster.controllers.workloads.len() {
        let id = WorkloadId::at(index);
        if matches!(cx.workload(id).object.kind, WorkloadKind::DaemonSet { .. }) {
            enqueue(cx, id, latency::WATCH);
        }
    }
}

/// A moment of the work queue has come.
#[inline(never)]
pub(super) fn due(cx: &mut Cx, id: WorkloadId) {
    let state = cx.workload(id);
    if state.sync_at != cx.now {
        return;
    }
    let is_gone = state.removed_at.is_some();
    let is_going = state.deleting_since.is_some();
    let is_empty = state.pods.is_empty();
    cx.workload_mut(id).sync_at = Instant::NEVER;
    if is_going && is_empty && !is_gone {
        remove(cx, id);
    }
    if is_gone || is_going {
        return;
    }
    let before = cx.cause;
    history::note(cx, id);
    match cx.workload(id).object.kind {
        WorkloadKind::StatefulSet { .. } => stateful_set::sync(cx, id),
        WorkloadKind::DaemonSet { .. } => daemon_set::sync(cx, id),
        WorkloadKind::Job(_) => job::sync(cx, id),
    }
    history::clean(cx, id);
    cx.cause = before;
}

/// Stores a status.
fn store(cx: &mut Cx, id: WorkloadId, mut status: WorkloadStatus) {
    status.observed_generation = cx.workload(id).generation;
    if cx.workload(id).status != status {
        cx.workload_mut(id).status = status;
        cx.record(What::WorkloadChanged { workload: id });
    }
}

fn hash(template: &PodTemplate) -> String {
    names::template_hash(template)
}

fn revision(pod: &PodState) -> &str {
    let labels = &pod.labels;
    let value = labels.get(REVISION).map_or("", String::as_str);
    value.rsplit('-').next().unwrap_or_default()
}

/// Running, Ready and not about to go (KST-01).
fn is_healthy(pod: &PodState) -> bool {
    pod.deletion.is_none() && pod.status.phase == Phase::Running && pod.status.is_ready()
}

fn available_at(pod: &PodState, min_ready_seconds: u32) -> Instant {
    let since = pod.status.condition(ConditionType::Ready).last_transition;
    since + Duration::from_secs(u64::from(min_ready_seconds))
}

fn is_available(cx: &Cx, pod: &PodState, min_ready_seconds: u32) -> bool {
    is_healthy(pod) && available_at(pod, min_ready_seconds) <= cx.now
}

/// Looks again when a ready Pod becomes available.
fn wait_until_available(cx: &mut Cx, id: WorkloadId, pod: PodId, min_ready_seconds: u32) {
    let at = available_at(cx.pod(pod), min_ready_seconds);
    if is_healthy(cx.pod(pod)) && at > cx.now {
        let delay = at.since(cx.now);
        enqueue(cx, id, delay);
    }
}

/// Creates a Pod of a template with some labels more.
fn create_pod(
    cx: &mut Cx,
    id: WorkloadId,
    name: &str,
    template: &PodTemplate,
    more: &[(&str, &str)],
    edit: impl FnOnce(&mut PodSpec),
) -> Option<PodId> {
    // Every Pod would be refused, and so would the Event about it.
    if super::namespace::is_terminating(cx.cluster, &cx.workload(id).namespace) {
        return None;
    }
    let mut labels: StringMap = template.metadata.labels.clone();
    for (key, value) in more {
        labels.insert((*key).to_owned(), (*value).to_owned());
    }
    let mut spec = template.spec.clone();
    edit(&mut spec);
    let state = cx.workload(id);
    // What a Pod names is looked up before it has its own name.
    let asked = match state.object.kind {
        WorkloadKind::StatefulSet { .. } => name,
        _ => &name[..name.len().saturating_sub(names::SUFFIX)],
    };
    let spec = match pods::admit_to(cx.cluster, &state.namespace, asked, spec) {
        Ok(spec) => spec,
        Err(error) => {
            refused(cx, id, name, &error.text);
            return None;
        }
    };
    let new = NewPod {
        name: name.into(),
        namespace: Arc::clone(&cx.workload(id).namespace),
        labels: Arc::new(labels),
        annotations: Arc::new(template.metadata.annotations.clone()),
        spec,
        owner: Owner::Workload(id),
    };
    Some(pods::create(cx, new))
}

/// The API server refuses a Pod: said, and tried again later.
#[inline(never)]
fn refused(cx: &mut Cx, id: WorkloadId, pod: &str, why: &str) {
    let state = cx.workload(id);
    let text = match state.object.kind {
        WorkloadKind::StatefulSet { .. } => {
            let set = &state.name;
            format!("create Pod {pod} in StatefulSet {set} failed error: {why}")
        }
        _ => format!("Error creating: {why}"),
    };
    report(cx, id, EventType::Warning, "FailedCreate", &text);
    enqueue(cx, id, REFUSED_WAIT);
}

/// `<base>-` and five characters (API-10).
fn generated_name(cx: &mut Cx, base: &str) -> String {
    names::generated(&mut cx.cluster.draws, &[base, "-"].concat())
}

fn report(cx: &mut Cx, id: WorkloadId, event_type: EventType, reason: &'static str, text: &str) {
    let source = match cx.workload(id).object.kind {
        WorkloadKind::StatefulSet { .. } => Source::StatefulSetController,
        WorkloadKind::DaemonSet { .. } => Source::DaemonSetController,
        WorkloadKind::Job(_) => Source::JobController,
    };
    let kind = cx.workload(id).object.kind.name();
    let message = Message::Text(cx.intern(text));
    events::emit(
        cx,
        Emission {
            source,
            object: Object::Workload(id, kind),
            container: None,
            event_type,
            reason,
            message,
        },
    );
}
