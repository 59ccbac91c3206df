//! Rows `event`.

use super::Verb;
use serde::{Deserialize, Serialize};

/// An Event object, as created or patched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRow {
    pub verb: Verb,
    /// `Normal` or `Warning`.
    #[serde(rename = "type")]
    pub kind: String,
    pub reason: String,
    /// Kind in lower case, a slash, name: `pod/web-0`.
    pub object: String,
    /// Null for Events of the newer API (the scheduler's), which count in `series`.
    pub count: Option<u32>,
    pub message: String,
    /// From the second occurrence on, of Events of the newer API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesRow>,
    /// `spec.containers{NAME}`, `spec.initContainers{NAME}`; absent if the object as a whole is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_path: Option<String>,
    /// Null for Events of the newer API.
    pub first_timestamp: Option<String>,
    /// Null for Events of the newer API.
    pub last_timestamp: Option<String>,
    /// With microseconds; only in Events of the newer API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<String>,
    /// The reporting component: `kubelet`, `default-scheduler`, `deployment-controller`, …
    pub source: String,
}

/// `series` of an Event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeriesRow {
    pub count: u32,
    /// With microseconds.
    pub last_observed_time: String,
}
