//! Steps as texts, changed where a front end changes them.

use crate::time::{Duration, Instant};

/// The step at another moment: `at` stands first in what a front end writes.
pub(super) fn with_time(step: &str, at: Instant) -> String {
    let rest = step.split_once(',').map_or("}", |(_, rest)| rest);
    format!("{{at: {}ns,{rest}", at.0)
}

/// The step with another `for:`; steps are YAML in flow style.
pub(super) fn with_duration(step: &str, span: Duration) -> String {
    let step = step.trim();
    let body = step.strip_suffix('}').unwrap_or(step).trim_end();
    let body = match body.rfind("for:") {
        Some(at) if !body[at..].contains(['{', '}']) => body[..at].trim_end().trim_end_matches(','),
        _ => body,
    };
    format!("{body}, for: {}ns}}", span.0)
}
