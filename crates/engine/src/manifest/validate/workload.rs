//! Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs (WKL rules).

use super::errors::json_of;
use super::metadata::{
    validate_annotations, validate_labels, validate_metadata, warn_about_hostname, NameRule,
};
use super::names;
use super::pod::{one_of, validate_pod_spec};
use super::Errors;
use crate::api::LabelSelector;
use crate::manifest::decode::{label_selector, string_map};
use crate::manifest::field::Field;

/// Checks a Deployment.
#[inline(never)]
pub fn validate_deployment(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    errors.not_negative("WKL-05", &spec.key("replicas"));
    validate_selector_and_template(&spec, "empty selector is invalid for deployment", errors);
    validate_strategy(&spec.key("strategy"), errors);
    errors.not_negative("WKL-05", &spec.key("minReadySeconds"));
    errors.not_negative("WKL-05", &spec.key("revisionHistoryLimit"));
    let deadline = spec.key("progressDeadlineSeconds");
    errors.not_negative("WKL-07", &deadline);
    let seconds = deadline.int_or(600);
    if seconds <= spec.key("minReadySeconds").int() {
        let detail = "must be greater than minReadySeconds";
        errors.invalid_int("WKL-07", &deadline, seconds, detail);
    }
    warn_about_hostname(root, true, errors);
    warn_about_grace(&spec, errors);
}

/// Checks a ReplicaSet.
#[inline(never)]
pub fn validate_replica_set(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    errors.not_negative("WKL-05", &spec.key("replicas"));
    errors.not_negative("WKL-05", &spec.key("minReadySeconds"));
    // The API server says "deployment" here, too (WKL-02).
    validate_selector_and_template(&spec, "empty selector is invalid for deployment", errors);
    warn_about_hostname(root, true, errors);
    warn_about_grace(&spec, errors);
}

/// Checks a DaemonSet.
#[inline(never)]
pub fn validate_daemon_set(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    validate_selector_and_template(&spec, "empty selector is invalid for daemonset", errors);
    errors.not_negative("WKL-05", &spec.key("minReadySeconds"));
    validate_daemon_strategy(&spec.key("updateStrategy"), errors);
    errors.not_negative("WKL-05", &spec.key("revisionHistoryLimit"));
    warn_about_hostname(root, true, errors);
}

fn validate_daemon_strategy(strategy: &Field, errors: &mut Errors) {
    match strategy.key("type").text_or("RollingUpdate") {
        "OnDelete" => return,
        "RollingUpdate" => {}
        other => {
            let known = ["RollingUpdate", "OnDelete"];
            errors.unsupported_json("WKL-08", strategy, &strategy_json(other), &known);
            return;
        }
    }
    let rolling = strategy.key("rollingUpdate");
    let (unavailable, surge) = (rolling.key("maxUnavailable"), rolling.key("maxSurge"));
    for amount in [&unavailable, &surge] {
        validate_amount("WKL-08", amount, errors);
    }
    for amount in [&unavailable, &surge] {
        validate_share("WKL-08", amount, errors);
    }
    // One Pod may be missing unless it is said otherwise, and none may be too many.
    let missing = !unavailable.is_set() || amount_of(&unavailable) != 0;
    let more = surge.is_set() && amount_of(&surge) != 0;
    if missing && more {
        let detail = "may not be set when maxUnavailable is non-zero";
        errors.invalid("WKL-08", &surge, &json_of(surge.node), detail);
    } else if !missing && !more {
        errors.required("WKL-08", &unavailable, "cannot be 0 when maxSurge is 0");
    }
}

