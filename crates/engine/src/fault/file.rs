//! Creates or deletes a file. Only what reads the file can notice.

use super::{hold, targets, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::ContainerRef;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "file",
    subject: Subject::Container,
    parameters: &[
        Parameter::free("path", &["/tmp/healthy"]),
        Parameter::words("state", &["absent", "present"]),
        Parameter::free("content", &["ok"]),
    ],
    lasts: true,
    does: "Deletes a file in the container, or creates it with this content.",
    unseen: "Only what reads the file sees it: an exec probe that tests for it, a server that \
             serves it. A restart brings the image's files back, except on volumes.",
};

pub(super) fn apply(
    cx: &mut Cx,
    input: u32,
    target: &ContainerRef,
    path: &str,
    present: bool,
    content: &str,
) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        let before = with_world(cx, pod, |world| {
            let before = world.file(now, container, path).map(|bytes| bytes.to_vec());
            let wanted = present.then_some(content.as_bytes());
            let done = world.set_file(now, container, path, wanted);
            // Deleting what is not there leaves the world as it was asked to be.
            if done || (!present && before.is_none()) {
                Ok(before)
            } else {
                Err(format!(
                    "{path} cannot be changed: is the container running?"
                ))
            }
        })?;
        hold(
            cx,
            input,
            pod,
            Some(container),
            Undo::File {
                path: path.into(),
                before,
            },
        );
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, pod: PodId, container: u32, path: &str, before: Option<Vec<u8>>) {
    let now = cx.now;
    with_world(cx, pod, |world| {
        world.set_file(now, container, path, before.as_deref());
    });
}
