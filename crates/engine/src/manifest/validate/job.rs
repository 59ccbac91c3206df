//! Jobs and CronJobs (WKL-09).

use super::cron::{schedule_fault, zone_fault};
use super::errors::json_of;
use super::metadata::{generated_name, validate_metadata, NameRule};
use super::names;
use super::pod::one_of;
use super::workload::{
    must_match, must_match_labels, selector_json, validate_selector, validate_template,
};
use super::Errors;
use crate::manifest::decode::label_selector;
use crate::manifest::field::Field;
use crate::manifest::yaml::{quote, Entry, Node, Value};

/// Completions of an Indexed Job that may run side by side.
const PARALLEL_MAX: i64 = 100_000;
/// Names of its Jobs add the time to that of a CronJob.
const CRON_JOB_NAME_MAX: usize = 52;
/// Rules of a success policy.
const SUCCESS_RULES_MAX: usize = 20;

/// Checks a Job.
#[inline(never)]
pub fn validate_job(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let selector = spec.key("selector");
    let manual = spec.key("manualSelector").bool();
    let template = spec.key("template");
    let mut faults = Errors::default();
    validate_selector(&selector, &mut faults);
    let is_valid = !faults.any_refused();
    if !manual && is_valid && selector.node.is_some_and(has_labels) {
        let (own, labels) = (with_uid(&selector), with_job_labels(root, &template));
        let detail = "`selector` not auto-generated";
        let value = selector_json(&selector.holding(&Field::root(&own)));
        errors.invalid("WKL-09", &selector, &value, detail);
        validate_job_spec(&spec, Some(root), errors);
        let at = template.key("metadata");
        let at = at.key("labels").shown_at(template.span);
        let parsed = Some(label_selector(&selector));
        must_match_labels(parsed, &at.holding(&Field::root(&labels)), errors);
        return;
    }
    validate_job_spec(&spec, Some(root), errors);
    if !manual || !is_valid {
        return validate_selector(&selector, errors);
    }
    if !selector.is_set() {
        errors.required("WKL-09", &selector, "");
    }
    let parsed = selector.is_set().then(|| label_selector(&selector));
    must_match(parsed, &template, errors);
}

fn has_labels(selector: &Node) -> bool {
    selector.get("matchLabels").is_some() || selector.get("matchExpressions").is_some()
}

/// What the API server puts into a selector: the Job's uid, which nobody can know.
const UID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

fn with_uid(selector: &Field) -> Node {
    let mut node = selector.node.cloned().unwrap_or(Node::null(selector.span));
    let label = Entry::made(
        "batch.kubernetes.io/controller-uid",
        Value::Text(UID.into()),
    );
    if let Value::Map(entries) = &mut node.value {
        let labels = entries.iter_mut().find(|entry| entry.key == "matchLabels");
        match labels.map(|entry| &mut entry.value.value) {
            Some(Value::Map(labels)) => labels.push(label),
            _ => entries.push(Entry::made("matchLabels", Value::Map(vec![label]))),
        }
    }
    node
}

/// The labels of a Job's Pods.
fn with_job_labels(root: &Field, template: &Field) -> Node {
    let labels = template
        .node
        .and_then(|template| template.at("metadata.labels"));
    let mut node = labels.cloned().unwrap_or(Node::null(template.span));
    if !node.is_map() {
        node.value = Value::Map(Vec::new());
    }
    let metadata = root.key("metadata");
    let name = metadata.key("name").text();
    if let Value::Map(entries) = &mut node.value {
        for prefix in ["batch.kubernetes.io/", ""] {
            for (label, value) in [("controller-uid", UID), ("job-name", name)] {
                let label = [prefix, label].concat();
                entries.push(Entry::made(&label, Value::Text(value.to_owned())));
            }
        }
    }
    node
}

