//! A POSIX shell as plain data: a stack of frames that can be stopped anywhere and cloned.
//!
//! `step` moves the topmost frame. A frame that waits for a process, a pipe or a moment says so,
//! and the shell rests until the world finds it ready.

pub mod applet;
mod arith;
mod ast;
mod builtin;
mod builtin_options;
mod command;
mod expand;
mod name_builtin;
mod param_text;
mod parse;
mod parse_simple;
mod pattern;
mod program;
mod read_builtin;
mod redirect;
pub mod regex;
mod run;
mod step;
mod step_list;
mod variable_builtin;
mod wait;
mod word;

use super::process::Environment;
use super::signal::Signal;
use crate::sorted::Map;
use crate::time::Instant;
use ast::{Command, Kind, List, Pipeline};
use std::sync::Arc;

pub use pattern::in_class;

/// Whether a text matches a shell pattern.
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    pattern::matches(&pattern::unquoted(pattern), &text)
}

/// Whether a text matches a pattern in which a backslash takes the meaning of the next character.
pub fn matches_escaped(pattern: &str, text: &str) -> bool {
    let mut marked = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => marked.extend(chars.next().map(|c| (c, true))),
            c => marked.push((c, false)),
        }
    }
    let text: Vec<char> = text.chars().collect();
    pattern::matches(&marked, &text)
}

/// A shell variable.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Variable {
    /// None: declared (exported, local) but not set.
    pub value: Option<String>,
    pub exported: bool,
    pub readonly: bool,
}

/// `set -e` and its relatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Options {
    pub errexit: bool,
    pub nounset: bool,
    pub xtrace: bool,
    pub noglob: bool,
    pub pipefail: bool,
    pub noclobber: bool,
    pub allexport: bool,
    pub from_command: bool,
}

impl Options {
    /// `$-`.
    pub fn letters(self) -> String {
        [
            (self.errexit, 'e'),
            (self.noglob, 'f'),
            (self.xtrace, 'x'),
            (self.nounset, 'u'),
            (self.allexport, 'a'),
            (self.noclobber, 'C'),
            (self.from_command, 'c'),
        ]
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, letter)| *letter)
        .collect()
    }
}

/// Traps by signal number; 0 is EXIT. An empty text ignores the signal.
type Traps = Map<u8, Arc<str>>;

/// A moment of a script's execution.
#[derive(Clone, Debug)]
enum Frame {
    /// Text still to be read: a script, `eval`, `.`, a trap's action.
    Script {
        text: Arc<Vec<char>>,
        at: u32,
        /// `return` ends it (`.`).
        sourced: bool,
        /// The last command may replace the shell (`sh -c`).
        last: bool,
    },
    List {
        list: Arc<List>,
        at: u32,
    },
    AndOr {
        list: Arc<List>,
        item: u32,
        at: u32,
    },
    Negate,
    /// A command about to begin.
    Begin(Arc<Command>),
    /// A simple command, `for`, `case`, or a compound with redirections, being expanded.
    Expand {
        command: Arc<Command>,
        results: Vec<Arc<str>>,
    },
    If {
        command: Arc<Command>,
        arm: u32,
    },
    Loop {
        command: Arc<Command>,
        testing: bool,
        status: i32,
    },
    For {
        command: Arc<Command>,
        words: Arc<Vec<String>>,
        at: u32,
        status: i32,
    },
    /// A function's body runs above it.
    Call {
        positional: Arc<Vec<String>>,
        locals: Vec<(String, Option<Variable>)>,
    },
    /// Descriptors to be put back.
    Restore {
        fds: redirect::SavedFds,
    },
    /// Variables to be put back after a command with assignments of its own.
    RestoreVariables {
        saved: Vec<(String, Option<Variable>)>,
    },
    /// Foreground processes; the last one's status counts.
    Wait {
        pids: Vec<u32>,
        statuses: Vec<(u32, i32)>,
    },
    /// A command substitution for the frame below.
    Substitution {
        pid: u32,
        pipe: u32,
        text: Vec<u8>,
    },
    /// The `wait` builtin. Empty: all children.
    WaitBuiltin {
        pids: Vec<u32>,
    },
    /// The `read` builtin waits for a line.
    Read {
        argv: Arc<Vec<String>>,
        until: Option<Instant>,
    },
    /// A trap's action runs above it; the status to put back.
    Trap {
        status: i32,
    },
    /// The EXIT trap runs above it; the status to end with.
    Exit {
        status: i32,
    },
}

