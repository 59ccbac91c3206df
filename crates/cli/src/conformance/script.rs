//! What recordings say about restarts and about what probes come to.

use super::millis::Millis;
use readyz_engine::api::ProbeKind;
use serde::Deserialize;

/// The Pod's `restartPolicy`.
#[derive(Clone, Copy, Deserialize)]
pub enum RestartPolicy {
    Always,
    OnFailure,
    Never,
}

/// The probes of a container.
#[derive(Deserialize)]
pub struct Probes {
    #[serde(default)]
    startup: Option<ProbeConfig>,
    #[serde(default)]
    readiness: Option<ProbeConfig>,
    #[serde(default)]
    liveness: Option<ProbeConfig>,
}

impl Probes {
    /// The probe of a kind.
    pub fn get(&self, kind: ProbeKind) -> Option<&ProbeConfig> {
        match kind {
            ProbeKind::Startup => self.startup.as_ref(),
            ProbeKind::Readiness => self.readiness.as_ref(),
            ProbeKind::Liveness => self.liveness.as_ref(),
        }
    }
}

/// A probe and what its executions come to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbeConfig {
    pub initial_delay_seconds: u32,
    pub period_seconds: u32,
    pub timeout_seconds: u32,
    pub success_threshold: u32,
    pub failure_threshold: u32,
    #[serde(default)]
    pub termination_grace_period_seconds: Option<u32>,
    pub exec_ms: Millis,
    pub on_dead: OnDead,
    /// The script's times count from the start of the current attempt, else from t=0.
    pub script_relative_to_start: bool,
    pub script: Vec<ScriptEntry>,
}

/// Result of an execution whose container instance does not run.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDead {
    Error,
    Failure,
}

/// From a moment on, executions have an outcome: `[T, outcome]` or `[T, "slow", D]`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "ScriptRow")]
pub struct ScriptEntry {
    pub from: Millis,
    pub outcome: Outcome,
}

/// What the script says about an execution.
#[derive(Clone, Copy)]
pub enum Outcome {
    Ok,
    Fail,
    Error,
    /// Exits 0 after that time, if the probe waits so long.
    Slow(Millis),
}

#[derive(Deserialize)]
struct ScriptRow(Millis, String, #[serde(default)] Option<Millis>);

impl TryFrom<ScriptRow> for ScriptEntry {
    type Error = String;

    fn try_from(ScriptRow(from, word, span): ScriptRow) -> Result<Self, String> {
        let outcome = match (word.as_str(), span) {
            ("ok", None) => Outcome::Ok,
            ("fail", None) => Outcome::Fail,
            ("error", None) => Outcome::Error,
            ("slow", Some(span)) => Outcome::Slow(span),
            _ => return Err(format!("unknown outcome {word:?}")),
        };
        Ok(ScriptEntry { from, outcome })
    }
}
