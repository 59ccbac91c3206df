//! One container instance: processes, files, pipes, logs.

use super::cpu::Cpu;
use super::filesystem::{Generation, Mounted, Tree};
use super::log::LogBuffer;
use super::memory::MemoryUse;
use super::overlay::Ending;
use super::process::{Environment, ExecSession, Fd, Pipe, Process, PIPE_BYTES_MAX};
use super::setup::ContainerSetup;
use super::shell::applet::Applet;
use crate::time::Instant;
use std::sync::Arc;

/// Whether the instance runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineState {
    Running,
    Exited { at: Instant, exit_code: i32 },
}

/// A container instance, running or ended.
#[derive(Clone, Debug)]
pub struct Machine {
    pub setup: Arc<ContainerSetup>,
    pub state: MachineState,
    pub started: Instant,
    /// Environment, directory and user that its processes and exec sessions begin with.
    pub env: Arc<Environment>,
    pub cwd: Arc<str>,
    pub uid: u32,
    pub gid: u32,
    pub root: Tree,
    pub mounts: Arc<Vec<Mounted>>,
    pub processes: Vec<Process>,
    pub next_pid: u32,
    pub pipes: Vec<Pipe>,
    pub next_pipe: u32,
    pub execs: Vec<ExecSession>,
    pub log: LogBuffer,
    /// Log of the instance before this one (`kubectl logs --previous`).
    pub previous_log: Option<LogBuffer>,
    /// Memory taken by a fault, above what the programs use.
    pub extra_memory: MemoryUse,
    pub cpu: Cpu,
    /// When the memory limit will be exceeded.
    pub oom_at: Option<Instant>,
    /// How the Scenario document says that it ends.
    pub ending: Option<Ending>,
    /// Programs found by name, as long as no file came or went.
    pub found: Vec<(Box<str>, &'static Applet)>,
    pub found_at: Generation,
    /// State of the generator behind `$RANDOM`.
    pub random: u64,
}

/// Processes a container can hold; more cannot be forked.
pub const PROCESSES_MAX: usize = 512;

impl Machine {
    pub fn is_running(&self) -> bool {
        self.state == MachineState::Running
    }

    /// The groups of its processes, each once: the first one, then the others by number.
    #[inline(never)]
    pub fn all_groups(&self) -> Vec<u32> {
        let mut further = self.setup.groups.clone();
        further.sort_unstable();
        further.dedup();
        further.retain(|gid| *gid != self.gid);
        further.insert(0, self.gid);
        further
    }

    /// Position of a process in the table.
    pub fn index(&self, pid: u32) -> Option<usize> {
        self.processes.iter().position(|p| p.pid == pid)
    }

    pub fn process(&self, pid: u32) -> Option<&Process> {
        self.processes.iter().find(|p| p.pid == pid)
    }

    pub fn process_mut(&mut self, pid: u32) -> Option<&mut Process> {
        self.processes.iter_mut().find(|p| p.pid == pid)
    }

    /// What each process uses of CPU time by only being there, and since when.
    pub fn standing(&self) -> impl Iterator<Item = (Instant, u32)> + '_ {
        let processes = self.processes.iter();
        processes.map(|process| (process.started, self.standing_of(process)))
    }

    /// Whether a process that writes waits until somebody reads its pipe, which is full.
    pub fn waits_for_reader(&self, process: &Process) -> bool {
        let Some(Fd::PipeWrite(id)) = process.fds.get(&1) else {
            return false;
        };
        let is_full = |pipe: &Pipe| pipe.bytes.len() >= PIPE_BYTES_MAX;
        self.pipe(*id).is_some_and(is_full)
            && self.holds(|fd| matches!(fd, Fd::PipeRead(read) if read == id))
    }

    /// Whether a live process holds such a descriptor.
    pub fn holds(&self, wanted: impl Fn(&Fd) -> bool) -> bool {
        let live = self.processes.iter().filter(|p| !p.is_zombie());
        live.flat_map(|p| p.fds.values()).any(wanted)
    }

    /// The same of one process. What a Scenario says of the image is the first process' use.
    pub fn standing_of(&self, process: &Process) -> u32 {
        let own = match process.standing_milli() {
            u32::MAX if self.waits_for_reader(process) => 0,
            own => own,
        };
        match self.setup.image.overlay.as_ref().and_then(|over| over.cpu) {
            Some(cost) if own < u32::MAX && process.pid == 1 => cost.idle_milli,
            Some(_) if own < u32::MAX => 0,
            _ => own,
        }
    }

    /// Takes that into account before any of it changes.
    pub fn credit_cpu(&mut self, now: Instant) {
        let mut cpu = self.cpu;
        cpu.credit_all(now, self.standing());
        self.cpu = cpu;
    }

    /// Number for a new process.
    pub fn take_pid(&mut self) -> u32 {
        let pid = self.next_pid;
        self.next_pid = self.next_pid.wrapping_add(1).max(2);
        pid
    }

    /// A new pipe's number.
    pub fn open_pipe(&mut self) -> u32 {
        let id = self.next_pipe;
        self.next_pipe = self.next_pipe.wrapping_add(1);
        self.pipes.push(Pipe {
            id,
            bytes: Vec::new(),
        });
        id
    }

    pub fn pipe_mut(&mut self, id: u32) -> Option<&mut Pipe> {
        self.pipes.iter_mut().find(|p| p.id == id)
    }

    pub fn pipe(&self, id: u32) -> Option<&Pipe> {
        self.pipes.iter().find(|p| p.id == id)
    }

    /// Next draw of the container's own generator (splitmix64).
    pub fn draw(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
