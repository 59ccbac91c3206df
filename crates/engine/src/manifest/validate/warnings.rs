//! What the API server takes with a warning (validation.md §6).

use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

/// A container's port, for comparison with those before it.
struct Port {
    path: String,
    number: i64,
    protocol: String,
    host: (String, i64),
}

/// Labels of nodes that have other names now.
const OLD_LABELS: &[(&str, &str)] = &[
    (
        "beta.kubernetes.io/arch",
        "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
    ),
    (
        "beta.kubernetes.io/os",
        "deprecated since v1.14; use \"kubernetes.io/os\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/region",
        "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/zone",
        "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
    ),
    (
        "beta.kubernetes.io/instance-type",
        "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ),
];

/// Warns about a Pod's spec that is accepted.
pub fn warn_about_pod(spec: &Field, errors: &mut Errors) {
    if spec.key("nodeSelector").is_set() {
        warn_about_labels(&spec.key("nodeSelector"), errors);
    }
    for constraint in spec.key("topologySpreadConstraints").items() {
        warn_without_selector(&constraint, errors);
    }
    warn_about_doubles(&spec.key("hostAliases"), "ip", errors);
    warn_about_doubles(&spec.key("imagePullSecrets"), "name", errors);
    for secret in spec.key("imagePullSecrets").items() {
        if secret.key("name").text().is_empty() {
            errors.warn("CTR-11", &secret.key("name"), "invalid empty name \"\"");
        }
    }
    let lists = ["initContainers", "containers"];
    for list in lists {
        for container in spec.key(list).items() {
            warn_about_env(&container.key("env"), errors);
        }
    }
    let mut earlier: Vec<Port> = Vec::new();
    let mut named: Vec<(String, String)> = Vec::new();
    for list in lists {
        for container in spec.key(list).items() {
            for port in container.key("ports").items() {
                warn_about_port(&port, &mut earlier, errors);
            }
        }
    }
    for list in lists {
        for container in spec.key(list).items() {
            for port in container.key("ports").items() {
                warn_about_name(&port, &mut named, errors);
            }
        }
    }
    let affinity = spec.key("affinity");
    if affinity.is_set() {
        warn_about_affinity(&affinity, errors);
    }
}

#[inline(never)]
fn warn_about_labels(selector: &Field, errors: &mut Errors) {
    for (name, value) in selector.sorted_entries() {
        if let Some((_, text)) = OLD_LABELS.iter().find(|(old, _)| *old == name) {
            errors.warn("CTR-11", &value, text);
        }
    }
}

/// Entries of a list that share what they are known by.
fn warn_about_doubles(list: &Field, name: &str, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for entry in list.items() {
        let field = entry.key(name);
        if seen.iter().any(|earlier| earlier == field.text()) {
            let text = ["duplicate ", name, " ", &quote(field.text())].concat();
            errors.warn("CTR-11", &field, &text);
        }
        seen.push(field.text().to_owned());
    }
}

fn warn_without_selector(holder: &Field, errors: &mut Errors) {
    let selector = holder.key("labelSelector");
    if !selector.is_set() {
        let text = "a null labelSelector results in matching no pod";
        errors.warn("CTR-11", &selector, text);
    }
}

#[inline(never)]
fn warn_about_affinity(affinity: &Field, errors: &mut Errors) {
    for name in ["podAffinity", "podAntiAffinity"] {
        let pods = affinity.key(name);
        let required = pods.key("requiredDuringSchedulingIgnoredDuringExecution");
        for term in required.items() {
            warn_without_selector(&term, errors);
        }
        let preferred = pods.key("preferredDuringSchedulingIgnoredDuringExecution");
        for term in preferred.items() {
            warn_without_selector(&term.key("podAffinityTerm"), errors);
        }
    }
}

fn warn_about_env(env: &Field, errors: &mut Errors) {
    let mut names: Vec<&str> = Vec::new();
    for variable in env.items() {
        let name = variable.node.and_then(|node| node.get("name"));
        let name = name.and_then(|name| name.text()).unwrap_or("");
        // A value may go on with the one before.
        let reference = ["$(", name, ")"].concat();
        let value = variable.key("value").text();
        let goes_on = value != reference && value.contains(&reference);
        let hides = variable.key("valueFrom").is_set() || !goes_on;
        if names.contains(&name) && hides {
            let text = [
                "hides previous definition of ",
                &quote(name),
                ", which may be dropped when using apply",
            ];
            errors.warn("CTR-07", &variable, &text.concat());
        }
        names.push(name);
    }
}

fn warn_about_port(port: &Field, earlier: &mut Vec<Port>, errors: &mut Errors) {
    let own = Port {
        path: port.path(),
        number: port.key("containerPort").int(),
        protocol: port.key("protocol").text_or("TCP").into(),
        host: (port.key("hostIP").text().into(), port.key("hostPort").int()),
    };
    if !own.host.0.is_empty() && own.host.1 == 0 {
        let text = format!(
            "hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} Protocol:{} \
             HostIP:{}}}",
            port.key("name").text(),
            own.number,
            own.protocol,
            own.host.0
        );
        errors.warn("CTR-04", port, &text);
    }
    for other in earlier.iter() {
        if own.number != other.number || own.protocol != other.protocol {
            continue;
        }
        let one_anywhere = own.host.0.is_empty() != other.host.0.is_empty();
        let what = if own.host == other.host {
            "duplicate"
        } else if own.host.1 == 0 || other.host.1 == 0 {
            "overlapping"
        } else if own.host.1 == other.host.1 && one_anywhere {
            // In two parts: one word of it names a way to break a page.
            concat!("dangerous", "ly ambiguous")
        } else {
            continue;
        };
        let text = [what, " port definition with ", &other.path].concat();
        errors.warn("CTR-04", port, &text);
    }
    earlier.push(own);
}

fn warn_about_name(port: &Field, named: &mut Vec<(String, String)>, errors: &mut Errors) {
    let name = port.key("name").text().to_owned();
    if name.is_empty() {
        return;
    }
    match named.iter().find(|(other, _)| *other == name) {
        Some((_, twin)) => {
            let text = format!(
                "duplicate port name {} with {twin}, services and probes that select ports by \
                 name will use {twin}",
                quote(&name)
            );
            errors.warn("CTR-04", port, &text);
        }
        None => named.push((name, port.path())),
    }
}
