//! When containers restart: `restartPolicy`, `restartPolicyRules`, `resizePolicy` (CTR-06).

use super::pod::PodFacts;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

/// Rules that a container may have.
const RULES_MAX: usize = 20;

/// Checks a container's own policy.
pub fn validate_restart_policy(container: &Field, errors: &mut Errors) {
    let policy = container.key("restartPolicy");
    let rules = container.key("restartPolicyRules");
    let known = ["Always", "Never", "OnFailure"];
    let count = rules.count();
    if !policy.is_set() {
        if count == 0 {
            return;
        }
        let detail = "must specify restartPolicy when restart rules are used";
        errors.required("CTR-06", &policy, detail);
    } else if !known.contains(&policy.text()) {
        errors.unsupported("CTR-06", &policy, policy.text(), &known);
    }
    if count > RULES_MAX {
        errors.too_many("CTR-06", &rules, count, RULES_MAX);
    }
    for rule in rules.items() {
        must_be(
            &rule.key("action"),
            &["Restart", "RestartAllContainers"],
            errors,
        );
        let codes = rule.key("exitCodes");
        match codes.is_set() {
            true => must_be(&codes.key("operator"), &["In", "NotIn"], errors),
            false => {
                errors.required("CTR-06", &codes, "must be specified");
            }
        }
    }
}

/// A text that is one of a few, and not absent.
fn must_be(field: &Field, known: &[&str], errors: &mut Errors) {
    if !known.contains(&field.text()) {
        errors.unsupported("CTR-06", field, field.text(), known);
    }
}

/// Checks `resizePolicy`, whose complaints stand at the list.
#[inline(never)]
pub fn validate_resize_policy(list: &Field, facts: &PodFacts, errors: &mut Errors) {
    let mut seen = Vec::new();
    let all: Vec<Field> = list.items().collect();
    for entry in &all {
        let (resource, policy) = (entry.key("resourceName"), entry.key("restartPolicy"));
        let (name, word) = (resource.text(), policy.text());
        if seen.contains(&name) {
            errors.duplicate("CTR-06", entry, &quote(name));
        }
        let checked: [(&str, [&str; 2]); 2] = [
            (name, ["cpu", "memory"]),
            (word, ["NotRequired", "RestartContainer"]),
        ];
        let at = list.shown_at(entry.span);
        for (text, known) in checked {
            match text {
                "" => {
                    errors.required("CTR-06", &at, "");
                }
                _ if known.contains(&text) => {}
                _ => {
                    errors.unsupported_json("CTR-06", &at, &quote(text), &known);
                }
            }
        }
        if facts.never_restarts && word != "NotRequired" {
            let detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
            errors.invalid_text("CTR-06", &at, word, detail);
        }
        seen.push(name);
    }
}
