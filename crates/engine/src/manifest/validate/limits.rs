//! LimitRanges and ResourceQuotas, which nothing simulates but whose manifests are checked (VAL-04).

use super::errors::json_of;
use super::metadata::{validate_metadata, NameRule};
use super::names;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;
use crate::manifest::yaml::quote;

const RULE: &str = "VAL-04";

/// Checks a LimitRange.
#[inline(never)]
pub fn validate_limit_range(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let mut seen: Vec<String> = Vec::new();
    for limit in spec.key("limits").items() {
        let kind = limit.key("type");
        let text = kind.text();
        errors.each(RULE, &kind, text, &names::qualified_name(text));
        let known = ["Container", "Pod", "PersistentVolumeClaim"];
        if !text.is_empty() && !text.contains('/') && !known.contains(&text) {
            let detail = "must be a standard limit type or fully qualified";
            errors.invalid_text(RULE, &kind, text, detail);
        }
        if seen.iter().any(|known| known == text) {
            errors.duplicate(RULE, &kind, &quote(text));
        }
        seen.push(text.to_owned());
        validate_limit(&limit, text, errors);
    }
}

fn amount(limit: &Field, list: &str, name: &str) -> Option<Quantity> {
    let list = limit.key(list);
    let value = list.map_key(name);
    value.node.and_then(|node| Quantity::of(node).ok())
}

fn validate_limit(limit: &Field, kind: &str, errors: &mut Errors) {
    let mut lists = vec!["max", "min"];
    for list in ["default", "defaultRequest"] {
        let field = limit.key(list);
        if kind != "Pod" {
            lists.push(list);
        } else if field.count() > 0 {
            errors.forbidden(RULE, &field, "may not be specified when `type` is 'Pod'");
        }
    }
    lists.push("maxLimitRequestRatio");
    for list in lists {
        // What the server fills in is named as if it were written.
        let is_filled = kind == "Container" && matches!(list, "default" | "defaultRequest");
        let source = match list {
            "default" if is_filled => ["default", "max", ""],
            "defaultRequest" if is_filled => ["defaultRequest", "default", "max"],
            list => [list, "", ""],
        };
        let field = limit.key(list);
        let mut told: Vec<String> = Vec::new();
        for from in source.into_iter().filter(|from| !from.is_empty()) {
            let from = limit.key(from);
            for (name, value) in from.sorted_entries() {
                if !told.iter().any(|known| known == name) {
                    told.push(name.to_owned());
                    let at = field.map_key(name).shown_at(value.span);
                    validate_name(&at, name, kind == "Container", errors);
                }
            }
        }
    }
    let storage = |list| amount(limit, list, "storage").is_some();
    if kind == "PersistentVolumeClaim" && !storage("max") && !storage("min") {
        let detail =
            "either minimum or maximum storage value is required, but neither was provided";
        errors.required(RULE, &limit.key("limits"), detail);
    }
    let mut names: Vec<String> = Vec::new();
    for list in [
        "max",
        "min",
        "default",
        "defaultRequest",
        "maxLimitRequestRatio",
    ] {
        let list = limit.key(list);
        names.extend(
            list.sorted_entries()
                .iter()
                .map(|(name, _)| (*name).to_owned()),
        );
    }
    names.sort_unstable();
    names.dedup();
    for name in names {
        compare(limit, &name, kind, errors);
    }
}

/// One resource's bounds against each other.
fn compare(limit: &Field, name: &str, kind: &str, errors: &mut Errors) {
    let of = |list| amount(limit, list, name);
    let fills = kind == "Container";
    let (most, least) = (of("max"), of("min"));
    let usual = of("default").or(most.filter(|_| fills));
    let request = of("defaultRequest").or(usual.filter(|_| fills));
    let mut tell =
        |list: &str, value: Quantity, words: [&str; 2], other: Quantity, first: Quantity| {
            let list = limit.key(list);
            let at = list.map_key(name);
            let (first, other) = (first.canonical(), other.canonical());
            let detail = format!(
                "{} value {first} is greater than {} value {other}",
                words[0], words[1]
            );
            errors.invalid_text(RULE, &at, &value.canonical(), &detail);
        };
    let above = |a: Option<Quantity>, b: Option<Quantity>| match (a, b) {
        (Some(a), Some(b)) if a.milli() > b.milli() => Some((a, b)),
        _ => None,
    };
    if let Some((a, b)) = above(least, most) {
        tell("min", a, ["min", "max"], b, a);
    }
    if let Some((a, b)) = above(least, request) {
        tell("defaultRequest", b, ["min", "default request"], b, a);
    }
    if let Some((a, b)) = above(request, most) {
        tell("defaultRequest", a, ["default request", "max"], b, a);
    }
    if let Some((a, b)) = above(request, usual) {
        tell(
            "defaultRequest",
            a,
            ["default request", "default limit"],
            b,
            a,
        );
    }
    // The API server shows the other number of these two.
    if let Some((a, b)) = above(least, usual) {
        tell("default", a, ["min", "default"], b, a);
    }
    if let Some((a, b)) = above(usual, most) {
        tell("default", b, ["default", "max"], b, a);
    }
    if let Some(ratio) = of("maxLimitRequestRatio").filter(|ratio| ratio.milli() < 1000) {
        let list = limit.key("maxLimitRequestRatio");
        let value = ratio.canonical();
        let detail = format!("ratio {value} is less than 1");
        errors.invalid_text(RULE, &list.map_key(name), &value, &detail);
    }
}

