//! The end of a Namespace (API-05): it is Terminating while its Pods end, takes no new objects, and
//! is gone when the controller finds nothing left. Sources:
//! pkg/controller/namespace/{namespace_controller.go, deletion/namespaced_resources_deleter.go},
//! apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go.

use super::state::Objects;
use super::{
    collect, delete, delete_pod, find_deployment, find_pod, find_replica_set, find_service,
    find_workload, service, workload, ApiError, ControllerTimer, ErrorReason,
};
use crate::api::{Object, WorkloadKind};
use crate::cluster::{Cluster, Cx, Owner};
use crate::ids::{PodId, TextId, WorkloadId};
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// How long the controller waits after it has heard of a change, so that every API server knows
/// (namespaceDeletionGracePeriod).
const DELETION_GRACE: Duration = Duration::from_secs(5);

/// What the controller first waits after a look that found Pods past their time, and at most.
const RETRY: Duration = Duration::from_millis(5);
const RETRY_MAX: Duration = Duration::from_secs(60);
/// How long objects with finalizers are thought to take.
const FINALIZER_ESTIMATE_SECS: u64 = 15;

/// A namespace on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminating {
    /// `metadata.deletionTimestamp`.
    pub since: Instant,
    /// `status.conditions` as the controller wrote them last; None: it has not looked yet.
    pub conditions: Option<EndConditions>,
    /// Looks in a row that found Pods past their time.
    failures: u32,
}

/// The conditions of a namespace on its way out, as far as they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndConditions {
    /// When they were written first.
    pub first_at: Instant,
    /// What was left when the controller looked last.
    pub left: Left,
    /// Pods should be gone and are not, with the moment of the last change of that.
    pub is_late: bool,
    pub late_at: Instant,
    /// The last change of whether finalizers keep something.
    pub held_at: Instant,
}

/// What is left of a namespace's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub pods: u32,
    /// Those of them that are kept until their Job has counted them.
    pub tracked: u32,
    /// PersistentVolumeClaims, which are kept until nothing uses them.
    pub claims: u32,
}

impl Left {
    /// Whether finalizers keep something.
    fn is_held(self) -> bool {
        self.tracked + self.claims > 0
    }
}

/// Whether a namespace takes no new objects any more.
pub(super) fn is_terminating(cluster: &Cluster, namespace: &str) -> bool {
    let ending = &cluster.controllers.store.ending_namespaces;
    !ending.is_empty() && ending.contains_key(namespace)
}

/// Deletes a namespace: it ends by and by. Doing it twice changes nothing.
pub(super) fn delete_namespace(cx: &mut Cx, name: &str) -> Result<(), ApiError> {
    if matches!(
        name,
        "default" | "kube-node-lease" | "kube-public" | "kube-system"
    ) {
        return Err(ApiError {
            reason: ErrorReason::Forbidden,
            causes: Vec::new(),
            text: format!("namespaces \"{name}\" is forbidden: this namespace may not be deleted"),
        });
    }
    if !cx.cluster.controllers.store.namespaces.contains_key(name) {
        return Err(ApiError::not_found("namespaces", name));
    }
    if is_terminating(cx.cluster, name) {
        return Ok(());
    }
    let ending = Terminating {
        since: cx.now,
        conditions: None,
        failures: 0,
    };
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.ending_namespaces.insert(name.to_owned(), ending);
    cx.versions().write_named("Namespace", "", name);
    let name = cx.intern(name);
    look_again(cx, name, DELETION_GRACE);
    Ok(())
}

fn look_again(cx: &mut Cx, name: TextId, delay: Duration) {
    cx.after(delay, Timer::Controller(ControllerTimer::Namespace(name)));
}

