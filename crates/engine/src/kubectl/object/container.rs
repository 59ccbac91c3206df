//! Containers and probes of a spec.

use super::{bytes_text, milli_text, other_text};
use crate::api::{
    Container, EnvValue, Handler, OtherResource, PortRef, Probe, PullPolicy, Resources,
    RestartPolicy, Scheme, Security,
};
use crate::kubectl::get::protocol_name;
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::pod_volume;

/// A container of a Pod (with its token volume) or of a template.
pub fn container(container: &Container, token_volume: Option<&str>) -> Value {
    let policy = match container.image_pull_policy {
        PullPolicy::Always => "Always",
        PullPolicy::IfNotPresent => "IfNotPresent",
        PullPolicy::Never => "Never",
    };
    let log_policy = match container.termination_message_from_logs {
        true => "FallbackToLogsOnError",
        false => "File",
    };
    let mut mounts: Vec<Value> = container
        .volume_mounts
        .iter()
        .map(|mount| {
            map()
                .set("mountPath", &mount.mount_path)
                .set("name", &mount.name)
                .some("readOnly", mount.read_only)
                .some("subPath", &mount.sub_path)
                .into()
        })
        .collect();
    if let Some(volume) = token_volume {
        let token = map()
            .set("mountPath", pod_volume::MOUNT_PATH)
            .set("name", volume)
            .set("readOnly", true);
        mounts.push(token.into());
    }
    let lifecycle = map()
        .maybe("postStart", container.post_start.as_ref().map(handler))
        .maybe("preStop", container.pre_stop.as_ref().map(handler))
        .maybe("stopSignal", container.stop_signal.as_deref());
    map()
        .some("args", list(container.args.iter().flatten()))
        .some("command", list(container.command.iter().flatten()))
        .some(
            "env",
            list(
                container
                    .env
                    .iter()
                    .map(|env| variable(&env.name, &env.value)),
            ),
        )
        .some("envFrom", list(container.env_from.iter().map(env_from)))
        .set("image", &container.image)
        .set("imagePullPolicy", policy)
        .some("lifecycle", lifecycle)
        .maybe(
            "livenessProbe",
            container.liveness_probe.as_ref().map(probe),
        )
        .set("name", &container.name)
        .some("ports", ports(container))
        .maybe(
            "readinessProbe",
            container.readiness_probe.as_ref().map(probe),
        )
        .set("resources", resources(&container.resources))
        .maybe(
            "restartPolicy",
            container.restart_policy.map(restart_policy),
        )
        .some("securityContext", security(&container.security))
        .maybe("startupProbe", container.startup_probe.as_ref().map(probe))
        .some("stdin", container.stdin)
        .set(
            "terminationMessagePath",
            &container.termination_message_path,
        )
        .set("terminationMessagePolicy", log_policy)
        .some("tty", container.tty)
        .some("volumeMounts", mounts)
        .some("workingDir", &container.working_dir)
        .into()
}

fn security(security: &Security) -> Map {
    map()
        .some("readOnlyRootFilesystem", security.read_only_root)
        .maybe("runAsGroup", security.run_as_group)
        .maybe("runAsNonRoot", security.run_as_non_root)
        .maybe("runAsUser", security.run_as_user)
}

/// The API's word.
pub const fn restart_policy(policy: RestartPolicy) -> &'static str {
    match policy {
        RestartPolicy::Always => "Always",
        RestartPolicy::OnFailure => "OnFailure",
        RestartPolicy::Never => "Never",
    }
}

fn ports(container: &Container) -> Value {
    list(container.ports.iter().map(|port| {
        map()
            .set("containerPort", port.container_port)
            .some("hostIP", &port.host_ip)
            .some("hostPort", port.host_port)
            .some("name", &port.name)
            .set("protocol", protocol_name(port.protocol))
    }))
}

fn variable(name: &str, value: &EnvValue) -> Value {
    let key = |name: &str, key: &str, optional: bool| {
        map()
            .set("key", key)
            .set("name", name)
            .some("optional", optional)
    };
    let from = match value {
        EnvValue::Literal(text) => {
            return map().set("name", name).some("value", text).into();
        }
        EnvValue::ConfigMapKey {
            name,
            key: of,
            optional,
        } => map().set("configMapKeyRef", key(name, of, *optional)),
        EnvValue::SecretKey {
            name,
            key: of,
            optional,
        } => map().set("secretKeyRef", key(name, of, *optional)),
        of => from_pod(of).unwrap_or_default(),
    };
    map().set("name", name).set("valueFrom", from).into()
}

