//! StatefulSets, DaemonSets and Jobs.

use super::metadata;
use super::pod::template;
use super::workload::{amount, selector};
use crate::api::{StringMap, WorkloadKind};
use crate::controllers::WorkloadState;
use crate::ids::WorkloadId;
use crate::kubectl::get::job_selector;
use crate::kubectl::item::Item;
use crate::kubectl::output::{list, map, Map};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

/// The labels that the API server gives to a Job and its Pods.
pub fn job_labels(state: &WorkloadState) -> StringMap {
    let (uid, name) = (state.uid.to_string(), state.name.to_string());
    StringMap::from_iter([
        ("batch.kubernetes.io/controller-uid".to_owned(), uid.clone()),
        ("batch.kubernetes.io/job-name".to_owned(), name.clone()),
        ("controller-uid".to_owned(), uid),
        ("job-name".to_owned(), name),
    ])
}

/// All annotations of a workload.
pub fn workload_annotations(state: &WorkloadState) -> StringMap {
    let mut annotations = state.object.metadata.annotations.clone();
    if let WorkloadKind::DaemonSet { .. } = state.object.kind {
        let key = "deprecated.daemonset.template.generation".to_owned();
        annotations.insert(key, state.generation.to_string());
    }
    annotations
}

pub fn workload(view: &View, item: &Item, id: WorkloadId) -> Map {
    let state = &view.cluster.controllers.workloads[id.index()];
    let meta = metadata(view, item, &state.uid)
        .some(
            "annotations",
            &view.annotations(item, &workload_annotations(state)),
        )
        .set("generation", state.generation);
    let (spec, status) = match state.object.kind {
        WorkloadKind::StatefulSet { .. } => stateful_set(state),
        WorkloadKind::DaemonSet { .. } => daemon_set(state),
        WorkloadKind::Job { .. } => job(view, state),
    };
    map()
        .set("metadata", super::going(view, meta, state.deleting_since))
        .set("spec", spec)
        .set("status", status)
}

fn update_strategy(is_rolling: bool, rolling: Map) -> Map {
    match is_rolling {
        true => map()
            .set("rollingUpdate", rolling)
            .set("type", "RollingUpdate"),
        false => map().set("type", "OnDelete"),
    }
}

fn stateful_set(state: &WorkloadState) -> (Map, Map) {
    let WorkloadKind::StatefulSet {
        replicas,
        is_parallel,
        partition,
        is_rolling,
        min_ready_seconds,
    } = state.object.kind
    else {
        return (map(), map());
    };
    let policy = match is_parallel {
        true => "Parallel",
        false => "OrderedReady",
    };
    let claims = state.object.claim_templates.iter();
    let claims = claims.map(|claim| map().set("metadata", map().set("name", &claim.name)));
    let spec = map()
        .some("minReadySeconds", min_ready_seconds)
        .set("podManagementPolicy", policy)
        .set("replicas", replicas)
        .set("selector", selector(&state.object.selector))
        .set("template", template(&state.object.template))
        .set(
            "updateStrategy",
            update_strategy(is_rolling, map().set("partition", partition)),
        )
        .some("volumeClaimTemplates", list(claims));
    let status = &state.status;
    let status = map()
        .set("availableReplicas", status.available)
        .some("currentReplicas", status.current)
        .set("observedGeneration", state.generation)
        .some("readyReplicas", status.ready)
        .set("replicas", status.current)
        .some("updatedReplicas", status.updated);
    (spec, status)
}

fn daemon_set(state: &WorkloadState) -> (Map, Map) {
    let WorkloadKind::DaemonSet {
        max_unavailable,
        is_rolling,
        min_ready_seconds,
    } = state.object.kind
    else {
        return (map(), map());
    };
    let rolling = map()
        .set("maxSurge", 0_u32)
        .set("maxUnavailable", amount(&max_unavailable));
    let spec = map()
        .some("minReadySeconds", min_ready_seconds)
        .set("revisionHistoryLimit", 10_u32)
        .set("selector", selector(&state.object.selector))
        .set("template", template(&state.object.template))
        .set("updateStrategy", update_strategy(is_rolling, rolling));
    let status = &state.status;
    let missing = status.desired.saturating_sub(status.available);
    let status = map()
        .set("currentNumberScheduled", status.current)
        .set("desiredNumberScheduled", status.desired)
        .some("numberAvailable", status.available)
        .set("numberMisscheduled", 0_u32)
        .set("numberReady", status.ready)
        .some("numberUnavailable", missing)
        .set("observedGeneration", state.generation)
        .some("updatedNumberScheduled", status.updated);
    (spec, status)
}

fn job(view: &View, state: &WorkloadState) -> (Map, Map) {
    let WorkloadKind::Job {
        parallelism,
        completions,
        backoff_limit,
        index_backoff_limit,
        active_deadline_seconds,
        is_indexed,
        is_suspended,
    } = state.object.kind
    else {
        return (map(), map());
    };
    let mode = if is_indexed { "Indexed" } else { "NonIndexed" };
    let has_policy = !state.object.failure_rules.is_empty();
    let replacement = match has_policy {
        true => "Failed",
        false => "TerminatingOrFailed",
    };
    let mut own = state.object.template.clone();
    own.metadata.labels.extend(job_labels(state));
    let spec = map()
        .maybe("activeDeadlineSeconds", active_deadline_seconds)
        .set("backoffLimit", backoff_limit)
        .maybe("backoffLimitPerIndex", index_backoff_limit)
        .set("completionMode", mode)
        .maybe("completions", completions)
        .set("manualSelector", false)
        .set("parallelism", parallelism)
        .set("podReplacementPolicy", replacement)
        .set("selector", selector(&job_selector(state)))
        .set("suspend", is_suspended)
        .set("template", template(&own));
    let job = &state.job;
    let date = |at| view.date(Stamp::of(at));
    let is_complete = job.condition == "Complete";
    // The first condition stays when the last one comes.
    let kinds: &[&str] = match job.condition {
        "" => &[],
        "Complete" => &["SuccessCriteriaMet", "Complete"],
        "Failed" => &["FailureTarget", "Failed"],
        "FailureTarget" => &["FailureTarget"],
        _ => &["SuccessCriteriaMet"],
    };
    let conditions = kinds.iter().map(|kind| {
        map()
            .set("message", job.text())
            .set("reason", job.reason)
            .set("status", "True")
            .set("type", *kind)
    });
    let status = map()
        .some("active", job.active)
        .some("completedIndexes", job.completed_indexes().as_str())
        .maybe(
            "completionTime",
            job.ended_at.filter(|_| is_complete).map(date),
        )
        .some("conditions", list(conditions))
        .some("failed", job.failed)
        .some("failedIndexes", job.failed_indexes().as_str())
        .set("ready", job.ready)
        .maybe("startTime", job.started_at.map(date))
        .some("succeeded", job.succeeded)
        .set("terminating", 0_u32);
    (spec, status)
}
