//! Written statuses as the rows of a recording: `[t, {key: value…}]` with the keys that changed.

use super::journal::Names;
use readyz_engine::cluster::Cluster;
use readyz_engine::ids::TextId;
use readyz_engine::kubelet::runtime::scripted::{Journal, StatusEntry};
use readyz_engine::status::{
    ConditionStatus, ConditionType, ContainerState, PodStatus, Terminated, TerminatedReason,
};
use readyz_engine::time::Instant;
use serde_json::{json, Map, Value};

/// The rows; writes of the same millisecond are merged.
pub fn rows(cluster: &Cluster, journal: &Journal, names: &Names) -> Vec<Value> {
    let mut rows: Vec<(u64, Map<String, Value>)> = Vec::new();
    let mut known = Map::new();
    for (at, entry) in &journal.statuses {
        let changes = match entry {
            StatusEntry::Deleted => Map::from_iter([("deleted".to_owned(), json!(true))]),
            StatusEntry::Written(status) => {
                let status = flat(cluster, names, status);
                let changes = changes(&known, &status);
                known = status;
                changes
            }
        };
        if changes.is_empty() {
            continue;
        }
        // The deletion is a row of its own.
        match rows.last_mut() {
            Some((t, row)) if *t == at.as_millis() && *entry != StatusEntry::Deleted => {
                row.extend(changes);
            }
            _ => rows.push((at.as_millis(), changes)),
        }
    }
    rows.into_iter().map(|(t, row)| json!([t, row])).collect()
}

/// Keys that are new, different or gone.
fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let new = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value));
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    let new = new.map(|(key, value)| (key.clone(), value.clone()));
    new.chain(gone.map(|key| (key.clone(), json!("<gone>"))))
        .collect()
}

/// A status as a table.
fn flat(cluster: &Cluster, names: &Names, status: &PodStatus) -> Map<String, Value> {
    let text = |id: TextId| cluster.texts.get(id);
    let mut table = Map::new();
    table.insert("phase".to_owned(), json!(status.phase.name()));
    if !status.reason.is_empty() {
        table.insert("reason".to_owned(), json!(status.reason));
    }
    for kind in ConditionType::ALL {
        let condition = status.condition(kind);
        if condition.status != ConditionStatus::Absent {
            table.insert(
                format!("cond.{}", kind.name()),
                json!([
                    condition.status.name(),
                    condition.reason,
                    text(condition.message),
                    millis(condition.last_transition),
                ]),
            );
        }
    }
    for (name, container) in names.iter().zip(&status.containers) {
        let state = match container.state {
            ContainerState::Waiting { reason, message } => {
                json!(["waiting", reason.name(), text(message)])
            }
            ContainerState::Running { started_at } => json!(["running", millis(started_at)]),
            ContainerState::Terminated(end) => terminated(end),
        };
        let id = container.instance.map_or(-1, i64::from);
        for (key, value) in [
            ("id", json!(id)),
            ("state", state),
            ("last", container.last.map_or(Value::Null, terminated)),
            ("started", json!(container.started)),
            ("ready", json!(container.ready)),
            ("restarts", json!(container.restart_count)),
        ] {
            table.insert(format!("{name}.{key}"), value);
        }
    }
    table
}

fn terminated(end: Terminated) -> Value {
    // Of an end that nobody saw the API has no times.
    let seen = end.reason != TerminatedReason::ContainerStatusUnknown;
    json!([
        "terminated",
        end.reason.name(),
        end.exit_code,
        seen.then(|| millis(end.started_at.unwrap_or_default())),
        seen.then(|| millis(end.finished_at)),
    ])
}

fn millis(at: Instant) -> u64 {
    at.as_millis()
}
