//! How fast the nodes of a zone lose their Pods (NOD-04).

use super::{lifecycle, ControllerTimer, UNREACHABLE};
use crate::api::TaintEffect;
use crate::cluster::{Cluster, Cx};
use crate::ids::NodeId;
use crate::time::{Duration, Instant};
use crate::timer::Timer;

/// NoExecute taints of a zone are handed out this far apart.
const SPACING: Duration = Duration::from_secs(10);
/// The same while most of a large zone is down; a small one then loses nobody.
const SPACING_WHEN_DISRUPTED: Duration = Duration::from_secs(100);
/// A zone with more nodes than this is large.
const LARGE: u32 = 50;
const LABELS: [&str; 2] = [
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
];

/// Region and zone of a node.
fn zone(cluster: &Cluster, node: NodeId) -> String {
    let labels = &cluster.nodes[node.index()].object.metadata.labels;
    let value = |key| labels.get(key).map_or("", String::as_str);
    LABELS.map(value).join("/")
}

fn is_lost(cluster: &Cluster, node: NodeId) -> bool {
    !super::node_is_ready(cluster, node)
}

/// How far apart the taints of a node's zone are; None: there are none while most of it is down.
pub fn spacing(cluster: &Cluster, node: NodeId) -> Option<Duration> {
    let (all, lost) = count(cluster, node);
    match is_disrupted(all, lost) {
        false => Some(SPACING),
        true => (all > LARGE).then_some(SPACING_WHEN_DISRUPTED),
    }
}

/// How many nodes the zone of a node has, and how many of them are lost.
fn count(cluster: &Cluster, node: NodeId) -> (u32, u32) {
    let own = zone(cluster, node);
    let (mut all, mut lost) = (0, 0);
    for other in cluster
        .live_nodes()
        .filter(|other| zone(cluster, *other) == own)
    {
        all += 1;
        lost += u32::from(is_lost(cluster, other));
    }
    (all, lost)
}

/// At least three, at least 55 %, and not all.
const fn is_disrupted(all: u32, lost: u32) -> bool {
    lost > 2 && lost < all && lost * 100 >= all * 55
}

/// A lost node waits for its turn.
pub fn queue(cx: &mut Cx, node: NodeId, earliest: Instant) {
    let Some(spacing) = spacing(cx.cluster, node) else {
        return;
    };
    let zone = zone(cx.cluster, node);
    let after = &mut lifecycle(cx).no_execute_after;
    let next = after.entry(zone).or_insert(earliest);
    let at = earliest.max(*next);
    *next = at + spacing;
    cx.at(at, Timer::Controller(ControllerTimer::TaintNoExecute(node)));
}

/// A node is back: those of its zone that were spared are so no longer, if most are well again.
#[inline(never)]
pub fn recovered(cx: &mut Cx, node: NodeId, look: Instant) {
    let (all, lost) = count(cx.cluster, node);
    if !is_disrupted(all, lost + 1) && lost + 1 != all {
        return;
    }
    let own = zone(cx.cluster, node);
    let is_tainted = |node: NodeId| {
        let taints = &cx.cluster.nodes[node.index()].object.taints;
        let mut taints = taints.iter();
        taints.any(|t| (t.key.as_str(), t.effect) == (UNREACHABLE, TaintEffect::NoExecute))
    };
    let spared: Vec<NodeId> = cx
        .cluster
        .live_nodes()
        .filter(|other| is_lost(cx.cluster, *other) && !is_tainted(*other))
        .filter(|other| zone(cx.cluster, *other) == own)
        .collect();
    for other in spared {
        queue(cx, other, look);
    }
}
