//! The façade for a front end: one text, one history of acts, one request at a time.
//!
//! A page sends [`Request`]s to wherever a [`Session`] lives (a worker, or the page itself) and
//! draws the [`Reply`]s. Both are plain data; how they travel is the front end's business.

use crate::time::Instant;
use crate::view::{ClusterView, RunView};
use serde::{Deserialize, Serialize};

/// What a front end asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Run a text from 0:00, with the acts of a history on top (each as in [`Request::Act`]).
    /// Answered by [`Reply::Loaded`]. If the text has errors the former run stays.
    Load {
        text: String,
        acts: Vec<String>,
        seed: Option<u64>,
    },
    /// Say what is wrong with a text; the run stays. Answered by [`Reply::Checked`].
    Check { text: String },
    /// Act upon the cluster: one step of the Scenario document in YAML's flow style, for example
    /// `{at: 12.5s, kill: {pod: web, container: app, signal: KILL}}`. Acts of the history that
    /// come later are dropped: the former run is kept as a branch. Answered by [`Reply::Loaded`].
    Act { step: String },
    /// Undo the fault of an input at a moment. Answered by [`Reply::Loaded`].
    Heal { input: u32, at: Instant },
    /// Go to another branch. Answered by [`Reply::Loaded`].
    Branch { branch: u32 },
    /// Show a moment of the current branch. Answered by [`Reply::View`].
    Seek { at: Instant },
    /// The transitions of the whole run as JSON lines. Answered by [`Reply::Text`].
    Trace,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    Loaded(Box<Loaded>),
    View(Box<ClusterView>),
    /// Problems of a text, as in [`Loaded::diagnostics`].
    Checked(Vec<crate::manifest::Diagnostic>),
    Text(String),
    /// The request could not be carried out; the sentence says why and what to do.
    Refused(String),
}

/// A run, computed to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// None: the text has errors and the former run stays.
    pub run: Option<RunView>,
    /// Problems of the text, worst first, then by position.
    pub diagnostics: Vec<crate::manifest::Diagnostic>,
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
    pub acts: u32,
}
