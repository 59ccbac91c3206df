//! What can be waited for.

use crate::controllers::ControllerTimer;
use crate::ids::{NodeId, PodId, ServiceId};
use crate::kubelet::{NodeTimer, PodTimer};
use crate::network::TrafficTimer;

/// What waits in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A pod worker's, or one of its probe workers'.
    Pod { pod: PodId, timer: PodTimer },
    /// Something inside the Pod's containers goes on: a sleep ends, a server begins to listen.
    World { pod: PodId },
    /// A kubelet's own.
    Node { node: NodeId, timer: NodeTimer },
    /// The API server, scheduler and controllers.
    Controller(ControllerTimer),
    /// Clients of a Service.
    Traffic {
        service: ServiceId,
        timer: TrafficTimer,
    },
}
