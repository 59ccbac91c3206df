//! Affinity between Pods, and spreading over zones and nodes: filters and preferences (SCH-02,
//! SCH-07). Nothing here is called unless a Pod of the cluster asks for it.

use super::filter::{is_kept_off, is_selected, Attempt, Plugin, Refusal};
use super::request;
use crate::api::{namespace_labels, Placement, PodTerm, PodTerms, SpreadConstraint};
use crate::cluster::{Cluster, PodState};
use crate::ids::NodeId;
use crate::sorted::Map;

/// Whether any Pod that the API server has wishes for nodes or says something about other Pods.
pub fn is_asked_for(cluster: &Cluster) -> bool {
    let mut pods = cluster.pods.iter();
    pods.any(|pod| {
        let placement = pod.spec.placement.as_deref();
        pod.removed_at.is_none() && placement.is_some_and(speaks)
    })
}

#[inline(never)]
fn speaks(placement: &Placement) -> bool {
    let has_terms = |terms: &PodTerms| !(terms.required.is_empty() && terms.preferred.is_empty());
    has_terms(&placement.affinity)
        || has_terms(&placement.anti_affinity)
        || !(placement.node_preferred.is_empty() && placement.spread.is_empty())
}

/// A constraint, and how many Pods each domain has.
pub type Counted<'a> = (&'a SpreadConstraint, Map<&'a str, u32>);

