//! Probes and lifecycle hooks (VPR rules, CTR-10).

use super::names;
use super::Errors;
use crate::api::ProbeKind;
use crate::manifest::field::Field;

const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";

/// Checks one probe.
pub fn validate_probe(probe: &Field, kind: ProbeKind, errors: &mut Errors) {
    if !probe.is_set() {
        return;
    }
    validate_handler(
        probe,
        &["exec", "httpGet", "tcpSocket", "grpc"],
        None,
        errors,
    );
    for name in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        errors.not_negative("VPR-04", &probe.key(name));
    }
    let grace = probe.key("terminationGracePeriodSeconds");
    if grace.is_set() && grace.int() <= 0 {
        errors.invalid_int("VPR-05", &grace, grace.int(), "must be greater than 0");
    }
    if kind == ProbeKind::Readiness {
        if grace.is_set() {
            let detail = "must not be set for readinessProbes";
            errors.invalid_int("VPR-06", &grace, grace.int(), detail);
        }
        return;
    }
    let threshold = probe.key("successThreshold");
    // 0 becomes the default, 1.
    if !matches!(threshold.int(), 0 | 1) {
        errors.invalid_int("VPR-01", &threshold, threshold.int(), "must be 1");
    }
}

/// Checks that there is exactly one handler and that it is complete. `grace` is the Pod's, for
/// hooks that sleep.
fn validate_handler(holder: &Field, kinds: &[&str], grace: Option<i64>, errors: &mut Errors) {
    let mut handlers = 0;
    for kind in kinds.iter().copied() {
        let handler = holder.key(kind);
        if !handler.is_set() {
            continue;
        }
        handlers += 1;
        if handlers > 1 {
            errors.forbidden(
                "VPR-03",
                &handler,
                "may not specify more than 1 handler type",
            );
            continue;
        }
        match kind {
            "exec" => {
                let command = handler.key("command");
                if command.count() == 0 {
                    errors.required("VPR-11", &command, "");
                }
            }
            "httpGet" => validate_http_get(&handler, errors),
            "sleep" => validate_sleep(&handler, grace, errors),
            _ => validate_port("VPR-07", &handler.key("port"), errors),
        }
    }
    if handlers == 0 {
        let rule = if grace.is_some() { "CTR-10" } else { "VPR-02" };
        errors.required(rule, holder, "must specify a handler type");
        errors.suggest("add exec, httpGet, tcpSocket or grpc");
    }
}

fn validate_http_get(handler: &Field, errors: &mut Errors) {
    validate_port("VPR-07", &handler.key("port"), errors);
    let scheme = handler.key("scheme");
    let value = scheme.text_or("HTTP");
    if !matches!(value, "HTTP" | "HTTPS") {
        errors.unsupported("VPR-09", &scheme, value, &["HTTP", "HTTPS"]);
    }
    let headers = handler.key("httpHeaders");
    for header in headers.items() {
        let name = header.key("name");
        let at = headers.shown_at(name.span);
        let wrong = names::header_name(name.text());
        errors.each("VPR-10", &at, name.text(), &wrong);
    }
}

fn validate_sleep(handler: &Field, grace: Option<i64>, errors: &mut Errors) {
    let seconds = handler.key("seconds").int();
    if let Some(grace) = grace {
        if seconds < 0 || seconds > grace {
            let detail = format!(
                "must be non-negative and less than terminationGracePeriodSeconds ({grace})"
            );
            errors.invalid_int("CTR-10", handler, seconds, &detail);
        }
    }
}

/// A port that is a number or a name (VPR-07, VPR-08). Absent means 0.
pub fn validate_port(rule: &'static str, port: &Field, errors: &mut Errors) {
    match port.node.and_then(|node| node.text()) {
        Some(name) => {
            let wrong = names::port_name(name);
            errors.each("VPR-08", port, name, &wrong);
            if !wrong.is_empty() && name.parse::<u16>().is_ok() {
                errors.suggest("without quotes it is a number");
                errors.replace_value(port, name);
            }
        }
        None => validate_port_number(rule, port, port.int(), errors),
    }
}

/// A port's number.
pub fn validate_port_number(rule: &'static str, port: &Field, number: i64, errors: &mut Errors) {
    if !(1..=65535).contains(&number) {
        errors.invalid_int(rule, port, number, PORT_RANGE);
    }
}

/// Checks `lifecycle`; `grace` is the Pod's termination grace period.
pub fn validate_lifecycle(lifecycle: &Field, grace: i64, errors: &mut Errors) {
    for name in ["postStart", "preStop"] {
        let hook = lifecycle.key(name);
        if hook.is_set() {
            let kinds = ["exec", "httpGet", "tcpSocket", "sleep"];
            validate_handler(&hook, &kinds, Some(grace), errors);
        }
    }
}
