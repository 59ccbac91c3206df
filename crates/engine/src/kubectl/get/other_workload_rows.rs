//! `kubectl get statefulsets`, `daemonsets` and `jobs`.

use super::none_if_empty;
use super::workload_rows::{containers, selector_text};
use crate::api::{LabelSelector, WorkloadKind};
use crate::controllers::WorkloadState;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

pub const STATEFUL_SET: &[&str] = &["NAME", "READY", "AGE", "+CONTAINERS", "+IMAGES"];

pub const DAEMON_SET: &[&str] = &[
    "NAME",
    "DESIRED",
    "CURRENT",
    "READY",
    "UP-TO-DATE",
    "AVAILABLE",
    "NODE SELECTOR",
    "AGE",
    "+CONTAINERS",
    "+IMAGES",
    "+SELECTOR",
];

pub const JOB: &[&str] = &[
    "NAME",
    "STATUS",
    "COMPLETIONS",
    "DURATION",
    "AGE",
    "+CONTAINERS",
    "+IMAGES",
    "+SELECTOR",
];

fn state<'a>(view: &'a View, item: &Item) -> Option<&'a WorkloadState> {
    match item.thing {
        Thing::Workload(id) => Some(&view.cluster.controllers.workloads[id.index()]),
        _ => None,
    }
}

pub fn stateful_set(view: &View, item: &Item) -> Vec<String> {
    let Some(state) = state(view, item) else {
        return Vec::new();
    };
    let WorkloadKind::StatefulSet { replicas, .. } = state.object.kind else {
        return Vec::new();
    };
    let mut cells = vec![
        item.name.clone(),
        format!("{}/{replicas}", state.status.ready),
        item.created.age(view.now),
    ];
    cells.extend(containers(&state.object.template.spec));
    cells
}

pub fn daemon_set(view: &View, item: &Item) -> Vec<String> {
    let Some(state) = state(view, item) else {
        return Vec::new();
    };
    let (status, spec) = (&state.status, &state.object.template.spec);
    let mut cells = vec![item.name.clone()];
    let numbers = [
        status.desired,
        status.current,
        status.ready,
        status.updated,
        status.available,
    ];
    cells.extend(numbers.iter().map(u32::to_string));
    cells.push(node_selector(state));
    cells.push(item.created.age(view.now));
    cells.extend(containers(spec));
    cells.push(selector_text(&state.object.selector));
    cells
}

/// `disktype=ssd`, or `<none>`.
pub fn node_selector(state: &WorkloadState) -> String {
    let pairs = state.object.template.spec.node_selector.iter();
    let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
    none_if_empty(pairs.join(","))
}

/// A Job's selector, which the API server makes.
pub fn job_selector(state: &WorkloadState) -> LabelSelector {
    let mut selector = state.object.selector.clone();
    if selector == LabelSelector::default() {
        let key = "batch.kubernetes.io/controller-uid".to_owned();
        selector.match_labels.insert(key, state.uid.to_string());
    }
    selector
}

pub fn job(view: &View, item: &Item) -> Vec<String> {
    let Some(state) = state(view, item) else {
        return Vec::new();
    };
    let WorkloadKind::Job(spec) = state.object.kind else {
        return Vec::new();
    };
    let job = &state.job;
    let status = match job.condition {
        "Complete" | "Failed" => job.condition,
        _ if state.deleting_since.is_some() => "Terminating",
        _ if spec.is_suspended => "Suspended",
        "" => "Running",
        condition => condition,
    };
    let done = job.succeeded;
    let completions = match (spec.completions, spec.parallelism) {
        (Some(all), _) => format!("{done}/{all}"),
        (None, at_once @ 2..) => format!("{done}/1 of {at_once}"),
        (None, _) => format!("{done}/1"),
    };
    let mut cells = vec![
        item.name.clone(),
        status.to_owned(),
        completions,
        job_duration(view, state),
        item.created.age(view.now),
    ];
    cells.extend(containers(&state.object.template.spec));
    cells.push(selector_text(&job_selector(state)));
    cells
}

/// How long a Job has run, or ran until it was complete; empty before it began.
pub fn job_duration(view: &View, state: &WorkloadState) -> String {
    let job = &state.job;
    let until = job.ended_at.filter(|_| job.condition == "Complete");
    let started = job.started_at.map(Stamp::of);
    started.map_or_else(String::new, |at| at.age(until.unwrap_or(view.now)))
}
