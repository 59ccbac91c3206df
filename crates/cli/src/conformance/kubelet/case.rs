//! The form of a recorded case.

use crate::conformance::millis::Millis;
use crate::conformance::rows::expand;
use crate::conformance::script::{Probes, RestartPolicy};
use serde::Deserialize;
use serde_json::{json, Value};

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
    pub termination_grace_period_seconds: u32,
    pub pleg_phase_ms: Millis,
    pub sync_loop_phase_ms: Millis,
    pub status_manager_phase_ms: Millis,
    pub add_at_ms: Millis,
    #[serde(default)]
    pub delete: Option<Delete>,
    /// The last recorded moment.
    pub end_ms: Millis,
    pub sandbox_ms: Millis,
    pub create_ms: Millis,
    pub start_ms: Millis,
    pub stop_sandbox_ms: Millis,
    pub containers: Vec<ContainerConfig>,
}

/// A deletion.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delete {
    pub at_ms: Millis,
    pub grace_seconds: u32,
}

/// What a container is for.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Init,
    Sidecar,
    Main,
}

/// A scripted container.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerConfig {
    pub name: String,
    pub kind: Kind,
    pub exit_after_ms: Vec<Millis>,
    pub exit_code: Vec<i32>,
    pub exit_repeats: bool,
    pub stop_ms: Millis,
    pub stop_exit_code: i32,
    #[serde(default)]
    pub pre_stop_ms: Option<Millis>,
    #[serde(default)]
    pub image: Option<ImageConfig>,
    pub probes: Probes,
}

/// A container's image.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageConfig {
    pub pull_policy: PullPolicy,
    pub present: bool,
    pub pull_ms: Millis,
    #[serde(default)]
    pub script: Option<Vec<(Millis, Pull)>>,
}

/// `imagePullPolicy`.
#[derive(Clone, Copy, Deserialize)]
pub enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

/// What a pull comes to.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pull {
    Ok,
    Fail,
}

/// Equally spaced ticks: the first, the step, how many.
type Ticks = (Millis, Millis, u32);

/// What was recorded: rows as they stand, each beginning with its moment.
#[derive(Deserialize)]
pub struct Expect {
    pub status: Vec<Value>,
    pub cri: Vec<Value>,
    pub events: Vec<Value>,
    pub execs: Vec<Value>,
    pub results: Vec<Value>,
    /// `[container/kind, [[first, step, count]…]]`
    ticks: Vec<(String, Vec<Ticks>)>,
    pub syncs: Vec<Value>,
    pub requeues: Vec<Value>,
}

impl Expect {
    /// `[t, container/kind]` of every step.
    pub fn ticks_written_out(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        for (worker, runs) in &self.ticks {
            for at in expand(runs) {
                rows.push(json!([at.instant().as_millis(), worker]));
            }
        }
        rows
    }
}
