//! The cluster at one moment.

use crate::api::ProbeKind;
use crate::record::RequestOutcome;
use crate::time::{Duration, Instant};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// More Pods than this are a crowd: shown as tiles, and told of in less detail (see [`Look`]).
pub const CROWD: usize = 24;

/// What of a moment is looked at; what is not need not be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The Pod whose probes are told in full even in a crowd.
    pub pod: String,
    /// Whether Events are told even in a crowd.
    pub events: bool,
}

/// Everything that the picture, the tables and the terminal show at [`ClusterView::at`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterView {
    pub at: Instant,
    /// The moment of the next record: until then nothing here changes. [`Instant::NEVER`] if
    /// nothing follows within the run.
    pub valid_until: Instant,
    pub nodes: Vec<NodeView>,
    /// In order of creation; those that are gone are left out. Shared, so that what has not
    /// changed since another moment is the same.
    pub pods: Vec<Arc<PodView>>,
    pub deployments: Vec<DeploymentView>,
    pub services: Vec<Arc<ServiceView>>,
    /// In order of first occurrence.
    pub events: Vec<EventView>,
    /// The probe that runs next.
    pub next_probe: Option<NextProbeView>,
    pub stops: StopsView,
    /// Faults in force that no Pod has of its own: nodes, registry, network, dependencies, traffic.
    pub faults: Vec<FaultView>,
    /// What lies outside the cluster and is asked by applications.
    pub dependencies: Vec<DependencyView>,
}

impl ClusterView {
    /// Whether it is true of a moment.
    pub fn holds_at(&self, at: Instant) -> bool {
        self.at <= at && at < self.valid_until
    }
}

/// A database, say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyView {
    pub name: String,
    pub up: bool,
}

/// A run of a probe that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextProbeView {
    pub at: Instant,
    /// Which of the view's Pods.
    pub pod: u32,
    pub kind: ProbeKind,
}

/// The moments worth a stop around [`ClusterView::at`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopsView {
    /// The last one at or before it.
    pub here: Instant,
    /// The one before that.
    pub before: Instant,
    /// The next one; None if there is none.
    pub next: Option<Instant>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    pub name: String,
    pub ready: bool,
    pub schedulable: bool,
    pub address: String,
}

/// A Pod, as `kubectl get pods -o wide` and the picture show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodView {
    pub id: u32,
    pub name: String,
    pub namespace: String,
    /// `deployment/web`, `replicaset/web-5d…`; empty for a bare Pod.
    pub owner: String,
    /// Empty while not bound.
    pub node: String,
    /// Empty while there is none.
    pub ip: String,
    pub created_at: Instant,
    /// Column READY: `1/2`.
    pub ready_containers: u32,
    pub total_containers: u32,
    /// Column STATUS (POD-02).
    pub status: String,
    /// Column RESTARTS, number only.
    pub restarts: u32,
    /// When the last restarted container ended, for `1 (5s ago)`.
    pub last_restart_at: Option<Instant>,
    pub phase: String,
    /// Condition Ready is True.
    pub ready: bool,
    pub deleting: bool,
    pub conditions: Vec<ConditionView>,
    /// Init containers first, then regular ones.
    pub containers: Vec<ContainerView>,
    /// Services whose selector matches, by name.
    pub services: Vec<String>,
}

/// A condition as `kubectl describe` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionView {
    pub kind: String,
    pub status: String,
    pub reason: String,
    pub message: String,
    pub last_transition: Instant,
}

/// What a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerRole {
    Init,
    Sidecar,
    Regular,
}

/// A container. State words are the API's; `stopping` and `back_off` are what the API does not
/// tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerView {
    pub name: String,
    pub role: ContainerRole,
    pub image: String,
    /// What readyz assumes of the image: `nginx`, `busybox`, `unknown: answers 200 …`.
    pub behaviour: String,
    /// Nobody has described the image: the behaviour is a guess.
    pub is_assumed: bool,
    /// `Waiting`, `Running`, `Terminated`: as the API has it.
    pub state: StateView,
    /// When the API's state began.
    pub since: Instant,
    pub reason: String,
    pub message: String,
    pub started: bool,
    pub ready: bool,
    pub restarts: u32,
    pub last_exit: Option<ExitView>,
    /// The kubelet has asked the process to end.
    pub stopping: Option<StoppingView>,
    /// A start was refused.
    pub back_off: Option<BackOffView>,
    /// In the order startup, readiness, liveness; only those that are configured.
    pub probes: Vec<ProbeView>,
    /// Faults active in this container, e.g. `500 /healthz`, `/tmp/healthy deleted`.
    pub faults: Vec<FaultView>,
    /// Ports with a listening process now.
    pub listening: Vec<u16>,
    /// Files that exec probes of this container name (absolute paths among their arguments, the
    /// command itself left out), for the fault's button.
    pub probe_files: Vec<FileView>,
    /// Whether a process runs (the API may not have seen it yet).
    pub process_running: bool,
}

