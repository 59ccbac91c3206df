//! One timer, one step: the only place where time becomes change.

use crate::cluster::{Cluster, Cx};
use crate::controllers;
use crate::kubelet;
use crate::network;
use crate::queue::Queued;
use crate::record::Log;
use crate::timer::Timer;

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
