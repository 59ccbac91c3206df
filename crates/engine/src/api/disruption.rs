//! How many Pods may be missing by choice.

use super::{Amount, LabelSelector, Metadata, StringMap};
use serde::{Deserialize, Serialize};

/// `policy/v1` PodDisruptionBudget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisruptionBudget {
    pub metadata: Metadata,
    /// None selects nothing, an empty one every Pod of the namespace.
    pub selector: Option<LabelSelector>,
    pub min_available: Option<Amount>,
    pub max_unavailable: Option<Amount>,
    /// `unhealthyPodEvictionPolicy: AlwaysAllow`: Pods that are not ready may always go.
    pub spares_only_ready: bool,
}

impl DisruptionBudget {
    /// Whether it protects Pods with these labels.
    pub fn selects(&self, labels: &StringMap) -> bool {
        let selector = self.selector.as_ref();
        selector.is_some_and(|selector| selector.matches(labels))
    }
}
