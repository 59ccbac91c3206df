//! What a kubelet keeps for one Pod, as plain data: the runtime's containers, the relist's view of
//! them, the pod worker's loop, the status manager's entry.

use super::backoff::BackOff;
use super::handlers::{ProbeRun, ProbeTarget};
use super::prober::{ContainerProbes, ProbeCounts};
use super::runtime::Runtime;
use super::sync::Sync;
use crate::api::{PodSpec, ProbeKind, RestartPolicy};
use crate::ids::{RecordId, TextId};
use crate::status::{PodStatus, TerminatedReason, WaitingReason};
use crate::time::{Duration, Instant};

/// State of a container instance or sandbox, as the runtime reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    Created,
    Running,
    Exited,
}

/// One container instance in the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Position: init containers first, then regular ones.
    pub container: u16,
    /// Restart count, which stands for the container ID.
    pub attempt: u32,
    pub state: RunState,
    /// None: the start failed (BKO-20).
    pub started_at: Option<Instant>,
    /// Meaningful once exited.
    pub finished_at: Instant,
    pub exit_code: i32,
    pub reason: TerminatedReason,
    pub message: TextId,
    /// The image it was created from, as written in the spec then.
    pub image: TextId,
    /// In which sandbox, counted from 0.
    pub sandbox: u32,
}

/// The Pod's newest sandbox in the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sandbox {
    /// Counted from 0 over the Pod's life.
    pub attempt: u32,
    pub ready: bool,
    /// Host order.
    pub address: u32,
}

/// The runtime's containers and sandbox at one moment, oldest instance first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RuntimeState {
    pub sandbox: Option<Sandbox>,
    pub instances: Vec<Instance>,
}

impl RuntimeState {
    /// The newest instance of a container.
    pub fn newest(&self, container: u16) -> Option<&Instance> {
        self.instances
            .iter()
            .rev()
            .find(|i| i.container == container)
    }

    /// The instance before the newest.
    pub fn previous(&self, container: u16) -> Option<&Instance> {
        self.instances
            .iter()
            .rev()
            .filter(|i| i.container == container)
            .nth(1)
    }

    /// The newest exited instance of a container (BKO-02).
    pub fn newest_exited(&self, container: u16) -> Option<&Instance> {
        self.instances
            .iter()
            .rev()
            .find(|i| i.container == container && i.state == RunState::Exited)
    }

    /// An instance, to be changed.
    pub fn instance_mut(&mut self, container: u16, attempt: u32) -> Option<&mut Instance> {
        self.instances
            .iter_mut()
            .rev()
            .find(|i| i.container == container && i.attempt == attempt)
    }

    /// Whether the newest sandbox is usable.
    pub fn sandbox_ready(&self) -> bool {
        self.sandbox.is_some_and(|s| s.ready)
    }
}

/// What the pod worker is to do at its next sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Sync,
    Terminating,
    Terminated,
    /// Nothing any more.
    Finished,
}

/// What a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Init,
    Sidecar,
    Regular,
}

/// Why the last start of a container failed (STS-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartProblem {
    pub reason: WaitingReason,
    pub message: TextId,
}

/// One probe of a container: its worker's host side.
#[derive(Clone, Copy, Debug)]
pub struct ProbeSlot {
    pub target: ProbeTarget,
    /// From a tick to the worker's step: workers that are due together step in a fixed order.
    pub delay: Duration,
    /// The run under way.
    pub run: Option<ProbeRun>,
    /// The moment for which a step timer waits.
    pub step_at: Instant,
    /// A trigger came when the worker had already woken for that step.
    pub trigger_next: bool,
    /// For the metrics.
    pub counts: ProbeCounts,
}

/// What the kubelet keeps for one container.
#[derive(Clone, Debug)]
pub struct ContainerEntry {
    pub role: Role,
    /// Image as written.
    pub image: TextId,
    pub probes: ContainerProbes,
    /// Host sides of the workers, by [`ProbeKind`]; None: no such probe.
    pub slots: [Option<ProbeSlot>; 3],
    /// Entry of the reason cache (STS-09).
    pub problem: Option<StartProblem>,
    /// Restart back-off (BKO-01).
    pub backoff: BackOff,
    /// Image back-off (IMG-05); of the first container with that image.
    pub pull_backoff: BackOff,
    /// Error text of the last failed pull (IMG-07).
    pub pull_error: TextId,
}

