//! Stops listening on a port, drops its packets, or accepts where nothing listens.

use super::{hold, targets, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::container::PortState;
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::{self, ContainerRef};

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "port",
    subject: Subject::Container,
    parameters: &[
        Parameter::words("state", &["closed", "drop", "open"]),
        Parameter::free("port", &["8080"]),
    ],
    lasts: true,
    does: "The port refuses connections, lets their packets vanish, or accepts them although \
           nothing listens. Connections from inside the Pod over localhost go on.",
    unseen: "An exec probe that tests a file or a process does not see it, nor one that asks over \
             localhost.",
};

pub(super) fn apply(
    cx: &mut Cx,
    input: u32,
    target: &ContainerRef,
    port: Option<u16>,
    state: scenario::PortState,
) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        let state = match state {
            scenario::PortState::Closed => PortState::Closed,
            scenario::PortState::Drop => PortState::Drop,
            scenario::PortState::Open => PortState::Open,
        };
        let ports: Vec<u16> = match port {
            Some(port) => vec![port],
            None => cx
                .pod(pod)
                .world
                .listeners()
                .iter()
                .map(|l| l.port)
                .collect(),
        };
        if ports.is_empty() {
            return Err(format!("nothing listens in Pod {}", cx.pod(pod).name));
        }
        for port in ports {
            with_world(cx, pod, |world| world.set_port(port, Some(state)));
            hold(cx, input, pod, Some(container), Undo::Port { port });
        }
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, pod: PodId, port: u16) {
    with_world(cx, pod, |world| world.set_port(port, None));
}
