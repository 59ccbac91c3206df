//! Containers: names, images, ports, variables, mounts, resources, policies (CTR rules).

use super::env::{validate_env, validate_env_from};
use super::mount::validate_mounts;
use super::names;
use super::pod::{one_of, PodFacts};
use super::probe::{validate_lifecycle, validate_port_number, validate_probe};
use super::resources::{validate_resources, Of};
use super::restart::{validate_resize_policy, validate_restart_policy};
use super::security::validate_security;
use super::Errors;
use crate::api::ProbeKind;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;
use crate::sorted::Set;

/// Checks `containers`, then their host ports.
pub fn validate_containers<'a>(
    containers: &'a Field<'a>,
    facts: &PodFacts,
    taken: &mut Set<&'a str>,
    errors: &mut Errors,
) {
    if containers.count() == 0 {
        errors.required("CTR-01", containers, "");
        return;
    }
    for container in containers.items() {
        validate_common(&container, facts, errors);
        check_name_is_free(&container, taken, errors);
        validate_lifecycle(&container.key("lifecycle"), facts.grace_seconds, errors);
        validate_probe(&container.key("livenessProbe"), ProbeKind::Liveness, errors);
        validate_probe(
            &container.key("readinessProbe"),
            ProbeKind::Readiness,
            errors,
        );
        validate_probe(&container.key("startupProbe"), ProbeKind::Startup, errors);
        validate_restart_policy(&container, errors);
    }
    let mut ports = Set::new();
    for container in containers.items() {
        check_host_ports(&container, facts, &mut ports, errors);
    }
}

/// Checks `initContainers`; those without restartPolicy Always may have neither probes nor hooks
/// (VPR-12).
pub fn validate_init_containers<'a>(
    containers: &'a Field<'a>,
    facts: &PodFacts,
    taken: &mut Set<&'a str>,
    errors: &mut Errors,
) {
    for container in containers.items() {
        validate_common(&container, facts, errors);
        validate_restart_policy(&container, errors);
        check_name_is_free(&container, taken, errors);
        check_host_ports(&container, facts, &mut Set::new(), errors);
        if container.key("restartPolicy").text() == "Always" {
            validate_lifecycle(&container.key("lifecycle"), facts.grace_seconds, errors);
            validate_probe(&container.key("livenessProbe"), ProbeKind::Liveness, errors);
            validate_probe(
                &container.key("readinessProbe"),
                ProbeKind::Readiness,
                errors,
            );
            validate_probe(&container.key("startupProbe"), ProbeKind::Startup, errors);
        } else {
            for name in [
                "lifecycle",
                "livenessProbe",
                "readinessProbe",
                "startupProbe",
            ] {
                let field = container.key(name);
                if field.is_set() {
                    let detail = "may not be set for init containers without restartPolicy=Always";
                    errors.forbidden("VPR-12", &field, detail);
                    errors.suggest("restartPolicy: Always makes it a sidecar");
                }
            }
        }
    }
}

fn validate_common(container: &Field, facts: &PodFacts, errors: &mut Errors) {
    let name = container.key("name");
    match name.text() {
        "" => {
            errors.required("CTR-02", &name, "");
        }
        text => errors.each("CTR-03", &name, text, &names::label(text)),
    }
    let image = container.key("image");
    if image.text().is_empty() {
        errors.required("CTR-02", &image, "");
    }
    let policy = container.key("terminationMessagePolicy");
    one_of(
        "CTR-11",
        &policy,
        &["File", "FallbackToLogsOnError"],
        errors,
    );
    validate_ports(&container.key("ports"), errors);
    validate_env(&container.key("env"), &facts.volumes, errors);
    validate_env_from(&container.key("envFrom"), errors);
    let security = container.key("securityContext");
    let privileged = security.key("privileged").bool();
    validate_mounts(&container.key("volumeMounts"), privileged, facts, errors);
    let policy = container.key("imagePullPolicy");
    let known = ["Always", "IfNotPresent", "Never"];
    if !policy.text().is_empty() && !known.contains(&policy.text()) {
        errors.unsupported("CTR-05", &policy, policy.text(), &known);
    }
    let of = match facts.is_template {
        true => Of::TemplateContainer,
        false => Of::PodContainer,
    };
    validate_resources(&container.key("resources"), of, errors);
    let resize = container.key("resizePolicy");
    if resize.is_set() {
        validate_resize_policy(&resize, facts, errors);
    }
    if security.is_set() {
        validate_security(&security, facts.shares_users, errors);
    }
}

