//! The form of a recorded case.

use super::trace::{EventRow, ExecRow, KillRow, ResultRow, StatusRow};
use crate::conformance::millis::Millis;
use readyz_engine::api::ProbeKind;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One line of a recording.
#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub config: Config,
    pub expect: Expect,
}

/// What was played.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    pub restart_policy: RestartPolicy,
    /// Age of the prober manager at t=0.
    pub kubelet_age_ms: Millis,
    pub add_at_ms: Millis,
    pub pod_grace_ms: Millis,
    #[serde(default)]
    pub resyncs_ms: Option<Vec<Millis>>,
    #[serde(default)]
    pub delete: Option<Delete>,
    /// The last recorded moment.
    pub end_ms: Millis,
    pub containers: Vec<ContainerConfig>,
}

/// The Pod's `restartPolicy`.
#[derive(Clone, Copy, Deserialize)]
pub enum RestartPolicy {
    Always,
    OnFailure,
    Never,
}

/// A deletion.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delete {
    pub at_ms: Millis,
    pub grace_ms: Millis,
}

/// A scripted container.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerConfig {
    pub name: String,
    #[serde(default)]
    pub sidecar: bool,
    pub start_delay_ms: Millis,
    pub create_ms: Millis,
    pub stop_ms: Millis,
    pub stop_exit_code: i32,
    pub restart_delay_ms: Vec<Millis>,
    #[serde(default)]
    pub crash_after_ms: Option<Vec<Millis>>,
    #[serde(default)]
    pub crash_exit_code: Option<Vec<i32>>,
    pub probes: Probes,
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

/// What was recorded.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expect {
    /// Initial sleep of each worker by `container/kind`: an input of the play.
    #[serde(default)]
    pub jitter_ms: BTreeMap<String, Millis>,
    /// By `container/kind`: runs of `[first, step, count]`.
    pub ticks: BTreeMap<String, Vec<(Millis, Millis, u32)>>,
    pub execs: Vec<ExecRow>,
    pub results: Vec<ResultRow>,
    pub status: Vec<StatusRow>,
    pub kills: Vec<KillRow>,
    pub events: Vec<EventRow>,
    pub syncs: Vec<Millis>,
}
