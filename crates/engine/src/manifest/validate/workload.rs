//! Deployments, ReplicaSets, StatefulSets, DaemonSets (WKL rules).

use super::data::validate_claim_spec;
use super::errors::json_of;
use super::metadata::{
    validate_annotations, validate_labels, validate_metadata, warn_about_hostname, NameRule,
};
use super::names;
use super::pod::{one_of, validate_template_spec};
use super::Errors;
use crate::api::LabelSelector;
use crate::manifest::decode::{label_selector, string_map};
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;

/// Checks a Deployment.
#[inline(never)]
pub fn validate_deployment(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    errors.not_negative("WKL-05", &spec.key("replicas"));
    validate_selector_and_template(&spec, "deployment", errors);
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
    validate_selector_and_template(&spec, "deployment", errors);
    warn_about_hostname(root, true, errors);
    warn_about_grace(&spec, errors);
}

/// Checks a DaemonSet.
#[inline(never)]
pub fn validate_daemon_set(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    validate_daemon_template(&spec, errors);
    errors.not_negative("WKL-05", &spec.key("minReadySeconds"));
    validate_daemon_strategy(&spec.key("updateStrategy"), errors);
    errors.not_negative("WKL-05", &spec.key("revisionHistoryLimit"));
    warn_about_grace(&spec, errors);
}

