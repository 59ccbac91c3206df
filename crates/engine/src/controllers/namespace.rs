//! The end of a Namespace (API-05): it is Terminating while its Pods end, takes no new objects, and
//! is gone when the controller finds nothing left. Sources:
//! pkg/controller/namespace/{namespace_controller.go, deletion/namespaced_resources_deleter.go},
//! apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go.

use super::state::Objects;
use super::{
    collect, delete, delete_pod, find_deployment, find_pod, find_replica_set, find_service,
    find_workload, service, workload, ApiError, ControllerTimer, ErrorReason,
};
use crate::api::Object;
use crate::cluster::{Cluster, Cx};
use crate::ids::{PodId, TextId, WorkloadId};
use crate::step::Timer;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// How long the controller waits after it has heard of a change, so that every API server knows
/// (namespaceDeletionGracePeriod).
const DELETION_GRACE: Duration = Duration::from_secs(5);

/// A namespace on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminating {
    /// `metadata.deletionTimestamp`.
    pub since: Instant,
    /// Pods that were left when the controller looked last.
    left: Option<u32>,
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
            text: format!("namespaces \"{name}\" is forbidden: this namespace may not be deleted"),
        });
    }
    if !cx.cluster.controllers.store.namespaces.contains(name) {
        return Err(ApiError::not_found("namespaces", name));
    }
    if is_terminating(cx.cluster, name) {
        return Ok(());
    }
    let ending = Terminating {
        since: cx.now,
        left: None,
    };
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.ending_namespaces.insert(name.to_owned(), ending);
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
    let Some(ending) = ending.get(&name).copied() else {
        return;
    };
    for pod in pods_of(cx, &name) {
        if cx.pod(pod).deletion.is_none() {
            delete_pod(cx, pod, None);
        }
    }
    let left = pods_of(cx, &name);
    if left.is_empty() {
        return finish(cx, &name);
    }
    let graces = left.iter().map(|pod| cx.pod(*pod));
    let graces = graces.filter(|pod| !pod.status.phase.is_terminal());
    let estimate = graces
        .map(|pod| u64::from(pod.spec.termination_grace_period_seconds))
        .max()
        .unwrap_or(0);
    let is_over = cx.now.since(ending.since) >= Duration::from_secs(estimate);
    let estimate = if is_over { 0 } else { estimate };
    let wait = Duration::from_secs(estimate / 2 + 1);
    let count = left.len() as u32;
    // The condition NamespaceContentRemaining names how many: writing it is a change, too.
    let is_written = ending.left != Some(count);
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    if let Some(ending) = store.ending_namespaces.get_mut(&name) {
        ending.left = Some(count);
    }
    let delay = if is_written {
        wait.min(DELETION_GRACE)
    } else {
        wait
    };
    look_again(cx, text, delay);
}

fn pods_of(cx: &Cx, name: &str) -> Vec<PodId> {
    let pods = cx.cluster.live_pods();
    pods.filter(|pod| *cx.pod(*pod).namespace == *name)
        .collect()
}

/// Everything else goes, then the namespace.
fn finish(cx: &mut Cx, name: &str) {
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    store.ending_namespaces.remove(name);
    store.namespaces.remove(name);
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
