//! Requests and replies: plain data, however they travel.

use super::{Following, Forward, Shell, Typed};
use crate::manifest::Diagnostic;
use crate::record::RequestOutcome;
use crate::time::{Duration, Instant};
use crate::timing::tuner::{Trial, Tuned};
use crate::timing::Row;
use crate::view::{ClusterView, Look, RunView};
use crate::why::Chain;
use serde::{Deserialize, Serialize};

/// What a front end asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Run a text from 0:00, with the acts of a history on top (each as in [`Request::Act`]).
    /// Answered by [`Reply::Loaded`]. If the text has errors the former run stays. A long run is
    /// computed in parts, the first at least until `sight`: see [`Request::Rest`].
    Load {
        text: String,
        acts: Vec<String>,
        seed: Option<u64>,
        sight: Instant,
    },
    /// Compute more of a run that is not complete. Answered by [`Reply::Working`] until the end is
    /// reached, then by [`Reply::Loaded`].
    Rest,
    /// Say what is wrong with a text; the run stays. Answered by [`Reply::Checked`].
    Check { text: String },
    /// Act upon the cluster: one step of the Scenario document in YAML's flow style, for example
    /// `{at: 12.5s, kill: {pod: web, container: app, signal: KILL}}`. Acts of the history that
    /// come later are dropped: the former run is kept as a branch. Answered by [`Reply::Loaded`].
    Act { step: String },
    /// Undo the fault of an input at a moment. Answered by [`Reply::Loaded`].
    Heal { input: u32, at: Instant },
    /// Move the act of an input to another moment, or (None) take it out; with `copy` it also stays
    /// where it is. Always another branch. Answered by [`Reply::Loaded`].
    Revise {
        input: u32,
        to: Option<Instant>,
        copy: bool,
    },
    /// Another branch that is the same until a moment; later acts are left behind on the former
    /// one. Answered by [`Reply::Loaded`].
    Fork { at: Instant },
    /// Other acts than the current branch has, in order of time; `fork` keeps the former run as a
    /// branch. Answered by [`Reply::Loaded`].
    History { acts: Vec<String>, fork: bool },
    /// Branches, as an earlier session had them. Answered by [`Reply::Loaded`].
    Restore {
        seed: Option<u64>,
        branches: Vec<BranchView>,
        branch: u32,
    },
    /// A line typed at the terminal. What it changes becomes acts at that moment. Answered by
    /// [`Reply::Typed`].
    Type {
        line: String,
        at: Instant,
        shell: Option<Shell>,
        /// What the line before ended with: `$?`.
        status: u8,
        /// What any file name after `-f` stands for.
        manifest: String,
        /// Local ports that commands before it listen on.
        forwards: Vec<Forward>,
    },
    /// What a line that goes on has printed until a moment. Answered by [`Reply::Typed`].
    Follow { command: Following, at: Instant },
    /// A command that only reads, such as `kubectl describe`. Answered by [`Reply::Typed`].
    Read { line: String, at: Instant },
    /// What Tab offers for the last word of a line. Answered by [`Reply::Words`].
    Complete {
        line: String,
        at: Instant,
        shell: Option<Shell>,
    },
    /// Go to another branch. Answered by [`Reply::Loaded`].
    Branch { branch: u32 },
    /// Give a branch another name. Answered by [`Reply::Loaded`].
    Rename { branch: u32, name: String },
    /// Another text under the current branch's acts, as a branch of its own. Answered by
    /// [`Reply::Loaded`].
    Variant { text: String, name: String },
    /// The run of any branch, to be compared. Answered by [`Reply::Run`].
    Run { branch: u32 },
    /// Every question about a container that has an answer. Answered by [`Reply::Why`].
    Why {
        at: Instant,
        pod: String,
        container: String,
    },
    /// Best and worst cases of the current text. Answered by [`Reply::Timing`].
    Timing,
    /// How numbers of a container's liveness probe do. Answered by [`Reply::Tuned`].
    Tune(Trial),
    /// How the requests to Services ended. Answered by [`Reply::Requests`].
    Requests { at: Instant },
    /// Show a moment of the current branch. Answered by [`Reply::View`].
    Seek { at: Instant, look: Look },
    /// A container's metrics over the run and at a moment, and what its node's kubelet tells at a
    /// path of the API server. Answered by [`Reply::Metrics`].
    Metrics {
        at: Instant,
        pod: String,
        container: String,
        path: String,
    },
    /// The transitions of the whole run as JSON lines. Answered by [`Reply::Text`].
    Trace,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    Loaded(Box<Loaded>),
    /// The run is not complete yet.
    Working,
    View(Box<ClusterView>),
    /// Problems and documents of a text, as in [`Loaded`].
    Checked(Vec<Diagnostic>, Vec<DocumentView>),
    Text(String),
    /// A line's answer; the run, if it changed.
    Typed(Box<Typed>, Option<Box<Loaded>>),
    Words(Vec<String>),
    Run(Box<RunView>),
    Why(Vec<Chain>),
    Timing(Vec<Row>),
    /// One for each pair of numbers; none where no liveness probe asks a server.
    Tuned(Vec<Tuned>),
    Requests(Vec<RequestsView>),
    Metrics(Box<MetricsView>),
    /// The request could not be carried out; the sentence says why and what to do.
    Refused(String),
}

/// A run, computed to its end or, at first, a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// None: the text has errors and the former run stays.
    pub run: Option<RunView>,
    /// Problems of the text, worst first, then by position.
    pub diagnostics: Vec<Diagnostic>,
    /// What the stream holds: `pod/web`, `service/web`, with first and last line (1-based).
    pub documents: Vec<DocumentView>,
    /// The acts of the current branch's history, as [`Request::Act`] takes them.
    pub acts: Vec<String>,
    pub branches: Vec<BranchView>,
    pub branch: u32,
}

/// A document of the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    pub name: String,
    pub first_line: u32,
    pub last_line: u32,
}

/// A branch of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchView {
    pub name: String,
    /// Where it left its parent; 0:00 for the first.
    pub forked_at: Instant,
    pub acts: Vec<String>,
    pub text: String,
}

/// Requests to a Service that ended alike at one Pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestsView {
    pub service: String,
    pub outcome: RequestOutcome,
    /// Empty where no endpoint was chosen.
    pub pod: String,
    /// Until the moment asked for.
    pub count: u32,
    pub last: Option<Instant>,
    /// The next one after it.
    pub next: Option<Instant>,
}

/// A container's metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricsView {
    pub pod: String,
    pub container: String,
    /// Evenly over the run, as long as there is the Pod.
    pub samples: Vec<Sample>,
    /// At the moment asked for.
    pub now: Sample,
    pub path: String,
    /// What the path answered, or why not.
    pub text: String,
}

/// Metrics at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub at: Instant,
    pub restarts: u32,
    /// Thousandths of a core.
    pub cpu_milli: u32,
    pub memory_bytes: u64,
    /// Indexed by [`crate::api::ProbeKind`]; None: no such probe has a worker.
    pub probes: [Option<ProbeSample>; 3],
}

/// A probe's counters at one moment (PRB-16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeSample {
    pub successful: u32,
    pub failed: u32,
    /// How long the successful runs took together.
    pub took: Duration,
}
