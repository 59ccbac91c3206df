//! Priorities, and taking Pods away for a more important one (SCH-01, SCH-02, SCH-03).

use super::filter::{Attempt, Refusal};
use super::message::Reasons;
use super::request;
use crate::api::{PodSpec, PriorityClass};
use crate::cluster::{Cluster, Cx, PodState};
use crate::controllers::{delete_pod, pods};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId};
use crate::status::ConditionType;

/// Priorities from here on are critical.
pub const CRITICAL: i32 = 2_000_000_000;
/// Classes that every cluster has.
const SYSTEM_CLASSES: [(&str, i32); 2] = [
    ("system-cluster-critical", CRITICAL),
    ("system-node-critical", 2_000_001_000),
];
/// What a victim's condition DisruptionTarget says.
const REASON: &str = "PreemptionByScheduler";

/// A Pod's priority; 0 unless it has a class.
pub fn priority(spec: &PodSpec) -> i32 {
    spec.placement.as_ref().map_or(0, |p| p.priority)
}

/// Gives a spec the priority of its class, or of the cluster's default class. Err: the class that
/// does not exist (API-05).
#[inline(never)]
pub fn admit(cluster: &Cluster, spec: &mut PodSpec) -> Result<(), String> {
    let wanted = spec.placement.as_ref().map_or("", |p| &p.priority_class);
    if let Some((_, value)) = SYSTEM_CLASSES.iter().find(|(name, _)| *name == wanted) {
        spec.placement.get_or_insert_default().priority = *value;
        return Ok(());
    }
    let classes = &cluster.controllers.store.priority_classes;
    let is_meant = |class: &&PriorityClass| match wanted {
        "" => class.global_default,
        name => class.metadata.name == name,
    };
    match classes.iter().find(is_meant).cloned() {
        Some(class) => {
            let placement = spec.placement.get_or_insert_default();
            placement.priority_class = class.metadata.name;
            placement.priority = class.value;
            placement.never_preempts |= class.never_preempts;
            Ok(())
        }
        None if wanted.is_empty() => Ok(()),
        None => Err(wanted.to_owned()),
    }
}

/// What came of looking for victims.
pub struct Outcome {
    /// Ends the message of the failed attempt; empty if room will be made.
    pub text: String,
    /// Where room will be made, and whose.
    pub chosen: Option<(NodeId, Vec<PodId>)>,
}

fn said(text: &str) -> Outcome {
    Outcome {
        text: ["no new claims to deallocate, preemption: ", text].concat(),
        chosen: None,
    }
}

/// Looks for a node where a Pod would fit if less important ones went. `refusals`: of all nodes.
#[inline(never)]
pub fn look(
    cluster: &Cluster,
    pod: PodId,
    nominated: Option<NodeId>,
    refusals: &[(NodeId, Refusal)],
) -> Outcome {
    let own = &cluster.pods[pod.index()].spec;
    if own.placement.as_ref().is_some_and(|p| p.never_preempts) {
        return said("not eligible due to preemptionPolicy=Never.");
    }
    let is_leaving = |state: &PodState| {
        let target = state.status.condition(ConditionType::DisruptionTarget);
        state.removed_at.is_none()
            && state.deletion.is_some()
            && state.node.is_some()
            && state.node == nominated
            && target.reason == REASON
            && priority(&state.spec) < priority(own)
    };
    if cluster.pods.iter().any(|state| is_leaving(state)) {
        return said("not eligible due to a terminating pod on the nominated node.");
    }
    let mut reasons = Reasons::default();
    let mut candidates = Vec::new();
    for (node, refusal) in refusals {
        if !refusal.may_preempt {
            reasons.count("Preemption is not helpful for scheduling");
            continue;
        }
        match victims(cluster, pod, *node) {
            Ok(victims) => candidates.push((*node, victims)),
            Err(why) => why.iter().for_each(|reason| reasons.count(reason)),
        }
    }
    let best = candidates.into_iter().min_by_key(|c| cost(cluster, &c.1));
    match best {
        Some(chosen) => Outcome {
            text: String::new(),
            chosen: Some(chosen),
        },
        None => said(&reasons.items(refusals.len())),
    }
}

