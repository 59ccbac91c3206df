//! What a step does. Faults change the world; acts are what a user could type.

use super::{PodRef, PullBehaviour};
use crate::api::{Taint, TaintEffect};
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// A container of one or several Pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerRef {
    pub pod: PodRef,
    /// Empty: the Pod's first container, as kubectl takes it.
    pub container: String,
}

/// One step's act, one variant a key of the step tables (product.md §2, and what the recordings
/// add).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Runs a command in the container, as `kubectl exec`.
    Exec {
        target: ContainerRef,
        command: Vec<String>,
    },
    /// A signal from the host, which PID 1 cannot ignore if it is KILL (also `hostSignal`).
    Kill {
        target: ContainerRef,
        process: ProcessRef,
        /// Without `SIG`: `KILL`, `TERM`.
        signal: String,
    },
    /// The process exits by itself.
    Exit {
        target: ContainerRef,
        process: ProcessRef,
        code: i32,
    },
    /// A file appears (with this content) or disappears.
    File {
        target: ContainerRef,
        path: String,
        present: bool,
        content: String,
    },
    Http(HttpFault),
    /// The health service answers otherwise.
    Grpc {
        target: ContainerRef,
        /// None: every gRPC port.
        port: Option<u16>,
        /// None: every service.
        service: Option<String>,
        status: GrpcStatus,
    },
    /// A port's socket is closed, swallows packets, or is open again.
    Port {
        target: ContainerRef,
        /// None: every port the container listens on.
        port: Option<u16>,
        state: PortState,
    },
    /// The process accepts and never answers.
    Hang {
        target: ContainerRef,
    },
    /// Memory use grows to `to_bytes` over a time.
    Memory {
        target: ContainerRef,
        to_bytes: u64,
        over: Duration,
    },
    /// The process gets this share of its CPU time, in thousandths.
    Cpu {
        target: ContainerRef,
        share_milli: u32,
    },
    Disk {
        place: DiskPlace,
        full: bool,
    },
    /// What the registry answers from now on.
    Image {
        image: String,
        pull: PullBehaviour,
    },
    Node {
        name: String,
        state: NodeState,
    },
    Kubelet {
        node: String,
        action: KubeletAction,
    },
    /// Packets between two parties are dropped (or flow again).
    Network {
        /// Names of nodes, `pod/NAME`, `service/NAME`.
        between: Vec<String>,
        cut: bool,
    },
    /// Something outside the cluster that applications ask (`spec.dependencies`) goes or comes.
    Dependency {
        name: String,
        up: bool,
    },
    Traffic {
        service: String,
        /// Requests in a thousand seconds.
        rate_milli: u32,
    },
    /// A YAML stream, as `kubectl apply -f -`.
    Apply {
        text: String,
    },
    /// A YAML stream, as `kubectl create -f -`.
    Create {
        text: String,
    },
    Delete {
        target: DeleteTarget,
        /// None: the object's own.
        grace: Option<Duration>,
        force: bool,
        cascade: Cascade,
    },
    Patch {
        kind: String,
        name: String,
        /// Empty: the object itself.
        subresource: String,
        /// As JSON.
        patch: String,
        way: PatchType,
    },
    /// A GET from outside of the Pods, as `curl URL`.
    Curl {
        url: String,
    },
    Scale {
        workload: WorkloadRef,
        replicas: u32,
    },
    SetImage {
        workload: WorkloadRef,
        container: String,
        image: String,
    },
    SetEnv {
        workload: WorkloadRef,
        /// None removes the variable.
        env: Vec<(String, Option<String>)>,
    },
    Label {
        kind: String,
        name: String,
        /// None removes the label.
        changes: Vec<(String, Option<String>)>,
        overwrite: bool,
    },
    Annotate {
        kind: String,
        name: String,
        /// None removes the annotation.
        changes: Vec<(String, Option<String>)>,
        overwrite: bool,
    },
    Taint {
        node: String,
        add: Vec<Taint>,
        remove: Vec<TaintRemoval>,
    },
    Cordon {
        node: String,
        /// False: uncordon.
        cordoned: bool,
    },
    /// `kubectl drain`: cordon, then evict.
    Drain {
        node: String,
        force: bool,
        ignore_daemon_sets: bool,
        timeout: Option<Duration>,
        grace: Option<Duration>,
    },
    Rollout {
        workload: WorkloadRef,
        action: RolloutAction,
    },
    /// A command line typed after `kubectl`.
    Kubectl {
        args: Vec<String>,
        /// `$MANIFEST` stands for the run's manifest.
        stdin: Option<String>,
    },
}