/// Checks a CronJob.
#[inline(never)]
pub fn validate_cron_job(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let schedule = spec.key("schedule");
    if schedule.text().is_empty() {
        errors.required("WKL-09", &schedule, "");
    } else if let Some(fault) = schedule_fault(schedule.text()) {
        errors.invalid_text("WKL-09", &schedule, schedule.text(), &fault);
    }
    if schedule.text().contains("TZ") {
        let detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
        errors.invalid_text("WKL-09", &schedule, schedule.text(), detail);
    }
    validate_zone(&spec.key("timeZone"), errors);
    errors.not_negative("WKL-09", &spec.key("startingDeadlineSeconds"));
    let known = ["Allow", "Forbid", "Replace"];
    one_of("WKL-09", &spec.key("concurrencyPolicy"), &known, errors);
    let template = spec.key("jobTemplate");
    validate_job_spec(&template.key("spec"), None, errors);
    for name in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        errors.not_negative("WKL-09", &spec.key(name));
    }
    let metadata = root.key("metadata");
    let name = metadata.key("name");
    let made = generated_name(metadata.key("generateName").text());
    let text = if name.is_set() { name.text() } else { &made };
    if text.len() > CRON_JOB_NAME_MAX {
        let detail = "must be no more than 52 characters";
        errors.invalid_text("WKL-09", &name, text, detail);
    }
}

fn validate_zone(zone: &Field, errors: &mut Errors) {
    if !zone.is_set() {
        return;
    }
    let mut refuse = |detail: &str| {
        errors.invalid_text("WKL-09", zone, zone.text(), detail);
    };
    if zone.text().is_empty() {
        return refuse("timeZone must be nil or non-empty string");
    }
    if zone.text().eq_ignore_ascii_case("local") {
        refuse(
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
        );
    }
    if let Some(fault) = zone_fault(zone.text()) {
        refuse(&fault);
    }
}

/// Checks a Job's spec; `root`: the Job itself, if there is one yet.
fn validate_job_spec(spec: &Field, root: Option<&Field>, errors: &mut Errors) {
    for name in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ] {
        errors.not_negative("WKL-09", &spec.key(name));
    }
    let manager = spec.key("managedBy");
    if manager.is_set() {
        validate_manager(&manager, errors);
    }
    validate_mode(spec, root.is_some(), errors);
    let failure_policy = spec.key("podFailurePolicy");
    if failure_policy.is_set() {
        let names = container_names(spec);
        for rule in failure_policy.key("rules").items() {
            validate_failure_rule(&rule, &names, spec, errors);
        }
    }
    let success = spec.key("successPolicy");
    if success.is_set() {
        validate_success_policy(&success, spec, errors);
    }
    let replacement = spec.key("podReplacementPolicy");
    let known = ["Failed", "TerminatingOrFailed"];
    let count = if failure_policy.is_set() { 1 } else { 2 };
    one_of("WKL-09", &replacement, &known[..count], errors);
    let template = spec.key("template");
    if let Some(root) = root {
        // The name becomes a label of the Pods.
        let metadata = root.key("metadata");
        let name = metadata.key("name");
        if !spec.key("manualSelector").bool() {
            let labels = template.key("labels").shown_at(name.span);
            let wrong = names::label_value(name.text());
            errors.each("WKL-09", &labels, name.text(), &wrong);
        }
    }
    validate_template(&template, errors);
    let pod = template.key("spec");
    let policy = pod.key("restartPolicy");
    match policy.text() {
        "OnFailure" if failure_policy.is_set() => {
            let detail = "only \"Never\" is supported when podFailurePolicy is specified";
            errors.invalid_text("WKL-09", &policy, policy.text(), detail);
        }
        "OnFailure" | "Never" => {}
        "" | "Always" => {
            let detail = "valid values: \"OnFailure\", \"Never\"";
            errors.required("WKL-09", &policy, detail);
        }
        other => {
            errors.unsupported("WKL-09", &policy, other, &["OnFailure", "Never"]);
        }
    }
}

/// `managedBy`: a path behind a domain.
fn validate_manager(manager: &Field, errors: &mut Errors) {
    let text = manager.text();
    match text.split_once('/') {
        _ if text.is_empty() => {
            errors.required("WKL-09", manager, "");
        }
        Some((domain, path)) if !domain.is_empty() && !path.is_empty() => {
            errors.each("WKL-09", manager, domain, &names::subdomain(domain));
        }
        _ => {
            let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
            errors.invalid_text("WKL-09", manager, text, detail);
        }
    }
    if text.len() > 63 {
        errors.too_long("WKL-09", manager, 63);
    }
}

