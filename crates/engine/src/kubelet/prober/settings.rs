//! The numbers of a probe that its worker needs.

use crate::api::{Probe, ProbeKind};
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// A probe as its worker sees it: the numbers only. Handler, timeout and grace are the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeSettings {
    pub kind: ProbeKind,
    /// Whether the container is a restartable init container.
    pub sidecar: bool,
    /// Whether the Pod object that the worker was created from had a deletion timestamp (PRB-06
    /// row 7). The object is never replaced, so this does not change later.
    pub pod_deleting: bool,
    pub initial_delay_seconds: u32,
    pub success_threshold: u32,
    pub failure_threshold: u32,
    /// At least one second.
    pub period: Duration,
}

impl ProbeSettings {
    /// The settings of a validated probe with defaults applied (PRB-25).
    pub fn new(kind: ProbeKind, probe: &Probe, sidecar: bool) -> Self {
        ProbeSettings {
            kind,
            sidecar,
            pod_deleting: false,
            initial_delay_seconds: probe.initial_delay_seconds,
            success_threshold: probe.success_threshold,
            failure_threshold: probe.failure_threshold,
            period: Duration::from_secs(u64::from(probe.period_seconds.max(1))),
        }
    }

    /// Whether a new worker first sleeps a uniform part of its period: only if the kubelet is
    /// younger than that period (PRB-04).
    pub fn needs_jitter(&self, kubelet_age: Duration) -> bool {
        self.period > kubelet_age
    }
}