/// The controller looks at it: Pods go first, and only when they are gone the rest and the
/// namespace itself.
#[inline(never)]
pub(super) fn due(cx: &mut Cx, text: TextId) {
    let name = cx.cluster.texts.get(text).to_owned();
    let ending = &cx.cluster.controllers.store.ending_namespaces;
    let Some(mut ending) = ending.get(&name).cloned() else {
        return;
    };
    for pod in pods_of(cx, &name) {
        if cx.pod(pod).deletion.is_none() {
            delete_pod(cx, pod, None);
        }
    }
    let pods = pods_of(cx, &name);
    let mut claims = 0;
    if pods.is_empty() {
        claims = sweep(cx, &name);
        if claims == 0 {
            return finish(cx, &name);
        }
    }
    let tracked = pods.iter().filter(|pod| is_tracked(cx, **pod));
    let left = Left {
        pods: pods.len() as u32,
        tracked: tracked.count() as u32,
        claims,
    };
    let graces = pods.iter().map(|pod| cx.pod(*pod));
    let graces = graces.filter(|pod| !pod.status.phase.is_terminal());
    let estimate = graces
        .map(|pod| u64::from(pod.spec.termination_grace_period_seconds))
        .max()
        .unwrap_or(0);
    let is_over = cx.now.since(ending.since) >= Duration::from_secs(estimate);
    let estimate = match if is_over { 0 } else { estimate } {
        0 if left.tracked + claims > 0 => FINALIZER_ESTIMATE_SECS,
        estimate => estimate,
    };
    // Nothing explains why they are still there.
    let is_late = estimate == 0;
    let is_written = write_conditions(cx.now, &mut ending.conditions, left, is_late);
    let wait = match is_late {
        true => {
            let factor = 1_u64 << ending.failures.min(14);
            ending.failures += 1;
            Duration(RETRY.0 * factor).min(RETRY_MAX)
        }
        false => Duration::from_secs(estimate / 2 + 1),
    };
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.ending_namespaces.insert(name, ending);
    if is_written {
        let name = cx.cluster.texts.get(text).to_owned();
        cx.versions().write_named("Namespace", "", &name);
    }
    // Writing the conditions is a change, too.
    let delay = match is_written {
        true => wait.min(DELETION_GRACE),
        false => wait,
    };
    look_again(cx, text, delay);
}

/// Whether a Pod has the finalizer of its Job's controller (JOB-01).
fn is_tracked(cx: &Cx, id: PodId) -> bool {
    let Owner::Workload(owner) = cx.pod(id).owner else {
        return false;
    };
    let owner = cx.workload(owner);
    matches!(owner.object.kind, WorkloadKind::Job(_))
        && owner.removed_at.is_none()
        && !owner.job.has_counted(id)
}

/// Brings the conditions up to date. Whether that changed anything.
fn write_conditions(
    now: Instant,
    conditions: &mut Option<EndConditions>,
    left: Left,
    is_late: bool,
) -> bool {
    let Some(have) = conditions else {
        *conditions = Some(EndConditions {
            first_at: now,
            left,
            is_late,
            late_at: now,
            held_at: now,
        });
        return true;
    };
    let before = have.clone();
    if have.is_late != is_late {
        have.is_late = is_late;
        have.late_at = now;
    }
    if have.left.is_held() != left.is_held() {
        have.held_at = now;
    }
    have.left = left;
    *have != before
}

fn pods_of(cx: &Cx, name: &str) -> Vec<PodId> {
    let pods = cx.cluster.live_pods();
    pods.filter(|pod| *cx.pod(*pod).namespace == *name)
        .collect()
}

fn finish(cx: &mut Cx, name: &str) {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.ending_namespaces.remove(name);
    store.namespaces.remove(name);
}

/// Everything but Pods goes; how many claims are still being released.
fn sweep(cx: &mut Cx, name: &str) -> u32 {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    let claims = store.claims.iter().filter(|(key, _)| key.0 == name);
    let claims = claims.count() as u32;
    store.config_maps.retain(|key, _| key.0 != name);
    store.secrets.retain(|key, _| key.0 != name);
    store.claims.retain(|key, _| key.0 != name);
    store.budgets.retain(|key, _| key.0 != name);
    store.endpoints.retain(|key, _| key.0 != name);
    store.slices.retain(|key, _| key.0 != name);
    store.others.retain(|key| key.1 != name);
    let controllers = &cx.cluster.controllers;
    let deployments = controllers.live_deployments();
    let deployments = deployments.filter(|(_, d)| *d.namespace == *name);
    let deployments: Vec<_> = deployments.map(|(id, _)| id).collect();
    let sets = controllers.live_replica_sets();
    let sets = sets.filter(|(_, s)| *s.namespace == *name);
    let sets: Vec<_> = sets.map(|(id, _)| id).collect();
    let services = controllers.live_services();
    let services = services.filter(|(_, s)| *s.namespace == *name);
    let services: Vec<_> = services.map(|(id, _)| id).collect();
    for id in deployments {
        delete::remove_deployment(cx, id);
    }
    for id in sets {
        collect::remove_set(cx, id);
    }
    for id in services {
        service::remove(cx, id);
    }
    for index in 0..cx.cluster.controllers.workloads.len() {
        let id = WorkloadId::at(index);
        let state = cx.workload(id);
        if state.removed_at.is_none() && *state.namespace == *name {
            workload::remove(cx, id);
        }
    }
    claims
}

