//! The score of topology spread: constraints that are only wishes, and those that every replica has
//! by itself (SCH-07).

use super::filter::{is_kept_off, is_selected, Attempt};
use super::{fraction, HOSTNAME};
use crate::api::{
    ask_once, labels_contain, LabelSelector, SpreadConstraint, StringMap, WorkloadKind,
};
use crate::cluster::Owner;
use crate::ids::NodeId;
use crate::sorted::Map;

/// Key and skew of the constraints of a Pod that has none.
const DEFAULTS: [(&str, u32); 2] = [(HOSTNAME, 3), ("topology.kubernetes.io/zone", 5)];

impl<'a> Attempt<'a> {
    /// PodTopologySpread's score of each node, up to 100. None: there is nothing to spread.
    #[inline(never)]
    pub fn spread_scores(&self, fitting: &[NodeId]) -> Option<Vec<i64>> {
        let placement = self.state().spec.placement.as_deref();
        let own = placement.map_or(&[][..], |placement| &placement.spread);
        let defaults;
        let soft: Vec<&SpreadConstraint> = if own.is_empty() {
            defaults = self.default_constraints()?;
            defaults.iter().collect()
        } else {
            own.iter()
                .filter(|constraint| !constraint.is_hard)
                .collect()
        };
        if soft.is_empty() {
            return None;
        }
        // A node without one of the labels takes no part, unless the constraints are nobody's own.
        let takes_part = |node: NodeId| {
            own.is_empty()
                || soft
                    .iter()
                    .all(|c| self.label(node, &c.topology_key).is_some())
        };
        let mut sums: Vec<Option<u64>> = Vec::new();
        sums.extend(fitting.iter().map(|node| takes_part(*node).then_some(0)));
        for constraint in &soft {
            let key = &*constraint.topology_key;
            if fitting.iter().all(|node| self.label(*node, key).is_none()) {
                continue;
            }
            let crowds = self.crowds(constraint);
            let mut domains = Map::new();
            let taking_part = || fitting.iter().filter(|node| takes_part(**node));
            let mut size = taking_part().count() as u32;
            if key != HOSTNAME {
                for node in taking_part() {
                    domains.insert(self.label(*node, key).unwrap_or(""), 0_u32);
                }
                size = domains.len() as u32;
                for (index, crowd) in crowds.iter().enumerate() {
                    let node = NodeId::at(index);
                    let domain = self.label(node, key).unwrap_or("");
                    if takes_part(node) && self.includes(constraint, node) {
                        if let Some(count) = domains.get_mut(domain) {
                            *count += crowd;
                        }
                    }
                }
            }
            let weight = fraction::ln(size + 2);
            let skew = u64::from(constraint.max_skew - 1) << fraction::LOG_BITS;
            for (sum, node) in sums.iter_mut().zip(fitting) {
                let (Some(sum), Some(domain)) = (sum, self.label(*node, key)) else {
                    continue;
                };
                let counted = domains.get(domain).copied();
                let crowd = counted.unwrap_or(crowds[node.index()]);
                *sum += u64::from(crowd) * weight + skew;
            }
        }
        Some(fewest_first(&sums))
    }

    /// What a Pod of a Service, a ReplicaSet or a StatefulSet is spread by.
    fn default_constraints(&self) -> Option<Vec<SpreadConstraint>> {
        let (own, controllers) = (self.state(), &self.cluster.controllers);
        let mut selector = LabelSelector::default();
        for service in &controllers.services {
            let wanted = &service.object.selector;
            let is_its = service.removed_at.is_none()
                && service.namespace == own.namespace
                && !wanted.is_empty()
                && labels_contain(&own.labels, wanted);
            if is_its {
                let pairs = wanted
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone()));
                selector.match_labels.extend(pairs);
            }
        }
        let owners = match own.owner {
            Owner::ReplicaSet(id) => Some(&controllers.replica_set(id).object.selector),
            Owner::Workload(id) => {
                let workload = &controllers.workloads[id.index()].object;
                let is_stateful = matches!(workload.kind, WorkloadKind::StatefulSet { .. });
                is_stateful.then_some(&workload.selector)
            }
            Owner::None => None,
        };
        if let Some(owners) = owners {
            let pairs = owners.match_labels.iter();
            let pairs = pairs.map(|(key, value)| (key.clone(), value.clone()));
            selector.match_labels.extend(pairs);
            selector
                .match_expressions
                .clone_from(&owners.match_expressions);
        }
        let is_empty = selector.match_labels.is_empty() && selector.match_expressions.is_empty();
        let constraint = |(key, max_skew): (&str, u32)| SpreadConstraint {
            max_skew,
            topology_key: key.to_owned(),
            is_hard: false,
            selector: Some(selector.clone()),
            min_domains: 1,
            match_label_keys: Vec::new(),
            ignores_affinity: false,
            honors_taints: false,
        };
        (!is_empty).then(|| DEFAULTS.map(constraint).into())
    }

    /// How many Pods of a constraint each node has; those that go do not count.
    fn crowds(&self, constraint: &SpreadConstraint) -> Vec<u32> {
        let mut crowds = vec![0; self.cluster.nodes.len()];
        let namespace = &self.state().namespace;
        let mut last = None;
        for (node, other) in self.others() {
            let counts = |labels: &StringMap| self.counts_labels(constraint, labels);
            if other.deletion.is_none()
                && other.namespace == *namespace
                && ask_once(&mut last, &other.labels, counts)
            {
                crowds[node.index()] += 1;
            }
        }
        crowds
    }

    /// Whether a node's Pods count in a domain.
    pub fn includes(&self, constraint: &SpreadConstraint, node: NodeId) -> bool {
        let (kubelet, spec) = (&self.cluster.nodes[node.index()], &self.state().spec);
        kubelet.has_object
            && (constraint.ignores_affinity || is_selected(&kubelet.object, spec))
            && !(constraint.honors_taints && is_kept_off(&kubelet.object, spec))
    }
}

/// The emptiest gets 100, a node that takes no part nothing.
fn fewest_first(sums: &[Option<u64>]) -> Vec<i64> {
    let round = |sum: u64| ((sum + (1 << (fraction::LOG_BITS - 1))) >> fraction::LOG_BITS) as i64;
    let known = || sums.iter().flatten().map(|sum| round(*sum));
    let (most, least) = (known().max().unwrap_or(0), known().min().unwrap_or(0));
    let score = |sum: &Option<u64>| match (sum, most) {
        (None, _) => 0,
        (Some(_), 0) => 100,
        (Some(sum), most) => 100 * (most + least - round(*sum)) / most,
    };
    sums.iter().map(score).collect()
}
