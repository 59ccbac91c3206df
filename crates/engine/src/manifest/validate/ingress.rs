//! Ingresses, which nothing simulates but whose manifests are checked (VAL-04).

use super::address::is_address;
use super::metadata::{validate_metadata, NameRule};
use super::names;
use super::probe::validate_port_number;
use super::Errors;
use crate::manifest::field::Field;

const RULE: &str = "VAL-04";

/// Checks an Ingress.
#[inline(never)]
pub fn validate_ingress(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let (backend, rules) = (spec.key("defaultBackend"), spec.key("rules"));
    if rules.count() == 0 && !backend.is_set() {
        let value = if rules.is_set() { "[]" } else { "null" };
        let detail = "either `defaultBackend` or `rules` must be specified";
        errors.invalid(RULE, &spec, value, detail);
    }
    if backend.is_set() {
        validate_backend(&backend, errors);
    }
    for rule in rules.items() {
        validate_host(&rule.key("host"), errors);
        let http = rule.key("http");
        if http.is_set() {
            validate_paths(&http.key("paths"), errors);
        }
    }
    for entry in spec.key("tls").items() {
        for host in entry.key("hosts").items() {
            errors.name(RULE, &host, host_faults);
        }
        let secret = entry.key("secretName");
        errors.optional_name(RULE, &secret, names::subdomain);
    }
    let class = spec.key("ingressClassName");
    if class.is_set() {
        errors.name(RULE, &class, names::subdomain);
    }
    let metadata = root.key("metadata");
    let annotations = metadata.key("annotations");
    let old = annotations.map_key("kubernetes.io/ingress.class");
    if old.is_set() && class.is_set() && old.text() != class.text() {
        let top = root.key("annotations").shown_at(old.span);
        let at = top.key("kubernetes.io/ingress.class").shown_at(old.span);
        let detail = "must match `ingressClassName` when both are specified";
        errors.invalid_text(RULE, &at, old.text(), detail);
    }
    if old.is_set() && !class.is_set() && !errors.any_refused() {
        let text = "annotation \"kubernetes.io/ingress.class\" is deprecated, please use \
                    'spec.ingressClassName' instead";
        errors.warn_text(RULE, &old, text.to_owned());
    }
}

fn validate_host(host: &Field, errors: &mut Errors) {
    let text = host.text();
    if text.is_empty() {
        return;
    }
    if is_address(text) {
        errors.invalid_text(RULE, host, text, "must be a DNS name, not an IP address");
    }
    errors.each(RULE, host, text, &host_faults(text));
}

fn host_faults(host: &str) -> Vec<String> {
    match host.contains('*') {
        true => names::wildcard(host),
        false => names::subdomain(host),
    }
}

fn validate_paths(paths: &Field, errors: &mut Errors) {
    if paths.count() == 0 {
        errors.required(RULE, paths, "");
    }
    for path in paths.items() {
        validate_path(&path, errors);
    }
}

fn validate_path(entry: &Field, errors: &mut Errors) {
    let (kind, path) = (entry.key("pathType"), entry.key("path"));
    let text = path.text();
    let is_exact = matches!(kind.text(), "Exact" | "Prefix");
    if !kind.is_set() {
        errors.required(RULE, &kind, "pathType must be specified");
        return;
    }
    if !is_exact && kind.text() != "ImplementationSpecific" {
        let known = ["Exact", "ImplementationSpecific", "Prefix"];
        errors.unsupported(RULE, &kind, kind.text(), &known);
    } else if !text.starts_with('/') && (is_exact || !text.is_empty()) {
        errors.invalid_text(RULE, &path, text, "must be an absolute path");
    }
    if is_exact {
        for part in ["//", "/./", "/../", "%2f", "%2F"] {
            if text.contains(part) {
                let detail = ["must not contain '", part, "'"].concat();
                errors.invalid_text(RULE, &path, text, &detail);
            }
        }
        for end in ["/..", "/."] {
            if text.ends_with(end) {
                let detail = ["cannot end with '", end, "'"].concat();
                errors.invalid_text(RULE, &path, text, &detail);
            }
        }
    }
    validate_backend(&entry.key("backend"), errors);
}

fn validate_backend(backend: &Field, errors: &mut Errors) {
    let (service, resource) = (backend.key("service"), backend.key("resource"));
    match (service.is_set(), resource.is_set()) {
        (true, true) => {
            let detail = "cannot set both resource and service backends";
            errors.invalid_text(RULE, backend, "", detail);
        }
        (false, true) => validate_resource(&resource, errors),
        (true, false) => validate_service(backend, &service, errors),
        (false, false) => {
            let detail = "resource or service backend is required";
            errors.invalid_text(RULE, backend, "", detail);
        }
    }
}

fn validate_service(backend: &Field, service: &Field, errors: &mut Errors) {
    let name = service.key("name");
    errors.required_name(RULE, &name, "", names::label);
    let port = service.key("port");
    let (name, number) = (port.key("name"), port.key("number"));
    match (name.text(), number.int()) {
        ("", 0) => {
            errors.required(RULE, backend, "port name or number is required");
        }
        ("", number_given) => validate_port_number(RULE, &number, number_given, errors),
        (text, 0) => errors.each(RULE, &name, text, &names::port_name(text)),
        _ => {
            errors.invalid_text(RULE, backend, "", "cannot set both port name & port number");
        }
    }
}

fn validate_resource(resource: &Field, errors: &mut Errors) {
    let group = resource.key("apiGroup");
    if group.is_set() {
        errors.name(RULE, &group, names::subdomain);
    }
    for name in ["kind", "name"] {
        let field = resource.key(name);
        errors.required_name(RULE, &field, "", names::path_segment);
    }
}