/// `fieldRef` or `resourceFieldRef` of a variable or file.
pub fn from_pod(value: &EnvValue) -> Option<Map> {
    match value {
        EnvValue::Field(path) => {
            let of = map().set("apiVersion", "v1").set("fieldPath", path);
            Some(map().set("fieldRef", of))
        }
        EnvValue::Resource {
            container,
            resource,
            divisor,
        } => {
            let divisor = if divisor.is_empty() { "0" } else { divisor };
            let of = map()
                .some("containerName", container)
                .set("divisor", divisor)
                .set("resource", resource);
            Some(map().set("resourceFieldRef", of))
        }
        _ => None,
    }
}

fn env_from(from: &crate::api::EnvFrom) -> Value {
    let kind = if from.secret {
        "secretRef"
    } else {
        "configMapRef"
    };
    map()
        .set(
            kind,
            map()
                .set("name", &from.name)
                .some("optional", from.optional),
        )
        .some("prefix", &from.prefix)
        .into()
}

/// `resources` of a container; `limits` and `requests` only where they are set.
pub fn resources(resources: &Resources) -> Map {
    type Other = fn(&OtherResource) -> Option<u64>;
    let r = resources;
    let amounts = |[cpu, memory, ephemeral]: [Option<u64>; 3], other: Other| {
        let mut amounts = map()
            .maybe("cpu", cpu.map(milli_text))
            .maybe("ephemeral-storage", ephemeral.map(bytes_text))
            .maybe("memory", memory.map(bytes_text));
        for have in &r.others {
            let text = other(have).map(|amount| other_text(&have.name, amount));
            amounts = amounts.maybe(&have.name, text);
        }
        amounts
    };
    map()
        .some(
            "limits",
            amounts(
                [
                    r.limit_cpu_milli,
                    r.limit_memory_bytes,
                    r.limit_ephemeral_bytes,
                ],
                |other| other.limit,
            ),
        )
        .some(
            "requests",
            amounts(
                [
                    r.request_cpu_milli,
                    r.request_memory_bytes,
                    r.request_ephemeral_bytes,
                ],
                |other| other.request,
            ),
        )
}

fn probe(probe: &Probe) -> Value {
    handler_fields(&probe.handler)
        .set("failureThreshold", probe.failure_threshold)
        .some("initialDelaySeconds", probe.initial_delay_seconds)
        .set("periodSeconds", probe.period_seconds)
        .set("successThreshold", probe.success_threshold)
        .maybe(
            "terminationGracePeriodSeconds",
            probe.termination_grace_period_seconds,
        )
        .set("timeoutSeconds", probe.timeout_seconds)
        .into()
}

fn handler(handler: &Handler) -> Value {
    handler_fields(handler).into()
}

fn handler_fields(handler: &Handler) -> Map {
    match handler {
        Handler::Exec { command } => map().set("exec", map().some("command", list(command))),
        Handler::HttpGet(get) => {
            let headers = get
                .headers
                .iter()
                .map(|(name, value)| map().set("name", name).set("value", value));
            let scheme = match get.scheme {
                Scheme::Http => "HTTP",
                Scheme::Https => "HTTPS",
            };
            let fields = map()
                .some("host", &get.host)
                .some("httpHeaders", list(headers))
                .some("path", &get.path)
                .set("port", port(&get.port))
                .set("scheme", scheme);
            map().set("httpGet", fields)
        }
        Handler::TcpSocket { host, port: to } => {
            map().set("tcpSocket", map().some("host", host).set("port", port(to)))
        }
        Handler::Grpc { port, service } => {
            map().set("grpc", map().set("port", *port).set("service", service))
        }
        Handler::Sleep { seconds } => map().set("sleep", map().set("seconds", *seconds)),
    }
}

/// A port by number or name.
pub fn port(port: &PortRef) -> Value {
    match port {
        PortRef::Number(number) => Value::from(*number),
        PortRef::Name(name) => Value::from(name),
    }
}
