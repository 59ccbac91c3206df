//! HorizontalPodAutoscalers, which nothing simulates but whose manifests are checked (VAL-04).

use super::metadata::{validate_metadata, NameRule};
use super::names;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::quantity::Quantity;

const RULE: &str = "VAL-04";

/// Kinds of metrics and the field of each, sorted.
const SOURCES: [(&str, &str); 5] = [
    ("ContainerResource", "containerResource"),
    ("External", "external"),
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
];

/// Checks a HorizontalPodAutoscaler of either version.
#[inline(never)]
pub fn validate_autoscaler(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let (least, most) = (spec.key("minReplicas"), spec.key("maxReplicas"));
    if least.is_set() && least.int() < 1 {
        let detail = "must be greater than or equal to 1";
        errors.invalid_int(RULE, &least, least.int(), detail);
    }
    match most.int() {
        0 => {
            errors.required(RULE, &most, "must be set and greater than 0");
        }
        number if number < 0 => {
            let detail = "must be greater than or equal to 1";
            errors.invalid_int(RULE, &most, number, detail);
        }
        _ => {}
    }
    if most.int() < least.int_or(1) {
        let detail = "must be greater than or equal to `minReplicas`";
        errors.invalid_int(RULE, &most, most.int(), detail);
    }
    let target = spec.key("scaleTargetRef");
    validate_reference(&target, errors);
    validate_version(&target, errors);
    let metrics = spec.key("metrics");
    for metric in metrics.items() {
        validate_metric(&metric, errors);
    }
    // The old version's one metric is the first of the new one's.
    let percent = spec.key("targetCPUUtilizationPercentage");
    if percent.is_set() {
        let (first, at) = (metrics.index(0), percent.span);
        let (resource, shown) = (first.key("resource"), "target");
        let (target, name) = (resource.key(shown), "averageUtilization");
        let utilization = target.key(name).holding(&percent).shown_at(at);
        positive_share(&utilization, errors);
    }
    let others = |metric: Field| matches!(metric.key("type").text(), "Object" | "External");
    if least.is_set() && least.int() == 0 && !metrics.items().any(others) {
        let detail = "must specify at least one Object or External metric to support scaling to \
                      zero replicas";
        errors.forbidden(RULE, &metrics, detail);
    }
    let behavior = spec.key("behavior");
    for name in ["scaleUp", "scaleDown"] {
        let rules = behavior.key(name);
        if rules.is_set() {
            validate_rules(&rules, errors);
        }
    }
}

/// What is named by kind and name.
fn validate_reference(reference: &Field, errors: &mut Errors) {
    for name in ["kind", "name"] {
        let field = reference.key(name);
        errors.required_name(RULE, &field, "", names::path_segment);
    }
}

fn validate_version(target: &Field, errors: &mut Errors) {
    let version = target.key("apiVersion");
    let text = version.text();
    match text.matches('/').count() {
        0 if target.key("kind").text() != "ReplicationController" => {
            let detail = "apiVersion must specify API group";
            errors.invalid_text(RULE, &version, text, detail);
        }
        0 | 1 => {}
        _ => {
            let detail = ["unexpected GroupVersion string: ", text].concat();
            errors.invalid_text(RULE, &version, text, &detail);
        }
    }
}

fn validate_metric(metric: &Field, errors: &mut Errors) {
    let kind = metric.key("type");
    if kind.text().is_empty() {
        errors.required(RULE, &kind, "must specify a metric source type");
    }
    let Some((_, wanted)) = SOURCES.iter().find(|(name, _)| *name == kind.text()) else {
        let known = SOURCES.map(|(name, _)| name);
        errors.unsupported(RULE, &kind, kind.text(), &known);
        return;
    };
    let others = [
        "object",
        "external",
        "pods",
        "resource",
        "containerResource",
    ];
    for name in others.iter().filter(|name| *name != wanted) {
        let source = metric.key(name);
        if source.is_set() {
            let detail = "must populate the given metric source only";
            errors.forbidden(RULE, &source, detail);
        }
    }
    let source = metric.key(wanted);
    if !source.is_set() {
        let detail = "must populate information for the given metric source";
        errors.required(RULE, &source, detail);
        return;
    }
    match *wanted {
        "resource" | "containerResource" => validate_resource(&source, wanted, errors),
        _ => validate_foreign(&source, wanted, errors),
    }
}

