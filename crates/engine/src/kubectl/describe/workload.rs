//! `kubectl describe statefulset`, `daemonset` and `job` (DSC-09).

use super::template::template;
use super::{heading, Text};
use crate::api::{JobSpec, WorkloadKind};
use crate::controllers::WorkloadState;
use crate::kubectl::get::{job_duration, job_selector, node_selector, selector_text};
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::object::{workload_annotations, workload_template};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::manifest::yaml::Node;
use crate::status::Phase;

pub fn describe(view: &View, item: &Item, text: &mut Text) {
    let Thing::Workload(id) = item.thing else {
        return;
    };
    let state = &view.cluster.controllers.workloads[id.index()];
    heading(item, text);
    match state.object.kind {
        WorkloadKind::StatefulSet { .. } => stateful_set(view, item, state, text),
        WorkloadKind::DaemonSet { .. } => daemon_set(view, item, state, text),
        WorkloadKind::Job(spec) => job(view, item, state, spec, text),
    }
    let kind = item.resource.singular();
    let written = view.template_as_written(&kind, &item.namespace, &item.name);
    template(&workload_template(state), written, text);
    if let WorkloadKind::StatefulSet { .. } = state.object.kind {
        claims(view, item, state, text);
    }
}

/// By phase; a Pod that is Pending waits.
fn pods_status(view: &View, state: &WorkloadState, text: &mut Text) {
    let count = |phase: Phase| {
        let pods = state.pods.iter().map(|pod| view.pod(*pod));
        pods.filter(|pod| pod.status.phase == phase).count()
    };
    let line = format!(
        "{} Running / {} Waiting / {} Succeeded / {} Failed",
        count(Phase::Running),
        count(Phase::Pending),
        count(Phase::Succeeded),
        count(Phase::Failed)
    );
    text.field(0, "Pods Status", line);
}

fn stateful_set(view: &View, item: &Item, state: &WorkloadState, text: &mut Text) {
    let WorkloadKind::StatefulSet {
        replicas,
        partition,
        is_rolling,
        ..
    } = state.object.kind
    else {
        return;
    };
    text.field(0, "CreationTimestamp", view.long_date(item.created));
    text.field(0, "Selector", selector_text(&state.object.selector));
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &workload_annotations(state));
    let total = state.status.current;
    text.field(0, "Replicas", format!("{replicas} desired | {total} total"));
    if is_rolling {
        text.field(0, "Update Strategy", "RollingUpdate");
        text.field(1, "Partition", partition);
    } else {
        text.field(0, "Update Strategy", "OnDelete");
    }
    pods_status(view, state, text);
}

fn daemon_set(view: &View, item: &Item, state: &WorkloadState, text: &mut Text) {
    text.field(0, "Selector", selector_text(&state.object.selector));
    text.field(0, "Node-Selector", node_selector(state));
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &workload_annotations(state));
    let status = &state.status;
    for (what, number) in [
        ("Desired Number of Nodes Scheduled", status.desired),
        ("Current Number of Nodes Scheduled", status.current),
        (
            "Number of Nodes Scheduled with Up-to-date Pods",
            status.updated,
        ),
        (
            "Number of Nodes Scheduled with Available Pods",
            status.available,
        ),
        ("Number of Nodes Misscheduled", 0),
    ] {
        text.line(0, format!("{what}: {number}"));
    }
    pods_status(view, state, text);
}

fn job(view: &View, item: &Item, state: &WorkloadState, spec: JobSpec, text: &mut Text) {
    let job = &state.job;
    text.field(0, "Selector", selector_text(&job_selector(state)));
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &workload_annotations(state));
    text.field(0, "Parallelism", spec.parallelism);
    match spec.completions {
        Some(number) => text.field(0, "Completions", number),
        None => text.field(0, "Completions", "<unset>"),
    }
    let mode = if spec.is_indexed {
        "Indexed"
    } else {
        "NonIndexed"
    };
    text.field(0, "Completion Mode", mode);
    text.field(0, "Suspend", spec.is_suspended);
    text.field(0, "Backoff Limit", spec.backoff_limit);
    if let Some(seconds) = spec.ttl_seconds {
        text.field(0, "TTL Seconds After Finished", seconds);
    }
    if let Some(at) = job.started_at {
        text.field(0, "Start Time", view.long_date(Stamp::of(at)));
        if let Some(end) = job.ended_at.filter(|_| job.condition == "Complete") {
            text.field(0, "Completed At", view.long_date(Stamp::of(end)));
            text.field(0, "Duration", job_duration(view, state));
        }
    }
    if let Some(seconds) = spec.active_deadline_seconds {
        text.field(0, "Active Deadline Seconds", format!("{seconds}s"));
    }
    let line = format!(
        "{} Active ({} Ready) / {} Succeeded / {} Failed",
        job.active, job.ready, job.succeeded, job.failed
    );
    text.field(0, "Pods Statuses", line);
    if spec.is_indexed {
        let indexes = job.completed_indexes();
        let indexes = crate::kubectl::get::none_if_empty(indexes);
        text.field(0, "Completed Indexes", indexes);
    }
}

/// The claims' templates, as the manifest has them.
fn claims(view: &View, item: &Item, state: &WorkloadState, text: &mut Text) {
    if state.object.claim_templates.is_empty() {
        return text.field(0, "Volume Claims", "<none>");
    }
    let manifest = view.manifest("statefulset", &item.namespace, &item.name);
    let written = manifest.and_then(|m| m.source.root().at("spec.volumeClaimTemplates"));
    text.line(0, "Volume Claims:");
    for (index, claim) in state.object.claim_templates.iter().enumerate() {
        let node = written.and_then(|list| list.items().get(index));
        let at = |path: &str| node.and_then(|node| node.at(path));
        let word = |path: &str| at(path).and_then(Node::text).unwrap_or("");
        text.field(1, "Name", &claim.metadata.name);
        text.field(1, "StorageClass", word("spec.storageClassName"));
        text.labels("  Labels", &claim.metadata.labels);
        text.labels("  Annotations", &claim.metadata.annotations);
        let capacity = match word("spec.resources.requests.storage") {
            "" => "<default>",
            size => size,
        };
        text.field(1, "Capacity", capacity);
        let modes = at("spec.accessModes").map_or(&[][..], |list| list.items());
        let modes: Vec<&str> = modes.iter().filter_map(Node::text).collect();
        text.field(1, "Access Modes", format!("[{}]", modes.join(" ")));
    }
}
