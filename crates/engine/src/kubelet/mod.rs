//! The kubelet: pod workers, sync loop, relist, probes, back-off, status (SYN-*, RUN-*, BKO-*).

pub mod handlers;
mod node;
pub mod prober;

pub use node::{Kubelet, Periodic};

use crate::cluster::Cx;
use crate::ids::{NodeId, PodId};

/// What a kubelet keeps for one Pod.
#[derive(Clone, Debug, Default)]
pub struct PodWorker {}

/// A pod worker's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodTimer {}

/// A kubelet's own timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeTimer {}

/// A Pod bound to this node came in from the API server.
pub fn pod_added(_cx: &mut Cx, _pod: PodId) {}

/// The Pod's object changed: spec, labels, or a deletion timestamp.
pub fn pod_changed(_cx: &mut Cx, _pod: PodId) {}

/// The Pod's object left the API server.
pub fn pod_removed(_cx: &mut Cx, _pod: PodId) {}

/// A timer of a pod worker is due.
pub fn pod_timer(_cx: &mut Cx, _pod: PodId, timer: PodTimer) {
    match timer {}
}

/// Something inside the Pod's containers is due.
pub fn world_timer(_cx: &mut Cx, _pod: PodId) {}

/// A timer of a kubelet is due.
pub fn node_timer(_cx: &mut Cx, _node: NodeId, timer: NodeTimer) {
    match timer {}
}
