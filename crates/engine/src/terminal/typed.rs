//! What the terminal keeps between lines, and what it answers them with.

use crate::kubectl::Forward;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// A shell that is open in a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    pub pod: String,
    pub container: String,
    /// `sh`, `/bin/bash`.
    pub program: String,
    pub cwd: String,
    /// When the container's instance started: the shell ends with it.
    pub since: Option<Instant>,
    /// Assignments typed so far, one a line.
    pub variables: String,
}

/// A line that goes on after it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    pub line: String,
    /// When it was typed.
    pub from: Instant,
    /// What any file name after `-f` stood for.
    pub manifest: String,
}

/// What a line typed at the terminal is answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    pub stdout: String,
    pub stderr: String,
    pub exit_code: u8,
    /// The real command would still be running.
    pub unfinished: bool,
    /// An editor would open (`kubectl edit`).
    pub edits: bool,
    /// The shell that the next line goes to; None: the visitor's own.
    pub shell: Option<Shell>,
    /// What it changes: steps without their moment.
    pub acts: Vec<String>,
    /// Local ports that it listens on while it goes on.
    pub forwards: Vec<Forward>,
    /// Asked again at a later moment ([`crate::session::Request::Follow`]), it prints more.
    pub follows: bool,
}