/// Checks a StatefulSet.
#[inline(never)]
pub fn validate_stateful_set(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Label, errors);
    let spec = root.key("spec");
    let policy = spec.key("podManagementPolicy");
    if !matches!(policy.text(), "" | "OrderedReady" | "Parallel") {
        let detail = "must be 'OrderedReady' or 'Parallel'";
        errors.invalid_text("WKL-08", &policy, policy.text(), detail);
    }
    let strategy = spec.key("updateStrategy");
    let kind = strategy.key("type");
    if !matches!(kind.text(), "" | "RollingUpdate" | "OnDelete") {
        let value = strategy_json(kind.text());
        let detail = "must be 'RollingUpdate' or 'OnDelete'";
        errors.invalid("WKL-08", &strategy, &value, detail);
    }
    let rolling = strategy.key("rollingUpdate");
    errors.not_negative("WKL-08", &rolling.key("partition"));
    for name in ["replicas", "minReadySeconds", "revisionHistoryLimit"] {
        errors.not_negative("WKL-05", &spec.key(name));
    }
    let ordinals = spec.key("ordinals");
    errors.not_negative("WKL-08", &ordinals.key("start"));
    let claims = spec.key("volumeClaimTemplates");
    for claim in claims.items() {
        let metadata = claim.key("metadata");
        errors.claims.push(metadata.key("name").text().into());
    }
    validate_selector_and_template(&spec, "empty selector is invalid for statefulset", errors);
}

/// Checks a Job.
#[inline(never)]
pub fn validate_job(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    for name in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
    ] {
        errors.not_negative("WKL-09", &spec.key(name));
    }
    let mode = spec.key("completionMode");
    one_of("WKL-09", &mode, &["NonIndexed", "Indexed"], errors);
    let completions = spec.key("completions");
    // Without either number there is one Pod.
    if mode.text() == "Indexed" && spec.key("parallelism").is_set() && !completions.is_set() {
        errors.required("WKL-09", &completions, "when completion mode is Indexed");
    }
    let selector = spec.key("selector");
    if selector.is_set() && !spec.key("manualSelector").bool() {
        let detail = "`selector` not auto-generated";
        errors.invalid("WKL-09", &selector, &json_of(selector.node), detail);
    }
    let template = spec.key("template");
    validate_template(&template, errors);
    let pod = template.key("spec");
    let policy = pod.key("restartPolicy");
    match policy.text() {
        "OnFailure" if spec.key("podFailurePolicy").is_set() => {
            let detail = "only \"Never\" is supported when podFailurePolicy is specified";
            errors.invalid_text("WKL-09", &policy, policy.text(), detail);
        }
        "" | "Always" => {
            let detail = "valid values: \"OnFailure\", \"Never\"";
            errors.required("WKL-09", &policy, detail);
        }
        _ => {}
    }
    let failure_policy = spec.key("podFailurePolicy");
    let rules = failure_policy.key("rules");
    for rule in rules.items() {
        let known = ["Count", "FailIndex", "FailJob", "Ignore"];
        one_of("WKL-09", &rule.key("action"), &known, errors);
    }
}

fn validate_selector_and_template(spec: &Field, empty: &str, errors: &mut Errors) {
    let selector = spec.key("selector");
    let parsed = match selector.node {
        None => {
            errors.required("WKL-02", &selector, "");
            None
        }
        Some(node) => {
            validate_selector(&selector, errors);
            let parsed = label_selector(&selector);
            if parsed == LabelSelector::default() {
                errors.invalid("WKL-02", &selector, &json_of(Some(node)), empty);
            }
            Some(parsed)
        }
    };
    let template = spec.key("template");
    let metadata = template.key("metadata");
    let labels = metadata.key("labels");
    // No selector matches nothing, an empty one everything.
    let matches = parsed.is_some_and(|selector| selector.matches(&string_map(&labels)));
    if !matches {
        let at = labels.shown_at(match labels.is_set() {
            true => labels.span,
            false => template.span,
        });
        let detail = "`selector` does not match template `labels`";
        errors.invalid("WKL-01", &at, &json_of(labels.node), detail);
        errors.suggest("give the template the labels of spec.selector.matchLabels");
    }
    validate_template(&template, errors);
    let pod = template.key("spec");
    let policy = pod.key("restartPolicy");
    if !matches!(policy.text(), "" | "Always") {
        errors.unsupported("WKL-04", &policy, policy.text(), &["Always"]);
    }
    let deadline = pod.key("activeDeadlineSeconds");
    if deadline.is_set() {
        let detail = "activeDeadlineSeconds in ReplicaSet is not Supported";
        errors.forbidden("WKL-04", &deadline, detail);
    }
}

pub fn validate_selector(selector: &Field, errors: &mut Errors) {
    validate_labels(&selector.key("matchLabels"), errors);
    validate_expressions("WKL-02", selector, false, errors);
}

