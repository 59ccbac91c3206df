//! Which Pods a ReplicaSet gives up first (RSC-03).

use super::is_active;
use crate::cluster::{Cx, PodState};
use crate::controllers::state::Objects;
use crate::ids::{NodeId, PodId, ReplicaSetId};
use crate::sorted::Map;
use crate::status::{ConditionType, Phase};
use crate::time::Instant;
use std::cmp::{Ordering, Reverse};

/// Lower goes first.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// The first `count` active Pods in order of deletion.
pub fn victims(cx: &Cx, id: ReplicaSetId, count: u32) -> Vec<PodId> {
    let related = related_per_node(cx, id);
    let mut pods: Vec<PodId> = cx
        .replica_set(id)
        .pods
        .iter()
        .copied()
        .filter(|pod| is_active(cx.pod(*pod)))
        .collect();
    let rank = |pod: &PodState| pod.node.and_then(|n| related.get(&n).copied()).unwrap_or(0);
    pods.sort_by(|a, b| {
        let (a, b) = (cx.pod(*a), cx.pod(*b));
        compare(a, b, rank(a), rank(b), cx.now)
    });
    pods.truncate(count as usize);
    pods
}

/// Active Pods on each node of this ReplicaSet and of its owner's other ones.
fn related_per_node(cx: &Cx, id: ReplicaSetId) -> Map<NodeId, u32> {
    let sets = match cx.replica_set(id).deployment {
        Some(owner) => cx.deployment(owner).replica_sets.clone(),
        None => vec![id],
    };
    let mut counts = Map::new();
    for set in sets {
        for pod in &cx.replica_set(set).pods {
            let pod = cx.pod(*pod);
            if let (true, Some(node)) = (is_active(pod), pod.node) {
                *counts.entry(node).or_insert(0) += 1;
            }
        }
    }
    counts
}

/// Less: `a` goes before `b`.
fn compare(a: &PodState, b: &PodState, rank_a: u32, rank_b: u32, now: Instant) -> Ordering {
    let place = |pod: &PodState| pod.node.is_some();
    let phase = |pod: &PodState| match pod.status.phase {
        Phase::Pending => 0,
        Phase::Unknown => 1,
        _ => 2,
    };
    let cost = |pod: &PodState| {
        let cost = pod.annotations.get(DELETION_COST);
        cost.and_then(|c| c.parse::<i32>().ok()).unwrap_or(0)
    };
    let restarts = |pod: &PodState| {
        let counts = pod.status.containers.iter().map(|c| c.restart_count);
        counts.max().unwrap_or(0)
    };
    let ready_since = |pod: &PodState| pod.status.condition(ConditionType::Ready).last_transition;
    let (ready_a, ready_b) = (a.status.is_ready(), b.status.is_ready());
    place(a)
        .cmp(&place(b))
        .then_with(|| phase(a).cmp(&phase(b)))
        .then_with(|| ready_a.cmp(&ready_b))
        .then_with(|| cost(a).cmp(&cost(b)))
        .then_with(|| Reverse(rank_a).cmp(&Reverse(rank_b)))
        .then_with(|| {
            if ready_a && ready_b {
                by_age(a, b, ready_since(a), ready_since(b), now)
            } else {
                Ordering::Equal
            }
        })
        .then_with(|| Reverse(restarts(a)).cmp(&Reverse(restarts(b))))
        .then_with(|| {
            let created = |pod: &PodState| pod.created_at.floor_secs();
            by_age(a, b, created(a), created(b), now)
        })
}

/// The younger first, where young is a power of two of nanoseconds; within one power by UID.
fn by_age(a: &PodState, b: &PodState, at_a: Instant, at_b: Instant, now: Instant) -> Ordering {
    if at_a == at_b {
        return Ordering::Equal;
    }
    let power = |at: Instant| now.since(at).0.checked_ilog2();
    power(at_a)
        .cmp(&power(at_b))
        .then_with(|| a.uid.cmp(&b.uid))
}
