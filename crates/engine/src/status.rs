//! `status` of a Pod, as the kubelet computes it and the API server stores it (STS-*).
//!
//! Texts are ids: a status is compared and copied often and printed seldom.

use crate::ids::TextId;
use crate::text::Texts;
use crate::time::Instant;

/// `status.phase` (STS-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Phase {
    #[default]
    Pending,
    Running,
    Succeeded,
    Failed,
    Unknown,
}

impl Phase {
    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::Pending => "Pending",
            Phase::Running => "Running",
            Phase::Succeeded => "Succeeded",
            Phase::Failed => "Failed",
            Phase::Unknown => "Unknown",
        }
    }

    /// Succeeded or Failed: never changes again (TRM-13).
    pub const fn is_terminal(self) -> bool {
        matches!(self, Phase::Succeeded | Phase::Failed)
    }
}

/// `status` of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ConditionStatus {
    /// Not written yet.
    #[default]
    Absent,
    True,
    False,
    Unknown,
}

impl ConditionStatus {
    /// The API's word; empty if absent.
    pub const fn name(self) -> &'static str {
        match self {
            ConditionStatus::Absent => "",
            ConditionStatus::True => "True",
            ConditionStatus::False => "False",
            ConditionStatus::Unknown => "Unknown",
        }
    }
}

/// Types of the Pod conditions: those of the kubelet and the scheduler in the kubelet's order
/// (STS-04), then the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConditionType {
    PodReadyToStartContainers,
    Initialized,
    Ready,
    ContainersReady,
    PodScheduled,
    /// Only for Pods with a rule that restarts all containers (RST-08).
    AllContainersRestarting,
    /// Written by whoever takes the Pod away.
    DisruptionTarget,
}

impl ConditionType {
    /// All types in the order in which the kubelet writes them.
    pub const ALL: [ConditionType; 7] = [
        ConditionType::PodReadyToStartContainers,
        ConditionType::Initialized,
        ConditionType::Ready,
        ConditionType::ContainersReady,
        ConditionType::PodScheduled,
        ConditionType::AllContainersRestarting,
        ConditionType::DisruptionTarget,
    ];

    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            ConditionType::PodReadyToStartContainers => "PodReadyToStartContainers",
            ConditionType::Initialized => "Initialized",
            ConditionType::Ready => "Ready",
            ConditionType::ContainersReady => "ContainersReady",
            ConditionType::PodScheduled => "PodScheduled",
            ConditionType::AllContainersRestarting => "AllContainersRestarting",
            ConditionType::DisruptionTarget => "DisruptionTarget",
        }
    }
}

/// One condition. Reason and message are empty where the API has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Condition {
    pub status: ConditionStatus,
    pub reason: &'static str,
    pub message: TextId,
    /// Cut to whole seconds (STS-20); changes only with `status`.
    pub last_transition: Instant,
}

/// State of a container: exactly one of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerState {
    Waiting {
        reason: WaitingReason,
        message: TextId,
    },
    /// `started_at` is cut to whole seconds (STS-20).
    Running {
        started_at: Instant,
    },
    Terminated(Terminated),
}

impl Default for ContainerState {
    fn default() -> Self {
        ContainerState::Waiting {
            reason: WaitingReason::ContainerCreating,
            message: TextId::EMPTY,
        }
    }
}

/// Why a container waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitingReason {
    ContainerCreating,
    PodInitializing,
    CrashLoopBackOff,
    ErrImagePull,
    ImagePullBackOff,
    ErrImageNeverPull,
    InvalidImageName,
    CreateContainerConfigError,
    CreateContainerError,
    RunContainerError,
    PostStartHookError,
    ContainerStatusUnknown,
    RestartingAllContainers,
}