impl<'a> Attempt<'a> {
    fn state(&self) -> &'a PodState {
        &self.cluster.pods[self.pod.index()]
    }

    fn label(&self, node: NodeId, key: &str) -> Option<&'a str> {
        let labels = &self.cluster.nodes[node.index()].object.metadata.labels;
        labels.get(key).map(String::as_str)
    }

    /// Other Pods that take part, with their nodes.
    fn others(&self) -> impl Iterator<Item = (NodeId, &PodState)> {
        request::placed(self.cluster).filter_map(|(node, id, pod)| {
            let counts = id != self.pod && !self.gone.contains(&id);
            counts.then_some((node, pod))
        })
    }

    /// Whether two nodes are in one domain of a topology.
    fn is_together(&self, key: &str, one: NodeId, other: NodeId) -> bool {
        let label = self.label(one, key);
        label.is_some() && label == self.label(other, key)
    }

    /// PodTopologySpread, then InterPodAffinity.
    #[inline(never)]
    pub fn check_placement(&self, node: NodeId) -> Result<(), Refusal> {
        if let Some(placement) = &self.state().spec.placement {
            self.check_spread(node)?;
            self.check_affinity(placement, node)?;
        }
        let refuses = |(there, other): (NodeId, &PodState)| {
            let placement = other.spec.placement.as_ref();
            placement.is_some_and(|theirs| {
                theirs.anti_affinity.required.iter().any(|term| {
                    selects(term, other, self.state())
                        && self.is_together(&term.topology_key, there, node)
                })
            })
        };
        if self.others().any(refuses) {
            let reason = "node(s) didn't satisfy existing pods anti-affinity rules";
            return Err(Refusal::new(Plugin::InterPodAffinity, reason, true));
        }
        Ok(())
    }

    fn check_affinity(&self, placement: &Placement, node: NodeId) -> Result<(), Refusal> {
        let own = self.state();
        let terms = &placement.affinity.required;
        // A Pod counts that meets every term.
        let meets = |other: &PodState| terms.iter().all(|term| selects(term, own, other));
        let mut is_met = true;
        for term in terms {
            let key = &term.topology_key;
            let has_domain = self.label(node, key).is_some();
            let near = |(there, other): (NodeId, &PodState)| {
                meets(other) && self.is_together(key, there, node)
            };
            is_met &= has_domain && self.others().any(near);
        }
        if !is_met {
            // The first of a group that asks for its own kind may begin anywhere.
            let has_domains = terms
                .iter()
                .all(|term| self.label(node, &term.topology_key).is_some());
            let is_first = !self.others().any(|(_, other)| meets(other));
            if !(has_domains && is_first && meets(own)) {
                let reason = "node(s) didn't match pod affinity rules";
                return Err(Refusal::new(Plugin::InterPodAffinity, reason, false));
            }
        }
        let apart = |term: &PodTerm| {
            self.others().any(|(there, other)| {
                selects(term, own, other) && self.is_together(&term.topology_key, there, node)
            })
        };
        if placement.anti_affinity.required.iter().any(apart) {
            let reason = "node(s) didn't match pod anti-affinity rules";
            return Err(Refusal::new(Plugin::InterPodAffinity, reason, true));
        }
        Ok(())
    }

    /// The hard constraints of topology spread with their counts.
    #[inline(never)]
    pub fn hard_spread(&self) -> Vec<Counted<'a>> {
        let placement = self.state().spec.placement.as_deref();
        let all = placement.map_or(&[][..], |placement| &placement.spread);
        self.counted(all.iter().filter(|c| c.is_hard).collect())
    }

    fn counted(&self, constraints: Vec<&'a SpreadConstraint>) -> Vec<Counted<'a>> {
        let counts = |c: &&'a SpreadConstraint| (*c, self.domains(c, &constraints));
        constraints.iter().map(counts).collect()
    }

    fn check_spread(&self, node: NodeId) -> Result<(), Refusal> {
        for (constraint, counts) in &self.spread {
            let Some(domain) = self.label(node, &constraint.topology_key) else {
                let reason = "node(s) didn't match pod topology spread constraints (missing \
                              required label)";
                return Err(Refusal::new(Plugin::PodTopologySpread, reason, false));
            };
            let is_few = (counts.len() as u32) < constraint.min_domains;
            let least = counts.values().copied().min().filter(|_| !is_few);
            let here = counts.get(domain).copied().unwrap_or(0);
            let own = u32::from(self.counts_for(constraint, self.state()));
            if here + own > least.unwrap_or(0) + constraint.max_skew {
                let reason = "node(s) didn't match pod topology spread constraints";
                return Err(Refusal::new(Plugin::PodTopologySpread, reason, true));
            }
        }
        Ok(())
    }

    /// How many Pods of a constraint each domain has. Nodes count that have the labels of all
    /// constraints.
    fn domains(&self, of: &SpreadConstraint, all: &[&SpreadConstraint]) -> Map<&'a str, u32> {
        let spec = &self.state().spec;
        let mut counts = Map::new();
        // The domain of each node that takes part.
        let mut domains = Vec::new();
        for (index, node) in self.cluster.nodes.iter().enumerate() {
            let id = NodeId::at(index);
            let takes_part = node.has_object
                && all
                    .iter()
                    .all(|c| self.label(id, &c.topology_key).is_some())
                && (of.ignores_affinity || is_selected(&node.object, spec))
                && !(of.honors_taints && is_kept_off(&node.object, spec));
            let domain = self.label(id, &of.topology_key).filter(|_| takes_part);
            domain.map(|domain| counts.entry(domain).or_insert(0));
            domains.push(domain);
        }
        for (node, other) in self.others() {
            let domain = domains[node.index()];
            if let Some(domain) = domain.filter(|_| other.deletion.is_none()) {
                *counts.entry(domain).or_insert(0) += u32::from(self.counts_for(of, other));
            }
        }
        counts
    }

    fn counts_for(&self, constraint: &SpreadConstraint, other: &PodState) -> bool {
        let own = self.state();
        let selector = constraint.selector.as_ref();
        own.namespace == other.namespace
            && selector.is_some_and(|selector| selector.matches(&other.labels))
            && constraint
                .match_label_keys
                .iter()
                .all(|key| own.labels.get(key) == other.labels.get(key))
    }

    /// What the Pod would rather have, node by node: the weighted sum of SCH-07 of the plugins
    /// that tell nodes apart by wishes, most first.
    #[inline(never)]
    pub fn preferences(&self, fitting: &[NodeId]) -> Vec<i64> {
        let none = Placement::default();
        let placement = self.state().spec.placement.as_deref().unwrap_or(&none);
        let mut sum = vec![0; fitting.len()];
        let mut add = |weight: i64, scores: Vec<i64>| {
            for (sum, score) in sum.iter_mut().zip(scores) {
                *sum += weight * score;
            }
        };
        let each = |score: &dyn Fn(NodeId) -> i64| -> Vec<i64> {
            fitting.iter().map(|node| score(*node)).collect()
        };
        let wishes = each(&|node| self.node_wishes(placement, node));
        add(2, up_to_100(wishes, false));
        let near = each(&|node| self.neighbours(placement, node));
        add(2, up_to_100(near, true));
        let soft: Vec<&SpreadConstraint> = placement.spread.iter().filter(|c| !c.is_hard).collect();
        if !soft.is_empty() {
            let soft = self.counted(soft);
            let crowd = fitting.iter().map(|node| self.crowd(&soft, *node));
            add(2, fewest_first(crowd.collect()));
        }
        sum
    }

    fn node_wishes(&self, placement: &Placement, node: NodeId) -> i64 {
        let labels = &self.cluster.nodes[node.index()].object.metadata.labels;
        let met = placement.node_preferred.iter();
        let met = met.filter(|(_, wanted)| wanted.iter().all(|r| r.matches(labels)));
        met.map(|(weight, _)| i64::from(*weight)).sum()
    }

    /// Wishes about other Pods, and theirs about this one; a requirement of theirs counts 1.
    fn neighbours(&self, placement: &Placement, node: NodeId) -> i64 {
        let own = self.state();
        let mut sum = 0;
        for (there, other) in self.others() {
            let mut add = |weight: i64, term: &PodTerm, of: &PodState, by: &PodState| {
                if selects(term, by, of) && self.is_together(&term.topology_key, there, node) {
                    sum += weight;
                }
            };
            for (weight, term) in &placement.affinity.preferred {
                add(i64::from(*weight), term, other, own);
            }
            for (weight, term) in &placement.anti_affinity.preferred {
                add(-i64::from(*weight), term, other, own);
            }
            let Some(theirs) = &other.spec.placement else {
                continue;
            };
            for term in &theirs.affinity.required {
                add(1, term, own, other);
            }
            for (weight, term) in &theirs.affinity.preferred {
                add(i64::from(*weight), term, own, other);
            }
            for (weight, term) in &theirs.anti_affinity.preferred {
                add(-i64::from(*weight), term, own, other);
            }
        }
        sum
    }

    /// How many Pods are where the node is; a topology with more domains weighs more. Nodes that
    /// lack a label come last.
    fn crowd(&self, soft: &[Counted], node: NodeId) -> Option<i64> {
        let mut sum = 0;
        for (constraint, counts) in soft {
            let domain = self.label(node, &constraint.topology_key)?;
            let here = i64::from(counts.get(domain).copied().unwrap_or(0));
            let slack = i64::from(constraint.max_skew) - 1;
            sum += here * log_milli(counts.len() as u32 + 2) + slack * 1_000;
        }
        Some(sum)
    }
}

