//! API server, scheduler and controllers (API-*, SCH-*, DEP-*, RSC-*, EPS-*).

use crate::cluster::Cx;
use crate::ids::PodId;
use crate::status::PodStatus;

/// State of the control plane.
#[derive(Clone, Debug, Default)]
pub struct Controllers {}

/// The control plane's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllerTimer {}

/// A timer of the control plane is due.
pub fn timer(_cx: &mut Cx, timer: ControllerTimer) {
    match timer {}
}

/// The API server stores a status that a kubelet sent, now.
pub fn store_status(_cx: &mut Cx, _pod: PodId, _status: PodStatus) {}

/// The kubelet has finished with a Pod: its object goes, now (TRM-06).
pub fn finalize_pod(_cx: &mut Cx, _pod: PodId) {}
