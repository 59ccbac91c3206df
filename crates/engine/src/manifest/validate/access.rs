//! Roles and their bindings, which nothing simulates but whose manifests are checked (VAL-04).

use super::errors::json_of;
use super::metadata::{validate_metadata, NameRule};
use super::names;
use super::workload::validate_selector;
use super::Errors;
use crate::manifest::field::Field;

const RULE: &str = "VAL-04";
const GROUP: &str = "rbac.authorization.k8s.io";

/// Checks a Role or a ClusterRole.
#[inline(never)]
pub fn validate_role(root: &Field, kind: &str, errors: &mut Errors) {
    validate_metadata(root, NameRule::Any, errors);
    for rule in root.key("rules").items() {
        validate_rule(&rule, kind == "Role", errors);
    }
    let aggregation = root.key("aggregationRule");
    if aggregation.is_set() {
        let selectors = aggregation.key("clusterRoleSelectors");
        if selectors.count() == 0 {
            let detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
            errors.required(RULE, &selectors, detail);
        }
        for selector in selectors.items() {
            validate_selector(&selector, errors);
        }
    }
}

fn validate_rule(rule: &Field, is_namespaced: bool, errors: &mut Errors) {
    let verbs = rule.key("verbs");
    if verbs.count() == 0 {
        errors.required(RULE, &verbs, "verbs must contain at least one value");
    }
    let (groups, resources) = (rule.key("apiGroups"), rule.key("resources"));
    let urls = rule.key("nonResourceURLs");
    if urls.count() > 0 {
        let value = json_of(urls.node);
        if is_namespaced {
            let detail = "namespaced rules cannot apply to non-resource URLs";
            errors.invalid(RULE, &urls, &value, detail);
        }
        let names = rule.key("resourceNames");
        if groups.count() + resources.count() + names.count() > 0 {
            let detail = "rules cannot apply to both regular resources and non-resource URLs";
            errors.invalid(RULE, &urls, &value, detail);
        }
        return;
    }
    if groups.count() == 0 {
        let detail = "resource rules must supply at least one api group";
        errors.required(RULE, &groups, detail);
    }
    if resources.count() == 0 {
        let detail = "resource rules must supply at least one resource";
        errors.required(RULE, &resources, detail);
    }
}

/// Checks a RoleBinding or a ClusterRoleBinding.
#[inline(never)]
pub fn validate_binding(root: &Field, kind: &str, errors: &mut Errors) {
    validate_metadata(root, NameRule::Any, errors);
    let is_namespaced = kind == "RoleBinding";
    let role = root.key("roleRef");
    let group = role.key("apiGroup");
    if !matches!(group.text(), "" | GROUP) {
        errors.unsupported(RULE, &group, group.text(), &[GROUP]);
    }
    let of_role = role.key("kind");
    let known: &[&str] = match is_namespaced {
        true => &["Role", "ClusterRole"],
        false => &["ClusterRole"],
    };
    if !known.contains(&of_role.text()) {
        errors.unsupported(RULE, &of_role, of_role.text(), known);
    }
    let name = role.key("name");
    errors.required_name(RULE, &name, "", names::path_segment);
    for subject in root.key("subjects").items() {
        validate_subject(&subject, is_namespaced, errors);
    }
}

fn validate_subject(subject: &Field, is_namespaced: bool, errors: &mut Errors) {
    let (name, group) = (subject.key("name"), subject.key("apiGroup"));
    if name.text().is_empty() {
        errors.required(RULE, &name, "");
    }
    let kind = subject.key("kind");
    match kind.text() {
        "ServiceAccount" => {
            errors.optional_name(RULE, &name, names::subdomain);
            if !group.text().is_empty() {
                errors.unsupported(RULE, &group, group.text(), &[""]);
            }
            let namespace = subject.key("namespace");
            if !is_namespaced && namespace.text().is_empty() {
                errors.required(RULE, &namespace, "");
            }
        }
        "User" | "Group" => {
            if !matches!(group.text(), "" | GROUP) {
                errors.unsupported(RULE, &group, group.text(), &[GROUP]);
            }
        }
        other => {
            let known = ["ServiceAccount", "User", "Group"];
            errors.unsupported(RULE, &kind, other, &known);
        }
    }
}
