//! `kubectl get deployments` and `replicasets`.

use crate::api::{LabelSelector, PodSpec, SelectorOperator};
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::view::View;

pub const DEPLOYMENT: &[&str] = &[
    "NAME",
    "READY",
    "UP-TO-DATE",
    "AVAILABLE",
    "AGE",
    "+CONTAINERS",
    "+IMAGES",
    "+SELECTOR",
];

pub const REPLICA_SET: &[&str] = &[
    "NAME",
    "DESIRED",
    "CURRENT",
    "READY",
    "AGE",
    "+CONTAINERS",
    "+IMAGES",
    "+SELECTOR",
];

pub fn deployment(view: &View, item: &Item) -> Vec<String> {
    let Thing::Deployment(id) = item.thing else {
        return Vec::new();
    };
    let deployment = view.cluster.controllers.deployment(id);
    let status = &deployment.status;
    let mut cells = vec![
        item.name.clone(),
        format!("{}/{}", status.ready, deployment.object.replicas),
        status.updated.to_string(),
        status.available.to_string(),
        item.created.age(view.now),
    ];
    cells.extend(containers(&deployment.object.template.spec));
    cells.push(selector_text(&deployment.object.selector));
    cells
}

pub fn replica_set(view: &View, item: &Item) -> Vec<String> {
    let Thing::ReplicaSet(id) = item.thing else {
        return Vec::new();
    };
    let set = view.cluster.controllers.replica_set(id);
    let mut cells = vec![
        item.name.clone(),
        set.object.replicas.to_string(),
        set.status.replicas.to_string(),
        set.status.ready.to_string(),
        item.created.age(view.now),
    ];
    cells.extend(containers(&set.object.template.spec));
    cells.push(selector_text(&set.object.selector));
    cells
}

/// Names and images of the containers.
pub fn containers(spec: &PodSpec) -> [String; 2] {
    let names: Vec<&str> = spec.containers.iter().map(|c| c.name.as_str()).collect();
    let images: Vec<&str> = spec.containers.iter().map(|c| c.image.as_str()).collect();
    [names.join(","), images.join(",")]
}

/// `app=web,tier in (a,b)`.
pub fn selector_text(selector: &LabelSelector) -> String {
    let pairs = selector
        .match_labels
        .iter()
        .map(|(key, value)| (key, format!("{key}={value}")));
    let expressions = selector.match_expressions.iter().map(|requirement| {
        let key = &requirement.key;
        let values = requirement.values.join(",");
        let text = match requirement.operator {
            SelectorOperator::In => format!("{key} in ({values})"),
            SelectorOperator::NotIn => format!("{key} notin ({values})"),
            SelectorOperator::Exists => key.clone(),
            SelectorOperator::DoesNotExist => format!("!{key}"),
            SelectorOperator::Gt => format!("{key}>{values}"),
            SelectorOperator::Lt => format!("{key}<{values}"),
        };
        (key, text)
    });
    let mut all: Vec<_> = pairs.chain(expressions).collect();
    all.sort();
    let texts: Vec<String> = all.into_iter().map(|(_, text)| text).collect();
    super::none_if_empty(texts.join(","))
}
