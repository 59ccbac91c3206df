//! Scarce CPU time.

use super::{hold, targets, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::ContainerRef;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "cpu",
    subject: Subject::Container,
    parameters: &[Parameter::free("throttle", &["1%"])],
    lasts: true,
    does: "The container gets only this share of its CPU time: every answer and every exec'd \
           command waits for the next slice of 100 ms, and work piles up.",
    unseen:
        "A TCP probe does not see it: the kernel accepts the connection. An HTTP or exec probe \
             sees it once the answer takes longer than timeoutSeconds.",
};

pub(super) fn apply(
    cx: &mut Cx,
    input: u32,
    target: &ContainerRef,
    share_milli: u32,
) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        with_world(cx, pod, |world| {
            world.set_cpu_share(now, container, share_milli);
        });
        hold(cx, input, pod, Some(container), Undo::Cpu);
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, pod: PodId, container: u32) {
    let now = cx.now;
    with_world(cx, pod, |world| world.set_cpu_share(now, container, 1_000));
}
