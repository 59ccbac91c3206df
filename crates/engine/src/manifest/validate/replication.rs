//! ReplicationControllers and PodTemplates, which nothing simulates but whose manifests are checked
//! (VAL-04).

use super::errors::json_of;
use super::metadata::{validate_labels, validate_metadata, NameRule};
use super::workload::{refuse_deadline, refuse_of_pods, validate_template};
use super::Errors;
use crate::manifest::field::Field;

const RULE: &str = "WKL-04";

/// Checks a ReplicationController. What it does not say of labels its template says.
#[inline(never)]
pub fn validate_replication_controller(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let (selector, template) = (spec.key("selector"), spec.key("template"));
    let of_template = template.key("metadata");
    let labels = of_template.key("labels");
    let metadata = root.key("metadata");
    let own = metadata.key("labels");
    if own.count() == 0 {
        validate_labels(&own.holding(&labels), errors);
    }
    errors.not_negative(RULE, &spec.key("minReadySeconds"));
    if selector.count() == 0 && labels.count() == 0 {
        errors.required(RULE, &selector, "");
    }
    errors.not_negative(RULE, &spec.key("replicas"));
    if !template.is_set() {
        errors.required(RULE, &template, "");
        return;
    }
    let is_met = |(key, value): &(&str, Field)| labels.map_key(key).text() == value.text();
    if !selector.sorted_entries().iter().all(is_met) {
        let detail = "`selector` does not match template `labels`";
        errors.invalid(RULE, &labels, &json_of(labels.node), detail);
    }
    validate_template(&template, errors);
    refuse_of_pods(&template, true, errors);
    refuse_deadline(&template, "ReplicationController", errors);
}

/// Checks a PodTemplate.
#[inline(never)]
pub fn validate_pod_template(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    validate_template(&root.key("template"), errors);
}
