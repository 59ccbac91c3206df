//! Processes of a container and what they hold.

use super::filesystem::Device;
use super::log::Stream;
use super::server::Server;
use super::shell::Shell;
use super::signal::Signal;
use super::world::PodWorld;
use crate::scenario::ProcessRef;
use crate::sorted::Map;
use crate::time::Instant;
use std::sync::Arc;

/// An open file descriptor.
#[derive(Clone, Debug)]
pub enum Fd {
    /// The container's log.
    Log(Stream),
    /// The output of an exec session.
    Exec(u32, Stream),
    /// A regular file by canonical path. Writes go to its end.
    File {
        path: Arc<str>,
        offset: u64,
    },
    /// A text made when it was opened: here-documents, `/proc`.
    Text {
        bytes: Arc<Vec<u8>>,
        offset: u64,
    },
    PipeRead(u32),
    PipeWrite(u32),
    Device(Device),
}

/// Open descriptors by number.
pub type Fds = Map<u8, Fd>;

/// Environment by name.
pub type Environment = Map<String, String>;

/// What a process does.
#[derive(Clone, Debug)]
pub enum Program {
    /// Being run right now; seen only from inside.
    Active,
    /// Waits for ever without a handler of its own (`tail -f`, a client without an answer).
    Forever,
    /// Ends at a moment: writes these texts and exits.
    Until {
        at: Instant,
        stdout: Arc<Vec<u8>>,
        stderr: Arc<Vec<u8>>,
        exit_code: i32,
    },
    Server(Box<Server>),
    Shell(Box<Shell>),
    /// A command that reads a pipe until it ends.
    Filter {
        input: Vec<u8>,
    },
    /// Waits for a child and ends as it does, or kills it at a moment (`timeout`).
    Guard {
        child: u32,
        at: Instant,
        signal: u8,
    },
    /// Writes a line again and again (`yes`).
    Repeat {
        line: Arc<Vec<u8>>,
        /// Bytes so far.
        written: u64,
    },
    /// Prints what is added to a file (`tail -f`).
    Follow {
        path: Arc<str>,
        offset: u64,
    },
    /// Ended, and not yet asked for by its parent.
    Zombie {
        status: i32,
        /// The signal it died of.
        signal: Option<Signal>,
    },
}

/// A process.
#[derive(Clone, Debug)]
pub struct Process {
    pub pid: u32,
    /// 0 for the container's first process and for exec'd ones.
    pub parent: u32,
    pub argv: Arc<Vec<String>>,
    pub env: Arc<Environment>,
    pub cwd: Arc<str>,
    pub fds: Fds,
    pub program: Program,
    pub started: Instant,
    /// When the last answer that it is working on will be there.
    pub busy_until: Instant,
    pub uid: u32,
    /// Stopped by SIGSTOP: sockets accept, nothing answers.
    pub stopped: bool,
    /// A moment before which it is not run again: it used up its steps.
    pub resume_at: Instant,
    /// Times in a row that it used up its steps.
    pub spins: u32,
    /// Signals that came while it was running.
    pub queued: Vec<Signal>,
    /// Signals ignored, inherited over exec.
    pub ignored: u64,
}

impl Process {
    /// Whether it ended and only its status is left.
    pub fn is_zombie(&self) -> bool {
        matches!(self.program, Program::Zombie { .. })
    }

    /// CPU time that it uses by only being there, in thousandths of a core; `u32::MAX`: all that it
    /// gets.
    pub fn standing_milli(&self) -> u32 {
        match &self.program {
            Program::Server(server) => server.behaviour_ref().cpu().idle_milli,
            Program::Repeat { .. } => u32::MAX,
            _ => 0,
        }
    }

    /// Name as `ps` shows it in `comm`.
    pub fn command_line(&self) -> String {
        self.argv.join(" ")
    }

    /// Whether it holds an exec session's output open.
    pub fn holds_exec(&self, exec: u32) -> bool {
        self.fds
            .values()
            .any(|fd| matches!(fd, Fd::Exec(id, _) if *id == exec))
    }
}

/// A pipe between processes of a container.
#[derive(Clone, Debug, Default)]
pub struct Pipe {
    pub id: u32,
    pub bytes: Vec<u8>,
}

/// Bytes after which a writer waits for its reader.
pub const PIPE_BYTES_MAX: usize = 65_536;

/// An exec session.
#[derive(Clone, Debug)]
pub struct ExecSession {
    pub id: u32,
    /// Its first process.
    pub pid: u32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Exit code of its first process, once that ended.
    pub exit_code: Option<i32>,
    /// Nobody waits for the result any more (HDL-21).
    pub abandoned: bool,
}

/// Output of one exec session that is kept; more is dropped, as no caller shows it.
pub const EXEC_OUTPUT_BYTES_MAX: usize = 1 << 20;

impl PodWorld {
    /// The processes that a step names. Err: there are none.
    pub fn find_processes(&self, container: u32, process: &ProcessRef) -> Result<Vec<u32>, String> {
        let machine = self
            .machine(container)
            .filter(|machine| machine.is_running())
            .ok_or("the container is not running")?;
        let is_meant = |p: &Process| match process {
            ProcessRef::Main => p.pid == 1,
            ProcessRef::Pid(pid) => p.pid == *pid,
            ProcessRef::Named(name) => {
                let program = p.argv.first().map_or("", String::as_str);
                program.rsplit('/').next() == Some(name.as_str())
            }
        };
        let alive = machine.processes.iter().filter(|p| !p.is_zombie());
        let found: Vec<u32> = alive.filter(|p| is_meant(p)).map(|p| p.pid).collect();
        if found.is_empty() {
            return Err("there is no such process in the container".into());
        }
        Ok(found)
    }
}
