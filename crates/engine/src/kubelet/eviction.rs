//! Eviction by a node that runs out of memory or disk (RES-05): one Pod in every round of 10 s, as
//! long as the node is short; the condition stays for five minutes more.

use super::{local_storage, requests, NodeTimer};
use crate::api::{Resources, Taint, TaintEffect, CRITICAL};
use crate::cluster::Cx;
use crate::controllers::{self, priority};
use crate::events::{self, emit_pod, Emission, EventType, Message, Object, Source};
use crate::fault::{self, Pressure};
use crate::go_format::bytes_text;
use crate::ids::{NodeId, PodId};
use crate::scenario::TaintRemoval;
use crate::status::{Phase, PodStatus};
use crate::time::Duration;
use crate::timer::Timer;
use std::cmp::Reverse;

/// The condition stays this long after the shortage has ended (`evictionPressureTransitionPeriod`).
const TRANSITION: Duration = Duration::from_secs(300);
/// `memory.available` below which a node is short of it, bytes.
const THRESHOLD: u64 = 100 << 20;
/// What something outside the Pods leaves of a node's memory, bytes.
const LEFT: u64 = 64 << 20;

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
            evict_for_node(cx, pod, &message);
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
    let key = pressure.taint();
    let (short, enough) = match pressure {
        Pressure::Memory => ("NodeHasInsufficientMemory", "NodeHasSufficientMemory"),
        Pressure::Disk => ("NodeHasDiskPressure", "NodeHasNoDiskPressure"),
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

/// Whether a Pod is above its request, its priority, and how far it is above, in bytes.
type Rank = (bool, Reverse<i32>, i128);

/// Who goes next: one above its request first, then the lowest priority, then the one furthest above
/// it; and what its event says. For disk, volumes count as well.
fn victim(cx: &Cx, node: NodeId, pressure: Pressure) -> Option<(PodId, String)> {
    let mut best: Option<(Rank, PodId)> = None;
    let pods = cx.node(node).pods.iter().copied();
    for pod in pods.filter(|pod| may_go(cx, *pod)) {
        let (mut used, mut requested) = (volumes_used(cx, pod, pressure), 0);
        for number in 0..cx.pod(pod).spec.container_count() {
            let (own, request) = usage(cx, pod, number, pressure);
            used += own;
            requested += request;
        }
        let excess = i128::from(used) - i128::from(requested);
        let rank = (
            used > requested,
            Reverse(priority(&cx.pod(pod).spec)),
            excess,
        );
        if best.is_none_or(|(highest, _)| rank > highest) {
            best = Some((rank, pod));
        }
    }
    let (_, pod) = best?;
    let (resource, threshold, available) = match pressure {
        Pressure::Memory => ("memory", bytes_text(THRESHOLD), bytes_text(LEFT)),
        Pressure::Disk => {
            let capacity = cx.node(node).object.ephemeral_bytes;
            // Ten percent, and half of that is left.
            let available = [&(capacity / 20 / 1024).to_string(), "Ki"].concat();
            ("ephemeral-storage", (capacity / 10).to_string(), available)
        }
    };
    let mut text = String::new();
    let low = ["The node was low on resource: ", resource, ". "];
    let quantities = [
        "Threshold quantity: ",
        &threshold,
        ", available: ",
        &available,
        ". ",
    ];
    for part in low.into_iter().chain(quantities) {
        text.push_str(part);
    }
    for number in 0..cx.pod(pod).spec.container_count() {
        let (used, request) = usage(cx, pod, number, pressure);
        let Some(container) = cx
            .pod(pod)
            .spec
            .container(number)
            .filter(|_| used > request)
        else {
            continue;
        };
        let (used, request) = (bytes_text(used), bytes_text(request));
        let using = [
            "Container ",
            &container.name,
            " was using ",
            &used,
            ", request is ",
        ];
        let more = [&*request, ", has larger consumption of ", resource, ". "];
        for part in using.into_iter().chain(more) {
            text.push_str(part);
        }
    }
    Some((pod, text))
}

/// Whether a Pod can be evicted: it lives, it is not critical, and nobody takes it away already.
pub(super) fn may_go(cx: &Cx, pod: PodId) -> bool {
    let state = cx.pod(pod);
    let lives = state.removed_at.is_none() && state.deletion.is_none();
    let worker = state.worker.as_ref();
    let worker = worker.filter(|_| lives && priority(&state.spec) < CRITICAL);
    worker.is_some_and(|worker| worker.eviction.is_none() && !worker.status.phase.is_terminal())
}

/// What a container uses of it, and its request; bytes.
fn usage(cx: &Cx, pod: PodId, number: usize, pressure: Pressure) -> (u64, u64) {
    let state = cx.pod(pod);
    let resources = state
        .spec
        .container(number)
        .map(|container| &container.resources);
    let of = |request: fn(&Resources) -> Option<u64>| resources.and_then(request).unwrap_or(0);
    match pressure {
        Pressure::Memory => (
            state.world.memory_used(cx.now, number as u32),
            of(|resources| resources.request_memory_bytes),
        ),
        Pressure::Disk => (
            state.world.disk_used(number as u32),
            of(|resources| resources.request_ephemeral_bytes),
        ),
    }
}

/// What the Pod's own volumes use; bytes.
fn volumes_used(cx: &Cx, pod: PodId, pressure: Pressure) -> u64 {
    match pressure {
        Pressure::Memory => 0,
        Pressure::Disk => (0..cx.pod(pod).spec.volumes.len())
            .map(|volume| local_storage::volume_used(cx, pod, volume))
            .sum(),
    }
}

/// Takes a Pod away because its node is short of something.
fn evict_for_node(cx: &mut Cx, pod: PodId, message: &str) {
    let text = cx.intern(message);
    evict(cx, pod, message);
    controllers::mark_evicted(cx, pod, text);
}

/// Takes a Pod away: event, grace 1 s, phase Failed.
pub(super) fn evict(cx: &mut Cx, pod: PodId, message: &str) {
    let text = cx.intern(message);
    let message = Message::Text(text);
    emit_pod(cx, pod, None, EventType::Warning, REASON, message);
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
