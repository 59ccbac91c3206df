//! Containers, their probes and hooks.

use super::{natural, port_number, quantity, texts};
use crate::api::{
    Container, ContainerPort, EnvFrom, EnvValue, EnvVar, Handler, HttpGet, PortRef, Probe,
    Protocol, PullPolicy, Resources, RestartPolicy, RestartRule, Scheme, Security, VolumeMount,
};
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;

/// A container with its defaults.
pub fn container(field: &Field, host_network: bool) -> Container {
    let image = field.key("image").text();
    let lifecycle = field.key("lifecycle");
    let (post_start, pre_stop) = (lifecycle.key("postStart"), lifecycle.key("preStop"));
    let mut ports: Vec<ContainerPort> = field.key("ports").items().map(port).collect();
    for port in &mut ports {
        if host_network && port.host_port == 0 {
            port.host_port = port.container_port;
        }
    }
    Container {
        name: field.key("name").text().into(),
        image: image.into(),
        image_pull_policy: match field.key("imagePullPolicy").text() {
            "Always" => PullPolicy::Always,
            "IfNotPresent" => PullPolicy::IfNotPresent,
            "Never" => PullPolicy::Never,
            _ => default_pull_policy(image),
        },
        command: texts(&field.key("command")),
        args: texts(&field.key("args")),
        working_dir: field.key("workingDir").text().into(),
        env: field.key("env").items().map(env).collect(),
        env_from: field.key("envFrom").items().map(env_from).collect(),
        ports,
        resources: resources(&field.key("resources")),
        volume_mounts: field.key("volumeMounts").items().map(mount).collect(),
        startup_probe: probe(&field.key("startupProbe")),
        readiness_probe: probe(&field.key("readinessProbe")),
        liveness_probe: probe(&field.key("livenessProbe")),
        post_start: handler(&post_start),
        pre_stop: handler(&pre_stop),
        stop_signal: Some(lifecycle.key("stopSignal").text())
            .filter(|signal| !signal.is_empty())
            .map(String::from),
        restart_policy: restart_policy(&field.key("restartPolicy")),
        restart_policy_rules: field
            .key("restartPolicyRules")
            .items()
            .map(restart_rule)
            .collect(),
        termination_message_path: field
            .key("terminationMessagePath")
            .text_or("/dev/termination-log")
            .into(),
        termination_message_from_logs: field.key("terminationMessagePolicy").text()
            == "FallbackToLogsOnError",
        stdin: field.key("stdin").bool(),
        tty: field.key("tty").bool(),
        security: security(&field.key("securityContext")),
    }
}

/// `restartPolicy` of a Pod or container.
pub fn restart_policy(field: &Field) -> Option<RestartPolicy> {
    match field.text() {
        "Always" => Some(RestartPolicy::Always),
        "OnFailure" => Some(RestartPolicy::OnFailure),
        "Never" => Some(RestartPolicy::Never),
        _ => None,
    }
}

fn restart_rule(field: Field) -> RestartRule {
    let codes = field.key("exitCodes");
    let values = codes.key("values");
    let code = |item: Field| i32::try_from(item.int()).unwrap_or(0);
    RestartRule {
        all_containers: field.key("action").text() == "RestartAllContainers",
        negated: codes.key("operator").text() == "NotIn",
        exit_codes: values.items().map(code).collect(),
    }
}

/// Always for the tag `latest` or none, else IfNotPresent (API-03); a reference that is no valid
/// one has no tag.
fn default_pull_policy(image: &str) -> PullPolicy {
    let (reference, has_digest) = match image.split_once('@') {
        Some((reference, _)) => (reference, true),
        None => (image, false),
    };
    let name_start = reference.rfind('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match reference[name_start..].split_once(':') {
        Some((_, tag)) => (&reference[..reference.len() - tag.len() - 1], Some(tag)),
        None => (reference, None),
    };
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
    // The first part may be a registry with a port and capitals.
    let path = match name.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => path,
        _ => name,
    };
    let valid = !path.is_empty() && path.chars().all(lower);
    match tag {
        Some("latest") if valid => PullPolicy::Always,
        None if valid && !has_digest => PullPolicy::Always,
        _ => PullPolicy::IfNotPresent,
    }
}

