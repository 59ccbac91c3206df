//! A scripted container as it really is, and as the cached Pod status has it.

use super::case::{Config, ContainerConfig, RestartPolicy};
use super::trace::ContainerRow;
use readyz_engine::api::ProbeKind;
use readyz_engine::kubelet::prober::{CachedContainer, CachedState, ContainerProbes, ProbeResult};
use readyz_engine::time::Instant;

/// What the container does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// No attempt yet.
    Waiting,
    Running {
        started_at: Instant,
        /// A stop was begun: the scripted exit does not come any more.
        stopping: bool,
    },
    Terminated {
        exit_code: i32,
    },
}

/// A container, its workers, and its part of the cached status.
pub struct Container {
    pub state: State,
    /// The latest attempt, counted from 0.
    pub attempt: Option<u32>,
    /// A start is due: the first, or one after an own exit.
    pub start_pending: bool,
    pub cached: CachedFlags,
    pub probes: ContainerProbes,
}

/// A container in the cached status.
#[derive(Clone, Copy)]
pub struct CachedFlags {
    pub state: State,
    pub attempt: Option<u32>,
    pub started: Option<bool>,
    pub ready: bool,
}

impl Container {
    /// A container before its first start.
    pub fn new() -> Self {
        Container {
            state: State::Waiting,
            attempt: None,
            start_pending: false,
            cached: CachedFlags {
                state: State::Waiting,
                attempt: None,
                started: None,
                ready: false,
            },
            probes: ContainerProbes::default(),
        }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Whether it runs and no stop was begun.
    pub fn is_running_free(&self) -> bool {
        matches!(
            self.state,
            State::Running {
                stopping: false,
                ..
            }
        )
    }

    /// The attempt that runs.
    pub fn running_attempt(&self) -> Option<u32> {
        self.attempt.filter(|_| self.is_running())
    }

    /// When the given attempt started, if it is the one that runs.
    pub fn alive_since(&self, attempt: u32) -> Option<Instant> {
        match self.state {
            State::Running { started_at, .. } if self.attempt == Some(attempt) => Some(started_at),
            _ => None,
        }
    }

    /// Why the running container must be killed: a stored Failure, liveness before startup.
    pub fn kill_reason(&self) -> Option<ProbeKind> {
        let attempt = self.running_attempt()?;
        [ProbeKind::Liveness, ProbeKind::Startup]
            .into_iter()
            .find(|&kind| self.probes.result(kind, attempt) == Some(ProbeResult::Failure))
    }
}

impl CachedFlags {
    /// As a worker reads it.
    pub fn view(&self, config: &Config, container: &ContainerConfig) -> CachedContainer {
        CachedContainer {
            instance: self.attempt,
            state: match self.state {
                State::Waiting => CachedState::Waiting,
                State::Running { started_at, .. } => CachedState::Running { started_at },
                State::Terminated { exit_code } => CachedState::Terminated {
                    will_restart: restarts_after(config, container, exit_code),
                },
            },
            started: self.started == Some(true),
            kept: None,
        }
    }

    /// As the recording writes it.
    pub fn row(&self, name: &str) -> ContainerRow {
        let state = match self.state {
            State::Waiting => "w",
            State::Running { .. } => "r",
            State::Terminated { .. } => "t",
        };
        ContainerRow(
            name.to_owned(),
            state.to_owned(),
            attempt_number(self.attempt),
            self.started,
            self.ready,
        )
    }
}

/// Whether an own exit is followed by a restart: a sidecar always (RST-01).
pub fn restarts_after(config: &Config, container: &ContainerConfig, exit_code: i32) -> bool {
    container.sidecar
        || match config.restart_policy {
            RestartPolicy::Always => true,
            RestartPolicy::OnFailure => exit_code != 0,
            RestartPolicy::Never => false,
        }
}

/// An attempt as the recording writes it: −1 for none.
pub fn attempt_number(attempt: Option<u32>) -> i64 {
    attempt.map_or(-1, i64::from)
}
