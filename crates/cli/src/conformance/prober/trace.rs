//! The rows of a recording's lists, and the lists that a play writes.

use crate::conformance::millis::Millis;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[begin, container, kind, attempt, end, outcome]`
#[derive(Debug, PartialEq, Deserialize)]
pub struct ExecRow(
    pub Millis,
    pub String,
    pub String,
    pub i64,
    pub Millis,
    pub String,
);

/// `[t, container, kind, attempt, value]`
#[derive(Debug, PartialEq, Deserialize)]
pub struct ResultRow(pub Millis, pub String, pub String, pub i64, pub String);

/// `[t, via, phase, podReady, containers]`
#[derive(Debug, PartialEq, Deserialize)]
pub struct StatusRow(
    pub Millis,
    pub String,
    pub String,
    pub bool,
    pub Vec<ContainerRow>,
);

/// `[container, state, attempt, started, ready]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ContainerRow(pub String, pub String, pub i64, pub Option<bool>, pub bool);

/// `[t, container, attempt, reason, exitTime]`
#[derive(Debug, PartialEq, Deserialize)]
pub struct KillRow(pub Millis, pub String, pub i64, pub String, pub Millis);

/// `[t, fieldPath, type, reason, message]`
#[derive(Debug, PartialEq, Deserialize)]
pub struct EventRow(pub Millis, pub String, pub String, pub String, pub String);

/// What a play led to: every list of `expect`.
#[derive(Default)]
pub struct Trace {
    pub ticks: BTreeMap<String, Vec<Millis>>,
    pub execs: Vec<ExecRow>,
    pub results: Vec<ResultRow>,
    pub status: Vec<StatusRow>,
    pub kills: Vec<KillRow>,
    pub events: Vec<EventRow>,
    pub syncs: Vec<Millis>,
}

impl Trace {
    /// Adds a status unless it looks like the one before.
    pub fn push_status(&mut self, row: StatusRow) {
        let is_new = self
            .status
            .last()
            .is_none_or(|last| (&last.2, last.3, &last.4) != (&row.2, row.3, &row.4));
        if is_new {
            self.status.push(row);
        }
    }

    /// Adds the begin of a sync; the list holds distinct moments.
    pub fn push_sync(&mut self, at: Millis) {
        if self.syncs.last() != Some(&at) {
            self.syncs.push(at);
        }
    }

    /// Brings rows of equal time into the recordings' order: by names. The status list alone is in
    /// causal order.
    pub fn into_canonical_order(mut self) -> Self {
        self.execs
            .sort_by(|a, b| (a.0, &a.1, &a.2, a.4).cmp(&(b.0, &b.1, &b.2, b.4)));
        self.results
            .sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
        self.kills.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        self.events
            .sort_by(|a, b| (a.0, &a.1, &a.4).cmp(&(b.0, &b.1, &b.4)));
        self
    }
}
