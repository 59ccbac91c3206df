//! Scripted executions: what a probe's next execution comes to, decided at its begin.

use super::case::{OnDead, Outcome, ProbeConfig};
use crate::conformance::millis::Millis;
use readyz_engine::api::ProbeKind;
use readyz_engine::record::ProbeOutcome;
use readyz_engine::time::{Duration, Instant};

/// One execution.
#[derive(Clone, Copy, Debug)]
pub struct Execution {
    pub span: Duration,
    pub outcome: ProbeOutcome,
    /// The outcome's name in the recording.
    pub name: &'static str,
}

/// The execution that begins at `now`. `alive_since`: start of the container instance that the
/// worker probes, None if it does not run.
pub fn execution(probe: &ProbeConfig, now: Instant, alive_since: Option<Instant>) -> Execution {
    let span = probe.exec_ms.span();
    let usual = |outcome, name| Execution {
        span,
        outcome,
        name,
    };
    let Some(started_at) = alive_since else {
        return match probe.on_dead {
            OnDead::Error => usual(ProbeOutcome::Error, "dead-error"),
            OnDead::Failure => usual(ProbeOutcome::Failure, "dead-failure"),
        };
    };
    let reference = if probe.script_relative_to_start {
        Millis(now.since(started_at).0)
    } else {
        Millis::from(now)
    };
    let timeout = Duration::from_secs(u64::from(probe.timeout_seconds));
    let entry = probe.script.iter().rev().find(|e| e.from <= reference);
    match entry.map_or(Outcome::Ok, |e| e.outcome) {
        Outcome::Ok => usual(ProbeOutcome::Success, "ok"),
        Outcome::Fail => usual(ProbeOutcome::Failure, "fail"),
        Outcome::Error => usual(ProbeOutcome::Error, "error"),
        Outcome::Slow(slow) if slow.span() < timeout => Execution {
            span: slow.span(),
            outcome: ProbeOutcome::Success,
            name: "slow-ok",
        },
        Outcome::Slow(_) => Execution {
            span: timeout + span,
            outcome: ProbeOutcome::Failure,
            name: "timeout",
        },
    }
}

/// The message of the event that an execution leaves; None where there is none (PRB-27).
pub fn message(kind: ProbeKind, probe: &ProbeConfig, execution: Execution) -> Option<String> {
    let title = kind.title();
    match execution.outcome {
        ProbeOutcome::Success | ProbeOutcome::Warning => None,
        ProbeOutcome::Error => Some(format!(
            "{title} probe errored and resulted in unknown state: exec failed"
        )),
        ProbeOutcome::Failure if execution.name == "timeout" => {
            let name = kind.name();
            let after = probe.timeout_seconds;
            Some(format!(
                "{title} probe failed: command timed out: \"probe {name}\" timed out after {after}s"
            ))
        }
        ProbeOutcome::Failure => Some(format!("{title} probe failed: not ok")),
    }
}
