//! A command run in the container, as `kubectl exec` would.

use super::{targets, FaultKind, Parameter, Subject};
use crate::cluster::Cx;
use crate::container::ExecStart;
use crate::kubelet::with_world;
use crate::scenario::ContainerRef;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "exec",
    subject: Subject::Container,
    parameters: &[Parameter::free("command", &["[rm, /tmp/healthy]"])],
    lasts: false,
    does: "Runs a command in the container, as kubectl exec does.",
    unseen:
        "What nobody looks at, nobody sees: a file that no probe reads, a process that no probe \
             asks.",
};

pub(super) fn apply(cx: &mut Cx, target: &ContainerRef, command: &[String]) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        let start = with_world(cx, pod, |world| world.exec(now, container, command));
        match start {
            ExecStart::Started(_) | ExecStart::Finished(_) => {
                crate::network::note_trouble(cx, pod);
            }
            ExecStart::NotFound(text) => return Err(text),
            ExecStart::NotRunning(text) => return Err(text.into()),
        }
    }
    Ok(())
}