/// A running shell.
#[derive(Clone, Debug)]
pub struct Shell {
    variables: Arc<Map<String, Variable>>,
    functions: Arc<Map<String, Arc<Command>>>,
    positional: Arc<Vec<String>>,
    /// `$0`.
    name: Arc<str>,
    traps: Arc<Traps>,
    /// What `environment` gave last.
    environment: Option<Arc<Environment>>,
    options: Options,
    status: i32,
    /// Status of the last command substitution of the command being expanded.
    substitution_status: i32,
    last_background: Option<u32>,
    /// `$$`.
    shell_pid: u32,
    /// Children not yet asked for.
    children: Vec<u32>,
    /// Children that ended before somebody waited for them.
    ended: Vec<(u32, i32)>,
    pending: Vec<Signal>,
    frames: Vec<Frame>,
    seed: u64,
    draws: u32,
    getopts_at: u32,
    /// Runs a file: its errors name the line.
    from_file: bool,
    line: u32,
    /// The EXIT trap has begun: no other follows.
    leaving: bool,
}

impl Shell {
    /// A shell that is to run a text.
    pub fn new(
        text: &str,
        name: &str,
        positional: Vec<String>,
        env: &Map<String, String>,
        pid: u32,
        seed: u64,
    ) -> Shell {
        let mut variables = Map::new();
        for (name, value) in env {
            variables.insert(
                name.clone(),
                Variable {
                    value: Some(value.clone()),
                    exported: true,
                    readonly: false,
                },
            );
        }
        for (name, value) in [
            ("IFS", " \t\n"),
            ("PS1", "# "),
            ("PS2", "> "),
            ("PS4", "+ "),
        ] {
            variables
                .entry(name.to_string())
                .or_insert_with(|| Variable {
                    value: Some(value.to_string()),
                    ..Variable::default()
                });
        }
        let mut shell = Shell {
            variables: Arc::new(variables),
            functions: Arc::default(),
            positional: Arc::new(positional),
            name: Arc::from(name),
            traps: Arc::default(),
            environment: None,
            options: Options::default(),
            status: 0,
            substitution_status: 0,
            last_background: None,
            shell_pid: pid,
            children: Vec::new(),
            ended: Vec::new(),
            pending: Vec::new(),
            frames: Vec::new(),
            seed,
            draws: 0,
            getopts_at: 0,
            from_file: false,
            line: 0,
            leaving: false,
        };
        shell.push_script(text, false, true);
        shell
    }

    /// Options given on the command line.
    pub fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    /// The text is a file's: errors name its lines.
    pub fn set_from_file(&mut self) {
        self.from_file = true;
    }

    /// What the shell's own errors begin with.
    fn error_prefix(&self) -> String {
        if self.from_file {
            format!("{}: line {}: ", self.name, self.line)
        } else {
            format!("{}: ", self.name)
        }
    }

    /// One of the shell's own errors as a line. Those of its commands name the line after the
    /// command; the text of `sh -c` has a line 0.
    #[inline(never)]
    fn error_line(&self, text: &str) -> String {
        match text.split_once(": ") {
            Some((name, rest)) if builtin::is_own(name) => {
                let line = self.line - u32::from(!self.from_file && self.line > 0);
                format!("{}: {name}: line {line}: {rest}\n", self.name)
            }
            _ => format!("{}{text}\n", self.error_prefix()),
        }
    }

    /// Takes note of a signal; false: it has no trap for it.
    pub fn signal(&mut self, signal: Signal) -> bool {
        match self.traps.get(&signal.0) {
            Some(action) => {
                if !action.is_empty() && !self.pending.contains(&signal) {
                    self.pending.push(signal);
                }
                true
            }
            None => false,
        }
    }