/// The fewest and least important Pods whose going makes room, or why none does.
fn victims(cluster: &Cluster, pod: PodId, node: NodeId) -> Result<Vec<PodId>, Vec<&'static str>> {
    let own = priority(&cluster.pods[pod.index()].spec);
    let mut lower: Vec<PodId> = cluster
        .live_pods()
        .filter(|other| {
            let other = &cluster.pods[other.index()];
            other.node == Some(node)
                && !other.status.phase.is_terminal()
                && priority(&other.spec) < own
        })
        .collect();
    if lower.is_empty() {
        return Err(vec!["No preemption victims found for incoming pod"]);
    }
    // The most important first, the oldest of equal ones: they are the first to be spared.
    lower.sort_by_key(|other| {
        let other = &cluster.pods[other.index()];
        (-i64::from(priority(&other.spec)), other.created_at)
    });
    let fits = |gone: &[PodId]| {
        let attempt = Attempt {
            cluster,
            pod,
            gone,
            is_placed: true,
        };
        let used = request::usage_without(cluster, gone);
        attempt.check(node, used[node.index()])
    };
    fits(&lower).map_err(|refusal| refusal.reasons)?;
    let mut gone = lower.clone();
    for spared in lower {
        gone.retain(|other| *other != spared);
        if fits(&gone).is_err() {
            gone.push(spared);
        }
    }
    Ok(gone)
}

/// What a choice costs, the cheapest first: the highest priority, the sum of priorities, how many;
/// then the node whose most important victim is the youngest.
fn cost(cluster: &Cluster, victims: &[PodId]) -> (i64, i64, usize, u64) {
    let state = |pod: &PodId| &cluster.pods[pod.index()];
    let priority = |pod: &PodId| i64::from(priority(&state(pod).spec));
    let highest = victims.iter().map(priority).max().unwrap_or(i64::MIN);
    let sum = victims.iter().map(|pod| priority(pod) + (1 << 31)).sum();
    let top = victims.iter().filter(|pod| priority(pod) == highest);
    let oldest = top.map(|pod| state(pod).created_at.0).min().unwrap_or(0);
    (highest, sum, victims.len(), u64::MAX - oldest)
}

/// The victims are told to go; the Pod waits until they have.
#[inline(never)]
pub fn evict(cx: &mut Cx, by: PodId, node: NodeId, victims: Vec<PodId>) {
    let name = std::sync::Arc::clone(&cx.node(node).name);
    let text = format!("Preempted by pod {} on node {name}", cx.pod(by).uid);
    let before = cx.cause;
    for victim in victims {
        if cx.pod(victim).deletion.is_some() {
            continue;
        }
        let message = "default-scheduler: preempting to accommodate a higher priority pod";
        pods::mark_disrupted(cx, victim, REASON, message, false);
        delete_pod(cx, victim, None);
        let message = Message::Text(cx.intern(&text));
        events::emit_series(
            cx,
            Emission {
                source: Source::Scheduler,
                object: Object::Pod(victim),
                container: None,
                event_type: EventType::Normal,
                reason: "Preempted",
                message,
            },
            0,
        );
        cx.cause = before;
    }
}

/// Requests of Pods for which room is being made count where they will be, unless they are less
/// important than this one.
pub fn reserve(cluster: &Cluster, pod: PodId, usage: &mut [(request::Amounts, u32)]) {
    let own = priority(&cluster.pods[pod.index()].spec);
    for (other, node) in cluster.controllers.scheduler.nominated() {
        let spec = &cluster.pods[other.index()].spec;
        if other != pod && priority(spec) >= own {
            let (sum, count) = &mut usage[node.index()];
            *sum = sum.plus(request::of_pod(spec));
            *count += 1;
        }
    }
}
