//! The best of the nodes that fit: enough of SCH-07 to spread replicas one by one. Ties go to the
//! first node, always.

use super::filter::{is_tolerated, Attempt};
use super::request;
use crate::api::TaintEffect;
use crate::cluster::Owner;
use crate::ids::NodeId;

/// The node that is least unwelcome, then the one with the fewest Pods of the same owner, then the
/// fewest Pods.
pub fn best(attempt: &Attempt, fitting: &[NodeId]) -> Option<NodeId> {
    let (cluster, pod) = (attempt.cluster, attempt.pod);
    if fitting.len() <= 1 {
        return fitting.first().copied();
    }
    #[cfg(feature = "scripted")]
    {
        let wanted = crate::kubelet::node_name(cluster, pod);
        let mut fits = fitting.iter().copied();
        let node = fits.find(|node| wanted == Some(&*cluster.nodes[node.index()].name));
        if node.is_some() {
            return node;
        }
    }
    let state = &cluster.pods[pod.index()];
    let mut siblings = vec![0_u32; cluster.nodes.len()];
    let mut all = vec![0_u32; cluster.nodes.len()];
    for (node, _, other) in request::placed(cluster) {
        all[node.index()] += 1;
        let is_sibling = other.owner != Owner::None && other.owner == state.owner;
        if is_sibling && other.deletion.is_none() {
            siblings[node.index()] += 1;
        }
    }
    let wishes = match attempt.is_placed {
        true => attempt.preferences(fitting),
        false => Vec::new(),
    };
    let best = fitting.iter().enumerate().min_by_key(|(index, node)| {
        let object = &cluster.nodes[node.index()].object;
        let unwelcome = object
            .taints
            .iter()
            .filter(|t| t.effect == TaintEffect::PreferNoSchedule)
            .filter(|t| !is_tolerated(&state.spec, t))
            .count();
        // A taint that is only disliked weighs 3, the wishes 2 each.
        let wish = wishes.get(*index).map_or(0, |wish| -*wish);
        let unwelcome = unwelcome as i64 * 300;
        (
            unwelcome + wish,
            siblings[node.index()],
            all[node.index()],
            **node,
        )
    });
    best.map(|(_, node)| *node)
}
