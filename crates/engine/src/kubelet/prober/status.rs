//! `started` and `ready` of a container, computed at every status generation from the result
//! caches (PRB-17 to PRB-20, PRB-22).

use super::manager::ContainerProbes;
use super::results::ProbeResult;
use crate::api::ProbeKind;

/// What the prober fills into a container's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ContainerFlags {
    pub started: bool,
    pub ready: bool,
    /// Trigger the readiness worker once this status is cached (PRB-20, PRB-21).
    pub trigger_readiness: bool,
}

/// Flags of a regular container or sidecar.
///
/// - `running`: the instance that runs in the status being made; None if its state is not Running.
/// - `carried_started`: `started` of the same container *name* in the previous cached status,
///   whatever instance that was (PRB-22); false if absent.
pub fn container_flags(
    probes: &ContainerProbes,
    running: Option<u32>,
    carried_started: bool,
) -> ContainerFlags {
    let Some(instance) = running else {
        return ContainerFlags::default();
    };
    let started = match probes.result(ProbeKind::Startup, instance) {
        Some(result) => result == ProbeResult::Success,
        None => carried_started || !probes.has(ProbeKind::Startup),
    };
    if !started {
        return ContainerFlags::default();
    }
    let succeeded = probes.result(ProbeKind::Readiness, instance) == Some(ProbeResult::Success);
    let has_worker = probes.has(ProbeKind::Readiness);
    ContainerFlags {
        started,
        ready: succeeded || !has_worker,
        trigger_readiness: !succeeded && has_worker,
    }
}

/// `ready` of a started container that is older than the kubelet (PRB-23): until its probe has a
/// result it is what the Pod was, for a readiness worker may not be there yet, and of a Pod that is
/// being deleted never will be.
///
/// - `ready`: as [`container_flags`] has it.
/// - `may_be_ready`: no readiness probe, or the API server's Pod has the condition Ready.
pub fn kept_ready(
    probes: &ContainerProbes,
    instance: u32,
    ready: bool,
    may_be_ready: bool,
) -> bool {
    match probes.result(ProbeKind::Readiness, instance) {
        Some(ProbeResult::Success) => true,
        Some(_) => ready && may_be_ready,
        None => may_be_ready,
    }
}

/// `ready` of a plain init container (PRB-19). `exit_code`: None unless Terminated.
pub fn plain_init_ready(exit_code: Option<i32>) -> bool {
    exit_code == Some(0)
}
