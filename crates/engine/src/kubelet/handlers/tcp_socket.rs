//! Handler tcpSocket (HDL-12): success is a connection.

use super::{address, elsewhere, ProbeOutput, ProbeStart, SocketError};
use crate::api::Handler;
use crate::cluster::Cx;
use crate::container::TcpReply;
use crate::ids::PodId;
use crate::kubelet::pod_worker::container_spec;
use crate::kubelet::probes::SlotId;
use crate::kubelet::runtime;
use crate::latency;
use crate::time::Duration;

/// Tries to connect.
pub fn start(
    cx: &mut Cx,
    pod: PodId,
    slot: SlotId,
    timeout: Duration,
    port: u16,
    is_elsewhere: bool,
) -> ProbeStart {
    let state = cx.pod(pod);
    let failure = if is_elsewhere {
        let spec = container_spec(&state.spec, slot.container());
        match spec.probe(slot.kind()).map(|p| &p.handler) {
            Some(Handler::TcpSocket { host, .. }) => Some(elsewhere(host)),
            _ => None,
        }
    } else {
        let asked = runtime::port_owner(cx, pod, port);
        let world = &cx.pod(asked).world;
        let reply = match world.is_waited_at(port) {
            // Nobody accepts: the connection takes a place in the queue.
            true => {
                let now = cx.now;
                cx.pod_mut(asked).world.connect(now, port)
            }
            false => world.tcp_connect(cx.now, port),
        };
        match reply {
            TcpReply::Accepted => None,
            TcpReply::Refused => Some(SocketError::Refused),
            TcpReply::Dropped => Some(SocketError::TimedOut),
        }
    };
    let Some(failure) = failure else {
        return ProbeStart::success(latency::NETWORK_PROBE);
    };
    let after = match failure {
        SocketError::TimedOut => timeout,
        _ => latency::NETWORK_PROBE,
    };
    let address = address(cx, pod);
    ProbeStart::failure(after, ProbeOutput::TcpFailed { address, failure })
}