fn validate_name(at: &Field, name: &str, of_container: bool, errors: &mut Errors) {
    let wrong = names::qualified_name(name);
    errors.each(RULE, at, name, &wrong);
    if name.contains('/') {
        return;
    }
    let is_container =
        matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    if wrong.is_empty() && !is_container && !is_of_quota(name) {
        let detail = "must be a standard resource type or fully qualified";
        errors.invalid_text(RULE, at, name, detail);
    }
    if of_container && !is_container {
        let detail = "must be a standard resource for containers";
        errors.invalid_text(RULE, at, name, detail);
    }
}

/// Resources that a quota counts without a domain.
fn is_of_quota(name: &str) -> bool {
    let plain = name
        .strip_prefix("requests.")
        .or(name.strip_prefix("limits."));
    let computed = plain.unwrap_or(name);
    matches!(
        name,
        "pods"
            | "services"
            | "replicationcontrollers"
            | "resourcequotas"
            | "secrets"
            | "configmaps"
            | "persistentvolumeclaims"
            | "services.nodeports"
            | "services.loadbalancers"
            | "storage"
            | "requests.storage"
    ) || matches!(computed, "cpu" | "memory" | "ephemeral-storage")
        || computed.starts_with("hugepages-")
}

const SCOPES: [&str; 7] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

/// Checks a ResourceQuota.
#[inline(never)]
pub fn validate_quota(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let hard = spec.key("hard");
    for (name, value) in hard.sorted_entries() {
        let wrong = names::qualified_name(name);
        errors.each(RULE, &value, name, &wrong);
        if !name.contains('/') && !is_of_quota(name) {
            if wrong.is_empty() {
                let detail = "must be a standard resource type or fully qualified";
                errors.invalid_text(RULE, &value, name, detail);
            }
            let detail = "must be a standard resource for quota";
            errors.invalid_text(RULE, &value, name, detail);
        }
        let amount = value.node.and_then(|node| Quantity::of(node).ok());
        let Some(amount) = amount else { continue };
        if amount.is_negative() {
            let detail = "must be greater than or equal to 0";
            errors.invalid_text(RULE, &value, &amount.canonical(), detail);
        }
        let of_machine = ["cpu", "memory", "storage"]
            .iter()
            .any(|it| name.ends_with(it));
        if !of_machine && !amount.is_whole() {
            errors.invalid_text(RULE, &value, &amount.canonical(), "must be an integer");
        }
    }
    validate_scopes(&spec.key("scopes"), &hard, errors);
    let selector = spec.key("scopeSelector");
    for requirement in selector.key("matchExpressions").items() {
        validate_scope(&selector, &requirement, errors);
    }
}

fn validate_scopes(scopes: &Field, hard: &Field, errors: &mut Errors) {
    let value = json_of(scopes.node);
    let has = |wanted: &str| scopes.items().any(|scope| scope.text() == wanted);
    for scope in scopes.items() {
        if !SCOPES.contains(&scope.text()) {
            errors.invalid(RULE, scopes, &value, "unsupported scope");
        }
        let only_pods = matches!(scope.text(), "BestEffort");
        let of_pods = |name: &str| {
            let plain = name
                .strip_prefix("requests.")
                .or(name.strip_prefix("limits."));
            let is_computed = matches!(plain.unwrap_or(name), "cpu" | "memory");
            name == "pods" || is_computed && !only_pods || name.contains('/')
        };
        let is_known = SCOPES[..6].contains(&scope.text());
        if is_known && hard.sorted_entries().iter().any(|(name, _)| !of_pods(name)) {
            let detail = "unsupported scope applied to resource";
            errors.invalid(RULE, scopes, &value, detail);
        }
    }
    for (one, other) in [
        ("BestEffort", "NotBestEffort"),
        ("Terminating", "NotTerminating"),
    ] {
        if has(one) && has(other) {
            errors.invalid(RULE, scopes, &value, "conflicting scopes");
        }
    }
}

/// A requirement of the selector, whose complaints name no element.
fn validate_scope(selector: &Field, requirement: &Field, errors: &mut Errors) {
    let list = selector.key("matchExpressions");
    let at = list.holding(requirement);
    let (scope, operator, values) = (at.key("scopeName"), at.key("operator"), at.key("values"));
    let scope_text = scope.text();
    if !SCOPES.contains(&scope_text) {
        errors.invalid_text(RULE, &scope, scope_text, "unsupported scope");
    }
    let takes_values = matches!(scope_text, "PriorityClass" | "VolumeAttributesClass");
    if SCOPES.contains(&scope_text) && !takes_values && operator.text() != "Exists" {
        let detail = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, \
                      ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, \
                      ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
        errors.invalid_text(RULE, &operator, operator.text(), detail);
    }
    match operator.text() {
        "In" | "NotIn" if values.count() == 0 => {
            let detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope \
                          selector";
            errors.required(RULE, &values, detail);
        }
        "Exists" | "DoesNotExist" if values.count() > 0 => {
            let detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope \
                          selector";
            errors.invalid(RULE, &values, &json_of(values.node), detail);
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        other => {
            errors.invalid_text(RULE, &operator, other, "not a valid selector operator");
        }
    }
}
