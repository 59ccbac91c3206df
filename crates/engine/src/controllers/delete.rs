//! Deletion of objects (API-06, API-07).

use super::nodes;
use super::pods::{self, tell_kubelet};
use super::state::Objects;
use super::{
    budgets, cascade, collect, endpoint_slice, endpoints, find_deployment, find_node, find_pod,
    find_replica_set, find_service, find_workload, namespace, replica_set, service, workload,
    ApiError,
};
use crate::cluster::{Cx, Deletion};
use crate::ids::{DeploymentId, PodId};
use crate::latency;
use crate::record::What;
use crate::scenario::{workload_kind, Cascade};
use std::sync::Arc;

/// Asks for a Pod's deletion. `grace` in seconds: None takes the Pod's own, 0 removes it at once
/// (`--force`), 1 is `--now`. A second request can only shorten the grace (API-06).
pub fn delete_pod(cx: &mut Cx, pod: PodId, grace: Option<u32>) {
    let state = cx.pod(pod);
    if state.removed_at.is_some() {
        return;
    }
    let own = state.spec.termination_grace_period_seconds;
    let grace_seconds = if state.node.is_none() || state.status.phase.is_terminal() {
        0
    } else {
        grace.unwrap_or(own)
    };
    if grace_seconds == 0 {
        pods::remove(cx, pod);
        return;
    }
    match state.deletion {
        Some(old) if old.grace_seconds <= grace_seconds => return,
        // The deadline counts from the first request.
        Some(old) => {
            cx.pod_mut(pod).deletion = Some(Deletion {
                grace_seconds,
                ..old
            });
        }
        None => {
            let asked_at = cx.now;
            let state = cx.pod_mut(pod);
            state.generation += 1;
            state.deletion = Some(Deletion {
                asked_at,
                grace_seconds,
            });
        }
    }
    let before = cx.cause;
    cx.record_as_cause(What::PodDeleting { pod, grace_seconds });
    tell_kubelet(cx, pod);
    let reaction = latency::REPLICA_SET_REACTS.saturating_sub(latency::CREATE_POD);
    replica_set::pod_changed(cx, pod, reaction);
    endpoint_slice::pod_changed(cx, pod);
    budgets::pod_changed(cx, pod);
    cx.cause = before;
}

/// Deletes an object by kind (any form kubectl takes) and name. `grace` as in [`delete_pod`]; `way`
/// is what becomes of its dependents.
pub fn delete(
    cx: &mut Cx,
    kind: &str,
    namespace: &str,
    name: &str,
    grace: Option<u32>,
    way: Cascade,
) -> Result<(), ApiError> {
    let lower = kind.to_ascii_lowercase();
    match workload_kind(&lower).unwrap_or(lower.as_str()) {
        "pod" => {
            let pod = find_pod(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("pods", name))?;
            delete_pod(cx, pod, grace);
        }
        "deployment" => {
            let id = find_deployment(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("deployments.apps", name))?;
            match way {
                Cascade::Background => remove_deployment(cx, id),
                Cascade::Foreground => cascade::wait_for_sets(cx, id),
                Cascade::Orphan => {
                    cascade::orphan_sets(cx, id);
                    remove_deployment(cx, id);
                }
            }
        }
        "replicaset" => {
            let id = find_replica_set(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("replicasets.apps", name))?;
            match way {
                Cascade::Background => collect::remove_set(cx, id),
                Cascade::Foreground => cascade::wait_for_pods_of_set(cx, id),
                Cascade::Orphan => cascade::orphan_pods_of_set(cx, id),
            }
        }
        workload @ ("statefulset" | "daemonset" | "job") => {
            let id = find_workload(cx.cluster, workload, namespace, name)
                .ok_or_else(|| ApiError::not_found(resource_of(workload), name))?;
            match way {
                Cascade::Background => workload::remove(cx, id),
                Cascade::Foreground => cascade::wait_for_pods_of_workload(cx, id),
                Cascade::Orphan => cascade::orphan_pods_of_workload(cx, id),
            }
        }
        "service" | "services" | "svc" => {
            let id = find_service(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("services", name))?;
            service::remove(cx, id);
        }
        "node" | "nodes" | "no" => {
            let id =
                find_node(cx.cluster, name).ok_or_else(|| ApiError::not_found("nodes", name))?;
            nodes::remove(cx, id);
        }
        "endpoints" | "ep" | "endpointslice" | "endpointslices" => {
            let namespace = super::lookup::or_default(cx.cluster, namespace);
            let key = (namespace.to_string(), name.to_owned());
            return match lower.contains("slice") {
                true => endpoints::delete_slice(cx, &key),
                false => endpoints::delete(cx, key),
            };
        }
        "namespace" | "namespaces" | "ns" => return namespace::delete_namespace(cx, name),
        other => return delete_stored(cx, other, namespace, name),
    }
    Ok(())
}

/// Resource and group of a workload's kind.
pub(super) fn resource_of(kind: &str) -> &'static str {
    match kind {
        "statefulset" => "statefulsets.apps",
        "daemonset" => "daemonsets.apps",
        _ => "jobs.batch",
    }
}

/// Takes a Deployment away; its ReplicaSets follow.
pub(super) fn remove_deployment(cx: &mut Cx, id: DeploymentId) {
    let now = cx.now;
    cx.deployment_mut(id).removed_at = Some(now);
    cx.record_as_cause(What::DeploymentChanged { deployment: id });
    for set in cx.deployment(id).replica_sets.clone() {
        collect::orphaned_set(cx, set);
    }
}

/// Deletes an object that only waits to be looked up.
fn delete_stored(cx: &mut Cx, kind: &str, namespace: &str, name: &str) -> Result<(), ApiError> {
    let namespace = super::lookup::or_default(cx.cluster, namespace);
    let store = Arc::make_mut(&mut cx.cluster.controllers.store);
    let key = (namespace.to_string(), name.to_owned());
    let (resource, found) = match kind {
        "configmap" | "configmaps" | "cm" => {
            ("configmaps", store.config_maps.remove(&key).is_some())
        }
        "secret" | "secrets" => ("secrets", store.secrets.remove(&key).is_some()),
        "persistentvolumeclaim" | "persistentvolumeclaims" | "pvc" => (
            "persistentvolumeclaims",
            store.claims.remove(&key).is_some(),
        ),
        "poddisruptionbudget" | "poddisruptionbudgets" | "pdb" => (
            "poddisruptionbudgets.policy",
            store.budgets.remove(&key).is_some(),
        ),
        "priorityclass" | "priorityclasses" | "pc" => {
            let found = store.priority_classes.remove(name).is_some();
            ("priorityclasses.scheduling.k8s.io", found)
        }
        other => {
            let key = (other.to_owned(), key.0, key.1);
            if store.others.remove(&key) {
                return Ok(());
            }
            return Err(ApiError::bad_request(format!(
                "the server doesn't have a resource type \"{kind}\""
            )));
        }
    };
    if found {
        Ok(())
    } else {
        Err(ApiError::not_found(resource, name))
    }
}
