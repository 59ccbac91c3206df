//! What a Pod says to the scheduler beyond its node selector.

use super::objects::amount;
use super::pod::node_term;
use super::{label_selector, metadata, natural, texts};
use crate::api::{
    DisruptionBudget, LabelSelector, NodeTerm, Placement, PodTerm, PodTerms, PriorityClass,
    SpreadConstraint, DEFAULT_SCHEDULER,
};
use crate::manifest::field::Field;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// None: it says nothing of that, as most do.
#[inline(never)]
pub fn placement(spec: &Field) -> Option<Box<Placement>> {
    let affinity = spec.key("affinity");
    let constraints = spec.key("topologySpreadConstraints");
    let preemption = spec.key("preemptionPolicy");
    let scheduler = spec.key("schedulerName");
    let placement = Placement {
        priority_class: spec.key("priorityClassName").text().into(),
        priority: 0,
        never_preempts: preemption.text() == "Never",
        node_preferred: node_preferred(&affinity.key("nodeAffinity")),
        affinity: pod_terms(&affinity.key("podAffinity")),
        anti_affinity: pod_terms(&affinity.key("podAntiAffinity")),
        spread: constraints.items().map(constraint).collect(),
        scheduler_name: match scheduler.text() {
            DEFAULT_SCHEDULER => String::new(),
            name => name.into(),
        },
    };
    (placement != Placement::default()).then(|| Box::new(placement))
}

fn node_preferred(node: &Field) -> Vec<(u32, NodeTerm)> {
    let term = |field: Field| {
        let weight = natural(field.key("weight").int());
        (weight, node_term(&field.key("preference")))
    };
    node.key(PREFERRED).items().map(term).collect()
}

fn pod_terms(terms: &Field) -> PodTerms {
    let weighted = |field: Field| {
        let weight = natural(field.key("weight").int());
        (weight, pod_term(field.key("podAffinityTerm")))
    };
    PodTerms {
        required: terms.key(REQUIRED).items().map(pod_term).collect(),
        preferred: terms.key(PREFERRED).items().map(weighted).collect(),
    }
}

/// A selector that may be missing: then it selects nothing.
fn selector(field: &Field) -> Option<LabelSelector> {
    field.is_set().then(|| label_selector(field))
}

fn pod_term(field: Field) -> PodTerm {
    PodTerm {
        topology_key: field.key("topologyKey").text().into(),
        selector: selector(&field.key("labelSelector")),
        namespaces: texts(&field.key("namespaces")).unwrap_or_default(),
        namespace_selector: selector(&field.key("namespaceSelector")),
    }
}

fn constraint(field: Field) -> SpreadConstraint {
    SpreadConstraint {
        max_skew: natural(field.key("maxSkew").int()),
        topology_key: field.key("topologyKey").text().into(),
        is_hard: field.key("whenUnsatisfiable").text_or("DoNotSchedule") == "DoNotSchedule",
        selector: selector(&field.key("labelSelector")),
        min_domains: natural(field.key("minDomains").int_or(1)),
        match_label_keys: texts(&field.key("matchLabelKeys")).unwrap_or_default(),
        ignores_affinity: field.key("nodeAffinityPolicy").text() == "Ignore",
        honors_taints: field.key("nodeTaintsPolicy").text() == "Honor",
    }
}

/// A PodDisruptionBudget.
#[inline(never)]
pub fn disruption_budget(root: &Field) -> DisruptionBudget {
    let spec = root.key("spec");
    let bound = |name| {
        let field = spec.key(name);
        field.is_set().then(|| amount(&field))
    };
    DisruptionBudget {
        metadata: metadata(root),
        selector: selector(&spec.key("selector")),
        min_available: bound("minAvailable"),
        max_unavailable: bound("maxUnavailable"),
        spares_only_ready: spec.key("unhealthyPodEvictionPolicy").text() == "AlwaysAllow",
    }
}

/// A PriorityClass.
#[inline(never)]
pub fn priority_class(root: &Field) -> PriorityClass {
    PriorityClass {
        metadata: metadata(root),
        value: i32::try_from(root.key("value").int()).unwrap_or(i32::MAX),
        global_default: root.key("globalDefault").bool(),
        never_preempts: root.key("preemptionPolicy").text() == "Never",
    }
}
