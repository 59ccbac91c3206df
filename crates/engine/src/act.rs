//! Acts upon the API server: what a user could type after `kubectl`.

use crate::cluster::Cx;
use crate::container::wall_clock::WallClock;
use crate::controllers::{self, ApiError};
use crate::kubectl;
use crate::manifest;
use crate::network;
use crate::scenario::{Act, Cascade, DeleteTarget, RolloutAction, WorkloadRef};
use crate::time::Duration;

/// Carries out an act. Err: why it had no effect, in the API server's words where they are its.
pub fn apply(cx: &mut Cx, act: &Act) -> Result<(), String> {
    let namespace = cx.cluster.namespace.clone();
    let done = match act {
        Act::Curl { url } => return network::visit(cx, url),
        Act::Apply { text } => return put(cx, text, false),
        Act::Create { text } => return put(cx, text, true),
        Act::Delete {
            target,
            grace,
            force,
            cascade,
        } => delete(cx, &namespace, target, *grace, *force, *cascade),
        Act::Scale { workload, replicas } => {
            controllers::scale(cx, &namespace, workload, *replicas).map(drop)
        }
        Act::SetImage {
            workload,
            container,
            image,
        } => controllers::set_image(cx, &namespace, workload, container, image).map(drop),
        Act::SetEnv { workload, env } => {
            controllers::set_env(cx, &namespace, workload, env).map(drop)
        }
        Act::Label {
            kind,
            name,
            changes,
            overwrite,
        } => controllers::label(cx, kind, &namespace, name, changes, *overwrite).map(drop),
        Act::Annotate {
            kind,
            name,
            changes,
            overwrite,
        } => controllers::annotate(cx, kind, &namespace, name, changes, *overwrite).map(drop),
        Act::Taint { node, add, remove } => controllers::taint(cx, node, add, remove).map(drop),
        Act::Cordon { node, cordoned } => controllers::cordon(cx, node, *cordoned).map(drop),
        Act::Patch {
            kind,
            name,
            subresource,
            patch,
            way,
        } if subresource.is_empty() => {
            kubectl::patched(cx, (kind, &namespace, name), patch, *way).map(drop)
        }
        Act::Patch {
            kind,
            name,
            subresource,
            patch,
            ..
        } if subresource == "status" && is_pod(kind) => {
            let conditions = manifest::patched_conditions(patch);
            controllers::patch_status(cx, &namespace, name, &conditions).map(drop)
        }
        Act::Rollout { workload, action } => roll_out(cx, &namespace, workload, *action).map(drop),
        _ => return Err("this act is not simulated yet".into()),
    };
    done.map_err(|error| error.text)
}

/// `kubectl rollout` of a Deployment, stamped with the wall clock. Whether that
/// changed anything.
pub fn roll_out(
    cx: &mut Cx,
    namespace: &str,
    workload: &WorkloadRef,
    action: RolloutAction,
) -> Result<bool, ApiError> {
    let clock = WallClock {
        unix_start_secs: cx.cluster.start_unix_secs,
    };
    let stamp = clock.rfc3339_secs(cx.now);
    controllers::rollout(cx, namespace, workload, action, &stamp)
}

fn is_pod(kind: &str) -> bool {
    ["pod", "pods", "po"].contains(&kind.to_ascii_lowercase().as_str())
}

/// `kubectl apply` or `create` of a text.
fn put(cx: &mut Cx, text: &str, create: bool) -> Result<(), String> {
    let stream = manifest::parse(text);
    let mut problems: Vec<String> = stream
        .diagnostics
        .iter()
        .filter(|problem| problem.severity == manifest::Severity::Error)
        .map(|problem| problem.message.clone())
        .collect();
    for located in &stream.objects {
        let done = if create {
            controllers::create(cx, &located.object)
        } else {
            controllers::apply(cx, &located.object).map(drop)
        };
        match done {
            Ok(()) => cx.cluster.written.note(located, !create),
            Err(error) => problems.push(error.text),
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("; "))
    }
}

/// `--force` with no grace removes the object at once (TRM-10).
fn delete(
    cx: &mut Cx,
    namespace: &str,
    target: &DeleteTarget,
    grace: Option<Duration>,
    force: bool,
    cascade: Cascade,
) -> Result<(), ApiError> {
    let seconds = grace.map(|grace| grace.as_secs() as u32);
    let grace = if force { seconds.or(Some(0)) } else { seconds };
    match target {
        DeleteTarget::Object { kind, name } => {
            controllers::delete(cx, kind, namespace, name, grace, cascade)
        }
        DeleteTarget::Pod(wanted) => {
            let pods = controllers::resolve(cx.cluster, wanted);
            if pods.is_empty() {
                return Err(ApiError::not_found("pods", &wanted.to_string()));
            }
            for pod in pods {
                controllers::delete_pod(cx, pod, grace);
            }
            Ok(())
        }
    }
}
