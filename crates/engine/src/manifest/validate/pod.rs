//! Pods and Pod templates.

use super::container::{
    validate_containers, validate_host_network, validate_images, validate_init_containers,
};
use super::dns::{validate_aliases, validate_dns, validate_host_name};
use super::metadata::{validate_labels, validate_metadata, warn_about_hostname, NameRule};
use super::names;
use super::placement::{validate_affinity, validate_spread};
use super::pod_resources::validate_pod_resources;
use super::security::validate_pod_security;
use super::volume::validate_source;
use super::warnings::warn_about_pod;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;
use crate::sorted::Set;

/// What containers need to know about their Pod.
pub struct PodFacts {
    /// `terminationGracePeriodSeconds` with its default.
    pub grace_seconds: i64,
    pub host_network: bool,
    /// Whether `restartPolicy` is Never.
    pub never_restarts: bool,
    /// Whether its users are the node's.
    pub shares_users: bool,
    pub is_template: bool,
    /// Names of the valid volumes.
    pub volumes: Set<String>,
}

/// Checks a Pod.
pub fn validate_pod(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    validate_pod_spec(&spec, false, errors);
    validate_images(&spec.key("containers"), errors);
    validate_images(&spec.key("initContainers"), errors);
    let ephemeral = spec.key("ephemeralContainers");
    if ephemeral.count() > 0 {
        errors.forbidden("CTR-11", &ephemeral, "cannot be set on create");
    }
    let node = spec.key("nodeName");
    if !node.text().is_empty() && spec.key("schedulingGates").count() > 0 {
        let detail = "cannot be set until all schedulingGates have been cleared";
        errors.forbidden("CTR-11", &node, detail);
    }
    if !errors.any_refused() {
        warn_about_pod(&spec, errors);
    }
    warn_about_hostname(root, false, errors);
}

/// Checks a template's spec.
pub fn validate_template_spec(spec: &Field, errors: &mut Errors) {
    validate_pod_spec(spec, true, errors);
    if !errors.any_refused() {
        warn_about_pod(spec, errors);
    }
}

