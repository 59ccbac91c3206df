//! Affinity between Pods, and spreading over zones and nodes: filters, and the score of affinity
//! (SCH-02, SCH-07). Nothing here is called unless a Pod of the cluster asks for it.

use super::filter::{Attempt, Plugin, Refusal};
use super::request;
use crate::api::{Placement, PodTerm, PodTerms, SpreadConstraint, StringMap};
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
    pub fn state(&self) -> &'a PodState {
        &self.cluster.pods[self.pod.index()]
    }

    pub fn label(&self, node: NodeId, key: &str) -> Option<&'a str> {
        let labels = &self.cluster.nodes[node.index()].object.metadata.labels;
        labels.get(key).map(String::as_str)
    }

    /// Other Pods that take part, with their nodes.
    pub fn others(&self) -> impl Iterator<Item = (NodeId, &'a PodState)> + '_ {
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
                    self.selects(term, other, self.state())
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
        let meets = |other: &PodState| terms.iter().all(|term| self.selects(term, own, other));
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
                self.selects(term, own, other) && self.is_together(&term.topology_key, there, node)
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
        let hard: Vec<&SpreadConstraint> = all.iter().filter(|c| c.is_hard).collect();
        hard.iter().map(|c| (*c, self.domains(c, &hard))).collect()
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
        let mut counts = Map::new();
        // The domain of each node that takes part.
        let mut domains = Vec::new();
        for node in (0..self.cluster.nodes.len()).map(NodeId::at) {
            let has_label = |c: &&SpreadConstraint| self.label(node, &c.topology_key).is_some();
            let takes_part = all.iter().all(has_label) && self.includes(of, node);
            let domain = self.label(node, &of.topology_key).filter(|_| takes_part);
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
        self.state().namespace == other.namespace && self.counts_labels(constraint, &other.labels)
    }

    /// Whether a Pod of the same namespace that has these labels counts for a constraint.
    pub fn counts_labels(&self, constraint: &SpreadConstraint, labels: &StringMap) -> bool {
        let own = self.state();
        let selector = constraint.selector.as_ref();
        let mut keys = constraint.match_label_keys.iter();
        selector.is_some_and(|selector| selector.matches(labels))
            && keys.all(|key| own.labels.get(key) == labels.get(key))
    }

    /// InterPodAffinity's score of each node: wishes about other Pods, and theirs about this one; a
    /// requirement of theirs counts 1.
    #[inline(never)]
    pub fn neighbours(&self, fitting: &[NodeId]) -> Vec<i64> {
        let own = self.state();
        let wishes = own.spec.placement.as_deref();
        let near = wishes.map_or(&[][..], |placement| &placement.affinity.preferred);
        let apart = wishes.map_or(&[][..], |placement| &placement.anti_affinity.preferred);
        // By key of a topology: what each node's Pods add up to.
        let mut sums: Vec<(&str, Vec<i64>)> = Vec::new();
        for (there, other) in self.others() {
            let mut add = |weight: i64, term: &'a PodTerm, of: &PodState, by: &PodState| {
                let key = term.topology_key.as_str();
                if !self.selects(term, by, of) || self.label(there, key).is_none() {
                    return;
                }
                let at = sums.iter().position(|(known, _)| *known == key);
                let at = at.unwrap_or_else(|| {
                    sums.push((key, vec![0; self.cluster.nodes.len()]));
                    sums.len() - 1
                });
                sums[at].1[there.index()] += weight;
            };
            for (weight, term) in near {
                add(i64::from(*weight), term, other, own);
            }
            for (weight, term) in apart {
                add(-i64::from(*weight), term, other, own);
            }
            let Some(theirs) = other.spec.placement.as_deref() else {
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
        let score = |node: NodeId| {
            let mut sum = 0;
            for (key, weights) in &sums {
                for (index, weight) in weights.iter().enumerate() {
                    if *weight != 0 && self.is_together(key, NodeId::at(index), node) {
                        sum += weight;
                    }
                }
            }
            sum
        };
        fitting.iter().map(|node| score(*node)).collect()
    }

    /// Whether a term of `by` means the Pod `of`.
    fn selects(&self, term: &PodTerm, by: &PodState, of: &PodState) -> bool {
        let selector = term.selector.as_ref();
        if !selector.is_some_and(|selector| selector.matches(&of.labels)) {
            return false;
        }
        let is_listed = || term.namespaces.iter().any(|name| **name == *of.namespace);
        let namespaces = &self.cluster.controllers.store.namespaces;
        let place = || namespaces.get(&*of.namespace);
        match &term.namespace_selector {
            None if term.namespaces.is_empty() => by.namespace == of.namespace,
            None => is_listed(),
            Some(selector) => {
                is_listed() || place().is_some_and(|place| selector.matches(&place.labels))
            }
        }
    }
}
