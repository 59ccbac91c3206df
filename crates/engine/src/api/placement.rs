//! Where a Pod wants to be, and whom it may push aside (SCH-02, SCH-07).

use super::{LabelSelector, Metadata, Node, SelectorOperator, SelectorRequirement};
use serde::{Deserialize, Serialize};

/// Priorities from here on are critical.
pub const CRITICAL: i32 = 2_000_000_000;
/// Priority classes that every cluster has.
pub const SYSTEM_CLASSES: [(&str, i32); 2] = [
    ("system-cluster-critical", CRITICAL),
    ("system-node-critical", 2_000_001_000),
];

/// What only few Pods say to the scheduler.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// `priorityClassName`.
    pub priority_class: String,
    /// Of the class, once the Pod is admitted.
    pub priority: i32,
    /// `preemptionPolicy: Never`.
    pub never_preempts: bool,
    /// Node affinity that is only preferred: weight and requirements.
    pub node_preferred: Vec<(u32, NodeTerm)>,
    pub affinity: PodTerms,
    pub anti_affinity: PodTerms,
    pub spread: Vec<SpreadConstraint>,
    /// `schedulerName`, where it is not the default scheduler: nobody places such Pods here.
    pub scheduler_name: String,
}

/// The scheduler that there is.
pub const DEFAULT_SCHEDULER: &str = "default-scheduler";

/// `v1.NodeSelectorTerm`: all of its requirements must be met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeTerm {
    /// `matchExpressions`: of the node's labels.
    pub labels: Vec<SelectorRequirement>,
    /// `matchFields`: of `metadata.name`, the only field there is.
    pub names: Vec<SelectorRequirement>,
}

impl NodeTerm {
    /// Whether a node meets all requirements; there are none in an empty term.
    pub fn fits(&self, node: &Node) -> bool {
        let metadata = &node.metadata;
        self.labels.iter().all(|of| of.matches(&metadata.labels)) && self.fits_name(&metadata.name)
    }

    /// Whether the node's name meets those of `matchFields`.
    pub fn fits_name(&self, name: &str) -> bool {
        self.names.iter().all(|of| {
            let is_listed = of.values.iter().any(|value| value == name);
            is_listed == (of.operator == SelectorOperator::In)
        })
    }

    /// Whether it requires nothing.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.names.is_empty()
    }
}

/// `podAffinity` or `podAntiAffinity`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodTerms {
    pub required: Vec<PodTerm>,
    /// With their weights.
    pub preferred: Vec<(u32, PodTerm)>,
}

/// `v1.PodAffinityTerm`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodTerm {
    pub topology_key: String,
    /// None selects nothing.
    pub selector: Option<LabelSelector>,
    /// Empty: the Pod's own.
    pub namespaces: Vec<String>,
    /// Namespaces besides those; an empty selector means all.
    pub namespace_selector: Option<LabelSelector>,
}

/// `v1.TopologySpreadConstraint`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpreadConstraint {
    pub max_skew: u32,
    pub topology_key: String,
    /// `DoNotSchedule` rather than `ScheduleAnyway`.
    pub is_hard: bool,
    /// None selects nothing.
    pub selector: Option<LabelSelector>,
    pub min_domains: u32,
    /// Labels whose values other Pods must share.
    pub match_label_keys: Vec<String>,
    /// `nodeAffinityPolicy: Ignore`: nodes count that the Pod's node affinity leaves out.
    pub ignores_affinity: bool,
    /// `nodeTaintsPolicy: Honor`: nodes do not count whose taints the Pod does not tolerate.
    pub honors_taints: bool,
}

/// `scheduling.k8s.io/v1` PriorityClass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityClass {
    pub metadata: Metadata,
    pub value: i32,
    pub global_default: bool,
    pub never_preempts: bool,
}
