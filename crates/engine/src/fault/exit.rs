//! The container's first process ends by itself.

use super::{targets, FaultKind, Parameter, Subject};
use crate::cluster::Cx;
use crate::kubelet::with_world;
use crate::scenario::{ContainerRef, ProcessRef};

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "exit",
    subject: Subject::Container,
    parameters: &[Parameter::free("code", &["1"])],
    lasts: false,
    does: "The container's first process exits with this code, as a crashing application does.",
    unseen: "No probe sees it: the kubelet notices the exit itself and restarts the container, \
             unless the restart policy says otherwise.",
};

/// As if the container's first process had called `exit`.
pub(super) fn apply(
    cx: &mut Cx,
    target: &ContainerRef,
    process: &ProcessRef,
    code: i32,
) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        with_world(cx, pod, |world| {
            for pid in world.find_processes(container, process)? {
                world.exit_process(now, container, pid, code);
            }
            Ok::<(), String>(())
        })?;
    }
    Ok(())
}