/// Another behaviour of an HTTP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpFault {
    pub target: ContainerRef,
    /// None: every port.
    pub port: Option<u16>,
    /// None: every path.
    pub path: Option<String>,
    /// None: as before.
    pub status: Option<u16>,
    pub latency: Option<Duration>,
    pub body: Option<String>,
    pub answer: HttpAnswer,
}

/// How a server treats a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum HttpAnswer {
    #[default]
    Normal,
    /// The connection is refused.
    Refuse,
    /// Accepted, then reset.
    Reset,
    /// Accepted, never answered.
    Hang,
    /// Closed without a byte.
    Empty,
}

/// Which process of a container.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ProcessRef {
    /// The container's first.
    #[default]
    Main,
    Pid(u32),
    /// All processes with that command name.
    Named(String),
}

/// `grpc.health.v1` serving status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrpcStatus {
    Unknown,
    Serving,
    NotServing,
    ServiceUnknown,
}

/// State of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PortState {
    /// Nobody listens: connection refused.
    Closed,
    /// Packets are swallowed: connections time out.
    Drop,
    Open,
}

/// Whose disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiskPlace {
    Node(String),
    Pod(PodRef),
}

/// State of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeState {
    Ready,
    /// The network to it is cut; its containers go on.
    Unreachable,
    /// Without power.
    Down,
    MemoryPressure,
    DiskPressure,
}

/// What happens to a node's kubelet; containers keep running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KubeletAction {
    Stop,
    Start,
    Restart,
}

/// How a patch is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PatchType {
    /// Lists are merged by their elements' keys.
    #[default]
    Strategic,
    /// Lists are replaced (RFC 7386).
    Merge,
    /// A list of operations (RFC 6902).
    Json,
}

impl PatchType {
    /// As `--type=` takes them.
    pub const WORDS: [&str; 3] = ["strategic", "merge", "json"];

    /// The type of a word's place in [`PatchType::WORDS`].
    pub const fn at(place: usize) -> Self {
        match place {
            0 => PatchType::Strategic,
            1 => PatchType::Merge,
            _ => PatchType::Json,
        }
    }
}

/// What becomes of the dependents of what is deleted (API-07).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cascade {
    /// The object goes at once, its dependents after it.
    #[default]
    Background,
    /// The object waits for its dependents.
    Foreground,
    /// The dependents stay.
    Orphan,
}

impl Cascade {
    /// As `--cascade=` takes them.
    pub const WORDS: [&str; 3] = ["background", "foreground", "orphan"];

    /// The way of a word's place in [`Cascade::WORDS`].
    pub const fn at(place: usize) -> Self {
        match place {
            0 => Cascade::Background,
            1 => Cascade::Foreground,
            _ => Cascade::Orphan,
        }
    }
}

/// What `delete` removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeleteTarget {
    Pod(PodRef),
    Object { kind: String, name: String },
}

/// A workload (or Pod) by kind and name; `kind` in lower case: `deployment`, `pod`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadRef {
    pub kind: String,
    pub name: String,
}

/// Which taints to remove; an empty value or absent effect means any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaintRemoval {
    pub key: String,
    pub effect: Option<TaintEffect>,
}

/// Sub-commands of `kubectl rollout` that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RolloutAction {
    /// To a revision; 0: the previous one.
    Undo {
        to_revision: u32,
    },
    Restart,
    Pause,
    Resume,
}