/// What only Pods are refused for, templates not.
pub fn validate_images(containers: &Field, errors: &mut Errors) {
    for container in containers.items() {
        let image = container.key("image");
        let text = image.text();
        if text.trim() != text {
            let detail = "must not have leading or trailing whitespace";
            errors.invalid_text("CTR-02", &image, text, detail);
            errors.replace_value(&image, text.trim());
        }
    }
}

fn check_name_is_free<'a>(container: &Field<'a>, taken: &mut Set<&'a str>, errors: &mut Errors) {
    let text = container.node.and_then(|node| node.get("name"));
    let text = text.and_then(|name| name.text()).unwrap_or("");
    if !text.is_empty() && !taken.insert(text) {
        errors.duplicate("CTR-03", &container.key("name"), &quote(text));
    }
}

fn validate_ports(ports: &Field, errors: &mut Errors) {
    let mut taken = Set::new();
    for port in ports.items() {
        let name = port.key("name");
        if !name.text().is_empty() {
            let wrong = names::port_name(name.text());
            if wrong.is_empty() && !taken.insert(name.text().to_string()) {
                errors.duplicate("CTR-04", &name, &quote(name.text()));
            }
            errors.each("CTR-04", &name, name.text(), &wrong);
        }
        let number = port.key("containerPort");
        match number.int() {
            0 => {
                errors.required("CTR-04", &number, "");
            }
            value => validate_port_number("CTR-04", &number, value, errors),
        }
        let host = port.key("hostPort");
        if host.int() != 0 {
            validate_port_number("CTR-04", &host, host.int(), errors);
        }
        validate_protocol("CTR-04", &port.key("protocol"), errors);
    }
}

/// `protocol` of a port; absent means TCP.
pub fn validate_protocol(rule: &'static str, protocol: &Field, errors: &mut Errors) {
    let known = ["SCTP", "TCP", "UDP"];
    if !protocol.text().is_empty() && !known.contains(&protocol.text()) {
        errors.unsupported(rule, protocol, protocol.text(), &known);
    }
}

/// Two ports of the Pod on one port of the node.
fn check_host_ports(
    container: &Field,
    facts: &PodFacts,
    taken: &mut Set<String>,
    errors: &mut Errors,
) {
    let ports = container.key("ports");
    for port in ports.items() {
        let host = port.key("hostPort");
        // With the node's network a Pod's ports are the node's.
        let number = match host.int() {
            0 if facts.host_network && !facts.is_template => port.key("containerPort").int(),
            number => number,
        };
        if number == 0 {
            continue;
        }
        let protocol = port.key("protocol");
        let address = port.key("hostIP");
        let (protocol, address) = (protocol.text_or("TCP"), address.text());
        let key = format!("{protocol}/{address}/{number}");
        if taken.contains(&key) {
            errors.duplicate("CTR-04", &host, &quote(&key));
        }
        taken.insert(key);
    }
}

/// With the host's network a container's port and the node's must be equal.
pub fn validate_host_network(containers: &Field, errors: &mut Errors) {
    for container in containers.items() {
        let ports = container.key("ports");
        for port in ports.items() {
            let host = port.key("hostPort");
            if host.int() != 0 && host.int() != port.key("containerPort").int() {
                let detail = "must match `containerPort` when `hostNetwork` is true";
                errors.invalid_int("CTR-04", &host, host.int(), detail);
            }
        }
    }
}