/// What a kubelet keeps for one Pod.
#[derive(Clone, Debug)]
pub struct PodWorker {
    /// Who answers for the container runtime.
    pub runtime: Runtime,
    /// The runtime's truth.
    pub truth: RuntimeState,
    /// The truth as the last relist that looked saw it (SYN-04).
    pub seen: RuntimeState,
    /// The pod cache: what syncs work on (SYN-03).
    pub cache: RuntimeState,
    /// When the cache entry last changed or was relisted on demand.
    pub cache_modified: Option<Instant>,
    /// The full relist for which a timer waits; NEVER: none.
    pub relist_at: Instant,
    /// The on-demand relist for which a timer waits; NEVER: none.
    pub on_demand_at: Instant,

    pub work: Work,
    /// The sync under way.
    pub sync: Option<Box<Sync>>,
    /// A sync that is asked for and waits for a newer cache; its cause.
    pub waiting: Option<RecordId>,
    /// What that sync will do: a deletion that comes while it waits is the next one's business.
    pub waiting_work: Work,
    /// A further request; its cause (SYN-01).
    pub pending: Option<RecordId>,
    /// End of the previous sync.
    pub synced_at: Option<Instant>,
    /// Entry in the resync queue: due then (SYN-08).
    pub requeue_at: Option<Instant>,
    /// Volumes are mounted.
    pub volumes_ready: bool,
    /// Grace for the containers of a terminating Pod, seconds (TRM-04).
    pub grace_seconds: u32,
    /// Whether the init containers were once done, as the object showed it when its deletion came
    /// in; None: no deletion.
    pub was_initialized: Option<bool>,
    /// `activeDeadlineSeconds` are over (RES-04).
    pub past_deadline: bool,
    /// The node takes it away, and why (RES-05).
    pub eviction: Option<TextId>,
    /// The API object is gone: no status is written any more.
    pub object_gone: bool,
    /// When the kubelet's process began; None: long before the Pod came.
    pub began: Option<Instant>,

    /// Init containers first, then regular ones.
    pub containers: Vec<ContainerEntry>,

    /// The status manager's entry.
    pub status: PodStatus,
    /// Whether there is one yet.
    pub has_status: bool,
    /// The status as it was last sent.
    pub sent: Option<PodStatus>,
    /// Sandbox and containers may still run: a terminal phase is withheld (SYN-14).
    pub may_run: bool,
    /// A status patch is under way and arrives then; NEVER: none.
    pub patch_at: Instant,
    /// The object is to be deleted after the patch (TRM-06).
    pub finalize: bool,
    /// The kubelet has deleted the object.
    pub is_deleted: bool,
}

impl PodWorker {
    /// The entry of a Pod that the kubelet has just seen.
    pub fn new(runtime: Runtime, containers: Vec<ContainerEntry>) -> Self {
        PodWorker {
            runtime,
            truth: RuntimeState::default(),
            seen: RuntimeState::default(),
            cache: RuntimeState::default(),
            cache_modified: None,
            relist_at: Instant::NEVER,
            on_demand_at: Instant::NEVER,
            work: Work::Sync,
            sync: None,
            waiting: None,
            waiting_work: Work::Sync,
            pending: None,
            synced_at: None,
            requeue_at: None,
            volumes_ready: false,
            grace_seconds: 0,
            was_initialized: None,
            past_deadline: false,
            eviction: None,
            object_gone: false,
            began: None,
            containers,
            status: PodStatus::default(),
            has_status: false,
            sent: None,
            may_run: true,
            patch_at: Instant::NEVER,
            finalize: false,
            is_deleted: false,
        }
    }

    /// The stored result of a probe for a container instance.
    pub fn probe_result(
        &self,
        container: u16,
        kind: ProbeKind,
        attempt: u32,
    ) -> Option<super::prober::ProbeResult> {
        self.containers[usize::from(container)]
            .probes
            .result(kind, attempt)
    }
}

/// The container at a position.
pub fn container_spec(spec: &PodSpec, container: u16) -> &crate::api::Container {
    let index = usize::from(container);
    let inits = spec.init_containers.len();
    if index < inits {
        &spec.init_containers[index]
    } else {
        &spec.containers[index - inits]
    }
}

/// What the container at a position is for.
pub fn role(spec: &PodSpec, container: u16) -> Role {
    match spec.init_containers.get(usize::from(container)) {
        Some(init) if init.restart_policy == Some(RestartPolicy::Always) => Role::Sidecar,
        Some(_) => Role::Init,
        None => Role::Regular,
    }
}

/// How many containers there are, of all roles.
pub fn container_count(spec: &PodSpec) -> u16 {
    (spec.init_containers.len() + spec.containers.len()) as u16
}

/// Positions of the init containers and sidecars, in spec order.
pub fn init_range(spec: &PodSpec) -> std::ops::Range<u16> {
    0..spec.init_containers.len() as u16
}

/// Positions of the regular containers, in spec order.
pub fn regular_range(spec: &PodSpec) -> std::ops::Range<u16> {
    spec.init_containers.len() as u16..container_count(spec)
}
