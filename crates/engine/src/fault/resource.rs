//! Deadlock, memory leak, full disk.

use super::{hold, targets, Undo};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::{ContainerRef, DiskPlace};
use crate::time::Duration;

/// The process accepts and never answers. A TCP probe does not see it.
pub(super) fn hang(cx: &mut Cx, input: u32, target: &ContainerRef) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        with_world(cx, pod, |world| world.set_hung(container, true));
        hold(cx, input, pod, Some(container), Undo::Hang);
    }
    Ok(())
}

pub(super) fn undo_hang(cx: &mut Cx, pod: PodId, container: u32) {
    with_world(cx, pod, |world| world.set_hung(container, false));
}

/// Memory use grows; at the container's limit the kernel kills it (RES-02).
pub(super) fn memory(
    cx: &mut Cx,
    input: u32,
    target: &ContainerRef,
    to_bytes: u64,
    over: Duration,
) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        with_world(cx, pod, |world| {
            world.set_memory(now, container, to_bytes, over);
        });
        hold(cx, input, pod, Some(container), Undo::Memory);
    }
    Ok(())
}

pub(super) fn undo_memory(cx: &mut Cx, pod: PodId, container: u32) {
    let now = cx.now;
    with_world(cx, pod, |world| {
        world.set_memory(now, container, 0, Duration::ZERO);
    });
}

/// No room for new bytes. Reads go on, so a probe that only reads does not see it.
pub(super) fn disk(cx: &mut Cx, input: u32, place: &DiskPlace, full: bool) -> Result<(), String> {
    let DiskPlace::Pod(name) = place else {
        return Err("a full disk of a whole node is not simulated yet: name a Pod".into());
    };
    let pods = crate::controllers::resolve(cx.cluster, name);
    if pods.is_empty() {
        return Err(format!("no Pod matches {name}"));
    }
    for pod in pods {
        with_world(cx, pod, |world| world.set_disk_full(full));
        hold(cx, input, pod, None, Undo::Disk);
    }
    Ok(())
}

pub(super) fn undo_disk(cx: &mut Cx, pod: PodId) {
    with_world(cx, pod, |world| world.set_disk_full(false));
}