impl WaitingReason {
    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            WaitingReason::ContainerCreating => "ContainerCreating",
            WaitingReason::PodInitializing => "PodInitializing",
            WaitingReason::CrashLoopBackOff => "CrashLoopBackOff",
            WaitingReason::ErrImagePull => "ErrImagePull",
            WaitingReason::ImagePullBackOff => "ImagePullBackOff",
            WaitingReason::ErrImageNeverPull => "ErrImageNeverPull",
            WaitingReason::InvalidImageName => "InvalidImageName",
            WaitingReason::CreateContainerConfigError => "CreateContainerConfigError",
            WaitingReason::CreateContainerError => "CreateContainerError",
            WaitingReason::RunContainerError => "RunContainerError",
            WaitingReason::PostStartHookError => "PostStartHookError",
            WaitingReason::ContainerStatusUnknown => "ContainerStatusUnknown",
            WaitingReason::RestartingAllContainers => "RestartingAllContainers",
        }
    }
}

/// How a container ended (TRM-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminated {
    pub reason: TerminatedReason,
    pub exit_code: i32,
    pub message: TextId,
    /// Cut to whole seconds. None: never started; the API then prints 1970-01-01T00:00:00Z
    /// (BKO-20).
    pub started_at: Option<Instant>,
    /// Cut to whole seconds.
    pub finished_at: Instant,
}

/// `reason` of a terminated container (TRM-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TerminatedReason {
    Completed,
    Error,
    OomKilled,
    StartError,
    ContainerStatusUnknown,
    RestartingAllContainers,
    Unknown,
}

impl TerminatedReason {
    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            TerminatedReason::Completed => "Completed",
            TerminatedReason::Error => "Error",
            TerminatedReason::OomKilled => "OOMKilled",
            TerminatedReason::StartError => "StartError",
            TerminatedReason::ContainerStatusUnknown => "ContainerStatusUnknown",
            TerminatedReason::RestartingAllContainers => "RestartingAllContainers",
            TerminatedReason::Unknown => "Unknown",
        }
    }
}

/// `containerStatuses[]` of one container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ContainerStatus {
    pub state: ContainerState,
    pub last: Option<Terminated>,
    pub ready: bool,
    /// None: the API has no value.
    pub started: Option<bool>,
    pub restart_count: u32,
    /// Ordinal of the instance over the Pod's life (what a container ID stands for); None: empty.
    pub instance: Option<u32>,
}

/// `status` of a Pod.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PodStatus {
    pub phase: Phase,
    /// `status.reason`: Evicted, DeadlineExceeded, NodeLost…; empty if none.
    pub reason: &'static str,
    pub message: TextId,
    /// Indexed by [`ConditionType`].
    pub conditions: [Condition; 7],
    /// Conditions that others wrote, by type (readiness gates, STS-04), in order of appearance.
    pub foreign: Vec<(TextId, ConditionStatus)>,
    /// Init containers first, then regular ones, each in spec order. Empty until the kubelet has
    /// written.
    pub containers: Vec<ContainerStatus>,
    /// First kubelet sight (STS-12), whole seconds.
    pub start_time: Option<Instant>,
    /// Address within the cluster, host order; None until the sandbox has one.
    pub pod_ip: Option<u32>,
    pub observed_generation: u32,
}

impl PodStatus {
    /// The condition of a type.
    pub fn condition(&self, of: ConditionType) -> &Condition {
        &self.conditions[of as usize]
    }

    /// The status of a condition by its name: one of ours, or one that somebody else has set.
    pub fn named(&self, texts: &Texts, name: &str) -> ConditionStatus {
        let own = ConditionType::ALL.iter().find(|kind| kind.name() == name);
        if let Some(kind) = own {
            return self.condition(*kind).status;
        }
        let mut foreign = self.foreign.iter();
        let found = foreign.find(|(kind, _)| texts.get(*kind) == name);
        found.map_or(ConditionStatus::Absent, |(_, status)| *status)
    }

    /// Whether the Ready condition is True.
    pub fn is_ready(&self) -> bool {
        self.condition(ConditionType::Ready).status == ConditionStatus::True
    }

    /// Restarts of all containers, init containers included.
    pub fn restarts(&self) -> u32 {
        self.containers.iter().map(|of| of.restart_count).sum()
    }

    /// Whether all containers are being restarted (RST-08).
    pub fn is_restarting_all(&self) -> bool {
        let restarting = self.condition(ConditionType::AllContainersRestarting);
        restarting.status == ConditionStatus::True
    }
}
