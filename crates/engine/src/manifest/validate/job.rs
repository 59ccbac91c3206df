//! Jobs and CronJobs (WKL-09).

use super::errors::json_of;
use super::metadata::{validate_metadata, NameRule};
use super::names;
use super::pod::one_of;
use super::workload::{must_match, validate_selector, validate_template};
use super::Errors;
use crate::manifest::decode::label_selector;
use crate::manifest::field::Field;

/// Completions of an Indexed Job that may run side by side.
const PARALLEL_MAX: i64 = 100_000;

/// Checks a Job.
#[inline(never)]
pub fn validate_job(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let selector = spec.key("selector");
    let manual = spec.key("manualSelector").bool();
    if selector.is_set() && !manual {
        let detail = "`selector` not auto-generated";
        errors.invalid("WKL-09", &selector, &json_of(selector.node), detail);
    }
    validate_job_spec(&spec, Some(root), errors);
    if !manual {
        return;
    }
    match selector.is_set() {
        true => validate_selector(&selector, errors),
        false => {
            errors.required("WKL-09", &selector, "");
        }
    }
    let parsed = selector.is_set().then(|| label_selector(&selector));
    must_match(parsed, &spec.key("template"), errors);
}

/// Checks a CronJob.
#[inline(never)]
pub fn validate_cron_job(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let spec = root.key("spec");
    let schedule = spec.key("schedule");
    let words: Vec<&str> = schedule.text().split_whitespace().collect();
    if schedule.text().is_empty() {
        errors.required("WKL-09", &schedule, "");
    } else if words.len() != 5 && !schedule.text().starts_with('@') {
        let all = words.join(" ");
        let detail = format!("expected exactly 5 fields, found {}: [{all}]", words.len());
        errors.invalid_text("WKL-09", &schedule, schedule.text(), &detail);
    }
    errors.not_negative("WKL-09", &spec.key("startingDeadlineSeconds"));
    let known = ["Allow", "Forbid", "Replace"];
    one_of("WKL-09", &spec.key("concurrencyPolicy"), &known, errors);
    let template = spec.key("jobTemplate");
    validate_job_spec(&template.key("spec"), None, errors);
    for name in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        errors.not_negative("WKL-09", &spec.key(name));
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
    validate_mode(spec, root.is_some(), errors);
    let failure_policy = spec.key("podFailurePolicy");
    if failure_policy.is_set() {
        let names = container_names(spec);
        for rule in failure_policy.key("rules").items() {
            validate_failure_rule(&rule, &names, spec, errors);
        }
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
        if name.text().len() > 63 {
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
