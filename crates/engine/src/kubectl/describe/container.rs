//! Containers of a Pod or of a template.

use super::probe::probe;
use super::{joined, truth, Text};
use crate::api::{Container, EnvValue, OtherResource, ProbeKind, Resources};
use crate::cluster::PodState;
use crate::kubectl::get::protocol_name;
use crate::kubectl::object::{bytes_text, milli_text, other_text, Ids};
use crate::kubectl::pod_volume;
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::status::{ContainerState, ContainerStatus, Terminated};
use std::ops::Range;

/// The containers of a Pod at these positions.
pub fn containers(
    name: &str,
    view: &View,
    pod: &PodState,
    positions: Range<usize>,
    text: &mut Text,
) {
    text.line(0, format!("{name}:"));
    for number in positions {
        let Some(container) = pod.spec.container(number) else {
            continue;
        };
        text.line(1, format!("{}:", container.name));
        let status = pod.status.containers.get(number);
        let ids = status.map(|status| Ids::of(pod, number, container, status));
        basics(container, ids.as_ref(), text);
        if let Some(status) = status {
            states(view, status, text);
        }
        rest(container, Some(pod), text);
    }
}

/// The containers of a template.
pub fn template_containers(name: &str, containers: &[Container], text: &mut Text) {
    text.line(0, format!("  {name}:"));
    for container in containers {
        text.line(1, format!(" {}:", container.name));
        basics(container, None, text);
        rest(container, None, text);
    }
}

fn basics(container: &Container, ids: Option<&Ids>, text: &mut Text) {
    if let Some(ids) = ids {
        text.field(2, "Container ID", ids.container.as_deref().unwrap_or(""));
    }
    text.field(2, "Image", &container.image);
    if let Some(ids) = ids {
        text.field(2, "Image ID", &ids.image_id);
    }
    let ports = |of: fn(&crate::api::ContainerPort) -> u16| {
        joined(container.ports.iter().map(|port| {
            let protocol = protocol_name(port.protocol);
            match port.name.as_str() {
                "" => format!("{}/{protocol}", of(port)),
                name => format!("{}/{protocol} ({name})", of(port)),
            }
        }))
    };
    let plural = if container.ports.len() > 1 { "s" } else { "" };
    let or_none = |ports: String| {
        if ports.is_empty() {
            "<none>".to_owned()
        } else {
            ports
        }
    };
    text.field(
        2,
        &format!("Port{plural}"),
        or_none(ports(|port| port.container_port)),
    );
    text.field(
        2,
        &format!("Host Port{plural}"),
        or_none(ports(|port| port.host_port)),
    );
    for (name, words) in [("Command", &container.command), ("Args", &container.args)] {
        let words = words.as_deref().unwrap_or_default();
        if !words.is_empty() {
            text.line(2, format!("{name}:"));
            words
                .iter()
                .flat_map(|word| word.split('\n'))
                .for_each(|line| text.line(3, line));
        }
    }
}

fn states(view: &View, status: &ContainerStatus, text: &mut Text) {
    match &status.state {
        ContainerState::Running { started_at } => {
            text.field(2, "State", "Running");
            text.field(3, "Started", view.long_date(Stamp::of(*started_at)));
        }
        ContainerState::Waiting { reason, .. } => {
            text.field(2, "State", "Waiting");
            text.field(3, "Reason", reason.name());
        }
        ContainerState::Terminated(end) => terminated(view, "State", end, text),
    }
    if let Some(end) = &status.last {
        terminated(view, "Last State", end, text);
    }
    text.field(2, "Ready", truth(status.ready));
    text.field(2, "Restart Count", status.restart_count);
}

fn terminated(view: &View, name: &str, end: &Terminated, text: &mut Text) {
    text.field(2, name, "Terminated");
    text.field(3, "Reason", end.reason.name());
    let message = view.cluster.texts.get(end.message);
    if !message.is_empty() {
        text.field(3, "Message", message);
    }
    text.field(3, "Exit Code", end.exit_code);
    let epoch = || "Thu, 01 Jan 1970 00:00:00 +0000".to_owned();
    let started = end
        .started_at
        .map_or_else(epoch, |at| view.long_date(Stamp::of(at)));
    text.field(3, "Started", started);
    text.field(3, "Finished", view.long_date(Stamp::of(end.finished_at)));
}

/// Resources, probes, environment and mounts.
fn rest(container: &Container, pod: Option<&PodState>, text: &mut Text) {
    resources(&container.resources, 2, text);
    for kind in [
        ProbeKind::Liveness,
        ProbeKind::Readiness,
        ProbeKind::Startup,
    ] {
        if let Some(of) = container.probe(kind) {
            text.field(2, kind.title(), probe(of));
        }
    }
    environment(container, pod, text);
    let token = pod.map(|pod| pod_volume::name(&pod.uid));
    let given = container.volume_mounts.iter().map(|mount| {
        let access = if mount.read_only { "ro" } else { "rw" };
        let part = match mount.sub_path.as_str() {
            "" => String::new(),
            path => format!(",path=\"{path}\""),
        };
        (
            mount.mount_path.as_str(),
            mount.name.as_str(),
            format!("{access}{part}"),
        )
    });
    let mut mounts: Vec<_> = given.collect();
    if let Some(token) = &token {
        mounts.push((pod_volume::MOUNT_PATH, token, "ro".to_owned()));
    }
    mounts.sort_by_key(|(path, _, _)| *path);
    if mounts.is_empty() {
        return text.field(2, "Mounts", "<none>");
    }
    text.line(2, "Mounts:");
    for (path, name, access) in mounts {
        text.line(3, format!("{path} from {name} ({access})"));
    }
}

