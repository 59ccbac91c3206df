//! The runtime's journal as the rows of a recording. Moments are cut to whole milliseconds.

use super::case::Config;
use super::setup::in_engine_order;
use readyz_engine::cluster::Cluster;
use readyz_engine::events::{field_path, render_emission};
use readyz_engine::go_format;
use readyz_engine::kubelet::runtime::scripted::Journal;
use readyz_engine::kubelet::SlotId;
use readyz_engine::record::{ProbeValue, SyncKind};
use serde_json::{json, Value};

/// What the recording calls the containers, by the engine's numbers.
pub struct Names<'a>(Vec<&'a str>);

impl<'a> Names<'a> {
    /// Those of a case.
    pub fn of(config: &'a Config) -> Self {
        Names(in_engine_order(config).map(|c| c.name.as_str()).collect())
    }

    /// The name of a container; empty for the sandbox.
    pub fn get(&self, container: Option<u16>) -> &'a str {
        container.map_or("", |c| self.0[usize::from(c)])
    }

    /// All names.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.0.iter().copied()
    }

    fn worker(&self, slot: SlotId) -> String {
        format!(
            "{}/{}",
            self.get(Some(slot.container())),
            slot.kind().name()
        )
    }
}

/// `[t, what, container, attempt, extra]`, and pulls as `[begin, "pull", container, outcome, end]`.
pub fn calls(journal: &Journal, names: &Names) -> Vec<Value> {
    let calls = journal.calls.iter().map(|call| {
        let (t, name) = (call.at.as_millis(), names.get(call.container));
        match call.extra {
            Some(extra) => json!([t, call.what, name, call.attempt, extra]),
            None => json!([t, call.what, name, call.attempt]),
        }
    });
    let pulls = journal.pulls.iter().map(|pull| {
        let outcome = if pull.ok { "ok" } else { "fail" };
        let (begin, end) = (pull.began_at.as_millis(), pull.ended_at.as_millis());
        json!([begin, "pull", names.get(Some(pull.container)), outcome, end])
    });
    calls.chain(pulls).collect()
}

/// `[t, fieldPath, type, reason, message]` before correlation.
pub fn events(cluster: &Cluster) -> Vec<Value> {
    let reports = cluster.events.journal().iter();
    reports
        .map(|(at, emission)| {
            json!([
                at.as_millis(),
                field_path(cluster, emission),
                emission.event_type.name(),
                emission.reason,
                render_emission(cluster, emission),
            ])
        })
        .collect()
}

/// `[begin, container, kind, attempt, end, outcome]`
pub fn execs(journal: &Journal, names: &Names) -> Vec<Value> {
    let runs = journal.runs.iter();
    runs.map(|run| {
        json!([
            run.began_at.as_millis(),
            names.get(Some(run.slot.container())),
            run.slot.kind().name(),
            run.attempt,
            run.ended_at.as_millis(),
            run.name,
        ])
    })
    .collect()
}

/// `[t, container, kind, attempt, value]`
pub fn results(journal: &Journal, names: &Names) -> Vec<Value> {
    let changes = journal.results.iter();
    changes
        .map(|(at, slot, change)| {
            let value = match change.recorded() {
                ProbeValue::Unknown => "UNKNOWN",
                ProbeValue::Success => "Success",
                ProbeValue::Failure => "Failure",
                ProbeValue::Removed => "removed",
            };
            let name = names.get(Some(slot.container()));
            json!([
                at.as_millis(),
                name,
                slot.kind().name(),
                change.instance,
                value
            ])
        })
        .collect()
}

/// `[t, container/kind]` of every step.
pub fn ticks(journal: &Journal, names: &Names) -> Vec<Value> {
    let steps = journal.steps.iter();
    steps
        .map(|(at, slot)| json!([at.as_millis(), names.worker(*slot)]))
        .collect()
}

/// `[begin, end, kind, error]`
pub fn syncs(cluster: &Cluster, journal: &Journal, names: &Names) -> Vec<Value> {
    let syncs = journal.syncs.iter();
    syncs
        .map(|sync| {
            let kind = match sync.kind {
                SyncKind::Sync => "sync",
                SyncKind::Terminating => "terminating",
                SyncKind::Terminated => "terminated",
            };
            let errors: Vec<String> = (sync.failures.iter())
                .map(|(container, problem)| {
                    format!(
                        "failed to \"StartContainer\" for {} with {}: {}",
                        go_format::quote(names.get(Some(*container))),
                        problem.reason.name(),
                        go_format::quote(cluster.texts.get(problem.message)),
                    )
                })
                .collect();
            let error = match errors.as_slice() {
                [] => String::new(),
                [one] => one.clone(),
                more => format!("[{}]", more.join(", ")),
            };
            json!([
                sync.began_at.as_millis(),
                sync.ended_at.as_millis(),
                kind,
                error
            ])
        })
        .collect()
}

/// `[t, delayMicroseconds]`
pub fn requeues(journal: &Journal) -> Vec<Value> {
    let entries = journal.requeues.iter();
    entries
        .map(|(at, delay)| json!([at.as_millis(), delay.0 / 1_000]))
        .collect()
}