/// When an Indexed Job is done early.
#[inline(never)]
fn validate_success_policy(policy: &Field, spec: &Field, errors: &mut Errors) {
    let rules = policy.key("rules");
    if spec.key("completionMode").text() != "Indexed" {
        let all: Vec<String> = rules.items().map(|rule| success_json(&rule)).collect();
        let value = match rules.is_set() {
            true => ["{\"Rules\":[", &all.join(","), "]}"].concat(),
            false => "{\"Rules\":null}".to_owned(),
        };
        errors.invalid("WKL-09", policy, &value, "requires indexed completion mode");
        return;
    }
    if rules.count() == 0 {
        let detail = "at least one rules must be specified when the successPolicy is specified";
        errors.required("WKL-09", &rules, detail);
    }
    if rules.count() > SUCCESS_RULES_MAX {
        errors.too_many("WKL-09", &rules, rules.count(), SUCCESS_RULES_MAX);
    }
    let completions = spec.key("completions");
    for rule in rules.items() {
        let (count, indexes) = (rule.key("succeededCount"), rule.key("succeededIndexes"));
        if !count.is_set() && !indexes.is_set() {
            let detail = "at least one of succeededCount or succeededIndexes must be specified";
            errors.required("WKL-09", &rule, detail);
        }
        let mut named = None;
        if indexes.is_set() {
            match index_count(indexes.text(), completions.int()) {
                Ok(count) => named = Some(count),
                Err(fault) => {
                    let detail = ["error parsing succeededIndexes: ", &fault].concat();
                    errors.invalid_text("WKL-09", &indexes, indexes.text(), &detail);
                }
            }
        }
        if !count.is_set() {
            continue;
        }
        errors.not_negative("WKL-09", &count);
        if completions.is_set() && count.int() > completions.int() {
            let most = completions.int();
            let detail = format!(
                "must be less than or equal to {most} (the number of specified completions)"
            );
            errors.invalid_int("WKL-09", &count, count.int(), &detail);
        }
        if let Some(named) = named.filter(|named| count.int() > *named) {
            let detail = format!(
                "must be less than or equal to {named} (the number of indexes in the specified \
                 succeededIndexes field)"
            );
            errors.invalid_int("WKL-09", &count, count.int(), &detail);
        }
    }
}

fn success_json(rule: &Field) -> String {
    let value = |name: &str| json_of(rule.key(name).node);
    let (indexes, count) = (value("succeededIndexes"), value("succeededCount"));
    [
        "{\"SucceededIndexes\":",
        &indexes,
        ",\"SucceededCount\":",
        &count,
        "}",
    ]
    .concat()
}

/// How many indexes a text such as `0,2-4` names.
fn index_count(text: &str, completions: i64) -> Result<i64, String> {
    let mut count = 0;
    let mut previous: Option<i64> = None;
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let ends: Vec<&str> = part.split('-').collect();
        if ends.len() > 2 {
            return Err(format!(
                "the fragment {} violates the requirement that an index interval can have at most \
                 two parts separated by '-'",
                quote(part)
            ));
        }
        let mut first = None;
        for end in ends {
            let number = end.parse::<i64>().map_err(|_| {
                ["cannot convert string to integer for index: ", &quote(end)].concat()
            })?;
            if let Some(previous) = previous.filter(|previous| *previous >= number) {
                return Err(format!(
                    "non-increasing order, previous: {previous}, current: {number}"
                ));
            }
            if number >= completions {
                return Err(["too large index: ", &quote(end)].concat());
            }
            count += first.map_or(1, |first| number - first);
            first = Some(number);
            previous = Some(number);
        }
    }
    Ok(count)
}