    /// Whether the shell will ask for this child's status.
    pub fn knows(&self, pid: u32) -> bool {
        self.children.contains(&pid)
    }

    /// When it wakes by itself.
    pub fn wake_at(&self) -> Option<Instant> {
        match self.frames.last() {
            Some(Frame::Read { until, .. }) => *until,
            _ => None,
        }
    }

    /// A variable's value.
    fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name)?.value.as_deref()
    }

    /// Sets a variable; Err: it is read-only.
    fn set_variable(&mut self, name: &str, value: &str) -> Result<(), String> {
        let allexport = self.options.allexport;
        let variables = Arc::make_mut(&mut self.variables);
        let variable = variables.entry(name.to_string()).or_default();
        if variable.readonly {
            return Err(format!("{name}: is read only"));
        }
        variable.value = Some(value.to_string());
        variable.exported |= allexport;
        if variable.exported {
            self.environment = None;
        }
        if name == "OPTIND" {
            self.getopts_at = 0;
        }
        Ok(())
    }

    /// `$RANDOM`: the n-th draw from here.
    fn random(&self, ahead: u32) -> u16 {
        let mut z = self
            .seed
            .wrapping_add(u64::from(self.draws + ahead).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u16::try_from((z ^ (z >> 31)) & 0x7fff).unwrap_or(0)
    }

    /// The environment of programs it starts; remembered until an exported variable changes.
    fn environment(&mut self) -> Arc<Environment> {
        if let Some(env) = &self.environment {
            return env.clone();
        }
        let env: Environment = self
            .variables
            .iter()
            .filter(|(_, v)| v.exported)
            .filter_map(|(name, v)| Some((name.clone(), v.value.clone()?)))
            .collect();
        let env = Arc::new(env);
        self.environment = Some(env.clone());
        env
    }

    fn push_script(&mut self, text: &str, sourced: bool, last: bool) {
        self.frames.push(Frame::Script {
            text: Arc::new(text.chars().collect()),
            at: 0,
            sourced,
            last,
        });
    }

    /// A copy that runs a list as a child: subshells, pipelines, background.
    fn child(&self, frames: Vec<Frame>) -> Shell {
        let mut child = self.clone();
        child.frames = frames;
        child.children.clear();
        child.ended.clear();
        child.pending.clear();
        let traps = Arc::make_mut(&mut child.traps);
        traps.retain(|_, action| action.is_empty());
        child
    }

    /// Whether everything above ends when the topmost frame's command ends, so that the command
    /// may take the shell's process.
    fn is_last_command(&self) -> bool {
        self.traps.is_empty()
            && self.children.is_empty()
            && self.frames.iter().all(|frame| match frame {
                Frame::Script { text, at, last, .. } => *last && *at as usize >= text.len(),
                Frame::List { list, at } => *at as usize >= list.items.len(),
                Frame::AndOr { list, item, at } => list
                    .items
                    .get(*item as usize)
                    .is_some_and(|i| *at as usize >= i.pipelines.len()),
                _ => false,
            })
    }

    /// Whether a failing command is being tested, so that `set -e` does not end the shell.
    fn is_tested(&self) -> bool {
        self.frames.iter().any(|frame| match frame {
            Frame::If { .. } => true,
            Frame::Loop { testing, .. } => *testing,
            Frame::Negate => true,
            Frame::AndOr { list, item, at } => list
                .items
                .get(*item as usize)
                .is_some_and(|i| (*at as usize) < i.pipelines.len()),
            _ => false,
        })
    }

    fn pipeline_of(list: &List, item: u32, at: u32) -> Option<&(ast::Link, Arc<Pipeline>)> {
        list.items.get(item as usize)?.pipelines.get(at as usize)
    }

    fn is_function_definition(command: &Command) -> Option<(&str, &Arc<Command>)> {
        match &command.kind {
            Kind::Function { name, body } => Some((name, body)),
            _ => None,
        }
    }
}
