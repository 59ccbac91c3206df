//! Workloads, and the other kinds a stream may hold.

use super::{
    Claim, ClaimRetention, DisruptionBudget, Endpoints, LabelSelector, Metadata, Pod, PodTemplate,
    PriorityClass, Service, StringMap, Taint, WrittenSlice,
};
use serde::{Deserialize, Serialize};

/// `apps/v1` Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub metadata: Metadata,
    pub replicas: u32,
    pub selector: LabelSelector,
    pub template: PodTemplate,
    pub strategy: Strategy,
    pub min_ready_seconds: u32,
    pub revision_history_limit: u32,
    pub progress_deadline_seconds: u32,
    pub paused: bool,
}

/// How a Deployment replaces Pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    Recreate,
    RollingUpdate {
        max_surge: Amount,
        max_unavailable: Amount,
    },
}

/// `intstr.IntOrString` as a number of Pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Amount {
    Count(u32),
    Percent(u32),
}

impl Amount {
    /// How many of `all` it is, rounded up.
    pub fn of(self, all: u32) -> u32 {
        match self {
            Amount::Count(count) => count,
            Amount::Percent(percent) => (u64::from(all) * u64::from(percent)).div_ceil(100) as u32,
        }
    }
}

/// `apps/v1` ReplicaSet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSet {
    pub metadata: Metadata,
    pub replicas: u32,
    pub selector: LabelSelector,
    pub template: PodTemplate,
    pub min_ready_seconds: u32,
}

/// `apps/v1` StatefulSet or DaemonSet, `batch/v1` Job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    pub metadata: Metadata,
    pub selector: LabelSelector,
    pub template: PodTemplate,
    pub kind: WorkloadKind,
    /// `podFailurePolicy` of a Job (JOB-03): the first rule that matches decides.
    pub failure_rules: Vec<FailureRule>,
    /// `successPolicy` of a Job: the first rule that is met ends it.
    pub success_rules: Vec<SuccessRule>,
    /// `serviceName` of a StatefulSet: its Pods have names of their own within that Service (SVC-05).
    pub service_name: String,
    /// `volumeClaimTemplates` of a StatefulSet.
    pub claim_templates: Vec<Claim>,
    pub claim_retention: ClaimRetention,
    /// How many old revisions a StatefulSet or DaemonSet keeps.
    pub revision_history_limit: u32,
}

/// A rule of a Job's `podFailurePolicy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureRule {
    pub action: FailureAction,
    pub on: FailurePattern,
}

/// What a rule does with a failed Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureAction {
    /// The Job fails at once.
    FailJob,
    /// The Pod's index fails at once.
    FailIndex,
    /// It is not counted.
    Ignore,
    /// It is counted, as without a policy.
    Count,
}

/// What a failed Pod looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailurePattern {
    ExitCodes {
        /// Empty: any container.
        container: String,
        /// Operator `In` rather than `NotIn`.
        is_in: bool,
        values: Vec<i64>,
    },
    /// Types of conditions, and whether each is True, False or Unknown.
    Conditions(Vec<(String, String)>),
}

impl FailureAction {
    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            FailureAction::FailJob => "FailJob",
            FailureAction::FailIndex => "FailIndex",
            FailureAction::Ignore => "Ignore",
            FailureAction::Count => "Count",
        }
    }
}

/// What tells the three apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkloadKind {
    StatefulSet {
        replicas: u32,
        /// `ordinals.start`: the number of the first Pod.
        start: u32,
        /// `podManagementPolicy: Parallel`.
        is_parallel: bool,
        /// Pods below this number keep the old template.
        partition: u32,
        /// `updateStrategy` RollingUpdate rather than OnDelete.
        is_rolling: bool,
        min_ready_seconds: u32,
    },
    DaemonSet {
        max_unavailable: Amount,
        /// Pods of the new template beside those of the old one.
        max_surge: Amount,
        is_rolling: bool,
        min_ready_seconds: u32,
    },
    Job(JobSpec),
}

/// What only a Job says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSpec {
    pub parallelism: u32,
    /// None: the first success ends it.
    pub completions: Option<u32>,
    pub backoff_limit: u32,
    /// `backoffLimitPerIndex`.
    pub index_backoff_limit: Option<u32>,
    pub active_deadline_seconds: Option<u64>,
    /// `completionMode: Indexed`.
    pub is_indexed: bool,
    pub is_suspended: bool,
    /// `podReplacementPolicy: Failed` rather than TerminatingOrFailed.
    pub replaces_failed_only: bool,
    /// `maxFailedIndexes`.
    pub failed_indexes_max: Option<u32>,
    /// `ttlSecondsAfterFinished`.
    pub ttl_seconds: Option<u32>,
}

/// A rule of a Job's `successPolicy`: so many of these indexes, by default all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuccessRule {
    /// As `0,2-4`; empty: any index.
    pub indexes: String,
    pub count: Option<u32>,
}

impl WorkloadKind {
    /// The API's kind.
    pub const fn name(self) -> &'static str {
        match self {
            WorkloadKind::StatefulSet { .. } => "StatefulSet",
            WorkloadKind::DaemonSet { .. } => "DaemonSet",
            WorkloadKind::Job(_) => "Job",
        }
    }

    /// Resource and group, as refusals name them.
    pub const fn resource(self) -> &'static str {
        match self {
            WorkloadKind::StatefulSet { .. } => "statefulsets.apps",
            WorkloadKind::DaemonSet { .. } => "daemonsets.apps",
            WorkloadKind::Job(_) => "jobs.batch",
        }
    }
}

/// `v1.Node` as a manifest or a Scenario describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub metadata: Metadata,
    pub unschedulable: bool,
    pub taints: Vec<Taint>,
    pub cpu_milli: u64,
    pub memory_bytes: u64,
    pub ephemeral_bytes: u64,
    pub pods: u32,
    /// Extended resources and huge pages, in order of their names.
    pub others: Vec<(String, u64)>,
}

/// ConfigMap or Secret: keys and their content (Secret values decoded).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigData {
    pub metadata: Metadata,
    pub data: StringMap,
}

/// One object of a stream, with defaults applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant)] // a handful per stream; boxing would only obscure
pub enum Object {
    Pod(Pod),
    Deployment(Deployment),
    ReplicaSet(ReplicaSet),
    Workload(Workload),
    Service(Service),
    Node(Node),
    Namespace(Metadata),
    ConfigMap(ConfigData),
    Secret(ConfigData),
    PersistentVolumeClaim(Claim),
    PriorityClass(PriorityClass),
    PodDisruptionBudget(DisruptionBudget),
    Endpoints(Endpoints),
    EndpointSlice(WrittenSlice),
    /// Accepted by the API server, not simulated here: `kind` and name.
    Other {
        api_version: String,
        kind: String,
        metadata: Metadata,
    },
}
