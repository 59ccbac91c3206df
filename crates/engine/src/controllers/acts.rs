//! Acts upon workloads: scale, set image, set env, rollout.

use super::state::Objects;
use super::{
    deployment, find_deployment, find_pod, find_replica_set, find_workload, pods, replica_set,
    workload, ApiError,
};
use crate::api::{EnvValue, EnvVar, PodSpec};
use crate::cluster::{Cx, Versioned};
use crate::ids::{DeploymentId, WorkloadId};
use crate::scenario::{RolloutAction, WorkloadRef};
use std::sync::Arc;

/// The annotation that `rollout restart` writes.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

fn deployment_named(cx: &Cx, namespace: &str, name: &str) -> Result<DeploymentId, ApiError> {
    find_deployment(cx.cluster, namespace, name)
        .ok_or_else(|| ApiError::not_found("deployments.apps", name))
}

fn no_such_act(kind: &str) -> ApiError {
    ApiError::bad_request(format!("cannot do this to a {kind}"))
}

/// `kubectl scale` of a Deployment or ReplicaSet. Whether that changed anything.
pub fn scale(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    replicas: u32,
) -> Result<bool, ApiError> {
    let name = workload.name.as_str();
    match workload.kind.as_str() {
        "deployment" | "" => {
            let id = deployment_named(cx, namespace, name)?;
            Ok(deployment::change(cx, id, |object| {
                object.replicas = replicas
            }))
        }
        "replicaset" => {
            let id = find_replica_set(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("replicasets.apps", name))?;
            Ok(replica_set::set_replicas(cx, id, replicas))
        }
        other => {
            let id = workload_named(cx, other, namespace, name)?;
            workload::scale(cx, id, replicas)
        }
    }
}

