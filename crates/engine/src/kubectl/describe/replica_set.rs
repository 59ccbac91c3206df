//! `kubectl describe replicaset` (DSC-09).

use super::template::template;
use super::{heading, ruled, Text};
use crate::kubectl::get::selector_text;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::object::replica_set_annotations;
use crate::kubectl::view::View;
use crate::status::Phase;

pub fn describe(view: &View, item: &Item, text: &mut Text) {
    let Thing::ReplicaSet(id) = item.thing else {
        return;
    };
    let set = view.cluster.controllers.replica_set(id);
    heading(item, text);
    text.field(0, "Selector", selector_text(&set.object.selector));
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &replica_set_annotations(set));
    if let Some(deployment) = set.deployment {
        let name = &view.cluster.controllers.deployment(deployment).name;
        text.field(0, "Controlled By", format!("Deployment/{name}"));
    }
    let (current, desired) = (set.status.replicas, set.object.replicas);
    text.field(
        0,
        "Replicas",
        format!("{current} current / {desired} desired"),
    );
    let count = |phase: Phase| {
        let pods = set.pods.iter().map(|pod| view.pod(*pod));
        pods.filter(|pod| pod.removed_at.is_none() && pod.status.phase == phase)
            .count()
    };
    text.field(
        0,
        "Pods Status",
        format!(
            "{} Running / {} Waiting / {} Succeeded / {} Failed",
            count(Phase::Running),
            count(Phase::Pending),
            count(Phase::Succeeded),
            count(Phase::Failed)
        ),
    );
    let (kind, name) = match set.deployment {
        Some(id) => ("deployment", &view.cluster.controllers.deployment(id).name),
        None => ("replicaset", &set.name),
    };
    let written = view.template_as_written(kind, &item.namespace, name);
    template(&set.object.template, written, text);
    if let Some(failure) = set.status.failure {
        text.line(0, "Conditions:");
        ruled(1, &["Type", "Status", "Reason"], text);
        let reason = failure.reason.name();
        text.line(1, format!("ReplicaFailure \tTrue\t{reason}"));
    }
}
