//! Services as clients see them: forwarding rules, requests and their ledger (SVC-*).

use crate::cluster::Cx;
use crate::ids::ServiceId;

/// State of the cluster network.
#[derive(Clone, Debug, Default)]
pub struct Network {}

/// Timers of the clients of a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrafficTimer {}

/// A client's timer is due.
pub fn traffic_timer(_cx: &mut Cx, _service: ServiceId, timer: TrafficTimer) {
    match timer {}
}