fn workload_named(
    cx: &Cx,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Result<WorkloadId, ApiError> {
    if !matches!(kind, "statefulset" | "daemonset" | "job") {
        return Err(no_such_act(kind));
    }
    find_workload(cx.cluster, kind, namespace, name)
        .ok_or_else(|| ApiError::not_found(super::delete::resource_of(kind), name))
}

/// Changes the template of a Deployment, or a Pod's spec. Whether that changed anything.
fn edit_spec(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    edit: impl FnOnce(&mut PodSpec) -> Result<(), ApiError>,
) -> Result<bool, ApiError> {
    let name = workload.name.as_str();
    match workload.kind.as_str() {
        "deployment" | "" => {
            let id = deployment_named(cx, namespace, name)?;
            let mut spec = cx.deployment(id).object.template.spec.clone();
            edit(&mut spec)?;
            Ok(deployment::change(cx, id, |object| {
                object.template.spec = spec;
            }))
        }
        "pod" => {
            let id = find_pod(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("pods", name))?;
            let mut spec = (*cx.pod(id).spec).clone();
            edit(&mut spec)?;
            if *cx.pod(id).spec == spec {
                return Ok(false);
            }
            let state = cx.pod_mut(id);
            state.spec = Arc::new(spec);
            state.generation += 1;
            cx.versions().write(Versioned::Pod(id));
            pods::tell_kubelet(cx, id);
            Ok(true)
        }
        // A Job's template is fixed (VAL-25).
        "job" => Err(no_such_act("job")),
        other => {
            let id = workload_named(cx, other, namespace, name)?;
            let mut spec = cx.workload(id).object.template.spec.clone();
            edit(&mut spec)?;
            Ok(workload::change(cx, id, |object| {
                object.template.spec = spec
            }))
        }
    }
}

/// `kubectl set image`; container `*` means all (KIM-01). Whether that changed anything.
pub fn set_image(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    container: &str,
    image: &str,
) -> Result<bool, ApiError> {
    edit_spec(cx, namespace, workload, |spec| {
        let mut found = false;
        let all = spec.init_containers.iter_mut().chain(&mut spec.containers);
        for candidate in all.filter(|c| container == "*" || c.name == container) {
            image.clone_into(&mut candidate.image);
            found = true;
        }
        if found {
            return Ok(());
        }
        Err(ApiError::bad_request(format!(
            "unable to find container named \"{container}\""
        )))
    })
}

/// `kubectl set env` of all containers: None removes a variable. Whether that changed anything.
pub fn set_env(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    changes: &[(String, Option<String>)],
) -> Result<bool, ApiError> {
    if workload.kind == "pod" {
        return Err(no_such_act("pod"));
    }
    edit_spec(cx, namespace, workload, |spec| {
        for container in &mut spec.containers {
            for (name, value) in changes {
                let place = container.env.iter().position(|v| v.name == *name);
                match (place, value) {
                    (Some(index), Some(value)) => {
                        container.env[index].value = EnvValue::Literal(value.clone());
                    }
                    (None, Some(value)) => container.env.push(EnvVar {
                        name: name.clone(),
                        value: EnvValue::Literal(value.clone()),
                    }),
                    (Some(index), None) => {
                        container.env.remove(index);
                    }
                    (None, None) => {}
                }
            }
        }
        Ok(())
    })
}

/// `kubectl rollout` of a Deployment. Whether that changed anything. `restarted_at` is the wall
/// clock as `rollout restart` writes it.
pub fn rollout(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    action: RolloutAction,
    restarted_at: &str,
) -> Result<bool, ApiError> {
    if !matches!(workload.kind.as_str(), "deployment" | "") {
        return match action {
            RolloutAction::Restart => restart_set(cx, namespace, workload, restarted_at),
            RolloutAction::Undo { to_revision } => undo_set(cx, namespace, workload, to_revision),
            _ => Err(no_such_act(&workload.kind)),
        };
    }
    let name = workload.name.as_str();
    let id = deployment_named(cx, namespace, name)?;
    let is_paused = cx.deployment(id).object.paused;
    match action {
        RolloutAction::Pause if is_paused => Err(ApiError::bad_request(format!(
            "deployments.apps \"{name}\" is already paused"
        ))),
        RolloutAction::Resume if !is_paused => Err(ApiError::bad_request(format!(
            "deployments.apps \"{name}\" is not paused"
        ))),
        RolloutAction::Pause => Ok(deployment::change(cx, id, |object| object.paused = true)),
        RolloutAction::Resume => Ok(deployment::change(cx, id, |object| object.paused = false)),
        RolloutAction::Restart if is_paused => Err(ApiError::bad_request(
            "can't restart paused deployment (run rollout resume first)",
        )),
        RolloutAction::Restart => Ok(deployment::change(cx, id, |object| {
            let annotations = &mut object.template.metadata.annotations;
            annotations.insert(RESTARTED_AT.to_owned(), restarted_at.to_owned());
        })),
        RolloutAction::Undo { .. } if is_paused => Err(ApiError::bad_request(format!(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout \
             resume' and try again: deployment \"{name}\""
        ))),
        RolloutAction::Undo { to_revision } => {
            let Some(template) = deployment::roll_back(cx, id, to_revision) else {
                return Err(ApiError::bad_request(if to_revision == 0 {
                    format!("no rollout history found for deployment \"{name}\"")
                } else {
                    "unable to find specified revision in history".to_owned()
                }));
            };
            Ok(deployment::change(cx, id, |object| {
                object.template = template
            }))
        }
    }
}

/// `rollout undo` of a StatefulSet or DaemonSet: the template of a revision (ROL-09).
fn undo_set(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    to_revision: u32,
) -> Result<bool, ApiError> {
    let kind = workload.kind.as_str();
    if kind == "job" {
        return Err(no_such_act(kind));
    }
    let id = workload_named(cx, kind, namespace, &workload.name)?;
    let state = cx.workload(id);
    let Some(revision) = state.undone_to(to_revision) else {
        return Err(ApiError::bad_request(match to_revision {
            0 => "no last revision to roll back to".to_owned(),
            wanted => format!("unable to find specified revision {wanted} in history"),
        }));
    };
    let template = (*revision.template).clone();
    Ok(workload::change(cx, id, |object| {
        object.template = template
    }))
}

/// `rollout restart` of a StatefulSet or DaemonSet.
fn restart_set(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    restarted_at: &str,
) -> Result<bool, ApiError> {
    let kind = workload.kind.as_str();
    if kind == "job" {
        return Err(no_such_act(kind));
    }
    let id = workload_named(cx, kind, namespace, &workload.name)?;
    Ok(workload::change(cx, id, |object| {
        let annotations = &mut object.template.metadata.annotations;
        annotations.insert(RESTARTED_AT.to_owned(), restarted_at.to_owned());
    }))
}