/// A file of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    pub path: String,
    pub exists: bool,
}

/// The API's three container states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StateView {
    Waiting,
    Running,
    Terminated,
}

/// How an instance ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitView {
    pub exit_code: i32,
    pub reason: String,
    pub finished_at: Instant,
}

/// A stop signal is out, and SIGKILL follows; or the preStop hook runs, and the stop signal follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppingView {
    pub since: Instant,
    /// When SIGKILL comes; with `in_hook`, when the grace is over and the signal comes at the latest.
    pub kill_at: Instant,
    /// The preStop hook runs: the process has heard nothing yet.
    pub in_hook: bool,
}

/// The restart back-off of a container (BKO-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackOffView {
    /// When the last instance ended: the wait counts from here.
    pub from: Instant,
    pub total: Duration,
    /// When the kubelet will try again, as planned now.
    pub retry_at: Instant,
}

/// A probe's gauge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeView {
    pub kind: ProbeKind,
    /// `GET :8080/healthz`, `exec cat /tmp/healthy`, `tcp :8080`, `grpc :9090`.
    pub target: String,
    pub gauge: GaugeState,
    /// Equal results in a row of the last kind, 0 before the first run.
    pub failures: u32,
    pub successes: u32,
    pub failure_threshold: u32,
    pub success_threshold: u32,
    pub period: Duration,
    /// The worker's previous step, for the dial; None before the first.
    pub last_tick: Option<Instant>,
    /// The worker's next step. None when there is no worker.
    pub next_tick: Option<Instant>,
    /// Output of the last failed run, as the event prints it.
    pub last_output: String,
}

/// What a gauge shows (design §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GaugeState {
    /// No run yet.
    NoneYet,
    Passing,
    Failing,
    ThresholdReached,
    /// Waits for the startup probe.
    Held,
    /// Liveness after its verdict, until a new container.
    OnHold,
    /// Startup, done.
    Passed,
    /// No running container.
    Stopped,
}

/// A fault in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultView {
    /// Index of the input that brought it, for *Heal*.
    pub input: u32,
    pub label: String,
    pub since: Instant,
    pub until: Option<Instant>,
}

/// A Deployment, as `kubectl get deployments` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentView {
    pub name: String,
    pub namespace: String,
    pub created_at: Instant,
    pub replicas: u32,
    pub ready: u32,
    pub up_to_date: u32,
    pub available: u32,
}

/// A Service with its EndpointSlice and ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceView {
    pub name: String,
    pub namespace: String,
    /// `ClusterIP`, `NodePort`, `Headless`…
    pub kind: String,
    pub cluster_ip: String,
    /// `80:30080 → http`, one for each port.
    pub ports: Vec<String>,
    pub selector: Vec<(String, String)>,
    pub endpoints: Vec<EndpointView>,
    /// Requests a second; 0: no clients.
    pub rate: u32,
    pub ledger: LedgerView,
    /// The request that ended last: its Pod, empty if it met none, and how.
    pub last_request: Option<(String, RequestOutcome)>,
    /// Why no Pod is selected, if none is: the label that differs.
    pub mismatch: String,
}

/// One row of an EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointView {
    pub pod: String,
    pub address: String,
    pub ready: bool,
    pub serving: bool,
    pub terminating: bool,
    /// Since when the conditions are as they are.
    pub since: Instant,
}

/// Requests since 0:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LedgerView {
    pub served: u32,
    pub server_errors: u32,
    pub refused: u32,
    pub reset: u32,
    pub timed_out: u32,
    pub no_endpoint: u32,
}

/// An Event object, as `kubectl describe` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// `pod/web`, `deployment/web`.
    pub object: String,
    /// Name of the container, if the event is about one.
    pub container: String,
    pub warning: bool,
    pub reason: String,
    pub message: String,
    pub count: u32,
    pub first: Instant,
    pub last: Instant,
    pub source: String,
}
