//! Ends a process, by a signal from the host or by an exit of its own.

use super::targets;
use crate::cluster::Cx;
use crate::container::Signal;
use crate::kubelet::with_world;
use crate::scenario::{ContainerRef, ProcessRef};

/// A signal from outside the container: SIGKILL works even on PID 1 (RST-07).
pub(super) fn kill(
    cx: &mut Cx,
    target: &ContainerRef,
    process: &ProcessRef,
    signal: &str,
) -> Result<(), String> {
    let signal = Signal::parse(signal).ok_or_else(|| format!("unknown signal {signal}"))?;
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        with_world(cx, pod, |world| {
            let pid = world.find_process(container, process)?;
            world.signal(now, container, pid, signal, true);
            Ok::<(), String>(())
        })?;
    }
    Ok(())
}

/// As if the container's first process had called `exit`.
pub(super) fn exit(
    cx: &mut Cx,
    target: &ContainerRef,
    process: &ProcessRef,
    code: i32,
) -> Result<(), String> {
    if *process != ProcessRef::Main {
        return Err("only the container's first process can be made to exit; use kill".into());
    }
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        with_world(cx, pod, |world| world.exit_container(now, container, code));
    }
    Ok(())
}
