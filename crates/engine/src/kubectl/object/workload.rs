//! Deployments and ReplicaSets.

use super::pod::{requirement, template};
use super::{metadata, owner};
use crate::api::{Amount, LabelSelector, Strategy, StringMap};
use crate::controllers::{DeploymentCondition, DeploymentState, ReplicaSetState};
use crate::ids::{DeploymentId, ReplicaSetId};
use crate::kubectl::get::amount_text;
use crate::kubectl::item::Item;
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

/// Annotations of the Deployment controller.
const PREFIX: &str = "deployment.kubernetes.io/";

/// All annotations of a Deployment.
pub fn deployment_annotations(deployment: &DeploymentState) -> StringMap {
    let mut annotations = deployment.object.metadata.annotations.clone();
    if deployment.revision > 0 {
        annotations.insert(format!("{PREFIX}revision"), deployment.revision.to_string());
    }
    annotations
}

/// All annotations of a ReplicaSet.
pub fn replica_set_annotations(set: &ReplicaSetState) -> StringMap {
    let mut annotations = set.object.metadata.annotations.clone();
    let mut add = |key: &str, value: String| {
        annotations.insert(format!("{PREFIX}{key}"), value);
    };
    if set.deployment.is_some() {
        add("desired-replicas", set.desired_replicas.to_string());
        add("max-replicas", set.max_replicas.to_string());
        add("revision", set.revision.to_string());
    }
    if !set.revision_history.is_empty() {
        let history: Vec<String> = set.revision_history.iter().map(u32::to_string).collect();
        add("revision-history", history.join(","));
    }
    annotations
}

pub fn deployment(view: &View, item: &Item, id: DeploymentId) -> Map {
    let state = view.cluster.controllers.deployment(id);
    let object = &state.object;
    let strategy = match &object.strategy {
        Strategy::Recreate => map().set("type", "Recreate"),
        Strategy::RollingUpdate {
            max_surge,
            max_unavailable,
        } => {
            let rolling = map()
                .set("maxSurge", amount(max_surge))
                .set("maxUnavailable", amount(max_unavailable));
            map()
                .set("rollingUpdate", rolling)
                .set("type", "RollingUpdate")
        }
    };
    let spec = map()
        .some("minReadySeconds", object.min_ready_seconds)
        .some("paused", object.paused)
        .set("progressDeadlineSeconds", object.progress_deadline_seconds)
        .set("replicas", object.replicas)
        .set("revisionHistoryLimit", object.revision_history_limit)
        .set("selector", selector(&object.selector))
        .set("strategy", strategy)
        .set("template", template(&object.template));
    let status = &state.status;
    let conditions = conditions(state);
    let conditions = conditions.iter().map(|(kind, condition)| {
        map()
            .set(
                "lastTransitionTime",
                view.date(Stamp::of(condition.last_transition)),
            )
            .set(
                "lastUpdateTime",
                view.date(Stamp::of(condition.last_update)),
            )
            .set("message", view.cluster.texts.get(condition.message))
            .set("reason", condition.reason.name())
            .set("status", condition.reason.status().name())
            .set("type", *kind)
    });
    let observed = status.observed_generation > 0;
    let status = map()
        .some("availableReplicas", status.available)
        .some("conditions", list(conditions))
        .some("observedGeneration", status.observed_generation)
        .some("readyReplicas", status.ready)
        .some("replicas", status.replicas)
        .maybe(
            "terminatingReplicas",
            observed.then_some(status.terminating),
        )
        .some("unavailableReplicas", status.unavailable)
        .some("updatedReplicas", status.updated);
    let meta = metadata(view, item, &state.uid)
        .some(
            "annotations",
            &view.annotations(item, &deployment_annotations(state)),
        )
        .set("generation", state.generation);
    map()
        .set("metadata", super::going(view, meta, state.deleting_since))
        .set("spec", spec)
        .set("status", status)
}

/// Conditions in the order of the API: each goes to the end when its reason changes.
pub fn conditions(state: &DeploymentState) -> Vec<(&'static str, DeploymentCondition)> {
    let available = state
        .status
        .availability
        .map(|condition| ("Available", condition));
    let progressing = state
        .status
        .progress
        .map(|condition| ("Progressing", condition));
    let mut both: Vec<_> = available.into_iter().chain(progressing).collect();
    if state.status.progress_first {
        both.reverse();
    }
    let failure = state.status.failure;
    both.extend(failure.map(|condition| ("ReplicaFailure", condition)));
    both
}

pub fn amount(amount: &Amount) -> Value {
    match amount {
        Amount::Count(count) => Value::from(*count),
        Amount::Percent(_) => Value::from(amount_text(*amount)),
    }
}

pub fn selector(selector: &LabelSelector) -> Map {
    map()
        .some(
            "matchExpressions",
            list(selector.match_expressions.iter().map(requirement)),
        )
        .some("matchLabels", &selector.match_labels)
}

pub fn replica_set(view: &View, item: &Item, id: ReplicaSetId) -> Map {
    let set = view.cluster.controllers.replica_set(id);
    let object = &set.object;
    let mut meta = metadata(view, item, &set.uid)
        .some(
            "annotations",
            &view.annotations(item, &replica_set_annotations(set)),
        )
        .set("generation", set.generation);
    if let Some(deployment) = set.deployment {
        let deployment = view.cluster.controllers.deployment(deployment);
        let owners = owner("apps/v1", "Deployment", &deployment.name, &deployment.uid);
        meta = meta.set("ownerReferences", owners);
    }
    meta = super::going(view, meta, set.deleting_since);
    let spec = map()
        .some("minReadySeconds", object.min_ready_seconds)
        .set("replicas", object.replicas)
        .set("selector", selector(&object.selector))
        .set("template", template(&object.template));
    let status = &set.status;
    let conditions = status.failure.iter().map(|failure| {
        let at = view.date(Stamp::of(failure.last_transition));
        map()
            .set("lastTransitionTime", at)
            .set("message", view.cluster.texts.get(failure.message))
            .set("reason", failure.reason.name())
            .set("status", "True")
            .set("type", "ReplicaFailure")
    });
    let status = map()
        .some("availableReplicas", status.available)
        .some("conditions", list(conditions))
        .some("fullyLabeledReplicas", status.fully_labeled)
        .some("observedGeneration", status.observed_generation)
        .some("readyReplicas", status.ready)
        .set("replicas", status.replicas)
        .set("terminatingReplicas", status.terminating);
    map()
        .set("metadata", meta)
        .set("spec", spec)
        .set("status", status)
}