fn protocol(field: &Field) -> Protocol {
    match field.text() {
        "UDP" => Protocol::Udp,
        "SCTP" => Protocol::Sctp,
        _ => Protocol::Tcp,
    }
}

fn port(field: Field) -> ContainerPort {
    ContainerPort {
        name: field.key("name").text().into(),
        container_port: port_number(&field.key("containerPort")),
        host_port: port_number(&field.key("hostPort")),
        host_ip: field.key("hostIP").text().into(),
        protocol: protocol(&field.key("protocol")),
    }
}

fn env(field: Field) -> EnvVar {
    let from = field.key("valueFrom");
    let config_map = from.key("configMapKeyRef");
    let secret = from.key("secretKeyRef");
    let is_from_pod = from.key("fieldRef").is_set() || from.key("resourceFieldRef").is_set();
    let text = |of: &Field, name: &'static str| String::from(of.key(name).text());
    let value = if config_map.is_set() {
        EnvValue::ConfigMapKey {
            name: text(&config_map, "name"),
            key: text(&config_map, "key"),
            optional: config_map.key("optional").bool(),
        }
    } else if secret.is_set() {
        EnvValue::SecretKey {
            name: text(&secret, "name"),
            key: text(&secret, "key"),
            optional: secret.key("optional").bool(),
        }
    } else if is_from_pod {
        from_pod(&from)
    } else {
        EnvValue::Literal(text(&field, "value"))
    };
    EnvVar {
        name: text(&field, "name"),
        value,
    }
}

/// `fieldRef` or `resourceFieldRef` of a variable or file.
#[inline(never)]
pub fn from_pod(from: &Field) -> EnvValue {
    let by_field = from.key("fieldRef");
    let resource = from.key("resourceFieldRef");
    let text = |of: &Field, name: &'static str| String::from(of.key(name).text());
    if by_field.is_set() {
        return EnvValue::Field(text(&by_field, "fieldPath"));
    }
    EnvValue::Resource {
        container: text(&resource, "containerName"),
        resource: text(&resource, "resource"),
        divisor: quantity(&resource.key("divisor")).map_or_else(String::new, Quantity::canonical),
    }
}

fn env_from(field: Field) -> EnvFrom {
    let secret = field.key("secretRef");
    let config_map = field.key("configMapRef");
    let source = match secret.is_set() {
        true => &secret,
        false => &config_map,
    };
    EnvFrom {
        prefix: field.key("prefix").text().into(),
        secret: secret.is_set(),
        name: source.key("name").text().into(),
        optional: source.key("optional").bool(),
    }
}

fn mount(field: Field) -> VolumeMount {
    VolumeMount {
        name: field.key("name").text().into(),
        mount_path: field.key("mountPath").text().into(),
        sub_path: field.key("subPath").text().into(),
        read_only: field.key("readOnly").bool(),
    }
}

/// Requests and limits.
pub fn resources(field: &Field) -> Resources {
    let (requests, limits) = (field.key("requests"), field.key("limits"));
    let milli = |of: &Field, name: &'static str| quantity(&of.key(name)).map(|q| q.milli());
    let units = |of: &Field, name: &'static str| quantity(&of.key(name)).map(|q| q.units());
    let mut resources = Resources {
        request_cpu_milli: milli(&requests, "cpu"),
        request_memory_bytes: units(&requests, "memory"),
        request_ephemeral_bytes: units(&requests, "ephemeral-storage"),
        limit_cpu_milli: milli(&limits, "cpu"),
        limit_memory_bytes: units(&limits, "memory"),
        limit_ephemeral_bytes: units(&limits, "ephemeral-storage"),
        others: Vec::new(),
    };
    if requests.count() + limits.count() > 0 {
        other_resources(&requests, &limits, &mut resources);
    }
    resources
}

#[inline(never)]
fn other_resources(requests: &Field, limits: &Field, resources: &mut Resources) {
    for (list, is_limit) in [(requests, false), (limits, true)] {
        for (name, value) in list.sorted_entries() {
            if is_other_resource(name) {
                let other = resources.other_mut(name);
                let amount = quantity(&value).map(|amount| amount.units());
                *(if is_limit {
                    &mut other.limit
                } else {
                    &mut other.request
                }) = amount;
            }
        }
    }
}

