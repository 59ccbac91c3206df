//! Affinity and topology spread constraints of a Pod.

use super::pod::requirement;
use super::workload::selector;
use crate::api::{LabelSelector, NodeTerm, PodSpec, PodTerm, PodTerms};
use crate::kubectl::output::{list, map, Map, Value};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// `spec.affinity`; empty if the Pod has none.
pub fn affinity(spec: &PodSpec) -> Map {
    let required = spec.node_affinity_required.iter();
    let required = list(required.map(node_term));
    let required = match required == Value::List(Vec::new()) {
        true => map(),
        false => map().set("nodeSelectorTerms", required),
    };
    let placement = spec.placement.as_deref();
    let preferred = placement.map_or(&[][..], |p| &p.node_preferred).iter();
    let preferred = preferred.map(|(weight, term)| {
        map()
            .set("preference", node_term(term))
            .set("weight", *weight)
    });
    let node = map()
        .some(PREFERRED, list(preferred))
        .some(REQUIRED, required);
    map()
        .some("nodeAffinity", node)
        .some(
            "podAffinity",
            placement.map_or_else(map, |p| terms(&p.affinity)),
        )
        .some(
            "podAntiAffinity",
            placement.map_or_else(map, |p| terms(&p.anti_affinity)),
        )
}

fn node_term(term: &NodeTerm) -> Map {
    map()
        .some(
            "matchExpressions",
            list(term.labels.iter().map(requirement)),
        )
        .some("matchFields", list(term.names.iter().map(requirement)))
}

fn chosen(of: &Option<LabelSelector>) -> Option<Map> {
    of.as_ref().map(selector)
}

fn term(term: &PodTerm) -> Map {
    map()
        .maybe("labelSelector", chosen(&term.selector))
        .maybe("namespaceSelector", chosen(&term.namespace_selector))
        .some("namespaces", list(&term.namespaces))
        .set("topologyKey", &term.topology_key)
}

fn terms(terms: &PodTerms) -> Map {
    let preferred = terms.preferred.iter().map(|(weight, of)| {
        map()
            .set("podAffinityTerm", term(of))
            .set("weight", *weight)
    });
    map()
        .some(PREFERRED, list(preferred))
        .some(REQUIRED, list(terms.required.iter().map(term)))
}

/// `spec.topologySpreadConstraints`.
pub fn spread(spec: &PodSpec) -> Value {
    let constraints = spec.placement.as_deref().map_or(&[][..], |p| &p.spread);
    list(constraints.iter().map(|constraint| {
        let when = match constraint.is_hard {
            true => "DoNotSchedule",
            false => "ScheduleAnyway",
        };
        map()
            .maybe("labelSelector", chosen(&constraint.selector))
            .some("matchLabelKeys", list(&constraint.match_label_keys))
            .set("maxSkew", constraint.max_skew)
            .set("topologyKey", &constraint.topology_key)
            .set("whenUnsatisfiable", when)
    }))
}
