//! A container's configuration from ConfigMaps, Secrets and the Pod itself: its environment, its
//! user, and what is wrong with them.

use super::service_links;
use crate::api::{Container, EnvValue, PodSpec, StringMap};
use crate::cluster::Cx;
use crate::container::image;
use crate::go_format;
use crate::ids::PodId;
use crate::kubelet::handlers;
use crate::kubelet::pod_worker::container_spec;
use crate::manifest::Quantity;
use std::sync::Arc;

/// What a ConfigMap or Secret is called in texts: lower case for the object, as typed for a key.
const fn kinds(secret: bool) -> (&'static str, &'static str) {
    if secret {
        ("secret", "Secret")
    } else {
        ("configmap", "ConfigMap")
    }
}

/// The data of a ConfigMap or Secret; the kubelet's text if it is not there.
pub fn data(
    cx: &Cx,
    pod: PodId,
    secret: bool,
    name: &str,
) -> Result<Arc<crate::api::ConfigData>, String> {
    let namespace = &cx.pod(pod).namespace;
    let controllers = &cx.cluster.controllers;
    let found = if secret {
        controllers.secret(namespace, name)
    } else {
        controllers.config_map(namespace, name)
    };
    found
        .cloned()
        .ok_or_else(|| format!("{} \"{name}\" not found", kinds(secret).0))
}

/// The environment of a container, later names winning; the text of what is missing otherwise.
pub fn environment(cx: &Cx, pod: PodId, own: &Container) -> Result<Vec<(String, String)>, String> {
    let mut env = service_links::variables(cx, pod);
    for source in &own.env_from {
        match data(cx, pod, source.secret, &source.name) {
            Ok(found) => env.extend(
                found
                    .data
                    .iter()
                    .map(|(key, value)| (format!("{}{key}", source.prefix), value.clone())),
            ),
            Err(_) if source.optional => {}
            Err(text) => return Err(text),
        }
    }
    for var in &own.env {
        let value = match &var.value {
            EnvValue::Literal(text) => Some(expanded(&env, text)),
            EnvValue::Field(path) => Some(field(cx, pod, path)),
            EnvValue::ConfigMapKey {
                name,
                key,
                optional,
            } => keyed(cx, pod, false, name, key, *optional)?,
            EnvValue::SecretKey {
                name,
                key,
                optional,
            } => keyed(cx, pod, true, name, key, *optional)?,
            EnvValue::Resource {
                container,
                resource,
                divisor,
            } => Some(amount(cx, pod, Some(own), container, resource, divisor)),
        };
        if let Some(value) = value {
            env.push((var.name.clone(), value));
        }
    }
    Ok(env)
}

/// A text with its references `$(VAR)` replaced from an environment.
pub fn expanded(env: &[(String, String)], text: &str) -> String {
    handlers::expand_with(text, |name| {
        env.iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    })
}

/// `resourceFieldRef`: a request or limit of a container, its own if none is named, counted in
/// divisors, rounded up. Without a limit it may use what the node has (kubernetes.io/docs/tasks/
/// inject-data-application/environment-variable-expose-pod-information).
#[inline(never)]
pub fn amount(
    cx: &Cx,
    pod: PodId,
    own: Option<&Container>,
    container: &str,
    resource: &str,
    divisor: &str,
) -> String {
    let state = cx.pod(pod);
    let named = state.spec.container_number(container);
    let named = named.and_then(|number| state.spec.container(number));
    let Some(container) = named.or(own) else {
        return String::new();
    };
    let has = &container.resources;
    let node = state.node.map(|node| &cx.node(node).object);
    let of_node = |limit: Option<u64>, all: Option<u64>| limit.filter(|l| *l > 0).or(all);
    let value = match resource {
        "limits.cpu" => of_node(has.limit_cpu_milli, node.map(|n| n.cpu_milli)),
        "limits.memory" => of_node(has.limit_memory_bytes, node.map(|n| n.memory_bytes)),
        "limits.ephemeral-storage" => {
            of_node(has.limit_ephemeral_bytes, node.map(|n| n.ephemeral_bytes))
        }
        "requests.cpu" => has.request_cpu_milli,
        "requests.memory" => has.request_memory_bytes,
        "requests.ephemeral-storage" => has.request_ephemeral_bytes,
        // Huge pages.
        other => {
            let (part, name) = other.split_once('.').unwrap_or_default();
            let found = has.others.iter().find(|own| own.name == name);
            found.and_then(|own| match part {
                "limits" => own.limit,
                _ => own.request,
            })
        }
    };
    let divisor = Quantity::parse(divisor).ok();
    let unit = match resource.ends_with(".cpu") {
        true => divisor.map_or(0, Quantity::milli),
        false => divisor.map_or(0, Quantity::units),
    };
    let one = if resource.ends_with(".cpu") { 1_000 } else { 1 };
    let unit = if unit == 0 { one } else { unit };
    value.unwrap_or(0).div_ceil(unit).to_string()
}