/// `matchExpressions`. `compares`: of nodes, whose values may be compared as numbers, too.
pub fn validate_expressions(
    rule: &'static str,
    selector: &Field,
    compares: bool,
    errors: &mut Errors,
) {
    for requirement in selector.key("matchExpressions").items() {
        let values = requirement.key("values");
        let operator = requirement.key("operator");
        match operator.text() {
            "In" | "NotIn" if values.count() == 0 => {
                let detail = "must be specified when `operator` is 'In' or 'NotIn'";
                errors.required(rule, &values, detail);
            }
            "Exists" | "DoesNotExist" if values.count() > 0 => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.forbidden(rule, &values, detail);
            }
            "Gt" | "Lt" if compares && values.count() != 1 => {
                let detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                errors.required(rule, &values, detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            "Gt" | "Lt" if compares => {}
            other => {
                let detail = "not a valid selector operator";
                errors.invalid_text(rule, &operator, other, detail);
            }
        }
        let key = requirement.key("key");
        let wrong = names::qualified_name(key.text());
        errors.each(rule, &key, key.text(), &wrong);
    }
}

fn validate_template(template: &Field, errors: &mut Errors) {
    let metadata = template.key("metadata");
    validate_labels(&metadata.key("labels"), errors);
    validate_annotations(&metadata.key("annotations"), errors);
    validate_pod_spec(&template.key("spec"), errors);
}

fn strategy_json(kind: &str) -> String {
    let kind = crate::manifest::yaml::quote(kind);
    ["{\"Type\":", &kind, ",\"RollingUpdate\":null}"].concat()
}

fn validate_strategy(strategy: &Field, errors: &mut Errors) {
    let kind = strategy.key("type");
    let rolling = strategy.key("rollingUpdate");
    match kind.text_or("RollingUpdate") {
        "Recreate" if rolling.is_set() => {
            let detail = "may not be specified when strategy `type` is 'Recreate'";
            errors.forbidden("WKL-06", &rolling, detail);
        }
        "Recreate" => {}
        "RollingUpdate" => validate_rolling_update(&rolling, errors),
        other => {
            let value = strategy_json(other);
            let known = ["Recreate", "RollingUpdate"];
            errors.unsupported_json("WKL-06", strategy, &value, &known);
        }
    }
}

fn validate_rolling_update(rolling: &Field, errors: &mut Errors) {
    let unavailable = rolling.key("maxUnavailable");
    let surge = rolling.key("maxSurge");
    for amount in [&unavailable, &surge] {
        validate_amount("WKL-06", amount, errors);
    }
    if amount_of(&unavailable) == 0 && amount_of(&surge) == 0 {
        let value = match unavailable.node.and_then(|node| node.text()) {
            Some(text) => crate::manifest::yaml::quote(text),
            None => unavailable.int().to_string(),
        };
        let detail = "may not be 0 when `maxSurge` is 0";
        errors.invalid("WKL-06", &unavailable, &value, detail);
    }
    validate_share("WKL-06", &unavailable, errors);
}

/// A number of Pods, or percent.
pub fn validate_amount(rule: &'static str, amount: &Field, errors: &mut Errors) {
    match amount.node.and_then(|node| node.text()) {
        Some(text) => errors.each(rule, amount, text, &names::percent(text)),
        None => errors.not_negative(rule, amount),
    }
}

/// Percent, if it is that, of all at most.
pub fn validate_share(rule: &'static str, amount: &Field, errors: &mut Errors) {
    let text = amount.text();
    if names::percent(text).is_empty() && amount_of(amount) > 100 {
        errors.invalid_text(rule, amount, text, "must not be greater than 100%");
    }
}

/// A number of Pods or percent; absent means 25 %.
fn amount_of(field: &Field) -> i64 {
    match field.node.and_then(|node| node.text()) {
        Some(text) => text.trim_end_matches('%').parse().unwrap_or(0),
        None => field.int_or(25),
    }
}

fn warn_about_grace(spec: &Field, errors: &mut Errors) {
    let template = spec.key("template");
    let pod = template.key("spec");
    let grace = pod.key("terminationGracePeriodSeconds");
    if grace.int() < 0 {
        let text = "must be >= 0; negative values are invalid and will be treated as 1";
        errors.warn("CTR-11", &grace, text);
    }
}
