//! The form of a recorded case.

use super::trace::{EventRow, ExecRow, KillRow, ResultRow, StatusRow};
use crate::conformance::millis::Millis;
pub use crate::conformance::script::{OnDead, Outcome, ProbeConfig, Probes, RestartPolicy};
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
