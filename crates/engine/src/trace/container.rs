//! Rows `container`.

use serde::{Deserialize, Serialize};

/// A container status, as written. A row appears when anything of it but the container id changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerChange {
    pub pod: String,
    pub container: String,
    /// One of `initContainerStatuses`, sidecars included; absent for others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub init: bool,
    /// Name of the state before; null if the status is new.
    pub from: Option<String>,
    /// The state's name (`state`) and its fields.
    #[serde(flatten)]
    pub state: ContainerStateRow,
    pub ready: bool,
    /// False also where the API has no value.
    pub started: bool,
    pub restart_count: u32,
    /// `lastState`, absent while there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<ContainerStateRow>,
}

/// State of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "state",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
pub enum ContainerStateRow {
    Waiting {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Running {
        started_at: Option<String>,
    },
    /// Null stamps: the container was never found (reason ContainerStatusUnknown).
    Terminated {
        exit_code: i32,
        finished_at: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        started_at: Option<String>,
    },
}

impl ContainerStateRow {
    /// The state's name, as in the field `state`.
    pub const fn name(&self) -> &'static str {
        match self {
            ContainerStateRow::Waiting { .. } => "waiting",
            ContainerStateRow::Running { .. } => "running",
            ContainerStateRow::Terminated { .. } => "terminated",
        }
    }
}
