//! `kubectl patch`: a strategic merge patch, as JSON, of the fields that are simulated and may
//! change in a running object. Null removes; containers are found by name. A field that is not
//! known here is refused by its path, never ignored.

mod probe;
mod value;

use super::state::Objects;
use super::{deployment, find_deployment, find_node, find_service, nodes, pods, service, ApiError};
use crate::api::{
    Container, Deployment, Metadata, Pod, PodSpec, PodTemplate, Resources, Service, StringMap,
};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::manifest::yaml::{compose, Node, Reading, Value};
use crate::manifest::Quantity;
use crate::scenario::workload_kind;
use value::{children, flag, number, quantity, string, strings, unknown};

/// Patches an object. Whether that changed anything. Supported: Deployment (replicas, pause, the
/// numbers, template), Service (selector and flags), Node (labels, annotations, `unschedulable`).
pub fn patch(
    cx: &mut Cx,
    kind: &str,
    namespace: &str,
    name: &str,
    patch: &str,
) -> Result<bool, ApiError> {
    let root = read(patch)?;
    let lower = kind.to_ascii_lowercase();
    match workload_kind(&lower).unwrap_or(lower.as_str()) {
        "deployment" => {
            let id = find_deployment(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("deployments.apps", name))?;
            let mut object = (*cx.deployment(id).object).clone();
            patch_deployment(&mut object, &root)?;
            Ok(deployment::change(cx, id, |live| *live = object))
        }
        "service" | "services" | "svc" => {
            let id = find_service(cx.cluster, namespace, name)
                .ok_or_else(|| ApiError::not_found("services", name))?;
            let mut object = (*cx.service(id).object).clone();
            patch_service(&mut object, &root)?;
            service::replace(cx, id, object)
        }
        "node" | "nodes" | "no" => patch_node(cx, name, &root),
        _ => Err(ApiError::not_simulated(format!(
            "readyz cannot patch objects of kind {kind}"
        ))),
    }
}

fn read(patch: &str) -> Result<Node, ApiError> {
    compose(patch, 0, &mut Reading::default())
        .ok()
        .and_then(|composed| composed.root)
        .filter(Node::is_map)
        .ok_or_else(|| ApiError::bad_request("unable to parse the patch: it is no JSON object"))
}

fn patch_deployment(object: &mut Deployment, root: &Node) -> Result<(), ApiError> {
    for (key, node) in children(root) {
        match key {
            "metadata" => patch_metadata(&mut object.metadata, node, "metadata")?,
            "spec" => patch_deployment_spec(object, node)?,
            "apiVersion" | "kind" => {}
            _ => return Err(unknown("", key)),
        }
    }
    Ok(())
}

fn patch_deployment_spec(object: &mut Deployment, spec: &Node) -> Result<(), ApiError> {
    for (key, node) in children(spec) {
        match key {
            "replicas" => object.replicas = number(node, 1)?,
            "minReadySeconds" => object.min_ready_seconds = number(node, 0)?,
            "progressDeadlineSeconds" => object.progress_deadline_seconds = number(node, 600)?,
            "revisionHistoryLimit" => object.revision_history_limit = number(node, 10)?,
            "paused" => object.paused = flag(node)?,
            "template" => patch_template(&mut object.template, node)?,
            _ => return Err(unknown("spec.", key)),
        }
    }
    Ok(())
}

fn patch_template(template: &mut PodTemplate, patch: &Node) -> Result<(), ApiError> {
    for (key, node) in children(patch) {
        match key {
            "metadata" => patch_metadata(&mut template.metadata, node, "spec.template.metadata")?,
            "spec" => patch_pod_spec(&mut template.spec, node, "spec.template.spec.")?,
            _ => return Err(unknown("spec.template.", key)),
        }
    }
    Ok(())
}

fn patch_pod_spec(spec: &mut PodSpec, patch: &Node, path: &str) -> Result<(), ApiError> {
    for (key, node) in children(patch) {
        match key {
            "terminationGracePeriodSeconds" => {
                spec.termination_grace_period_seconds = number(node, 30)?;
            }
            "nodeName" => spec.node_name = string(node)?,
            "nodeSelector" => patch_map(&mut spec.node_selector, node)?,
            "containers" => patch_containers(&mut spec.containers, node, path, key)?,
            "initContainers" => patch_containers(&mut spec.init_containers, node, path, key)?,
            _ => return Err(unknown(path, key)),
        }
    }
    Ok(())
}

fn patch_containers(
    containers: &mut [Container],
    patch: &Node,
    path: &str,
    list: &str,
) -> Result<(), ApiError> {
    let mut next = 0;
    for item in patch.items() {
        let name = item.get("name").and_then(Node::text).unwrap_or_default();
        // What the patch adds or puts into another order is not for here.
        let place = containers.iter().position(|c| c.name == name);
        let Some(place) = place.filter(|place| *place >= next) else {
            return Err(ApiError::not_simulated(format!(
                "readyz cannot add or move containers by a patch: {path}{list} of \"{name}\""
            )));
        };
        next = place;
        patch_container(
            &mut containers[place],
            item,
            &format!("{path}{list}[{name}]."),
        )?;
    }
    Ok(())
}

fn patch_container(container: &mut Container, patch: &Node, path: &str) -> Result<(), ApiError> {
    for (key, node) in children(patch) {
        match key {
            "name" => {}
            "image" => container.image = string(node)?,
            "command" => container.command = strings(node)?,
            "args" => container.args = strings(node)?,
            "workingDir" => container.working_dir = string(node)?,
            "resources" => patch_resources(&mut container.resources, node, path)?,
            "livenessProbe" => probe::merge(&mut container.liveness_probe, node, path, key)?,
            "readinessProbe" => probe::merge(&mut container.readiness_probe, node, path, key)?,
            "startupProbe" => probe::merge(&mut container.startup_probe, node, path, key)?,
            _ => return Err(unknown(path, key)),
        }
    }
    Ok(())
}

