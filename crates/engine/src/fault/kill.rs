//! Ends a process by a signal from the host.

use super::{targets, FaultKind, Parameter, Subject};
use crate::cluster::Cx;
use crate::container::Signal;
use crate::kubelet::with_world;
use crate::scenario::{ContainerRef, ProcessRef};

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "kill",
    subject: Subject::Container,
    parameters: &[
        Parameter::words(
            "signal",
            &["TERM", "KILL", "INT", "QUIT", "HUP", "STOP", "CONT"],
        ),
        Parameter::free("process", &["nginx"]),
    ],
    lasts: false,
    does: "Sends a signal from the host to the container's first process, or to the named ones.",
    unseen: "A process that handles the signal, or a first process that ignores it, goes on as if \
             nothing had happened; only KILL always ends it.",
};

/// A signal from outside the container: SIGKILL works even on PID 1 (RST-07).
pub(super) fn apply(
    cx: &mut Cx,
    target: &ContainerRef,
    process: &ProcessRef,
    signal: &str,
) -> Result<(), String> {
    let signal = Signal::parse(signal).ok_or_else(|| format!("unknown signal {signal}"))?;
    for (pod, container) in targets(cx, target)? {
        let now = cx.now;
        with_world(cx, pod, |world| {
            for pid in world.find_processes(container, process)? {
                world.signal(now, container, pid, signal, true);
            }
            Ok::<(), String>(())
        })?;
    }
    Ok(())
}
