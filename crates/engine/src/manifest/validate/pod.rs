//! Pods and Pod templates.

use super::address::{is_address, NO_ADDRESS};
use super::container::{validate_containers, validate_init_containers};
use super::metadata::{validate_labels, validate_metadata, warn_about_hostname, NameRule};
use super::names;
use super::placement::{validate_affinity, validate_spread};
use super::pod_resources::validate_pod_resources;
use super::security::validate_pod_security;
use super::volume::validate_source;
use super::warnings::warn_about_containers;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;
use crate::sorted::Set;

/// What containers need to know about their Pod.
pub struct PodFacts {
    /// `terminationGracePeriodSeconds` with its default.
    pub grace_seconds: i64,
    pub host_network: bool,
    /// Names of the valid volumes.
    pub volumes: Set<String>,
}

/// Checks a Pod.
pub fn validate_pod(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    validate_pod_spec(&root.key("spec"), errors);
    warn_about_hostname(root, false, errors);
}

/// Checks a Pod's or template's spec, in the API server's order.
pub fn validate_pod_spec(spec: &Field, errors: &mut Errors) {
    let mut facts = PodFacts {
        grace_seconds: spec.key("terminationGracePeriodSeconds").int_or(30),
        host_network: spec.key("hostNetwork").bool(),
        volumes: errors.claims.iter().cloned().collect(),
    };
    validate_volumes(&spec.key("volumes"), &mut facts, errors);
    let containers = spec.key("containers");
    let init_containers = spec.key("initContainers");
    let mut taken = Set::new();
    validate_containers(&containers, &facts, &mut taken, errors);
    validate_init_containers(&init_containers, &facts, &mut taken, errors);
    one_of(
        "CTR-06",
        &spec.key("restartPolicy"),
        &["Always", "OnFailure", "Never"],
        errors,
    );
    let dns = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    one_of("CTR-11", &spec.key("dnsPolicy"), &dns, errors);
    validate_labels(&spec.key("nodeSelector"), errors);
    let set = |name: &str| spec.key(name).is_set();
    if set("securityContext") || set("shareProcessNamespace") {
        validate_pod_security(spec, errors);
    }
    if set("resources") {
        validate_pod_resources(spec, errors);
    }
    if set("affinity") {
        validate_affinity(&spec.key("affinity"), errors);
    }
    if set("dnsConfig") || spec.key("dnsPolicy").text() == "None" {
        validate_dns(spec, errors);
    }
    for gate in spec.key("readinessGates").items() {
        let kind = gate.key("conditionType");
        let wrong = names::qualified_name(kind.text());
        errors.each("CTR-11", &kind, kind.text(), &wrong);
    }
    if set("topologySpreadConstraints") {
        validate_spread(&spec.key("topologySpreadConstraints"), errors);
    }
    for (name, rule) in [
        (
            "serviceAccountName",
            names::subdomain as fn(&str) -> Vec<String>,
        ),
        ("nodeName", names::subdomain),
    ] {
        let field = spec.key(name);
        if !field.text().is_empty() {
            errors.each("VAL-30", &field, field.text(), &rule(field.text()));
        }
    }
    let deadline = spec.key("activeDeadlineSeconds");
    if deadline.is_set() && !(1..=i64::from(i32::MAX)).contains(&deadline.int()) {
        let detail = "must be between 1 and 2147483647, inclusive";
        errors.invalid_int("CTR-11", &deadline, deadline.int(), detail);
    }
    for name in ["hostname", "subdomain"] {
        let field = spec.key(name);
        if !field.text().is_empty() {
            errors.each("VAL-30", &field, field.text(), &names::label(field.text()));
        }
    }
    for toleration in spec.key("tolerations").items() {
        validate_toleration(&toleration, errors);
    }
    if set("hostAliases") {
        validate_aliases(&spec.key("hostAliases"), errors);
    }
    if !errors.any_refused() {
        warn_about_containers(spec, errors);
    }
}

