//! `metadata` and references between objects.

use crate::sorted::Map;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Labels, selectors, annotations: ordered, so that printing is deterministic.
pub type StringMap = Map<String, String>;

/// The annotation in which `kubectl apply` keeps what it was given.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// `ObjectMeta`, as far as a manifest sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    pub name: String,
    pub generate_name: String,
    /// Empty means `default`.
    pub namespace: String,
    pub labels: StringMap,
    pub annotations: StringMap,
}

/// `metav1.LabelSelector`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelSelector {
    pub match_labels: StringMap,
    pub match_expressions: Vec<SelectorRequirement>,
}

/// One entry of `matchExpressions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectorRequirement {
    pub key: String,
    pub operator: SelectorOperator,
    pub values: Vec<String>,
}

/// Operators of label selectors and of node affinity (`Gt`, `Lt` only there).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SelectorOperator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
    Gt,
    Lt,
}

impl SelectorRequirement {
    /// Whether `labels` meets this requirement.
    pub fn matches(&self, labels: &StringMap) -> bool {
        let value = labels.get(&self.key);
        let compare = |wanted: fn(i64, i64) -> bool| {
            let bound = self.values.first().and_then(|v| v.parse::<i64>().ok());
            match (value.and_then(|v| v.parse::<i64>().ok()), bound) {
                (Some(have), Some(bound)) => wanted(have, bound),
                _ => false,
            }
        };
        match self.operator {
            SelectorOperator::In => value.is_some_and(|v| self.values.contains(v)),
            SelectorOperator::NotIn => !value.is_some_and(|v| self.values.contains(v)),
            SelectorOperator::Exists => value.is_some(),
            SelectorOperator::DoesNotExist => value.is_none(),
            SelectorOperator::Gt => compare(|a, b| a > b),
            SelectorOperator::Lt => compare(|a, b| a < b),
        }
    }
}

impl LabelSelector {
    /// Whether `labels` is selected. An empty selector selects everything.
    pub fn matches(&self, labels: &StringMap) -> bool {
        labels_contain(labels, &self.match_labels)
            && self.match_expressions.iter().all(|r| r.matches(labels))
    }
}

/// The label of a namespace that holds its name.
pub const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// A namespace of which nothing but the name is said.
pub fn named_namespace(name: &str) -> Metadata {
    Metadata {
        name: name.to_owned(),
        labels: StringMap::from_iter([(NAMESPACE_NAME.to_owned(), name.to_owned())]),
        ..Metadata::default()
    }
}

/// Whether `labels` holds every pair of `wanted`.
pub fn labels_contain(labels: &StringMap, wanted: &StringMap) -> bool {
    wanted.iter().all(|(k, v)| labels.get(k) == Some(v))
}

/// The labels asked about last, and the answer.
pub type Asked<'a> = Option<(&'a Arc<StringMap>, bool)>;

/// Asks a question about labels, but not again about those just asked about: Pods of one template
/// share theirs.
pub fn ask_once<'a>(
    last: &mut Asked<'a>,
    labels: &'a Arc<StringMap>,
    ask: impl FnOnce(&StringMap) -> bool,
) -> bool {
    match last {
        Some((known, answer)) if Arc::ptr_eq(known, labels) => *answer,
        _ => last.insert((labels, ask(labels))).1,
    }
}
