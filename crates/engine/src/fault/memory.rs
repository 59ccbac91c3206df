//! A memory leak.

use super::{hold, targets, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::ContainerRef;
use crate::time::Duration;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "memory",
    subject: Subject::Container,
    parameters: &[
        Parameter::free("to", &["512Mi"]),
        Parameter::free("over", &["60s"]),
    ],
    lasts: true,
    does: "The container's memory grows to this size; above its limit the kernel kills it: exit \
           code 137, reason OOMKilled.",
    unseen: "No probe sees memory grow, and without a memory limit nothing happens to the \
             container.",
};

/// Memory use grows; at the container's limit the kernel kills it (RES-02).
pub(super) fn apply(
    cx: &mut Cx,
    input: u32,
    target: &ContainerRef,
    to_bytes: u64,
    over: Duration,
) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        hold(cx, input, pod, Some(container), Undo::Memory);
        with_world(cx, pod, |world| {
            world.set_memory(now, container, to_bytes, over);
        });
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, pod: PodId, container: u32) {
    let now = cx.now;
    with_world(cx, pod, |world| {
        world.set_memory(now, container, 0, Duration::ZERO);
    });
}
