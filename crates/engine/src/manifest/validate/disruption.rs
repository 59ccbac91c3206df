//! PodDisruptionBudgets (NOD-09).

use super::errors::json_of;
use super::metadata::{validate_metadata, NameRule};
use super::pod::one_of;
use super::workload::{validate_amount, validate_selector, validate_share};
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

const RULE: &str = "NOD-09";

/// Checks a PodDisruptionBudget.
#[inline(never)]
pub fn validate_budget(root: &Field, errors: &mut Errors) {
    let spec = root.key("spec");
    let bounds = [spec.key("minAvailable"), spec.key("maxUnavailable")];
    if bounds.iter().all(Field::is_set) {
        let json = |name| json_of(spec.key(name).node);
        let policy = spec.key("unhealthyPodEvictionPolicy");
        let policy = match policy.is_set() {
            true => quote(policy.text()),
            false => "null".to_owned(),
        };
        let value = [
            "{\"MinAvailable\":",
            &json("minAvailable"),
            ",\"Selector\":",
            &json("selector"),
            ",\"MaxUnavailable\":",
            &json("maxUnavailable"),
            ",\"UnhealthyPodEvictionPolicy\":",
            &policy,
            "}",
        ];
        let detail = "minAvailable and maxUnavailable cannot be both set";
        errors.invalid(RULE, &spec, &value.concat(), detail);
    }
    for bound in &bounds {
        validate_amount(RULE, bound, errors);
        validate_share(RULE, bound, errors);
    }
    validate_selector(&spec.key("selector"), errors);
    let policy = spec.key("unhealthyPodEvictionPolicy");
    one_of(RULE, &policy, &["AlwaysAllow", "IfHealthyBudget"], errors);
    // Looked at last, where nothing else is wrong.
    if !errors.any_refused() {
        validate_metadata(root, NameRule::Any, errors);
    }
}