fn validate_resource(source: &Field, kind: &str, errors: &mut Errors) {
    let (name, container) = (source.key("name"), source.key("container"));
    if name.text().is_empty() {
        errors.required(RULE, &name, "must specify a resource name");
    }
    if kind == "containerResource" && container.text().is_empty() {
        errors.required(RULE, &container, "must specify a container");
    }
    let target = source.key("target");
    validate_target(&target, errors);
    let (share, amount) = (target.key("averageUtilization"), target.key("averageValue"));
    match (share.is_set(), amount.is_set()) {
        (false, false) => {
            let detail = "must set either a target raw value or a target utilization";
            errors.required(RULE, &share, detail);
        }
        (true, true) => {
            let detail = "may not set both a target raw value and a target utilization";
            errors.forbidden(RULE, &amount, detail);
        }
        _ => {}
    }
}

/// Metrics that come from elsewhere.
fn validate_foreign(source: &Field, kind: &str, errors: &mut Errors) {
    if kind == "object" {
        validate_reference(&source.key("describedObject"), errors);
    }
    let metric = source.key("metric");
    let name = metric.key("name");
    errors.required_name(
        RULE,
        &name,
        "must specify a metric name",
        names::path_segment,
    );
    let target = source.key("target");
    validate_target(&target, errors);
    let (value, average) = (target.key("value"), target.key("averageValue"));
    let detail = match (kind, value.is_set(), average.is_set()) {
        ("pods", _, false) => "must specify a positive target averageValue",
        ("object", false, false) => "must set either a target value or averageValue",
        ("external", false, false) => {
            "must set either a target value for metric or a per-pod target"
        }
        ("external", true, true) => {
            let detail = "may not set both a target value for metric and a per-pod target";
            errors.forbidden(RULE, &value, detail);
            return;
        }
        _ => return,
    };
    errors.required(RULE, &average, detail);
}

fn validate_target(target: &Field, errors: &mut Errors) {
    let kind = target.key("type");
    if kind.text().is_empty() {
        errors.required(RULE, &kind, "must specify a metric target type");
    }
    if !matches!(kind.text(), "Utilization" | "Value" | "AverageValue") {
        let detail = "must be either Utilization, Value, or AverageValue";
        errors.invalid_text(RULE, &kind, kind.text(), detail);
    }
    for name in ["value", "averageValue"] {
        let field = target.key(name);
        let amount = field.node.and_then(|node| Quantity::of(node).ok());
        if let Some(amount) = amount.filter(|it| it.is_negative() || it.milli() == 0) {
            errors.invalid_text(RULE, &field, &amount.canonical(), "must be positive");
        }
    }
    positive_share(&target.key("averageUtilization"), errors);
}

fn positive_share(share: &Field, errors: &mut Errors) {
    if share.is_set() && share.int() < 1 {
        errors.invalid_int(RULE, share, share.int(), "must be greater than 0");
    }
}

fn validate_rules(rules: &Field, errors: &mut Errors) {
    let window = rules.key("stabilizationWindowSeconds");
    if window.int() < 0 {
        let detail = "must be greater than or equal to zero";
        errors.invalid_int(RULE, &window, window.int(), detail);
    } else if window.int() > 3600 {
        let detail = "must be less than or equal to 3600";
        errors.invalid_int(RULE, &window, window.int(), detail);
    }
    let select = rules.key("selectPolicy");
    let known = ["Disabled", "Max", "Min"];
    if select.is_set() && !known.contains(&select.text()) {
        errors.unsupported(RULE, &select, select.text(), &known);
    }
    let tolerance = rules.key("tolerance");
    let amount = tolerance.node.and_then(|node| Quantity::of(node).ok());
    if let Some(amount) = amount.filter(|amount| amount.is_negative()) {
        let detail = "must be greater than or equal to 0";
        errors.invalid_text(RULE, &tolerance, &amount.canonical(), detail);
    }
    let policies = rules.key("policies");
    if policies.is_set() && policies.count() == 0 {
        errors.required(RULE, &policies, "must specify at least one Policy");
    }
    for policy in policies.items() {
        let kind = policy.key("type");
        let known = ["Percent", "Pods"];
        if !known.contains(&kind.text()) {
            errors.unsupported(RULE, &kind, kind.text(), &known);
        }
        for (name, most) in [("value", i64::MAX), ("periodSeconds", 1800)] {
            let field = policy.key(name);
            if field.int() < 1 {
                errors.invalid_int(RULE, &field, field.int(), "must be greater than zero");
            } else if field.int() > most {
                let detail = format!("must be less than or equal to {most}");
                errors.invalid_int(RULE, &field, field.int(), &detail);
            }
        }
    }
}
