//! One timer, one step: the only place where time becomes change.

use crate::cluster::{Cluster, Cx};
use crate::controllers::{self, ControllerTimer};
use crate::ids::{NodeId, PodId, ServiceId};
use crate::kubelet::{self, NodeTimer, PodTimer};
use crate::network::{self, TrafficTimer};
use crate::queue::Queued;
use crate::record::Log;

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

/// Carries out one timer at its moment.
pub fn step(cluster: &mut Cluster, log: &mut Log, queued: Queued) {
    let mut cx = Cx {
        now: queued.at,
        cause: queued.cause,
        cluster,
        log,
    };
    match queued.timer {
        Timer::Pod { pod, timer } => kubelet::pod_timer(&mut cx, pod, timer),
        Timer::World { pod } => kubelet::world_timer(&mut cx, pod),
        Timer::Node { node, timer } => kubelet::node_timer(&mut cx, node, timer),
        Timer::Controller(timer) => controllers::timer(&mut cx, timer),
        Timer::Traffic { service, timer } => network::traffic_timer(&mut cx, service, timer),
    }
}
