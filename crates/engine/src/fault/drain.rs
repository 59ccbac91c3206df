//! A node is emptied for its upkeep: cordoned, and its Pods evicted.

use super::{FaultKind, Parameter, Subject};
use crate::cluster::Cx;
use crate::controllers;
use crate::time::Duration;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "drain",
    subject: Subject::AtNode,
    parameters: &[
        Parameter::words("force", &["true", "false"]),
        Parameter::words("ignoreDaemonSets", &["true", "false"]),
        Parameter::free("grace", &["30s"]),
        Parameter::free("timeout", &["60s"]),
    ],
    lasts: false,
    does: "No Pod is scheduled to the node any more, and those on it are evicted, each with its \
           grace period; a PodDisruptionBudget makes the others wait. The node stays cordoned.",
    unseen:
        "No probe sees it: the Pods are deleted like any others, and leave their Services when \
             the deletion begins. A Pod that no controller owns does not come back.",
};

/// As `kubectl drain` does it.
pub(super) fn apply(
    cx: &mut Cx,
    node: &str,
    force: bool,
    grace: Option<Duration>,
    timeout: Option<Duration>,
) -> Result<(), String> {
    let grace = grace.map(|grace| grace.as_secs() as u32);
    let drained = controllers::drain(cx, node, force, grace, timeout);
    drained.map(drop).map_err(|error| error.text)
}
