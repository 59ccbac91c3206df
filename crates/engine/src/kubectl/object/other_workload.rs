//! StatefulSets, DaemonSets and Jobs.

use super::pod::template;
use super::workload::{amount, selector};
use super::{claims, metadata};
use crate::api::{JobSpec, PodTemplate, StringMap, SuccessRule, WorkloadKind};
use crate::controllers::{self, WorkloadState};
use crate::ids::WorkloadId;
use crate::kubectl::get::job_selector;
use crate::kubectl::item::Item;
use crate::kubectl::output::{list, map, Map};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::time::Instant;

/// The labels of a Job's template, with those that the API server adds.
pub fn job_labels(state: &WorkloadState) -> StringMap {
    let mut labels = state.object.template.metadata.labels.clone();
    for (key, value) in controllers::job_labels(&state.uid, &state.name) {
        labels.insert(key.to_owned(), value.to_owned());
    }
    labels
}

/// The template as the API server has it.
pub fn workload_template(state: &WorkloadState) -> PodTemplate {
    let mut template = state.object.template.clone();
    if let WorkloadKind::Job(_) = state.object.kind {
        template.metadata.labels = job_labels(state);
    }
    template
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
        WorkloadKind::Job(spec) => job(view, state, spec),
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
        start,
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
    let claims = claims.map(|claim| {
        let meta = map().set("name", &claim.metadata.name);
        map()
            .set("metadata", meta)
            .set("spec", claims::spec(claim, None))
    });
    let keeps = |ends: bool| if ends { "Delete" } else { "Retain" };
    let retention = state.object.claim_retention;
    let retention = map()
        .set("whenDeleted", keeps(retention.ends_with_set))
        .set("whenScaled", keeps(retention.ends_when_scaled));
    let spec = map()
        .some("minReadySeconds", min_ready_seconds)
        .some("ordinals", map().some("start", start))
        .set("persistentVolumeClaimRetentionPolicy", retention)
        .set("podManagementPolicy", policy)
        .set("replicas", replicas)
        .set("revisionHistoryLimit", state.object.revision_history_limit)
        .set("selector", selector(&state.object.selector))
        .set("serviceName", &state.object.service_name)
        .set("template", template(&state.object.template))
        .set(
            "updateStrategy",
            update_strategy(is_rolling, map().set("partition", partition)),
        )
        .some("volumeClaimTemplates", list(claims));
    let status = &state.status;
    let [current, update] = state.revisions();
    let status = map()
        .set("availableReplicas", status.available)
        .set("collisionCount", 0)
        .some("currentReplicas", status.of_current)
        .set("currentRevision", current)
        .some("observedGeneration", status.observed_generation)
        .some("readyReplicas", status.ready)
        .set("replicas", status.current)
        .set("updateRevision", update)
        .some("updatedReplicas", status.updated);
    (spec, status)
}

fn daemon_set(state: &WorkloadState) -> (Map, Map) {
    let WorkloadKind::DaemonSet {
        max_unavailable,
        max_surge,
        is_rolling,
        min_ready_seconds,
    } = state.object.kind
    else {
        return (map(), map());
    };
    let rolling = map()
        .set("maxSurge", amount(&max_surge))
        .set("maxUnavailable", amount(&max_unavailable));
    let spec = map()
        .some("minReadySeconds", min_ready_seconds)
        .set("revisionHistoryLimit", state.object.revision_history_limit)
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
        .some("observedGeneration", status.observed_generation)
        .some("updatedNumberScheduled", status.updated);
    (spec, status)
}

fn job_condition(view: &View, at: Option<Instant>, [kind, status, reason, text]: [&str; 4]) -> Map {
    let at = at.map(|at| view.date(Stamp::of(at)));
    map()
        .maybe("lastProbeTime", at.clone())
        .maybe("lastTransitionTime", at)
        .set("message", text)
        .set("reason", reason)
        .set("status", status)
        .set("type", kind)
}

fn success_policy(rules: &[SuccessRule]) -> Map {
    let rule = |rule: &SuccessRule| {
        map()
            .maybe("succeededCount", rule.count)
            .some("succeededIndexes", rule.indexes.as_str())
    };
    map().some("rules", list(rules.iter().map(rule)))
}

fn job(view: &View, state: &WorkloadState, spec: JobSpec) -> (Map, Map) {
    let mode = match spec.is_indexed {
        true => "Indexed",
        false => "NonIndexed",
    };
    let by_index = spec.index_backoff_limit;
    let replacement = match spec.replaces_failed_only {
        true => "Failed",
        false => "TerminatingOrFailed",
    };
    let spec = map()
        .maybe("activeDeadlineSeconds", spec.active_deadline_seconds)
        .set("backoffLimit", spec.backoff_limit)
        .maybe("backoffLimitPerIndex", spec.index_backoff_limit)
        .set("completionMode", mode)
        .maybe("completions", spec.completions)
        .set("manualSelector", false)
        .maybe("maxFailedIndexes", spec.failed_indexes_max)
        .set("parallelism", spec.parallelism)
        .set("podReplacementPolicy", replacement)
        .set("selector", selector(&job_selector(state)))
        .some("successPolicy", success_policy(&state.object.success_rules))
        .set("suspend", spec.is_suspended)
        .set("template", template(&workload_template(state)))
        .maybe("ttlSecondsAfterFinished", spec.ttl_seconds);
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
    let suspended = job.suspension.map(|(is_on, at)| {
        let (status, reason, text) = match is_on {
            true => ("True", "JobSuspended", "Job suspended"),
            false => ("False", "JobResumed", "Job resumed"),
        };
        job_condition(view, Some(at), ["Suspended", status, reason, text])
    });
    let conditions = kinds.iter().zip([job.decided_at, job.ended_at]);
    let conditions = conditions
        .map(|(kind, at)| job_condition(view, at, [kind, "True", job.reason, job.text()]));
    let conditions = suspended.into_iter().chain(conditions);
    let failed_indexes = by_index.map(|_| state.job.failed_indexes());
    let status = map()
        .some("active", job.active)
        .some("completedIndexes", job.completed_indexes().as_str())
        .maybe(
            "completionTime",
            job.ended_at.filter(|_| is_complete).map(date),
        )
        .some("conditions", list(conditions))
        .some("failed", job.failed)
        .maybe("failedIndexes", failed_indexes)
        .set("ready", job.ready)
        .maybe("startTime", job.started_at.map(date))
        .some("succeeded", job.succeeded)
        .set("terminating", job.terminating)
        .set("uncountedTerminatedPods", map());
    (spec, status)
}