/// Whether a term of `by` means the Pod `of`.
fn selects(term: &PodTerm, by: &PodState, of: &PodState) -> bool {
    let selector = term.selector.as_ref();
    if !selector.is_some_and(|selector| selector.matches(&of.labels)) {
        return false;
    }
    let is_listed = || term.namespaces.iter().any(|name| **name == *of.namespace);
    match &term.namespace_selector {
        None if term.namespaces.is_empty() => by.namespace == of.namespace,
        None => is_listed(),
        Some(selector) => is_listed() || selector.matches(&namespace_labels(&of.namespace)),
    }
}

/// Scores on a scale of 100; without `from_least` 0 stays 0.
fn up_to_100(scores: Vec<i64>, from_least: bool) -> Vec<i64> {
    let most = scores.iter().copied().max().unwrap_or(0);
    let least = scores.iter().copied().min().filter(|_| from_least);
    let least = least.unwrap_or(0);
    let span = most - least;
    let scale = |score: i64| match span {
        0 => 0,
        span => (score - least) * 100 / span,
    };
    scores.into_iter().map(scale).collect()
}

/// The emptiest gets 100, a node that takes no part nothing.
fn fewest_first(crowds: Vec<Option<i64>>) -> Vec<i64> {
    let known = || crowds.iter().flatten().copied();
    let (most, least) = (known().max().unwrap_or(0), known().min().unwrap_or(0));
    let score = |crowd: Option<i64>| match (crowd, most) {
        (None, _) => 0,
        (Some(_), 0) => 100,
        (Some(crowd), most) => 100 * (most + least - crowd) / most,
    };
    crowds.into_iter().map(score).collect()
}

/// A thousand times the natural logarithm, by halving: enough to weigh topologies by.
fn log_milli(number: u32) -> i64 {
    // ln 2 for each doubling, and the rest as (x − 1) between them.
    let doublings = number.max(1).ilog2();
    let rest = (u64::from(number) * 1_000) >> doublings;
    i64::from(doublings) * 693 + (rest as i64 - 1_000) * 693 / 1_000
}
