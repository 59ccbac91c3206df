//! Containers: names, images, ports, variables, mounts, resources, policies (CTR rules).

use super::mount::validate_mounts;
use super::names;
use super::pod::{one_of, PodFacts};
use super::probe::{validate_lifecycle, validate_port_number, validate_probe};
use super::reference::{validate_field_ref, validate_resource_ref, IN_VARIABLES};
use super::security::validate_security;
use super::Errors;
use crate::api::ProbeKind;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;
use crate::manifest::yaml::quote;
use crate::sorted::Set;
use std::cmp::Ordering;

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
        validate_restart_policy(&container, errors);
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
    match image.text() {
        "" => {
            errors.required("CTR-02", &image, "");
        }
        text if text.trim() != text => {
            let detail = "must not have leading or trailing whitespace";
            errors.invalid_text("CTR-02", &image, text, detail);
            errors.replace_value(&image, text.trim());
        }
        _ => {}
    }
    let policy = container.key("terminationMessagePolicy");
    one_of(
        "CTR-11",
        &policy,
        &["File", "FallbackToLogsOnError"],
        errors,
    );
    validate_ports(&container.key("ports"), errors);
    validate_env(&container.key("env"), errors);
    validate_env_from(&container.key("envFrom"), errors);
    let security = container.key("securityContext");
    let privileged = security.key("privileged").bool();
    validate_mounts(&container.key("volumeMounts"), privileged, facts, errors);
    let policy = container.key("imagePullPolicy");
    let known = ["Always", "IfNotPresent", "Never"];
    if !policy.text().is_empty() && !known.contains(&policy.text()) {
        errors.unsupported("CTR-05", &policy, policy.text(), &known);
    }
    validate_resources(&container.key("resources"), false, errors);
    let security = container.key("securityContext");
    if security.is_set() {
        validate_security(&security, errors);
    }
}

fn check_name_is_free<'a>(container: &Field<'a>, taken: &mut Set<&'a str>, errors: &mut Errors) {
    let text = container.node.and_then(|node| node.get("name"));
    let text = text.and_then(|name| name.text()).unwrap_or("");
    if !text.is_empty() && !taken.insert(text) {
        errors.duplicate("CTR-03", &container.key("name"), &quote(text));
    }
}

