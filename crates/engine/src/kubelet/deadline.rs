//! `activeDeadlineSeconds` (RES-04): counted from the Pod's start time, looked at on the ticker of the
//! resync queue.

use super::{requests, PodTimer};
use crate::cluster::Cx;
use crate::events::{emit_pod, EventType, Message};
use crate::ids::PodId;
use crate::status::{Phase, PodStatus};
use crate::time::Duration;
use crate::timer::Timer;

/// `status.reason` and the event's.
const REASON: &str = "DeadlineExceeded";
/// `status.message` and the event's.
const MESSAGE: &str = "Pod was active on the node longer than the specified deadline";

/// Sets a timer for the end of the deadline, once the Pod has a start time.
pub fn watch(cx: &mut Cx, pod: PodId) {
    let state = cx.pod(pod);
    let (Some(seconds), Some(node)) = (state.spec.active_deadline_seconds, state.node) else {
        return;
    };
    let start = state.worker.as_ref().and_then(|w| w.status.start_time);
    let Some(start) = start else { return };
    let due = start + Duration::from_secs(seconds);
    let at = cx.node(node).look.at_or_after(due.max(cx.now));
    let timer = PodTimer::Deadline;
    cx.at(at, Timer::Pod { pod, timer });
}

/// The deadline is over.
pub fn timer(cx: &mut Cx, pod: PodId) {
    let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
        return;
    };
    if worker.status.phase.is_terminal() || worker.past_deadline {
        return;
    }
    worker.past_deadline = true;
    requests::request_sync(cx, pod);
}

/// Fails a Pod that is past its deadline; an event at every status generation.
pub fn apply(cx: &mut Cx, pod: PodId, status: &mut PodStatus) {
    let past = cx.pod(pod).worker.as_ref().is_some_and(|w| w.past_deadline);
    if !past {
        return;
    }
    emit_pod(
        cx,
        pod,
        None,
        EventType::Normal,
        REASON,
        Message::Fixed(MESSAGE),
    );
    status.phase = Phase::Failed;
    status.reason = REASON;
    status.message = cx.intern(MESSAGE);
}
