//! Eviction by a node that runs out of memory or disk (RES-05): one Pod in every round of 10 s, as
//! long as the node is short; the condition stays for five minutes more.

use super::{requests, NodeTimer};
use crate::api::{Taint, TaintEffect};
use crate::cluster::Cx;
use crate::controllers;
use crate::events::{self, emit_pod, Emission, EventType, Message, Object, Source};
use crate::fault::{self, Pressure};
use crate::ids::{NodeId, PodId};
use crate::scenario::TaintRemoval;
use crate::status::{Phase, PodStatus};
use crate::step::Timer;
use crate::time::Duration;

/// The condition stays this long after the shortage has ended (`evictionPressureTransitionPeriod`).
const TRANSITION: Duration = Duration::from_secs(300);
/// What something outside the Pods leaves of a node's memory, in MiB.
const LEFT_MIB: u64 = 64;

/// A node has become short of something: its next round sees it.
pub fn begin(cx: &mut Cx, node: NodeId) {
    let at = cx.node(node).reconcile.after(cx.now);
    let timer = NodeTimer::Evict;
    cx.at(at, Timer::Node { node, timer });
}

/// The shortage is over.
pub fn end(cx: &mut Cx, node: NodeId) {
    let timer = NodeTimer::Relieve;
    cx.after(TRANSITION, Timer::Node { node, timer });
}

/// A round: the condition, and one Pod.
pub fn round(cx: &mut Cx, node: NodeId) {
    if !cx.node(node).is_running {
        return;
    }
    for pressure in Pressure::ALL {
        if !fault::is_short(cx.cluster, node, pressure) {
            continue;
        }
        set_condition(cx, node, pressure, true);
        if let Some((pod, message)) = victim(cx, node, pressure) {
            evict(cx, pod, &message);
        }
        begin(cx, node);
        return;
    }
}

/// The transition period is over: the conditions go, unless the node is short again.
pub fn relieve(cx: &mut Cx, node: NodeId) {
    for pressure in Pressure::ALL {
        if !fault::is_short(cx.cluster, node, pressure) {
            set_condition(cx, node, pressure, false);
        }
    }
}

/// Event and taint of a condition (RES-06).
fn set_condition(cx: &mut Cx, node: NodeId, pressure: Pressure, is_short: bool) {
    let (key, short, enough) = match pressure {
        Pressure::Memory => (
            "node.kubernetes.io/memory-pressure",
            "NodeHasInsufficientMemory",
            "NodeHasSufficientMemory",
        ),
        Pressure::Disk => (
            "node.kubernetes.io/disk-pressure",
            "NodeHasDiskPressure",
            "NodeHasNoDiskPressure",
        ),
    };
    let is_tainted = cx.node(node).object.taints.iter().any(|t| t.key == key);
    if is_tainted == is_short {
        return;
    }
    let name = cx.node(node).name.clone();
    let taint = Taint {
        key: key.to_owned(),
        value: String::new(),
        effect: TaintEffect::NoSchedule,
    };
    let removal = TaintRemoval {
        key: key.to_owned(),
        effect: None,
    };
    let _ = if is_short {
        controllers::taint(cx, &name, &[taint], &[])
    } else {
        controllers::taint(cx, &name, &[], &[removal])
    };
    let reason = if is_short { short } else { enough };
    let text = ["Node ", &name, " status is now: ", reason].concat();
    let message = Message::Text(cx.intern(&text));
    events::emit(
        cx,
        Emission {
            source: Source::Kubelet(node),
            object: Object::Node(node),
            container: None,
            event_type: EventType::Normal,
            reason,
            message,
        },
    );
}

/// Who goes next: for memory those above their request first, the largest excess before others;
/// and what its event says.
fn victim(cx: &Cx, node: NodeId, pressure: Pressure) -> Option<(PodId, String)> {
    let now = cx.now;
    let mut best: Option<(i128, PodId, String)> = None;
    for pod in cx.node(node).pods.iter().copied() {
        let state = cx.pod(pod);
        let is_gone = state.removed_at.is_some() || state.deletion.is_some();
        let ended = state
            .worker
            .as_ref()
            .is_none_or(|worker| worker.eviction.is_some() || worker.status.phase.is_terminal());
        if is_gone || ended {
            continue;
        }
        let mut excess = 0_i128;
        let mut told = String::new();
        for number in 0..state.spec.container_count() {
            let Some(container) = state.spec.container(number) else {
                continue;
            };
            let used = state.world.memory_used(now, number as u32);
            let request = container.resources.request_memory_bytes.unwrap_or(0);
            excess += i128::from(used) - i128::from(request);
            if pressure == Pressure::Memory && used > request {
                let kib = (used >> 10).to_string();
                let request = match request {
                    0 => "0".to_string(),
                    bytes => [&(bytes >> 20).to_string(), "Mi"].concat(),
                };
                for part in [
                    "Container ",
                    &container.name,
                    " was using ",
                    &kib,
                    "Ki, request is ",
                    &request,
                    ", has larger consumption of memory. ",
                ] {
                    told.push_str(part);
                }
            }
        }
        if best.as_ref().is_none_or(|(most, ..)| excess > *most) {
            best = Some((excess, pod, told));
        }
    }
    let (_, pod, told) = best?;
    let low = match pressure {
        Pressure::Memory => {
            let left = LEFT_MIB.to_string();
            let threshold = "Threshold quantity: 100Mi, available: ";
            ["memory. ", threshold, &left, "Mi. "].concat()
        }
        Pressure::Disk => "ephemeral-storage. ".to_string(),
    };
    let text = ["The node was low on resource: ", &low, &told].concat();
    Some((pod, text))
}

fn evict(cx: &mut Cx, pod: PodId, message: &str) {
    let text = cx.intern(message);
    let message = Message::Text(text);
    emit_pod(cx, pod, None, EventType::Warning, REASON, message);
    controllers::mark_evicted(cx, pod, text);
    if let Some(worker) = cx.pod_mut(pod).worker.as_mut() {
        worker.eviction = Some(text);
        worker.grace_seconds = 1;
    }
    requests::request_sync(cx, pod);
}

/// `status.reason` and the event's.
const REASON: &str = "Evicted";

/// Fails a Pod that is being evicted.
pub fn apply(cx: &mut Cx, pod: PodId, status: &mut PodStatus) {
    let eviction = cx.pod(pod).worker.as_ref().and_then(|w| w.eviction);
    if let Some(message) = eviction {
        status.phase = Phase::Failed;
        status.reason = REASON;
        status.message = message;
    }
}
