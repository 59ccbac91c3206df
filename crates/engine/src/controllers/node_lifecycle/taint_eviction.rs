//! Taint eviction: Pods leave nodes with a NoExecute taint that they do not tolerate, or not for
//! long (NOD-05).

use super::{lifecycle, pods_on};
use crate::api::{PodSpec, Taint, TaintEffect};
use crate::cluster::Cx;
use crate::controllers::scheduler::tolerates;
use crate::controllers::{delete_pod, pods, ControllerTimer};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId};
use crate::time::{Duration, Instant};
use crate::timer::Timer;

/// How long a Pod stays on a node with these taints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stay {
    ForEver,
    Seconds(u64),
}

/// The smallest toleration wins; a taint that nothing tolerates counts as none at all.
fn stay(spec: &PodSpec, taints: &[Taint]) -> Stay {
    let mut least = Stay::ForEver;
    for taint in taints.iter().filter(|t| t.effect == TaintEffect::NoExecute) {
        let mut tolerations = spec.tolerations.iter().filter(|t| tolerates(t, taint));
        let Some(first) = tolerations.next() else {
            return Stay::Seconds(0);
        };
        for toleration in std::iter::once(first).chain(tolerations) {
            let Some(seconds) = toleration.toleration_seconds else {
                continue;
            };
            let seconds = u64::try_from(seconds).unwrap_or(0);
            least = match least {
                Stay::Seconds(known) => Stay::Seconds(known.min(seconds)),
                Stay::ForEver => Stay::Seconds(seconds),
            };
        }
    }
    least
}

/// The taints of a node changed: its Pods are looked at anew.
pub fn node_changed(cx: &mut Cx, node: NodeId) {
    for pod in pods_on(cx, node) {
        look(cx, pod, node);
    }
}

/// A Pod was bound to a node, which may have taints already.
pub fn pod_placed(cx: &mut Cx, pod: PodId, node: NodeId) {
    let taints = &cx.node(node).object.taints;
    if taints.iter().any(|t| t.effect == TaintEffect::NoExecute) {
        look(cx, pod, node);
    }
}

fn look(cx: &mut Cx, pod: PodId, node: NodeId) {
    let object = cx.node(node).object.clone();
    let stay = stay(&cx.pod(pod).spec, &object.taints);
    let evictions = &cx.cluster.controllers.nodes.evictions;
    let known = evictions.iter().any(|(known, _)| *known == pod);
    match stay {
        Stay::ForEver if known => {
            forget(cx, pod);
            report(cx, pod, "Cancelling deletion of Pod");
        }
        Stay::ForEver => {}
        Stay::Seconds(0) => {
            forget(cx, pod);
            evict_now(cx, pod);
        }
        // What is under way goes on: a second taint does not begin anew.
        Stay::Seconds(_) if known || cx.pod(pod).deletion.is_some() => {}
        Stay::Seconds(seconds) => {
            let at = cx.now + Duration::from_secs(seconds);
            lifecycle(cx).evictions.push((pod, at));
            cx.at(at, Timer::Controller(ControllerTimer::Evict(pod)));
        }
    }
}

fn forget(cx: &mut Cx, pod: PodId) -> Option<Instant> {
    let evictions = &mut lifecycle(cx).evictions;
    let place = evictions.iter().position(|(known, _)| *known == pod)?;
    Some(evictions.remove(place).1)
}

/// The toleration of a Pod is over.
#[inline(never)]
pub fn evict(cx: &mut Cx, pod: PodId) {
    let due = (pod, cx.now);
    if cx.cluster.controllers.nodes.evictions.contains(&due) {
        forget(cx, pod);
        evict_now(cx, pod);
    }
}

fn evict_now(cx: &mut Cx, pod: PodId) {
    if cx.pod(pod).removed_at.is_some() || cx.pod(pod).deletion.is_some() {
        return;
    }
    let before = cx.cause;
    report(cx, pod, "Marking for deletion Pod");
    let message = "Taint manager: deleting due to NoExecute taint";
    pods::mark_disrupted(cx, pod, "DeletionByTaintManager", message, false);
    delete_pod(cx, pod, None);
    cx.cause = before;
}

fn report(cx: &mut Cx, pod: PodId, what: &str) {
    let state = cx.pod(pod);
    let text = format!("{what} {}/{}", state.namespace, state.name);
    let message = Message::Text(cx.intern(&text));
    events::emit(
        cx,
        Emission {
            source: Source::TaintEvictionController,
            object: Object::Pod(pod),
            container: None,
            event_type: EventType::Normal,
            reason: "TaintManagerEviction",
            message,
        },
    );
}