/// Whether it is none of those with a place of their own.
pub fn is_other_resource(name: &str) -> bool {
    !matches!(name, "cpu" | "memory" | "ephemeral-storage" | "pods")
}

/// A probe with its defaults; zeros become the default, too (PRB-25).
fn probe(field: &Field) -> Option<Probe> {
    let number = |name: &'static str, default: u32| match natural(field.key(name).int()) {
        0 => default,
        number => number,
    };
    let grace = field.key("terminationGracePeriodSeconds");
    Some(Probe {
        handler: handler(field)?,
        initial_delay_seconds: number("initialDelaySeconds", 0),
        period_seconds: number("periodSeconds", 10),
        timeout_seconds: number("timeoutSeconds", 1),
        success_threshold: number("successThreshold", 1),
        failure_threshold: number("failureThreshold", 3),
        termination_grace_period_seconds: grace.is_set().then(|| natural(grace.int())),
    })
}

/// The handler of a probe or hook; None if there is none.
fn handler(field: &Field) -> Option<Handler> {
    let exec = field.key("exec");
    let http = field.key("httpGet");
    let tcp = field.key("tcpSocket");
    let grpc = field.key("grpc");
    let sleep = field.key("sleep");
    if exec.is_set() {
        let command = texts(&exec.key("command")).unwrap_or_default();
        Some(Handler::Exec { command })
    } else if http.is_set() {
        Some(Handler::HttpGet(http_get(&http)))
    } else if tcp.is_set() {
        Some(Handler::TcpSocket {
            host: tcp.key("host").text().into(),
            port: port_ref(&tcp.key("port")),
        })
    } else if grpc.is_set() {
        Some(Handler::Grpc {
            port: natural(grpc.key("port").int()),
            service: grpc.key("service").text().into(),
        })
    } else if sleep.is_set() {
        let seconds = sleep.key("seconds").int().max(0).unsigned_abs();
        Some(Handler::Sleep { seconds })
    } else {
        None
    }
}

fn http_get(field: &Field) -> HttpGet {
    let header = |header: Field| {
        let name = String::from(header.key("name").text());
        (name, String::from(header.key("value").text()))
    };
    HttpGet {
        path: field.key("path").text_or("/").into(),
        port: port_ref(&field.key("port")),
        host: field.key("host").text().into(),
        scheme: match field.key("scheme").text() {
            "HTTPS" => Scheme::Https,
            _ => Scheme::Http,
        },
        headers: field.key("httpHeaders").items().map(header).collect(),
    }
}

/// A port by number or name.
pub fn port_ref(field: &Field) -> PortRef {
    match field.node.and_then(|node| node.text()) {
        Some(name) => PortRef::Name(name.into()),
        None => PortRef::Number(i32::try_from(field.int()).unwrap_or(0)),
    }
}

/// `protocol` of a Service's port.
pub fn port_protocol(field: &Field) -> Protocol {
    protocol(field)
}

/// A container's `securityContext`.
fn security(field: &Field) -> Security {
    let number = |name: &'static str| {
        let value = field.key(name);
        value.is_set().then(|| value.int())
    };
    let non_root = field.key("runAsNonRoot");
    Security {
        run_as_user: number("runAsUser"),
        run_as_group: number("runAsGroup"),
        run_as_non_root: non_root.is_set().then(|| non_root.bool()),
        read_only_root: field.key("readOnlyRootFilesystem").bool(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_decides_the_pull_policy() {
        for (image, expected) in [
            ("busybox", PullPolicy::Always),
            ("busybox:latest", PullPolicy::Always),
            ("busybox:1.36", PullPolicy::IfNotPresent),
            ("registry:5000/a/b", PullPolicy::Always),
            ("registry:5000/a/b:v1", PullPolicy::IfNotPresent),
            ("a@sha256:0123", PullPolicy::IfNotPresent),
            ("INVALID", PullPolicy::IfNotPresent),
        ] {
            assert_eq!(default_pull_policy(image), expected, "{image}");
        }
    }
}