/// `completionMode` and what only Indexed Jobs have.
fn validate_mode(spec: &Field, is_job: bool, errors: &mut Errors) {
    let mode = spec.key("completionMode");
    let (limit, most) = (
        spec.key("backoffLimitPerIndex"),
        spec.key("maxFailedIndexes"),
    );
    if most.is_set() && !limit.is_set() {
        errors.required("WKL-09", &limit, "when maxFailedIndexes is specified");
    }
    one_of("WKL-09", &mode, &["NonIndexed", "Indexed"], errors);
    let completions = spec.key("completions");
    let parallelism = spec.key("parallelism");
    if mode.text() == "Indexed" {
        // Without either number there is one Pod.
        if (parallelism.is_set() || !is_job) && !completions.is_set() {
            errors.required("WKL-09", &completions, "when completion mode is Indexed");
        }
        if parallelism.int() > PARALLEL_MAX {
            let detail = "must be less than or equal to 100000 when completion mode is Indexed";
            errors.invalid_int("WKL-09", &parallelism, parallelism.int(), detail);
        }
        if completions.is_set() && most.int() > completions.int() {
            let detail = "must be less than or equal to completions";
            errors.invalid_int("WKL-09", &most, most.int(), detail);
        }
    } else if matches!(mode.text(), "" | "NonIndexed") {
        for field in [&limit, &most] {
            if field.is_set() {
                let detail = "requires indexed completion mode";
                errors.invalid_int("WKL-09", field, field.int(), detail);
            }
        }
    }
}

fn container_names(spec: &Field) -> Vec<String> {
    let template = spec.key("template");
    let pod = template.key("spec");
    let mut names = Vec::new();
    for list in ["containers", "initContainers"] {
        for container in pod.key(list).items() {
            names.push(container.key("name").text().to_owned());
        }
    }
    names
}

fn validate_failure_rule(rule: &Field, names: &[String], spec: &Field, errors: &mut Errors) {
    let action = rule.key("action");
    let known = ["Count", "FailIndex", "FailJob", "Ignore"];
    match action.text() {
        "" => {
            let detail = "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]";
            errors.required("WKL-09", &action, detail);
        }
        "FailIndex" if !spec.key("backoffLimitPerIndex").is_set() => {
            let detail = "requires the backoffLimitPerIndex to be set";
            errors.invalid_text("WKL-09", &action, action.text(), detail);
        }
        _ => one_of("WKL-09", &action, &known, errors),
    }
    let codes = rule.key("onExitCodes");
    if codes.is_set() {
        validate_exit_codes(&codes, names, errors);
    }
    let conditions = rule.key("onPodConditions");
    for condition in conditions.items() {
        let name = condition.key("type");
        let wrong = names::qualified_name(name.text());
        errors.each("WKL-09", &name, name.text(), &wrong);
    }
    let detail = match (codes.is_set(), conditions.count() > 0) {
        (true, true) => "specifying both OnExitCodes and OnPodConditions is not supported",
        (false, false) => "specifying one of OnExitCodes and OnPodConditions is required",
        _ => return,
    };
    errors.invalid_bare("WKL-09", rule, detail);
}

fn validate_exit_codes(codes: &Field, names: &[String], errors: &mut Errors) {
    let operator = codes.key("operator");
    match operator.text() {
        "" => {
            errors.required("WKL-09", &operator, "valid values: [\"In\" \"NotIn\"]");
        }
        _ => one_of("WKL-09", &operator, &["In", "NotIn"], errors),
    }
    let container = codes.key("containerName");
    if container.is_set() && !names.iter().any(|name| name == container.text()) {
        let detail = "must be one of the container or initContainer names in the pod template";
        errors.invalid_text("WKL-09", &container, container.text(), detail);
    }
    let values = codes.key("values");
    if values.count() == 0 {
        let json = json_of(values.node);
        errors.invalid("WKL-09", &values, &json, "at least one value is required");
    }
    let mut seen: Vec<i64> = Vec::new();
    for value in values.items() {
        let number = value.int();
        if operator.text() == "In" && number == 0 {
            let detail = "must not be 0 for the In operator";
            errors.invalid_int("WKL-09", &value, number, detail);
        }
        if seen.contains(&number) {
            errors.duplicate("WKL-09", &value, &number.to_string());
        }
        seen.push(number);
    }
    if !seen.is_sorted() {
        errors.invalid("WKL-09", &values, &json_of(values.node), "must be ordered");
    }
}
