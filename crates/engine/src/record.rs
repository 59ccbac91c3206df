//! The log of what happened. Every record names the record that caused it, so that *why* is a walk
//! from effect to cause.

use crate::api::ProbeKind;
use crate::ids::{
    DeploymentId, EventId, NodeId, PodId, RecordId, ReplicaSetId, ServiceId, WorkloadId,
};
use crate::time::Instant;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub at: Instant,
    /// What brought it about; [`RecordId::NONE`] for what begins by itself.
    pub cause: RecordId,
    pub what: What,
}

/// What happened. Containers are numbered init containers first, then regular ones, in spec order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// An input took effect: [`crate::input::TimedInput::id`].
    Input {
        input: u32,
    },
    /// An input's fault was undone.
    Undone {
        input: u32,
    },
    PodCreated {
        pod: PodId,
    },
    PodBound {
        pod: PodId,
        node: NodeId,
    },
    /// A deletion timestamp was set; grace in seconds.
    PodDeleting {
        pod: PodId,
        grace_seconds: u32,
    },
    /// The object left the API server.
    PodRemoved {
        pod: PodId,
    },
    /// The API server stored another status; see [`crate::cluster::PodState::status`].
    StatusWritten {
        pod: PodId,
    },
    /// An Event object was created or patched to `count`.
    Event {
        event: EventId,
        count: u32,
    },
    DeploymentChanged {
        deployment: DeploymentId,
    },
    ReplicaSetChanged {
        replica_set: ReplicaSetId,
    },
    WorkloadChanged {
        workload: WorkloadId,
    },
    NodeChanged {
        node: NodeId,
    },
    /// An endpoint's conditions in the slice of a Service changed.
    Endpoint {
        service: ServiceId,
        pod: PodId,
        state: EndpointState,
    },
    ServiceChanged {
        service: ServiceId,
    },
    /// A pod worker began a sync (SYN-01).
    SyncBegan {
        pod: PodId,
        kind: SyncKind,
    },
    /// A pod worker ended a sync; whether with an error (SYN-12).
    SyncEnded {
        pod: PodId,
        error: bool,
    },
    /// The kubelet's relist saw a change of this Pod (SYN-04).
    Relisted {
        pod: PodId,
    },
    SandboxReady {
        pod: PodId,
    },
    PullBegan {
        pod: PodId,
        container: u16,
    },
    ContainerStarted {
        pod: PodId,
        container: u16,
        instance: u32,
    },
    /// A preStop hook began; the stop signal follows (HKS-04).
    HookBegan {
        pod: PodId,
        container: u16,
        why: KillReason,
    },
    /// The stop signal was sent; SIGKILL follows after `grace_seconds` (TRM-03).
    StopSignalled {
        pod: PodId,
        container: u16,
        grace_seconds: u32,
        why: KillReason,
    },
    /// The process is gone, before any relist saw it.
    ContainerExited {
        pod: PodId,
        container: u16,
        instance: u32,
        exit_code: i32,
    },
    /// The start was refused by the restart back-off until `until_secs` (whole seconds, rounded
    /// up) (BKO-07).
    BackOff {
        pod: PodId,
        container: u16,
        until_secs: u32,
    },
    /// A probe finished a run (PRB-11).
    Probed {
        pod: PodId,
        container: u16,
        kind: ProbeKind,
        outcome: ProbeOutcome,
        /// Equal results in a row, after this run.
        run: u16,
        /// Not at a tick of the period but triggered (PRB-20).
        triggered: bool,
        /// Milliseconds, rounded down, from the start of the run to its end.
        took_millis: u32,
    },
    /// The stored result of a probe changed (PRB-14).
    ProbeResult {
        pod: PodId,
        container: u16,
        kind: ProbeKind,
        value: ProbeValue,
    },
    /// A request through a Service ended. `pod` is NONE where no endpoint was chosen.
    Request {
        service: ServiceId,
        pod: PodId,
        outcome: RequestOutcome,
    },
}

/// What a pod worker was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyncKind {
    Sync,
    Terminating,
    Terminated,
}

/// Why the kubelet stops a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KillReason {
    Liveness,
    Startup,
    DefinitionChanged,
    PodDeleted,
    PodEnded,
    PostStartHook,
    Evicted,
    /// A sibling ended in a way that restarts all (RST-08).
    RestartAll,
}

/// Result of one run of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProbeOutcome {
    Success,
    /// Success with an event ProbeWarning (HDL-05).
    Warning,
    Failure,
    /// Discarded (PRB-10).
    Error,
}

/// Stored result of a probe (PRB-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProbeValue {
    Unknown,
    Success,
    Failure,
    /// No result is stored any more.
    Removed,
}

/// Conditions of an endpoint (EPS-*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct EndpointState {
    /// Listed in the slice at all.
    pub present: bool,
    pub ready: bool,
    pub serving: bool,
    pub terminating: bool,
}

/// How a request through a Service ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum RequestOutcome {
    Served,
    /// Answered with a 5xx status.
    ServerError,
    Refused,
    Reset,
    TimedOut,
    NoEndpoint,
}

/// The records of a run, in order. While a past moment is recomputed nothing is kept, but ids are
/// counted on, so that they are the same.
#[derive(Clone, Debug, Default)]
pub struct Log {
    records: Vec<Record>,
    next: u32,
}

impl Log {
    /// A log that continues after `next` records which are kept elsewhere.
    pub fn from_position(next: u32) -> Self {
        Log {
            records: Vec::new(),
            next,
        }
    }

    /// Appends a record and returns its id.
    pub fn push(&mut self, record: Record) -> RecordId {
        let id = RecordId(self.next);
        self.next += 1;
        self.records.push(record);
        id
    }

    /// How many records there are, counting those kept elsewhere.
    pub const fn position(&self) -> u32 {
        self.next
    }

    /// The records kept here.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Exchanges the records kept here for an empty list.
    pub fn swap(&mut self, list: &mut Vec<Record>) {
        list.clear();
        std::mem::swap(&mut self.records, list);
    }

    /// Takes the records kept here.
    pub fn take(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }
}