fn validate_daemon_strategy(strategy: &Field, errors: &mut Errors) {
    match strategy.key("type").text_or("RollingUpdate") {
        "OnDelete" => return,
        "RollingUpdate" => {}
        _ => {
            let known = ["RollingUpdate", "OnDelete"];
            let value = strategy_json(strategy, DEPLOYMENT);
            errors.unsupported_json("WKL-08", strategy, &value, &known);
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
    validate_stateful_strategy(&spec.key("updateStrategy"), errors);
    let retention = spec.key("persistentVolumeClaimRetentionPolicy");
    for name in ["whenDeleted", "whenScaled"] {
        one_of(
            "WKL-08",
            &retention.key(name),
            &["Retain", "Delete"],
            errors,
        );
    }
    validate_claim_templates(&spec.key("volumeClaimTemplates"), errors);
    for name in ["replicas", "minReadySeconds"] {
        errors.not_negative("WKL-05", &spec.key(name));
    }
    let ordinals = spec.key("ordinals");
    errors.not_negative("WKL-08", &ordinals.key("start"));
    let service = spec.key("serviceName");
    errors.optional_name("WKL-08", &service, names::label);
    validate_selector_and_template(&spec, "statefulset", errors);
    let history = spec.key("revisionHistoryLimit");
    if history.int() < 0 {
        let text = "a negative value retains all historical revisions; a value >= 0 is recommended";
        errors.warn("WKL-05", &history, text);
    }
    warn_about_grace(&spec, errors);
}

fn validate_stateful_strategy(strategy: &Field, errors: &mut Errors) {
    let rolling = strategy.key("rollingUpdate");
    match strategy.key("type").text() {
        "" | "RollingUpdate" => {
            errors.not_negative("WKL-08", &rolling.key("partition"));
            let unavailable = rolling.key("maxUnavailable");
            if unavailable.is_set() {
                validate_amount("WKL-08", &unavailable, errors);
                validate_share("WKL-08", &unavailable, errors);
            }
        }
        "OnDelete" if rolling.is_set() => {
            let value = rolling_json(&rolling, STATEFUL_SET);
            let detail = "only allowed for updateStrategy 'RollingUpdate'";
            errors.invalid("WKL-08", &rolling, &value, detail);
        }
        "OnDelete" => {}
        _ => {
            let value = strategy_json(strategy, STATEFUL_SET);
            let detail = "must be 'RollingUpdate' or 'OnDelete'";
            errors.invalid("WKL-08", strategy, &value, detail);
        }
    }
}

fn validate_claim_templates(claims: &Field, errors: &mut Errors) {
    for claim in claims.items() {
        let metadata = claim.key("metadata");
        let name = metadata.key("name");
        if errors.claims.iter().all(|(known, _)| known != name.text()) {
            errors.claims.push((name.text().into(), name.span));
        }
        validate_claim_spec(&claim.key("spec"), errors);
    }
}

/// A selector as Go prints it, without what it does not know.
pub fn selector_json(selector: &Field) -> String {
    let mut json = String::from("{");
    let labels = selector.key("matchLabels");
    if labels.count() > 0 {
        json.push_str("\"matchLabels\":");
        json.push_str(&json_of(labels.node));
    }
    let expressions = selector.key("matchExpressions");
    for (number, expression) in expressions.items().enumerate() {
        json.push_str(match (number, labels.count()) {
            (0, 0) => "\"matchExpressions\":[",
            (0, _) => ",\"matchExpressions\":[",
            _ => ",",
        });
        for (before, name) in [("{\"key\":", "key"), (",\"operator\":", "operator")] {
            json.push_str(before);
            json.push_str(&quote(expression.key(name).text()));
        }
        let values = expression.key("values");
        if values.count() > 0 {
            json.push_str(",\"values\":");
            json.push_str(&json_of(values.node));
        }
        json.push('}');
    }
    json.push_str(if expressions.count() > 0 { "]}" } else { "}" });
    json
}

/// Selector and template of a Deployment, ReplicaSet or StatefulSet; `kind`: the word for it.
fn validate_selector_and_template(spec: &Field, kind: &str, errors: &mut Errors) {
    let selector = spec.key("selector");
    let parsed = match selector.is_set() {
        false => {
            errors.required("WKL-02", &selector, "");
            None
        }
        true => {
            let before = errors.list.len();
            validate_selector(&selector, errors);
            if errors.list.len() > before {
                let value = selector_json(&selector);
                // Of a StatefulSet nothing is said beyond the value.
                match kind {
                    "deployment" => {
                        errors.invalid("WKL-02", &selector, &value, "invalid label selector")
                    }
                    _ => errors.invalid_bare("WKL-02", &selector, &value),
                };
                return refuse_of_pods(&spec.key("template"), kind == "statefulset", errors);
            }
            let parsed = label_selector(&selector);
            if parsed == LabelSelector::default() {
                let detail = ["empty selector is invalid for ", kind].concat();
                errors.invalid("WKL-02", &selector, &selector_json(&selector), &detail);
            }
            Some(parsed)
        }
    };
    let template = spec.key("template");
    must_match(parsed, &template, errors);
    validate_template(&template, errors);
    refuse_of_pods(&template, true, errors);
    let owner = match kind {
        "deployment" => "ReplicaSet",
        _ => "StatefulSet",
    };
    refuse_deadline(&template, owner, errors);
}

/// Pods of these owners run on and on.
pub fn refuse_deadline(template: &Field, owner: &str, errors: &mut Errors) {
    let spec = template.key("spec");
    let deadline = spec.key("activeDeadlineSeconds");
    if deadline.is_set() {
        let detail = ["activeDeadlineSeconds in ", owner, " is not Supported"].concat();
        errors.forbidden("WKL-04", &deadline, &detail);
    }
}

/// Selector and template of a DaemonSet, which may lack a selector: it matches nothing then.
fn validate_daemon_template(spec: &Field, errors: &mut Errors) {
    let selector = spec.key("selector");
    let template = spec.key("template");
    let before = errors.list.len();
    validate_selector(&selector, errors);
    if errors.list.len() == before {
        let parsed = selector.is_set().then(|| label_selector(&selector));
        let empty = parsed == Some(LabelSelector::default());
        must_match(parsed, &template, errors);
        if empty {
            let detail = "empty selector is invalid for daemonset";
            errors.invalid("WKL-02", &selector, "{}", detail);
        }
    }
    validate_template(&template, errors);
    refuse_of_pods(&template, true, errors);
    refuse_deadline(&template, "DaemonSet", errors);
}

/// No selector matches nothing, an empty one everything.
pub fn must_match(selector: Option<LabelSelector>, template: &Field, errors: &mut Errors) {
    let metadata = template.key("metadata");
    let labels = metadata.key("labels");
    let span = match labels.is_set() {
        true => labels.span,
        false => template.span,
    };
    must_match_labels(selector, &labels.shown_at(span), errors);
}

/// The same of labels.
pub fn must_match_labels(selector: Option<LabelSelector>, labels: &Field, errors: &mut Errors) {
    if selector.is_some_and(|selector| selector.matches(&string_map(labels))) {
        return;
    }
    let detail = "`selector` does not match template `labels`";
    errors.invalid("WKL-01", labels, &json_of(labels.node), detail);
    errors.suggest("give the template the labels of spec.selector.matchLabels");
}

/// Pods that are replaced restart always.
pub fn refuse_of_pods(template: &Field, looks: bool, errors: &mut Errors) {
    let pod = template.key("spec");
    let policy = pod.key("restartPolicy");
    if looks && !matches!(policy.text(), "" | "Always") {
        errors.unsupported("WKL-04", &policy, policy.text(), &["Always"]);
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

/// A template, whose labels the API server looks for beside its metadata.
pub fn validate_template(template: &Field, errors: &mut Errors) {
    let metadata = template.key("metadata");
    for name in ["labels", "annotations"] {
        let field = metadata.key(name);
        let shown = template.key(name).holding(&field);
        match name {
            "labels" => validate_labels(&shown, errors),
            _ => validate_annotations(&shown, errors),
        }
    }
    validate_template_spec(&template.key("spec"), errors);
    let pod = template.key("spec");
    let ephemeral = pod.key("ephemeralContainers");
    if ephemeral.count() > 0 {
        let detail = "ephemeral containers not allowed in pod template";
        errors.forbidden("CTR-11", &ephemeral, detail);
    }
}

/// A strategy with the names that Go gives its fields; `rolling`: those of `rollingUpdate`.
fn strategy_json(strategy: &Field, rolling: &[(&str, &str, &str)]) -> String {
    let kind = quote(strategy.key("type").text());
    let mut json = ["{\"Type\":", &kind, ",\"RollingUpdate\":"].concat();
    let update = strategy.key("rollingUpdate");
    if !update.is_set() {
        json.push_str("null}");
        return json;
    }
    json.push_str(&rolling_json(&update, rolling));
    json.push('}');
    json
}

/// Each field by its name, Go's name and the value it has if absent.
fn rolling_json(update: &Field, fields: &[(&str, &str, &str)]) -> String {
    let mut json = String::new();
    for (name, go, absent) in fields {
        json.push_str(if json.is_empty() { "{\"" } else { ",\"" });
        json.push_str(go);
        json.push_str("\":");
        let field = update.key(name);
        match field.is_set() {
            true => json.push_str(&json_of(field.node)),
            false => json.push_str(absent),
        }
    }
    json.push('}');
    json
}

const DEPLOYMENT: &[(&str, &str, &str)] = &[
    ("maxUnavailable", "MaxUnavailable", "0"),
    ("maxSurge", "MaxSurge", "0"),
];
const STATEFUL_SET: &[(&str, &str, &str)] = &[
    ("partition", "Partition", "0"),
    ("maxUnavailable", "MaxUnavailable", "null"),
];

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
        _ => {
            let value = strategy_json(strategy, DEPLOYMENT);
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
            Some(text) => quote(text),
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