/// A text that is absent or one of a few.
pub fn one_of(rule: &'static str, field: &Field, known: &[&str], errors: &mut Errors) {
    if !field.text().is_empty() && !known.contains(&field.text()) {
        errors.unsupported(rule, field, field.text(), known);
    }
}

fn validate_toleration(toleration: &Field, errors: &mut Errors) {
    let key = toleration.key("key");
    let operator = toleration.key("operator");
    let value = toleration.key("value");
    let effect = toleration.key("effect");
    if !key.text().is_empty() {
        errors.each(
            "CTR-11",
            &key,
            key.text(),
            &names::qualified_name(key.text()),
        );
    } else if operator.text() != "Exists" {
        let detail = "operator must be Exists when `key` is empty, which means \"match all values \
                      and all keys\"";
        errors.invalid_text("CTR-11", &operator, operator.text(), detail);
    }
    if toleration.key("tolerationSeconds").is_set() && effect.text() != "NoExecute" {
        let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
        errors.invalid_text("CTR-11", &effect, effect.text(), detail);
    }
    match operator.text() {
        "" | "Equal" => {
            let wrong = names::label_value(value.text());
            if !wrong.is_empty() {
                errors.invalid_text("CTR-11", &operator, value.text(), &wrong.join(";"));
            }
        }
        "Exists" if !value.text().is_empty() => {
            let detail = "value must be empty when `operator` is 'Exists'";
            errors.invalid_text("CTR-11", &operator, value.text(), detail);
        }
        "Exists" => {}
        other => {
            errors.unsupported("CTR-11", &operator, other, &["Equal", "Exists"]);
        }
    }
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    one_of("CTR-11", &effect, &effects, errors);
}

/// `dnsConfig`.
#[inline(never)]
fn validate_dns(spec: &Field, errors: &mut Errors) {
    let config = spec.key("dnsConfig");
    let servers = config.key("nameservers");
    if spec.key("dnsPolicy").text() == "None" {
        if !config.is_set() {
            let detail = "must provide `dnsConfig` when `dnsPolicy` is None";
            errors.required("CTR-11", &config, detail);
        } else if servers.count() == 0 {
            let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
            errors.required("CTR-11", &servers, detail);
        }
    }
    for server in servers.items() {
        validate_address(&server, errors);
    }
}

/// `hostAliases`.
#[inline(never)]
fn validate_aliases(aliases: &Field, errors: &mut Errors) {
    for alias in aliases.items() {
        validate_address(&alias.key("ip"), errors);
        for name in alias.key("hostnames").items() {
            errors.each("CTR-11", &name, name.text(), &names::subdomain(name.text()));
        }
    }
}

fn validate_address(address: &Field, errors: &mut Errors) {
    if !is_address(address.text()) {
        errors.invalid_text("CTR-11", address, address.text(), NO_ADDRESS);
    }
}

/// Volume types in the order in which the API server looks at them.
const VOLUME_TYPES: &[&str] = &[
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "flocker",
    "downwardAPI",
    "configMap",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "projected",
    "storageos",
    "csi",
    "ephemeral",
    "image",
];

fn validate_volumes(volumes: &Field, facts: &mut PodFacts, errors: &mut Errors) {
    for volume in volumes.items() {
        let before = errors.list.len();
        let mut sources = 0;
        for kind in VOLUME_TYPES.iter().copied() {
            let source = volume.key(kind);
            if !source.is_set() {
                continue;
            }
            sources += 1;
            if sources > 1 {
                let detail = "may not specify more than 1 volume type";
                errors.forbidden("CTR-09", &source, detail);
                continue;
            }
            validate_source(kind, &source, errors);
        }
        let name = volume.key("name");
        match name.text() {
            "" => {
                errors.required("CTR-09", &name, "");
            }
            text => errors.each("CTR-09", &name, text, &names::label(text)),
        }
        if facts.volumes.contains(name.text()) {
            errors.duplicate("CTR-09", &name, &quote(name.text()));
        }
        if errors.list.len() == before {
            facts.volumes.insert(name.text().to_string());
        }
    }
}
