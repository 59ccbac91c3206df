//! Where a Pod may go: affinity, topology spread.

use super::names;
use super::workload::{validate_expressions, validate_selector};
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// `affinity`.
#[inline(never)]
pub fn validate_affinity(affinity: &Field, errors: &mut Errors) {
    let node = affinity.key("nodeAffinity");
    let required = node.key(REQUIRED);
    if required.is_set() {
        let terms = required.key("nodeSelectorTerms");
        if terms.count() == 0 {
            let detail = "must have at least one node selector term";
            errors.required("CTR-11", &terms, detail);
        }
        for term in terms.items() {
            validate_node_term(&term, errors);
            validate_values(&term, errors);
        }
    }
    for preferred in node.key(PREFERRED).items() {
        validate_weight(&preferred.key("weight"), errors);
        validate_node_term(&preferred.key("preference"), errors);
    }
    for name in ["podAffinity", "podAntiAffinity"] {
        let pods = affinity.key(name);
        for term in pods.key(REQUIRED).items() {
            validate_pod_term(&term, errors);
        }
        for preferred in pods.key(PREFERRED).items() {
            validate_weight(&preferred.key("weight"), errors);
            validate_pod_term(&preferred.key("podAffinityTerm"), errors);
        }
    }
}

fn validate_weight(weight: &Field, errors: &mut Errors) {
    if !(1..=100).contains(&weight.int()) {
        let detail = "must be in the range 1-100";
        errors.invalid_int("CTR-11", weight, weight.int(), detail);
    }
}

/// A requirement of `matchFields`: only a node's name, and one at a time.
#[inline(never)]
fn validate_node_field(requirement: &Field, errors: &mut Errors) {
    let values = requirement.key("values");
    let operator = requirement.key("operator");
    match operator.text() {
        "In" | "NotIn" if values.count() != 1 => {
            let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node \
                          field selector";
            errors.required("CTR-11", &values, detail);
        }
        "In" | "NotIn" => {}
        other => {
            let detail = "not a valid selector operator";
            errors.invalid_text("CTR-11", &operator, other, detail);
        }
    }
    let key = requirement.key("key");
    if key.text() != "metadata.name" {
        let detail = "not a valid field selector key";
        errors.invalid_text("CTR-11", &key, key.text(), detail);
    }
}

/// Values that no node's label can have.
#[inline(never)]
fn validate_values(term: &Field, errors: &mut Errors) {
    for requirement in term.key("matchExpressions").items() {
        for value in requirement.key("values").items() {
            let wrong = names::label_value(value.text());
            errors.each("CTR-11", &value, value.text(), &wrong);
        }
    }
}

fn validate_pod_term(term: &Field, errors: &mut Errors) {
    validate_selector(&term.key("labelSelector"), errors);
    validate_selector(&term.key("namespaceSelector"), errors);
    for name in term.key("namespaces").items() {
        let at = term.key("namespace").shown_at(name.span);
        errors.each("CTR-11", &at, name.text(), &names::label(name.text()));
    }
    for name in ["matchLabelKeys", "mismatchLabelKeys"] {
        validate_label_keys(term, name, errors);
    }
    let key = term.key("topologyKey");
    if key.text().is_empty() {
        errors.required("CTR-11", &key, "can not be empty");
    }
    let wrong = names::qualified_name(key.text());
    errors.each("CTR-11", &key, key.text(), &wrong);
}

fn validate_node_term(term: &Field, errors: &mut Errors) {
    for requirement in term.key("matchFields").items() {
        validate_node_field(&requirement, errors);
    }
    validate_expressions("CTR-11", term, true, errors);
}

/// Keys of labels that a Pod's selector is extended by.
fn validate_label_keys(holder: &Field, name: &str, errors: &mut Errors) {
    let keys = holder.key(name);
    if keys.count() == 0 {
        return;
    }
    if !holder.key("labelSelector").is_set() {
        let detail = "must not be specified when labelSelector is not set";
        errors.forbidden("CTR-11", &keys, detail);
        return;
    }
    for key in keys.items() {
        errors.name("CTR-11", &key, names::qualified_name);
    }
}

/// `topologySpreadConstraints`.
#[inline(never)]
pub fn validate_spread(constraints: &Field, errors: &mut Errors) {
    let all: Vec<Field> = constraints.items().collect();
    let pair = |constraint: &Field| {
        let (key, otherwise) = (
            constraint.key("topologyKey"),
            constraint.key("whenUnsatisfiable"),
        );
        [key.text(), ", ", otherwise.text()].concat()
    };
    for (number, constraint) in all.iter().enumerate() {
        let skew = constraint.key("maxSkew");
        if skew.int() <= 0 {
            errors.invalid_int("CTR-11", &skew, skew.int(), "must be greater than zero");
        }
        let key = constraint.key("topologyKey");
        if key.text().is_empty() {
            errors.required("CTR-11", &key, "can not be empty");
        }
        let otherwise = constraint.key("whenUnsatisfiable");
        let known = ["DoNotSchedule", "ScheduleAnyway"];
        if !known.contains(&otherwise.text()) {
            errors.unsupported("CTR-11", &otherwise, otherwise.text(), &known);
        }
        let own = pair(constraint);
        if all[number + 1..].iter().any(|other| pair(other) == own) {
            let both = constraint.key("{topologyKey, whenUnsatisfiable}");
            let value = quote(&["{", &own, "}"].concat());
            errors.duplicate("CTR-11", &both.shown_at(key.span), &value);
        }
        validate_domains(constraint, otherwise.text(), errors);
        validate_label_keys(constraint, "matchLabelKeys", errors);
        validate_selector(&constraint.key("labelSelector"), errors);
    }
}

/// How many domains there must be, and which nodes count.
#[inline(never)]
fn validate_domains(constraint: &Field, otherwise: &str, errors: &mut Errors) {
    let domains = constraint.key("minDomains");
    if domains.is_set() {
        if domains.int() <= 0 {
            errors.invalid_int(
                "CTR-11",
                &domains,
                domains.int(),
                "must be greater than zero",
            );
        }
        if otherwise != "DoNotSchedule" {
            let detail = [
                "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ",
                otherwise,
            ];
            errors.invalid_int("CTR-11", &domains, domains.int(), &detail.concat());
        }
    }
    for name in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
        super::pod::one_of(
            "CTR-11",
            &constraint.key(name),
            &["Honor", "Ignore"],
            errors,
        );
    }
}