fn validate_restart_policy(container: &Field, errors: &mut Errors) {
    let policy = container.key("restartPolicy");
    let rules = container.key("restartPolicyRules");
    let known = ["Always", "Never", "OnFailure"];
    match policy.text() {
        "" if rules.count() > 0 => {
            let detail = "must specify restartPolicy when restart rules are used";
            errors.required("CTR-06", &policy, detail);
        }
        "" => {}
        text if !known.contains(&text) => {
            errors.unsupported("CTR-06", &policy, text, &known);
        }
        _ => {}
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

/// Two ports of the Pod on one port of the node; with the host's network they must be equal.
fn check_host_ports(
    container: &Field,
    facts: &PodFacts,
    taken: &mut Set<String>,
    errors: &mut Errors,
) {
    let ports = container.key("ports");
    for port in ports.items() {
        let host = port.key("hostPort");
        let inner = port.key("containerPort").int();
        if facts.host_network && host.is_set() && host.int() != 0 && host.int() != inner {
            let detail = "must match `containerPort` when `hostNetwork` is true";
            errors.invalid_int("CTR-04", &host, host.int(), detail);
        }
        if host.int() == 0 {
            continue;
        }
        let protocol = port.key("protocol");
        let address = port.key("hostIP");
        let (protocol, address) = (protocol.text_or("TCP"), address.text());
        let key = format!("{protocol}/{address}/{}", host.int());
        if taken.contains(&key) {
            errors.duplicate("CTR-04", &host, &quote(&key));
        }
        taken.insert(key);
    }
}

fn validate_env(env: &Field, errors: &mut Errors) {
    for variable in env.items() {
        let name = variable.key("name");
        match name.text() {
            "" => {
                errors.required("CTR-07", &name, "");
            }
            text => errors.each("CTR-07", &name, text, &names::env_name(text)),
        }
        let from = variable.key("valueFrom");
        if from.is_set() {
            validate_value_from(&from, variable.key("value").text(), errors);
        }
    }
}

fn validate_value_from(from: &Field, value: &str, errors: &mut Errors) {
    let mut sources = 0;
    let field = from.key("fieldRef");
    if field.is_set() {
        sources += 1;
        validate_field_ref(&field, &IN_VARIABLES, errors);
    }
    let resource = from.key("resourceFieldRef");
    if resource.is_set() {
        sources += 1;
        validate_resource_ref(&resource, false, errors);
    }
    for name in ["configMapKeyRef", "secretKeyRef"] {
        let source = from.key(name);
        if !source.is_set() {
            continue;
        }
        sources += 1;
        let object = source.key("name");
        errors.each(
            "CTR-07",
            &object,
            object.text(),
            &names::subdomain(object.text()),
        );
        let key = source.key("key");
        match key.text() {
            "" => {
                errors.required("CTR-07", &key, "");
            }
            text => errors.each("CTR-07", &key, text, &names::config_key(text)),
        }
    }
    sources += usize::from(from.key("fileKeyRef").is_set());
    let detail = match sources {
        0 => {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, \
              `secretKeyRef` or `fileKeyRef`"
        }
        _ if !value.is_empty() => "may not be specified when `value` is not empty",
        1 => return,
        _ => "may not have more than one field specified at a time",
    };
    errors.invalid("CTR-07", from, "\"\"", detail);
}

fn validate_env_from(sources: &Field, errors: &mut Errors) {
    for source in sources.items() {
        let mut count = 0;
        let prefix = source.key("prefix");
        if !prefix.text().is_empty() {
            errors.each(
                "CTR-07",
                &prefix,
                prefix.text(),
                &names::env_name(prefix.text()),
            );
        }
        for name in ["configMapRef", "secretRef"] {
            let reference = source.key(name);
            if reference.is_set() {
                count += 1;
                let object = reference.key("name");
                match object.text() {
                    "" => {
                        errors.required("CTR-07", &object, "");
                    }
                    text => errors.each("CTR-07", &object, text, &names::subdomain(text)),
                }
            }
        }
        let detail = match count {
            0 => "must specify one of: `configMapRef` or `secretRef`",
            1 => continue,
            _ => "may not have more than one field specified at a time",
        };
        errors.invalid("CTR-07", &source, "\"\"", detail);
    }
}

/// Requests and limits of a container, or of a whole Pod.
pub fn validate_resources(resources: &Field, is_whole: bool, errors: &mut Errors) {
    let limits = resources.key("limits");
    let requests = resources.key("requests");
    for (name, value) in limits.sorted_entries() {
        validate_resource(name, &value, is_whole, errors);
    }
    for (name, value) in requests.sorted_entries() {
        let amount = validate_resource(name, &value, is_whole, errors);
        let limit = limits.map_key(name);
        let limit = limit.node.and_then(|node| Quantity::of(node).ok());
        let overcommits = may_overcommit(name);
        let (Some(amount), Some(limit)) = (amount, limit) else {
            if amount.is_some() && !overcommits {
                let detail = "Limit must be set for non overcommitable resources";
                errors.required("CTR-08", &limits.shown_at(value.span), detail);
            }
            continue;
        };
        let must = match amount.compare(limit) {
            Ordering::Equal => continue,
            _ if !overcommits => "equal",
            Ordering::Greater => "less than or equal",
            Ordering::Less => continue,
        };
        let at = requests.shown_at(value.span);
        let limit = limit.canonical();
        let detail = format!("must be {must} to {name} limit of {limit}");
        errors.invalid_text("CTR-08", &at, &amount.canonical(), &detail);
    }
}

/// Whether more of a resource may be promised than there is: of Kubernetes' own but huge pages.
fn may_overcommit(name: &str) -> bool {
    !is_extended(name) && !name.starts_with("hugepages-")
}

fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/")
}

fn validate_resource(
    name: &str,
    value: &Field,
    is_whole: bool,
    errors: &mut Errors,
) -> Option<Quantity> {
    errors.each("CTR-08", value, name, &names::qualified_name(name));
    let standard =
        matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    if !standard && !name.contains('/') {
        if !matches!(
            name,
            "storage" | "pods" | "services" | "secrets" | "configmaps"
        ) {
            let detail = "must be a standard resource type or fully qualified";
            errors.invalid_text("CTR-08", value, name, detail);
        }
        let detail = "must be a standard resource for containers";
        errors.invalid_text("CTR-08", value, name, detail);
    }
    let of_pods = matches!(name, "cpu" | "memory") || name.starts_with("hugepages-");
    if is_whole && !of_pods {
        let known = ["cpu", "hugepages-", "memory"];
        errors.unsupported("CTR-08", value, name, &known);
    }
    let amount = value.node.and_then(|node| Quantity::of(node).ok())?;
    if amount.is_negative() {
        let detail = "must be greater than or equal to 0";
        errors.invalid_text("CTR-08", value, &amount.canonical(), detail);
    } else if is_extended(name) && !amount.is_whole() {
        let detail = "must be an integer";
        errors.invalid_text("CTR-08", value, &amount.canonical(), detail);
    } else if name == "memory" && !amount.is_whole() {
        let text = format!(
            "fractional byte value {} is invalid, must be an integer",
            quote(&amount.canonical())
        );
        errors.warn("CTR-08", value, &text);
    }
    Some(amount)
}
