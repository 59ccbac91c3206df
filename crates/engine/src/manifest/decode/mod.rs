//! Trees → API objects with the API server's defaults (API-03). Only what passed the schema and
//! validation arrives here; a value out of range is cut, never a failure.

mod admission;
mod container;
mod endpoints;
mod objects;
mod placement;
mod pod;
mod volume;

pub use admission::admit;
pub use objects::default_node;

use super::field::Field;
use super::quantity::Quantity;
use super::yaml::Node;
use crate::api::{
    LabelSelector, Metadata, Object, SelectorOperator, SelectorRequirement, StringMap,
};

/// The object of a tree. Kinds without a simulation become [`Object::Other`].
pub fn decode(api_version: &str, kind: &str, root: &Node) -> Object {
    let root = Field::root(root);
    match kind {
        "Pod" => Object::Pod(pod::pod(&root)),
        "Deployment" => Object::Deployment(objects::deployment(&root)),
        "ReplicaSet" => Object::ReplicaSet(objects::replica_set(&root)),
        "StatefulSet" => Object::Workload(objects::stateful_set(&root)),
        "DaemonSet" => Object::Workload(objects::daemon_set(&root)),
        "Job" => Object::Workload(objects::job(&root)),
        "Service" if api_version == "v1" => Object::Service(objects::service(&root)),
        "Node" if api_version == "v1" => Object::Node(objects::node(&root)),
        "Namespace" => Object::Namespace(metadata(&root)),
        "ConfigMap" => Object::ConfigMap(objects::config_map(&root)),
        "Secret" => Object::Secret(objects::secret(&root)),
        "PriorityClass" => Object::PriorityClass(placement::priority_class(&root)),
        "PodDisruptionBudget" => Object::PodDisruptionBudget(placement::disruption_budget(&root)),
        "Endpoints" => Object::Endpoints(endpoints::endpoints(&root)),
        "EndpointSlice" => Object::EndpointSlice(endpoints::slice(&root)),
        "PersistentVolumeClaim" => Object::PersistentVolumeClaim(objects::claim(&root)),
        _ => Object::Other {
            api_version: api_version.to_string(),
            kind: kind.to_string(),
            metadata: metadata(&root),
        },
    }
}

/// `metadata` of an object or template.
pub fn metadata(root: &Field) -> Metadata {
    let metadata = root.key("metadata");
    Metadata {
        name: metadata.key("name").text().into(),
        generate_name: metadata.key("generateName").text().into(),
        namespace: metadata.key("namespace").text().into(),
        labels: string_map(&metadata.key("labels")),
        annotations: string_map(&metadata.key("annotations")),
    }
}

/// A map of texts.
pub fn string_map(field: &Field) -> StringMap {
    let entries = field.node.map_or(&[][..], |node| node.entries());
    entries
        .iter()
        .map(|entry| (entry.key.clone(), entry.value.text().unwrap_or("").into()))
        .collect()
}

/// A list of texts; None if absent.
pub fn texts(field: &Field) -> Option<Vec<String>> {
    let items = field.node?.items();
    Some(
        items
            .iter()
            .map(|i| i.text().unwrap_or("").into())
            .collect(),
    )
}

/// A label selector.
pub fn label_selector(selector: &Field) -> LabelSelector {
    LabelSelector {
        match_labels: string_map(&selector.key("matchLabels")),
        match_expressions: requirements(&selector.key("matchExpressions")),
    }
}

/// `matchExpressions` of selectors and affinity.
pub fn requirements(expressions: &Field) -> Vec<SelectorRequirement> {
    let requirement = |field: Field| SelectorRequirement {
        key: field.key("key").text().into(),
        operator: match field.key("operator").text() {
            "NotIn" => SelectorOperator::NotIn,
            "Exists" => SelectorOperator::Exists,
            "DoesNotExist" => SelectorOperator::DoesNotExist,
            "Gt" => SelectorOperator::Gt,
            "Lt" => SelectorOperator::Lt,
            _ => SelectorOperator::In,
        },
        values: texts(&field.key("values")).unwrap_or_default(),
    };
    expressions.items().map(requirement).collect()
}

/// A number that is not below zero.
fn natural(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// A port's number.
fn port_number(field: &Field) -> u16 {
    u16::try_from(field.int()).unwrap_or(0)
}

/// A quantity, if there is a valid one.
fn quantity(field: &Field) -> Option<Quantity> {
    field.node.and_then(|node| Quantity::of(node).ok())
}
