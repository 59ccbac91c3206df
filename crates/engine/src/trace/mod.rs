//! The trace of a run: what a client that watches the namespace sees, one [`Transition`] a change.
//!
//! This is the one description of the rows which `readyz run -o trace` prints (one JSON object a
//! line) and which the recordings of real clusters hold. Field names, their order and the choice
//! between `null` and absence are those of the recordings, byte for byte.
//!
//! Rows are in order of arrival at the watching client. Wall-clock stamps are RFC 3339 in UTC, as
//! the API serves them: whole seconds (`2026-11-21T07:43:56Z`), microseconds for `eventTime`.
//! Absent where nothing else is said means that the API object has no such field.

mod container;
mod controllers;
mod event;
mod ordered;
mod tracer;
mod workload;

pub use container::{ContainerChange, ContainerStateRow};
pub use event::{EventRow, SeriesRow};
pub use tracer::Tracer;
pub use workload::{ActionRow, DeploymentRow, EndpointsRow, NodeRow, ReplicaSetRow, ServiceRow};

use crate::time::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One row of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// When the watching client saw it.
    pub t: Seconds,
    /// What changed; its name is the field `what`.
    #[serde(flatten)]
    pub change: Change,
}

/// What a row tells, named as in the field `what`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Change {
    /// The Pod object appeared.
    PodCreated { pod: String },
    /// `spec.nodeName` was set.
    PodBound { pod: String, node: String },
    /// `status.phase` changed; `from` is null in the row that follows `pod-created`. Reason and
    /// message are those of the status.
    PodPhase {
        pod: String,
        from: Option<String>,
        to: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// A condition appeared or has another status, reason or message.
    PodCondition(PodConditionRow),
    /// An entry of the container statuses appeared or changed.
    Container(Box<ContainerChange>),
    /// `deletionTimestamp` was set, or changed.
    #[serde(rename_all = "camelCase")]
    PodTerminating {
        pod: String,
        deletion_timestamp: String,
        grace_seconds: u32,
    },
    /// The Pod object left the API.
    PodDeleted { pod: String },
    /// An Event object was created or patched.
    Event(Box<EventRow>),
    /// An EndpointSlice appeared, changed or went.
    Endpoints(Box<EndpointsRow>),
    /// A Service appeared or went.
    Service(ServiceRow),
    /// Counts or conditions of a Deployment changed.
    Deployment(Box<DeploymentRow>),
    /// Counts of a ReplicaSet changed.
    #[serde(rename = "replicaset")]
    ReplicaSet(ReplicaSetRow),
    /// Readiness, taints or schedulability of a node changed.
    Node(NodeRow),
    /// A step was carried out. Only in recordings.
    Action(ActionRow),
}

/// A condition of a Pod, as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodConditionRow {
    pub pod: String,
    /// `PodScheduled`, `Initialized`, `Ready`, … or the name of a readiness gate.
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<String>,
}

/// How an object changed, where a row says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    Added,
    Modified,
    Deleted,
}

/// A moment of a trace, in milliseconds; written as seconds (`10.462`). Negative before the first
/// object of the manifest appeared, which is t = 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds {
    pub millis: i64,
}

impl From<Instant> for Seconds {
    /// Cut to milliseconds.
    fn from(at: Instant) -> Self {
        Seconds {
            millis: i64::try_from(at.as_millis()).unwrap_or(i64::MAX),
        }
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Milliseconds of any run are far below 2^53, so the quotient prints as the decimal number.
        serializer.serialize_f64(self.millis as f64 / 1000.0)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Ok(Seconds {
            millis: (seconds * 1000.0).round() as i64,
        })
    }
}

/// The rows as text: one JSON object a line.
pub fn lines(rows: &[Transition]) -> String {
    let mut text = String::new();
    for row in rows {
        // Rows are strings, numbers and lists of these: none of them can fail to be written.
        let mut line = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut line, Decimal);
        if row.serialize(&mut serializer).is_ok() {
            text.push_str(&String::from_utf8_lossy(&line));
            text.push('\n');
        }
    }
    text
}

/// Writes the numbers of a trace, which have three decimals at most, without what any float needs:
/// tables of powers of ten that a browser would have to download.
struct Decimal;

impl serde_json::ser::Formatter for Decimal {
    fn write_f64<W: ?Sized + std::io::Write>(
        &mut self,
        to: &mut W,
        value: f64,
    ) -> std::io::Result<()> {
        let millis = (value * 1000.0).round() as i64;
        let sign = if millis < 0 { "-" } else { "" };
        let (whole, part) = (millis.unsigned_abs() / 1000, millis.unsigned_abs() % 1000);
        let digits = format!("{part:03}");
        let digits = digits.trim_end_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        write!(to, "{sign}{whole}.{digits}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The short way writes what the general one does.
    #[test]
    fn decimals_are_written_as_any_float_is() {
        for millis in [
            0, 1, 10, 100, 999, 1000, 1001, 1500, 60_000, -1, -2050, 86_400_123,
        ] {
            let value = Seconds { millis };
            let mut short = Vec::new();
            let mut serializer = serde_json::Serializer::with_formatter(&mut short, Decimal);
            value.serialize(&mut serializer).unwrap();
            assert_eq!(
                String::from_utf8(short).unwrap(),
                serde_json::to_string(&value).unwrap()
            );
        }
    }
}
