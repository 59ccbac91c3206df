//! What a worker reads: its container in the kubelet's own (cached) Pod status, not in the API
//! server's and not in the runtime's.

use crate::status::{ContainerState, ContainerStatus, Phase};
use crate::time::{Duration, Instant};

/// A container that had run for longer than this when the kubelet began goes on as it was (PRB-23).
const KEPT_AFTER: Duration = Duration::from_secs(10);

/// Whether a container had run for long when the kubelet began, if the Pod may be older (PRB-23).
pub fn is_older(started_at: Instant, began: Option<Instant>) -> bool {
    began.is_some_and(|began| began.since(started_at) > KEPT_AFTER)
}

/// The status manager's entry for the worker's Pod, narrowed to the worker's container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cached {
    /// No status, or the container is not in it (PRB-06 rows 1 and 3).
    Missing,
    /// Phase Succeeded or Failed (PRB-06 row 2).
    PodEnded,
    Container(CachedContainer),
}

/// The worker's container in the cached status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CachedContainer {
    /// Ordinal of the instance, which stands for the container ID. None: empty.
    pub instance: Option<u32>,
    pub state: CachedState,
    /// `started` is present and true.
    pub started: bool,
    /// Whether the instance was ready, if it had been running for more than 10 s when the kubelet
    /// began: it goes on as started and ready as it was (PRB-23).
    pub kept: Option<bool>,
}

/// State of the container in the cached status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachedState {
    Waiting,
    /// `started_at` counts from its whole second (PRB-09), cut here if it is not yet.
    Running {
        started_at: Instant,
    },
    /// `will_restart`: policy or rules would restart it after that exit code (RST-01), or a
    /// RestartAllContainers is pending; always so for a sidecar (PRB-08).
    Terminated {
        will_restart: bool,
    },
}

impl Cached {
    /// The view on one container of a cached Pod status. `began`: when the kubelet's process did,
    /// if the Pod may be older;
    /// `will_restart` tells for an exit code whether the container would be restarted (RST-01).
    pub fn of(
        phase: Phase,
        container: &ContainerStatus,
        began: Option<Instant>,
        will_restart: impl FnOnce(i32) -> bool,
    ) -> Self {
        if phase.is_terminal() {
            return Cached::PodEnded;
        }
        Cached::Container(CachedContainer {
            instance: container.instance,
            state: match container.state {
                ContainerState::Waiting { .. } => CachedState::Waiting,
                ContainerState::Running { started_at } => CachedState::Running { started_at },
                ContainerState::Terminated(end) => CachedState::Terminated {
                    will_restart: will_restart(end.exit_code),
                },
            },
            started: container.started == Some(true),
            kept: match container.state {
                ContainerState::Running { started_at } => {
                    is_older(started_at, began).then_some(container.ready)
                }
                _ => None,
            },
        })
    }
}