/// Refuses a new object of a namespace that ends (admission plugin NamespaceLifecycle); what is
/// there already may still change.
#[inline(never)]
pub(super) fn check(cx: &Cx, object: &Object) -> Result<(), ApiError> {
    let Some((resource, metadata)) = resource(object) else {
        return Ok(());
    };
    let namespace = super::lookup::or_default(cx.cluster, &metadata.namespace);
    if !is_terminating(cx.cluster, &namespace) || exists(cx.cluster, object, &namespace) {
        return Ok(());
    }
    let name = match metadata.name.is_empty() {
        true => &metadata.generate_name,
        false => &metadata.name,
    };
    Err(ApiError {
        reason: ErrorReason::Forbidden,
        causes: Vec::new(),
        text: format!(
            "{resource} \"{name}\" is forbidden: unable to create new content in namespace \
             {namespace} because it is being terminated"
        ),
    })
}

/// The resource with its group, of objects that live in a namespace.
fn resource(object: &Object) -> Option<(&'static str, &crate::api::Metadata)> {
    Some(match object {
        Object::Pod(of) => ("pods", &of.metadata),
        Object::Deployment(of) => ("deployments.apps", &of.metadata),
        Object::ReplicaSet(of) => ("replicasets.apps", &of.metadata),
        Object::Workload(of) => (of.kind.resource(), &of.metadata),
        Object::Service(of) => ("services", &of.metadata),
        Object::ConfigMap(of) => ("configmaps", &of.metadata),
        Object::Secret(of) => ("secrets", &of.metadata),
        Object::PersistentVolumeClaim(of) => ("persistentvolumeclaims", &of.metadata),
        Object::PodDisruptionBudget(of) => ("poddisruptionbudgets.policy", &of.metadata),
        Object::Endpoints(of) => ("endpoints", &of.metadata),
        Object::EndpointSlice(of) => ("endpointslices.discovery.k8s.io", &of.metadata),
        Object::Node(_) | Object::Namespace(_) | Object::PriorityClass(_) => return None,
        Object::Other { .. } => return None,
    })
}

fn exists(cluster: &Cluster, object: &Object, namespace: &str) -> bool {
    let store = &cluster.controllers.store;
    let key = |name: &str| (namespace.to_owned(), name.to_owned());
    match object {
        Object::Pod(of) => find_pod(cluster, namespace, &of.metadata.name).is_some(),
        Object::Deployment(of) => find_deployment(cluster, namespace, &of.metadata.name).is_some(),
        Object::ReplicaSet(of) => find_replica_set(cluster, namespace, &of.metadata.name).is_some(),
        Object::Workload(of) => {
            let kind = of.kind.name();
            find_workload(cluster, kind, namespace, &of.metadata.name).is_some()
        }
        Object::Service(of) => find_service(cluster, namespace, &of.metadata.name).is_some(),
        Object::ConfigMap(of) => store.config_maps.contains_key(&key(&of.metadata.name)),
        Object::Secret(of) => store.secrets.contains_key(&key(&of.metadata.name)),
        Object::PersistentVolumeClaim(of) => store.claims.contains_key(&key(&of.metadata.name)),
        Object::PodDisruptionBudget(of) => store.budgets.contains_key(&key(&of.metadata.name)),
        Object::Endpoints(of) => store.endpoints.contains_key(&key(&of.metadata.name)),
        Object::EndpointSlice(of) => store.slices.contains_key(&key(&of.metadata.name)),
        _ => true,
    }
}
