//! A decision step by step, for whoever asks: what the filters refused and how the nodes that fitted
//! scored (SCH-02, SCH-07). Reckoned anew from the state just before the decision; nothing of it is
//! kept.

use super::filter::{self, Attempt, Plugin};
use super::preemption::{self, Outcome};
use super::score::{self, Scorer, Scores};
use super::{filtered, placement, request};
use crate::api::Placement;
use crate::cluster::Cluster;
use crate::ids::{NodeId, PodId};
use crate::time::Instant;
use std::borrow::Cow;

/// What one look for a place for a Pod came to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decision {
    /// A claim that is missing: then no node was looked at.
    pub missing_claim: Option<String>,
    pub refused: Vec<Refused>,
    pub fitting: Vec<NodeId>,
    /// Room had been made there, and it fits: nothing is scored.
    pub nominated: Option<NodeId>,
    /// Where others have to go, and who.
    pub victims: Option<(NodeId, Vec<PodId>)>,
    /// Empty unless there is something to choose from.
    pub scores: Vec<PluginScores>,
    /// The weighted sum of each node that fits.
    pub sums: Scores,
}

/// A node that a filter refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub node: NodeId,
    pub plugin: &'static str,
    pub reasons: Vec<Cow<'static, str>>,
}

/// What one plugin gave each node that fits, 0 to 100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginScores {
    pub plugin: &'static str,
    pub weight: i64,
    pub scores: Scores,
}

/// The decision about a Pod that waits for a node.
pub fn decision(cluster: &Cluster, pod: PodId, now: Instant) -> Decision {
    let mut decision = Decision::default();
    if let Some(claim) = filter::missing_claim(cluster, pod) {
        decision.missing_claim = Some(claim.to_owned());
        return decision;
    }
    let attempt = Attempt::new(cluster, pod, &[], placement::is_asked_for(cluster));
    let usage = request::usage(cluster);
    let (fitting, refusals) = filtered(&attempt, &usage);
    let nominated = cluster.controllers.scheduler.nominated_of(pod);
    decision.nominated = nominated.filter(|node| fitting.contains(node));
    if fitting.is_empty() && !refusals.is_empty() {
        if let Outcome::Room(node, victims) = preemption::look(&attempt, nominated, &refusals) {
            decision.victims = Some((node, victims));
        }
    }
    if fitting.len() > 1 && decision.nominated.is_none() {
        decision.scores = scores(&attempt, &fitting, &usage, now);
        let sum = |index: usize| {
            let scores = decision.scores.iter();
            scores.map(|of| of.weight * of.scores[index]).sum()
        };
        decision.sums = (0..fitting.len()).map(sum).collect();
    }
    decision.refused.extend(refusals.into_iter().map(told));
    decision.fitting = fitting;
    decision
}

fn told((node, refusal): (NodeId, filter::Refusal)) -> Refused {
    Refused {
        node,
        plugin: filter_name(refusal.plugin),
        reasons: refusal.reasons,
    }
}

/// Every plugin that scores this Pod, in the profile's order, those too that give all the same.
fn scores(
    attempt: &Attempt,
    fitting: &[NodeId],
    usage: &[(request::Amounts, u32)],
    now: Instant,
) -> Vec<PluginScores> {
    let mut found: Vec<(Scorer, Scores)> = vec![
        // No taint is disliked; no image is there. Both plugins score all the same.
        (Scorer::TaintToleration, vec![100; fitting.len()]),
        (Scorer::ImageLocality, vec![0; fitting.len()]),
    ];
    score::each(attempt, fitting, usage, now, &mut |plugin, scores| {
        found.retain(|(known, _)| *known != plugin);
        found.push((plugin, scores));
    });
    let placement = attempt.state().spec.placement.as_deref();
    found.retain(|(plugin, scores)| match plugin {
        // Without wishes the plugins leave the Pod out (PreScore: Skip).
        Scorer::NodeAffinity => placement.is_some_and(has_node_wishes),
        Scorer::InterPodAffinity => scores.iter().any(|score| *score != 0),
        _ => true,
    });
    found.sort_by_key(|(plugin, _)| *plugin);
    let named = found.into_iter().map(|(plugin, scores)| PluginScores {
        plugin: scorer_name(plugin),
        weight: plugin.weight(),
        scores,
    });
    named.collect()
}

fn has_node_wishes(placement: &Placement) -> bool {
    !placement.node_preferred.is_empty()
}

const fn filter_name(plugin: Plugin) -> &'static str {
    match plugin {
        Plugin::NodeUnschedulable => "NodeUnschedulable",
        Plugin::TaintToleration => "TaintToleration",
        Plugin::NodeAffinity => "NodeAffinity",
        Plugin::NodePorts => "NodePorts",
        Plugin::NodeResourcesFit => "NodeResourcesFit",
        Plugin::VolumeBinding => "VolumeBinding",
        Plugin::PodTopologySpread => "PodTopologySpread",
        Plugin::InterPodAffinity => "InterPodAffinity",
    }
}

const fn scorer_name(plugin: Scorer) -> &'static str {
    match plugin {
        Scorer::TaintToleration => "TaintToleration",
        Scorer::NodeAffinity => "NodeAffinity",
        Scorer::NodeResourcesFit => "NodeResourcesFit",
        Scorer::PodTopologySpread => "PodTopologySpread",
        Scorer::InterPodAffinity => "InterPodAffinity",
        Scorer::NodeResourcesBalancedAllocation => "NodeResourcesBalancedAllocation",
        Scorer::ImageLocality => "ImageLocality",
    }
}