/// One key of a ConfigMap or Secret.
fn keyed(
    cx: &Cx,
    pod: PodId,
    secret: bool,
    name: &str,
    key: &str,
    optional: bool,
) -> Result<Option<String>, String> {
    let found = match data(cx, pod, secret, name) {
        Ok(found) => found,
        Err(_) if optional => return Ok(None),
        Err(text) => return Err(text),
    };
    match found.data.get(key) {
        Some(value) => Ok(Some(value.clone())),
        None if optional => Ok(None),
        None => Err(format!(
            "couldn't find key {key} in {} {}/{name}",
            kinds(secret).1,
            cx.pod(pod).namespace
        )),
    }
}

/// A value of the downward API.
pub fn field(cx: &Cx, pod: PodId, path: &str) -> String {
    let state = cx.pod(pod);
    let node = state.node.map(|node| cx.node(node));
    let address = state
        .worker
        .as_ref()
        .and_then(|w| w.truth.sandbox)
        .map_or(0, |s| s.address);
    let key = |prefix: &str| {
        path.strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix("['"))
            .and_then(|rest| rest.strip_suffix("']"))
    };
    match path {
        "metadata.name" => state.name.to_string(),
        "metadata.namespace" => state.namespace.to_string(),
        "metadata.uid" => state.uid.to_string(),
        "spec.nodeName" => node.map_or_else(String::new, |node| node.name.to_string()),
        "spec.serviceAccountName" => state.spec.service_account_name.clone(),
        "status.podIP" | "status.podIPs" => go_format::ipv4(address),
        "status.hostIP" | "status.hostIPs" => go_format::ipv4(node.map_or(0, |node| node.address)),
        "metadata.labels" => lines(&state.labels),
        "metadata.annotations" => lines(&state.annotations),
        _ => key("metadata.labels")
            .and_then(|name| state.labels.get(name))
            .or_else(|| key("metadata.annotations").and_then(|name| state.annotations.get(name)))
            .cloned()
            .unwrap_or_default(),
    }
}

/// A whole map as a file: its keys in order, with their values in quotes.
#[inline(never)]
fn lines(map: &StringMap) -> String {
    let line = |(key, value): (&String, &String)| [key, "=", &go_format::quote(value)].concat();
    map.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Why a container must not run as the user that it would run as.
pub fn user_error(cx: &Cx, pod: PodId, container: u16) -> Option<String> {
    let state = cx.pod(pod);
    let spec: &PodSpec = &state.spec;
    let own = container_spec(spec, container);
    if !own.security.run_as_non_root.unwrap_or(spec.run_as_non_root) {
        return None;
    }
    let place = format!("(pod: \"{}\", container: {})", state.full_name(), own.name);
    match spec.user_of(own) {
        Some(0) => Some(format!(
            "container's runAsUser breaks non-root policy {place}"
        )),
        Some(_) => None,
        None => {
            let user = image::resolve_with(&cx.cluster.images, &own.image).0.user;
            (user == 0)
                .then(|| format!("container has runAsNonRoot and image will run as root {place}"))
        }
    }
}
