//! Priorities, and taking Pods away for a more important one (SCH-01, SCH-02, SCH-03).

use super::filter::{Attempt, Refusal};
use super::message::Reasons;
use super::request;
use crate::api::{PodSpec, SYSTEM_CLASSES};
use crate::cluster::{Cluster, Cx, PodState};
use crate::controllers::{delete_pod, disruption, pods};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId};
use crate::status::ConditionType;
use std::borrow::Cow;

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
    let class = match wanted {
        // The least of several defaults.
        "" => {
            let defaults = classes.values().filter(|class| class.global_default);
            defaults.min_by_key(|class| class.value)
        }
        name => classes.get(name),
    };
    match class.cloned() {
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
pub enum Outcome {
    /// Where room will be made, and whose.
    Room(NodeId, Vec<PodId>),
    /// Room is being made already, or must not be: what is said of it. A nomination stays.
    Waits(&'static str),
    /// Nobody's going would help: what is said of it.
    Helpless(String),
}

/// Looks for a node where a Pod would fit if less important ones went. `refusals`: of all nodes.
#[inline(never)]
pub fn look(
    attempt: &Attempt,
    nominated: Option<NodeId>,
    refusals: &[(NodeId, Refusal)],
) -> Outcome {
    let (cluster, pod) = (attempt.cluster, attempt.pod);
    let own = &cluster.pods[pod.index()].spec;
    if own.placement.as_ref().is_some_and(|p| p.never_preempts) {
        return Outcome::Waits("not eligible due to preemptionPolicy=Never.");
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
        return Outcome::Waits("not eligible due to a terminating pod on the nominated node.");
    }
    let mut reasons = Reasons::default();
    let mut candidates = Vec::new();
    for (node, refusal) in refusals {
        if !refusal.may_preempt {
            reasons.count("Preemption is not helpful for scheduling".into());
            continue;
        }
        match victims(attempt, *node) {
            Ok(victims) => candidates.push((*node, victims)),
            Err(why) => why.into_iter().for_each(|reason| reasons.count(reason)),
        }
    }
    let best = candidates.into_iter().min_by_key(|c| cost(cluster, &c.1));
    match best {
        Some((node, (_, victims))) => Outcome::Room(node, victims),
        None => Outcome::Helpless(reasons.items(refusals.len())),
    }
}

/// Pods that may go, and how many of them a disruption budget would keep.
type Victims = (usize, Vec<PodId>);

/// The fewest and least important Pods whose going makes room, or why none does.
fn victims(attempt: &Attempt, node: NodeId) -> Result<Victims, Vec<Cow<'static, str>>> {
    let (cluster, pod) = (attempt.cluster, attempt.pod);
    let own = priority(&cluster.pods[pod.index()].spec);
    let mut lower: Vec<PodId> = request::placed(cluster)
        .filter(|(there, _, other)| *there == node && priority(&other.spec) < own)
        .map(|(_, other, _)| other)
        .collect();
    if lower.is_empty() {
        return Err(vec!["No preemption victims found for incoming pod".into()]);
    }
    // The most important first, the oldest of equal ones: they are the first to be spared.
    lower.sort_by_key(|other| {
        let other = &cluster.pods[other.index()];
        (-i64::from(priority(&other.spec)), other.created_at)
    });
    let reserved = reserved(cluster, pod).filter(|(there, _)| *there == node);
    let reserved: Vec<_> = reserved.map(|(_, wanted)| wanted).collect();
    let fits = |gone: &[PodId]| {
        let mut used = request::usage_on(cluster, node, gone);
        let wanted = reserved.iter().copied();
        wanted.for_each(|wanted| request::add(&mut used, wanted));
        Attempt::new(cluster, pod, gone, attempt.is_placed).check(node, used)
    };
    fits(&lower).map_err(|refusal| refusal.reasons)?;
    let mut violating = Vec::new();
    if !cluster.controllers.store.budgets.is_empty() {
        violating = disruption::violating(cluster, &lower);
        // Those that a budget protects are spared before all others.
        lower.sort_by_key(|other| !violating.contains(other));
    }
    let mut gone = lower.clone();
    for spared in lower {
        gone.retain(|other| *other != spared);
        if fits(&gone).is_err() {
            gone.push(spared);
        }
    }
    let violations = gone.iter().filter(|other| violating.contains(other));
    Ok((violations.count(), gone))
}

/// What a choice costs, the cheapest first: budgets that it breaks, the highest priority, the sum of priorities, how many;
/// then the node whose most important victim is the youngest.
fn cost(cluster: &Cluster, (violations, victims): &Victims) -> (usize, i64, i64, usize, u64) {
    let state = |pod: &PodId| &cluster.pods[pod.index()];
    let priority = |pod: &PodId| i64::from(priority(&state(pod).spec));
    let highest = victims.iter().map(priority).max().unwrap_or(i64::MIN);
    let sum = victims.iter().map(|pod| priority(pod) + (1 << 31)).sum();
    let top = victims.iter().filter(|pod| priority(pod) == highest);
    let oldest = top.map(|pod| state(pod).created_at.0).min().unwrap_or(0);
    (*violations, highest, sum, victims.len(), u64::MAX - oldest)
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
pub fn reserved(
    cluster: &Cluster,
    pod: PodId,
) -> impl Iterator<Item = (NodeId, request::Amounts)> + '_ {
    let others = reserved_for(cluster, pod);
    others.map(|(other, node)| (node, request::of_pod(&cluster.pods[other.index()].spec)))
}

/// Those Pods, and where they will be.
pub fn reserved_for(cluster: &Cluster, pod: PodId) -> impl Iterator<Item = (PodId, NodeId)> + '_ {
    let own = priority(&cluster.pods[pod.index()].spec);
    let nominated = cluster.controllers.scheduler.nominated();
    nominated.filter(move |(other, _)| {
        *other != pod && priority(&cluster.pods[other.index()].spec) >= own
    })
}