/// Limits and requests, at a level of indentation.
pub fn resources(r: &Resources, level: usize, text: &mut Text) {
    let rows = |[cpu, ephemeral, memory]: [Option<u64>; 3], other: fn(&OtherResource) -> _| {
        let mut rows = vec![
            ("cpu", cpu.map(milli_text)),
            ("ephemeral-storage", ephemeral.map(bytes_text)),
            ("memory", memory.map(bytes_text)),
        ];
        rows.extend(r.others.iter().map(|have| {
            let amount: Option<u64> = other(have);
            let text = amount.map(|amount| other_text(&have.name, amount));
            (&*have.name, text)
        }));
        rows.sort();
        rows
    };
    let limits = [
        r.limit_cpu_milli,
        r.limit_ephemeral_bytes,
        r.limit_memory_bytes,
    ];
    let requests = [
        r.request_cpu_milli,
        r.request_ephemeral_bytes,
        r.request_memory_bytes,
    ];
    let limits = rows(limits, |other| other.limit);
    let requests = rows(requests, |other| other.request);
    for (name, amounts) in [("Limits", limits), ("Requests", requests)] {
        if amounts.iter().any(|(_, amount)| amount.is_some()) {
            text.line(level, format!("{name}:"));
            for (resource, amount) in amounts {
                if let Some(amount) = amount {
                    text.field(level + 1, resource, amount);
                }
            }
        }
    }
}

fn environment(container: &Container, pod: Option<&PodState>, text: &mut Text) {
    if !container.env_from.is_empty() {
        text.line(2, "Environment Variables from:");
        for from in &container.env_from {
            let kind = if from.secret { "Secret" } else { "ConfigMap" };
            let prefix = match from.prefix.as_str() {
                "" => String::new(),
                prefix => format!(" with prefix '{prefix}'"),
            };
            let optional = from.optional;
            text.line(
                3,
                format!("{}\t{kind}{prefix}\tOptional: {optional}", from.name),
            );
        }
    }
    if container.env.is_empty() {
        return text.field(2, "Environment", "<none>");
    }
    text.line(2, "Environment:");
    for variable in &container.env {
        let name = &variable.name;
        match &variable.value {
            EnvValue::Literal(value) => {
                for (index, line) in value.split('\n').enumerate() {
                    let name = if index == 0 {
                        format!("{name}:")
                    } else {
                        String::new()
                    };
                    text.line(3, format!("{name}\t{line}"));
                }
            }
            EnvValue::Field(path) => {
                let value = pod.map_or_else(String::new, |pod| field_value(pod, path));
                text.line(3, format!("{name}:\t{value} (v1:{path})"));
            }
            EnvValue::Resource { resource, .. } => {
                let value = resource_value(container, resource);
                text.line(3, format!("{name}:\t{value} ({resource})"));
            }
            EnvValue::SecretKey {
                name: of,
                key,
                optional,
            } => text.line(
                3,
                format!("{name}:\t<set to the key '{key}' in secret '{of}'>\tOptional: {optional}"),
            ),
            EnvValue::ConfigMapKey {
                name: of,
                key,
                optional,
            } => text.line(
                3,
                format!(
                    "{name}:\t<set to the key '{key}' of config map '{of}'>\tOptional: {optional}"
                ),
            ),
        }
    }
}

/// What kubectl can tell of a field by itself: metadata.
fn field_value(pod: &PodState, path: &str) -> String {
    match path {
        "metadata.name" => pod.name.to_string(),
        "metadata.namespace" => pod.namespace.to_string(),
        "metadata.uid" => pod.uid.to_string(),
        path => {
            let subscript = |kind: &str| {
                path.strip_prefix(kind)?
                    .strip_prefix("['")?
                    .strip_suffix("']")
            };
            let found = subscript("metadata.labels")
                .and_then(|key| pod.labels.get(key))
                .or_else(|| pod.annotations.get(subscript("metadata.annotations")?));
            found.cloned().unwrap_or_default()
        }
    }
}

fn resource_value(container: &Container, resource: &str) -> String {
    let r = &container.resources;
    let cpu = |milli: Option<u64>| milli.map_or(0, |milli| milli.div_ceil(1_000));
    let value = match resource {
        "limits.cpu" => cpu(r.limit_cpu_milli),
        "requests.cpu" => cpu(r.request_cpu_milli),
        "limits.memory" => r.limit_memory_bytes.unwrap_or(0),
        "requests.memory" => r.request_memory_bytes.unwrap_or(0),
        _ => 0,
    };
    value.to_string()
}
