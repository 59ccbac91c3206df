//! `kubectl describe deployment` (DSC-08).

use super::template::template;
use super::{heading, joined, ruled, Text};
use crate::api::Strategy;
use crate::ids::ReplicaSetId;
use crate::kubectl::get::{amount_text, selector_text};
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::object::{conditions, deployment_annotations};
use crate::kubectl::view::View;

pub fn describe(view: &View, item: &Item, text: &mut Text) {
    let Thing::Deployment(id) = item.thing else {
        return;
    };
    let state = view.cluster.controllers.deployment(id);
    let (object, status) = (&state.object, &state.status);
    heading(item, text);
    text.field(0, "CreationTimestamp", view.long_date(item.created));
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &deployment_annotations(state));
    text.field(0, "Selector", selector_text(&object.selector));
    let replicas = format!(
        "{} desired | {} updated | {} total | {} available | {} unavailable",
        object.replicas, status.updated, status.replicas, status.available, status.unavailable
    );
    text.field(0, "Replicas", replicas);
    match &object.strategy {
        Strategy::Recreate => text.field(0, "StrategyType", "Recreate"),
        Strategy::RollingUpdate { .. } => text.field(0, "StrategyType", "RollingUpdate"),
    }
    text.field(0, "MinReadySeconds", object.min_ready_seconds);
    if let Strategy::RollingUpdate {
        max_surge,
        max_unavailable,
    } = &object.strategy
    {
        let (surge, unavailable) = (amount_text(*max_surge), amount_text(*max_unavailable));
        let rolling = format!("{unavailable} max unavailable, {surge} max surge");
        text.field(0, "RollingUpdateStrategy", rolling);
    }
    let written = view.template_as_written("deployment", &item.namespace, &item.name);
    template(&object.template, written, text);
    let conditions = conditions(state);
    if !conditions.is_empty() {
        text.line(0, "Conditions:");
        ruled(1, &["Type", "Status", "Reason"], text);
        for (kind, condition) in conditions {
            let status = condition.reason.status().name();
            text.line(1, format!("{kind} \t{status}\t{}", condition.reason.name()));
        }
    }
    let sets = |ids: &[ReplicaSetId]| {
        let texts = joined(ids.iter().map(|set| {
            let set = view.cluster.controllers.replica_set(*set);
            let (have, want) = (set.status.replicas, set.object.replicas);
            format!("{} ({have}/{want} replicas created)", set.name)
        }));
        crate::kubectl::get::none_if_empty(texts)
    };
    let newest = view.newest_set(id);
    let old: Vec<ReplicaSetId> = state
        .replica_sets
        .iter()
        .copied()
        .filter(|set| Some(*set) != newest)
        .collect();
    text.field(0, "OldReplicaSets", sets(&old));
    text.field(
        0,
        "NewReplicaSet",
        sets(&newest.into_iter().collect::<Vec<_>>()),
    );
}