/// Checks a Pod's or template's spec, in the API server's order.
fn validate_pod_spec(spec: &Field, is_template: bool, errors: &mut Errors) {
    let grace_seconds = spec.key("terminationGracePeriodSeconds").int_or(30);
    let users = spec.key("hostUsers");
    let mut facts = PodFacts {
        // A Pod's becomes 1 before it is looked at.
        grace_seconds: match is_template {
            false if grace_seconds < 0 => 1,
            _ => grace_seconds,
        },
        host_network: spec.key("hostNetwork").bool(),
        never_restarts: spec.key("restartPolicy").text() == "Never",
        shares_users: !users.is_set() || users.bool(),
        is_template,
        volumes: Set::new(),
    };
    validate_volumes(&spec.key("volumes"), &mut facts, errors);
    let containers = spec.key("containers");
    let init_containers = spec.key("initContainers");
    let mut taken = Set::new();
    validate_containers(&containers, &facts, &mut taken, errors);
    validate_init_containers(&init_containers, &facts, &mut taken, errors);
    let set = |name: &str| spec.key(name).is_set();
    if set("resources") {
        validate_pod_resources(spec, errors);
    }
    if facts.host_network {
        validate_host_network(&containers, errors);
    }
    one_of(
        "CTR-06",
        &spec.key("restartPolicy"),
        &["Always", "OnFailure", "Never"],
        errors,
    );
    let dns = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    one_of("CTR-11", &spec.key("dnsPolicy"), &dns, errors);
    validate_labels(&spec.key("nodeSelector"), errors);
    if set("securityContext") || set("shareProcessNamespace") {
        validate_pod_security(spec, errors);
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
    if set("schedulingGates") {
        validate_scheduling_gates(&spec.key("schedulingGates"), errors);
    }
    if set("topologySpreadConstraints") {
        validate_spread(&spec.key("topologySpreadConstraints"), errors);
    }
    if !facts.shares_users {
        refuse_of_node(spec, errors);
    }
    if set("hostnameOverride") {
        validate_host_name(spec, errors);
    }
    validate_rest(spec, errors);
}

/// What comes last: names, deadline, tolerations, classes.
fn validate_rest(spec: &Field, errors: &mut Errors) {
    let check = |names: &[&str], rule: fn(&str) -> Vec<String>, errors: &mut Errors| {
        for name in names {
            let field = spec.key(name);
            errors.optional_name("VAL-30", &field, rule);
        }
    };
    check(
        &["serviceAccountName", "nodeName"],
        names::subdomain,
        errors,
    );
    let deadline = spec.key("activeDeadlineSeconds");
    if deadline.is_set() && !(1..=i64::from(i32::MAX)).contains(&deadline.int()) {
        let detail = "must be between 1 and 2147483647, inclusive";
        errors.invalid_int("CTR-11", &deadline, deadline.int(), detail);
    }
    check(&["hostname", "subdomain"], names::label, errors);
    for toleration in spec.key("tolerations").items() {
        validate_toleration(&toleration, errors);
    }
    if spec.key("hostAliases").is_set() {
        validate_aliases(&spec.key("hostAliases"), errors);
    }
    check(
        &["priorityClassName", "runtimeClassName"],
        names::subdomain,
        errors,
    );
    let known = ["PreemptLowerPriority", "Never"];
    one_of("CTR-11", &spec.key("preemptionPolicy"), &known, errors);
    let system = spec.key("os");
    if system.is_set() {
        match system.key("name").text() {
            "" => {
                errors.required("CTR-11", &system.key("name"), "");
            }
            "linux" | "windows" => {}
            other => {
                errors.unsupported("CTR-11", &system, other, &["linux", "windows"]);
            }
        }
    }
}

#[inline(never)]
fn validate_scheduling_gates(gates: &Field, errors: &mut Errors) {
    let mut taken = Vec::new();
    let all: Vec<Field> = gates.items().collect();
    for gate in &all {
        let name = gate.key("name").text();
        errors.each("CTR-11", gate, name, &names::qualified_name(name));
        if taken.contains(&name) {
            errors.duplicate("CTR-11", gate, &quote(name));
        }
        taken.push(name);
    }
}

/// What a Pod with users of its own cannot share with its node.
#[inline(never)]
fn refuse_of_node(spec: &Field, errors: &mut Errors) {
    for (name, shown) in [
        ("hostNetwork", "hostNetwork"),
        ("hostPID", "HostPID"),
        ("hostIPC", "HostIPC"),
    ] {
        let field = spec.key(name);
        if field.bool() {
            let at = spec.key(shown).shown_at(field.span);
            errors.forbidden("CTR-11", &at, "when `hostUsers` is false");
        }
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
        errors.name("CTR-11", &key, names::qualified_name);
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
            let known = ["Equal", "Exists", "Lt", "Gt"];
            // Comparing is known, and not switched on.
            let count = if known[2..].contains(&other) { 4 } else { 2 };
            errors.unsupported("CTR-11", &operator, other, &known[..count]);
        }
    }
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    one_of("CTR-11", &effect, &effects, errors);
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

/// Volumes of a StatefulSet's claims, which take the place of those with the same name.
#[inline(never)]
fn validate_claim_volumes(volumes: &Field, facts: &mut PodFacts, errors: &mut Errors) {
    for (index, (text, span)) in errors.claims.clone().into_iter().enumerate() {
        let volume = volumes.index(index).shown_at(span);
        let (claim, name) = (volume.key("persistentVolumeClaim"), volume.key("name"));
        let wrong = names::label(&text);
        if text.is_empty() {
            errors.required("CTR-09", &claim.key("claimName").shown_at(span), "");
            errors.required("CTR-09", &name.shown_at(span), "");
        } else if wrong.is_empty() {
            facts.volumes.insert(text);
        } else {
            errors.each("CTR-09", &name.shown_at(span), &text, &wrong);
        }
    }
}

fn validate_volumes(volumes: &Field, facts: &mut PodFacts, errors: &mut Errors) {
    validate_claim_volumes(volumes, facts, errors);
    let of_claims = errors.claims.clone();
    let is_own = |volume: &Field| {
        let name = volume.key("name");
        of_claims.iter().all(|(claim, _)| claim != name.text())
    };
    for (index, volume) in volumes.items().filter(is_own).enumerate() {
        let volume = volume.renumbered(of_claims.len() + index);
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
        errors.required_name("CTR-09", &name, "", names::label);
        if facts.volumes.contains(name.text()) {
            errors.duplicate("CTR-09", &name, &quote(name.text()));
        }
        if errors.list.len() == before {
            facts.volumes.insert(name.text().to_string());
        }
    }
}
