//! A whole run: what the timeline draws.

use crate::api::ProbeKind;
use crate::time::Instant;
use crate::timeline::Stop;
use serde::{Deserialize, Serialize};

/// Everything between 0:00 and the end of a run, the predicted part included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    pub end: Instant,
    /// False: only the beginning has been computed so far, and the rest will follow.
    pub complete: bool,
    pub seed: u64,
    /// Faults and acts, in order of time.
    pub pins: Vec<PinView>,
    /// One for each container that ever was, in order of creation.
    pub lanes: Vec<LaneView>,
    pub services: Vec<ServiceLaneView>,
    /// Every creation or repetition of an Event object.
    pub events: Vec<EventMark>,
    /// All distinct moments of records worth stopping at, ascending: for previous and next. They
    /// do not travel: a view tells those around it.
    #[serde(skip)]
    pub moments: Vec<Instant>,
    /// Number of records and a hash over them: equal runs have equal hashes.
    pub record_count: u32,
    pub trace_hash: u64,
    /// The limit that the run met.
    pub limit: Option<Stop>,
}

/// An input on the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinView {
    /// Index of the input.
    pub input: u32,
    pub at: Instant,
    pub until: Option<Instant>,
    /// `kill`, `500`, `rm /tmp/healthy`, `apply`…
    pub label: String,
    /// Pod it acts on, or the node, the image, the Service that it is about; empty if it is about
    /// nothing else than its label says.
    pub pod: String,
    /// Empty if it acts on no container.
    pub container: String,
    /// Part of the text (a step) rather than of the user's history.
    pub from_text: bool,
    /// Why it had no effect; empty if it had.
    pub refused: String,
}

/// One container's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneView {
    pub pod: String,
    pub pod_id: u32,
    pub container: String,
    pub from: Instant,
    /// When the Pod was gone.
    pub to: Instant,
    pub bands: Vec<BandView>,
    pub probes: Vec<StripView>,
    /// Stretches in which the Pod was a ready endpoint of at least one Service.
    pub in_service: Vec<(Instant, Instant)>,
    /// Whether any Service selects the Pod.
    pub has_service: bool,
}

/// A stretch of one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandView {
    pub from: Instant,
    pub to: Instant,
    pub kind: BandKind,
    /// `Running`, `back-off 20 s`, `Error, exit code 137`.
    pub label: String,
    /// When the kubelet means to end it: SIGKILL of a stopping container, the retry of one in
    /// back-off.
    pub planned_end: Option<Instant>,
}

/// How a band is drawn (design §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BandKind {
    Waiting,
    /// Process up, not yet `started`.
    Booting,
    Running,
    /// Stop signal sent.
    Stopping,
    Terminated,
    BackOff,
}

/// All runs of one probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripView {
    pub kind: ProbeKind,
    pub failure_threshold: u32,
    pub success_threshold: u32,
    #[serde(with = "super::packed")]
    pub ticks: Vec<TickView>,
}

/// One run of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickView {
    pub at: Instant,
    pub outcome: TickOutcome,
    /// Equal results in a row, after this run.
    pub run: u16,
    /// Off schedule: triggered by a sync (PRB-20).
    pub triggered: bool,
    /// This run made the stored result change.
    pub decisive: bool,
    /// Milliseconds, rounded down, from its start to its end.
    pub took_millis: u32,
}

/// Outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TickOutcome {
    Success,
    Failure,
    Error,
}

/// Endpoints and requests of a Service over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLaneView {
    pub name: String,
    pub rate: u32,
    /// Requests in each whole second from 0:00: served, failed (5xx), lost (refused, reset, timed
    /// out, no endpoint).
    pub per_second: Vec<(u16, u16, u16)>,
    /// Changes of the number of ready endpoints.
    pub ready_endpoints: Vec<(Instant, u32)>,
}

/// An Event on the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMark {
    pub at: Instant,
    pub warning: bool,
    pub reason: String,
    pub pod: String,
}
