//! A deadlock.

use super::{hold, targets, FaultKind, Subject, Undo};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::ContainerRef;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "hang",
    subject: Subject::Container,
    parameters: &[],
    lasts: true,
    does: "The server accepts connections and never answers, until it is restarted.",
    unseen:
        "A TCP probe does not see a deadlock: the kernel accepts the connection, until as many wait \
             as the server's backlog. An exec probe sees it only if it asks the server.",
};

pub(super) fn apply(cx: &mut Cx, input: u32, target: &ContainerRef) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        with_world(cx, pod, |world| world.set_hung(container, true));
        hold(cx, input, pod, Some(container), Undo::Hang);
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, pod: PodId, container: u32) {
    with_world(cx, pod, |world| world.set_hung(container, false));
}