fn patch_resources(have: &mut Resources, patch: &Node, path: &str) -> Result<(), ApiError> {
    for (list, node) in children(patch) {
        let (cpu, memory, disk) = match list {
            "limits" => (
                &mut have.limit_cpu_milli,
                &mut have.limit_memory_bytes,
                &mut have.limit_ephemeral_bytes,
            ),
            "requests" => (
                &mut have.request_cpu_milli,
                &mut have.request_memory_bytes,
                &mut have.request_ephemeral_bytes,
            ),
            _ => return Err(unknown(&[path, "resources."].concat(), list)),
        };
        let mut others = Vec::new();
        for (name, node) in children(node) {
            let amount = quantity(node)?;
            match name {
                "cpu" => *cpu = amount.map(Quantity::milli),
                "memory" => *memory = amount.map(Quantity::units),
                "ephemeral-storage" => *disk = amount.map(Quantity::units),
                _ => others.push((name, amount.map(Quantity::units))),
            }
        }
        for (name, amount) in others {
            let other = have.other_mut(name);
            *(if list == "limits" {
                &mut other.limit
            } else {
                &mut other.request
            }) = amount;
        }
        have.others
            .retain(|other| (other.request, other.limit) != (None, None));
    }
    Ok(())
}

fn patch_metadata(metadata: &mut Metadata, patch: &Node, path: &str) -> Result<(), ApiError> {
    for (key, node) in children(patch) {
        match key {
            "labels" => patch_map(&mut metadata.labels, node)?,
            "annotations" => patch_map(&mut metadata.annotations, node)?,
            "name" | "namespace" => {}
            _ => return Err(unknown(&format!("{path}."), key)),
        }
    }
    Ok(())
}

/// Null removes a key, or the whole map.
fn patch_map(map: &mut StringMap, patch: &Node) -> Result<(), ApiError> {
    if patch.value == Value::Null {
        map.clear();
        return Ok(());
    }
    for (key, node) in children(patch) {
        if node.value == Value::Null {
            map.remove(key);
        } else {
            map.insert(key.to_owned(), string(node)?);
        }
    }
    Ok(())
}

fn patch_service(object: &mut Service, root: &Node) -> Result<(), ApiError> {
    // The address stays as it was allocated.
    object.cluster_ip.clear();
    for (key, node) in children(root) {
        match key {
            "metadata" => patch_metadata(&mut object.metadata, node, "metadata")?,
            "spec" => {
                for (key, node) in children(node) {
                    match key {
                        "selector" => patch_map(&mut object.selector, node)?,
                        "publishNotReadyAddresses" => {
                            object.publish_not_ready_addresses = flag(node)?;
                        }
                        "sessionAffinity" => {
                            let is_sticky = string(node)? == "ClientIP";
                            object.affinity_seconds =
                                is_sticky.then_some(Service::AFFINITY_SECONDS);
                        }
                        _ => return Err(unknown("spec.", key)),
                    }
                }
            }
            "apiVersion" | "kind" => {}
            _ => return Err(unknown("", key)),
        }
    }
    Ok(())
}

/// Changes a Pod by what differs between two readings of it: before a patch, and after it (VAL-25).
pub fn patch_pod(cx: &mut Cx, id: PodId, have: &Pod, wanted: &Pod) -> Result<bool, ApiError> {
    super::apply::check_pod_update(&have.metadata.name, &have.spec, &wanted.spec)?;
    let state = cx.pod(id);
    let mut spec = (*state.spec).clone();
    let lists = [
        (&mut spec.containers, &wanted.spec.containers),
        (&mut spec.init_containers, &wanted.spec.init_containers),
    ];
    for (mine, theirs) in lists {
        for (mine, theirs) in mine.iter_mut().zip(theirs) {
            mine.image.clone_from(&theirs.image);
        }
    }
    spec.active_deadline_seconds = wanted.spec.active_deadline_seconds;
    if have.spec.tolerations != wanted.spec.tolerations {
        spec.tolerations.clone_from(&wanted.spec.tolerations);
    }
    spec.scheduling_gates
        .clone_from(&wanted.spec.scheduling_gates);
    let wanted = wanted.metadata.clone();
    Ok(pods::replace(
        cx,
        id,
        wanted.labels,
        wanted.annotations,
        spec,
    ))
}

fn patch_node(cx: &mut Cx, name: &str, root: &Node) -> Result<bool, ApiError> {
    let id = find_node(cx.cluster, name).ok_or_else(|| ApiError::not_found("nodes", name))?;
    let mut object = (*cx.node(id).object).clone();
    let mut cordoned = object.unschedulable;
    for (key, node) in children(root) {
        match key {
            "metadata" => patch_metadata(&mut object.metadata, node, "metadata")?,
            "spec" => {
                for (key, node) in children(node) {
                    match key {
                        "unschedulable" => cordoned = flag(node)?,
                        _ => return Err(unknown("spec.", key)),
                    }
                }
            }
            "apiVersion" | "kind" => {}
            _ => return Err(unknown("", key)),
        }
    }
    let relabelled = nodes::change(cx, id, |live| live.metadata = object.metadata);
    Ok(nodes::cordon(cx, name, cordoned)? || relabelled)
}
