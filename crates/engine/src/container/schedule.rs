//! Running what is due: processes, memory limits, and the moment to come back.

use super::filesystem::FsView;
use super::io::Written;
use super::memory::MemoryUse;
use super::process::{Fd, Program};
use super::server::{Act, ServerIo};
use super::setup::WorldEvent;
use super::shell::applet::{self, Input};
use super::signal::Signal;
use super::spawn::Ran;
use super::world::{Listener, PodWorld};
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Rounds over the processes of a container at one instant. Past it the rest waits a millisecond,
/// so that two processes that feed each other for ever cannot stop the world.
const ROUNDS_MAX: u32 = 2_000;

/// Bytes that `yes` writes into a pipe without a pause; afterwards a pipe-full a second, so that
/// what collects them does not grow without end.
const REPEATED_AT_ONCE: u64 = 4 << 20;

impl PodWorld {
    /// Runs everything that is due at `now` until all processes wait.
    pub(crate) fn run_due(&mut self, now: Instant) {
        for container in 0..u32::try_from(self.machines.len()).unwrap_or(u32::MAX) {
            if self.machine(container).is_some_and(|m| m.ending.is_some()) {
                self.end_as_foretold(now, container);
            }
            let oom = self.machine(container).and_then(|m| m.oom_at);
            if oom.is_some_and(|at| at <= now) {
                self.end_container(now, container, 137, Some(Signal::KILL), true);
                continue;
            }
            for _ in 0..ROUNDS_MAX {
                if !self.run_round(now, container) {
                    break;
                }
            }
            self.finish_execs(now, container);
        }
        self.refresh();
    }

    /// Lets every ready process of a container run once. False: none was ready.
    fn run_round(&mut self, now: Instant, container: u32) -> bool {
        let Some(machine) = self.machine(container).filter(|m| m.is_running()) else {
            return false;
        };
        let pids: Vec<u32> = machine.processes.iter().map(|p| p.pid).collect();
        let mut ran = false;
        for pid in pids {
            if self.is_ready(now, container, pid) {
                ran = true;
                self.run_process(now, container, pid);
            }
        }
        ran
    }

    fn is_ready(&self, now: Instant, container: u32, pid: u32) -> bool {
        let Some(process) = self.machine(container).and_then(|m| m.process(pid)) else {
            return false;
        };
        if process.stopped || process.resume_at > now {
            return false;
        }
        match &process.program {
            Program::Active | Program::Forever | Program::Zombie { .. } => false,
            Program::Until { at, .. } => *at <= now,
            Program::Server(server) => server.behaviour_ref().wake_at().is_some_and(|at| at <= now),
            Program::Shell(shell) => shell.is_ready(self, now, container, pid),
            Program::Filter { .. } => match process.fds.get(&0) {
                Some(Fd::PipeRead(id)) => {
                    self.machine(container)
                        .and_then(|m| m.pipe(*id))
                        .is_some_and(|p| !p.bytes.is_empty())
                        || !self.pipe_has_writer(container, *id)
                }
                _ => true,
            },
            Program::Guard { child, at, .. } => {
                *at <= now
                    || self
                        .machine(container)
                        .and_then(|m| m.process(*child))
                        .is_none_or(|p| p.is_zombie())
            }
            Program::Repeat { .. } => self
                .machine(container)
                .is_some_and(|machine| !machine.waits_for_reader(process)),
            Program::Follow { path, offset } => self
                .machine(container)
                .and_then(|m| m.root.get(path))
                .is_some_and(|node| node.size() > *offset),
        }
    }

    fn run_process(&mut self, now: Instant, container: u32, pid: u32) {
        let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) else {
            return;
        };
        let argv = process.argv.clone();
        match std::mem::replace(&mut process.program, Program::Active) {
            Program::Until {
                stdout,
                stderr,
                exit_code,
                ..
            } => {
                let _ = self.write_fd(now, container, pid, 1, &stdout);
                let _ = self.write_fd(now, container, pid, 2, &stderr);
                self.end_process(now, container, pid, exit_code, None);
            }
            Program::Server(mut server) => {
                self.with_server(now, container, pid, |io| server.behaviour().run(io));
                self.put_program(container, pid, Program::Server(server));
                self.apply_acts(now, container, pid);
            }
            Program::Shell(shell) => self.run_shell(now, container, pid, shell),
            Program::Filter { input } => self.run_filter(now, container, pid, input, &argv),
            Program::Guard { child, at, signal } => {
                self.run_guard(now, container, pid, (child, at, signal));
            }
            Program::Repeat { line, written } => {
                self.run_repeat(now, container, pid, (line, written));
            }
            Program::Follow { path, offset } => {
                let bytes = self
                    .files(now, container, 0)
                    .and_then(|files| files.read("/", &path).ok())
                    .unwrap_or_default();
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                let new = bytes.get(from..).unwrap_or_default().to_vec();
                let _ = self.write_fd(now, container, pid, 1, &new);
                let offset = bytes.len() as u64;
                self.put_program(container, pid, Program::Follow { path, offset });
            }
            program => self.put_program(container, pid, program),
        }
    }

    /// Gives a filter what its pipe holds.
    fn run_filter(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        mut input: Vec<u8>,
        argv: &Arc<Vec<String>>,
    ) {
        let mut done = true;
        if let Some(Fd::PipeRead(id)) = self
            .machine(container)
            .and_then(|m| m.process(pid))
            .and_then(|p| p.fds.get(&0))
        {
            let id = *id;
            done = !self.pipe_has_writer(container, id);
            input.append(&mut self.take_pipe(container, id));
        }
        let name = super::filesystem::file_name(argv.first().map_or("", |a| a));
        let applet = match name {
            "busybox" => applet::find(argv.get(1).map_or("", |a| a)),
            name => applet::find(name),
        };
        let (Some(applet), Some(caller)) = (applet, self.caller(container, pid)) else {
            return self.end_process(now, container, pid, 127, None);
        };
        if !done && !applet.eager {
            return self.put_program(container, pid, Program::Filter { input });
        }
        let input = Input {
            bytes: Some(input),
            done,
            resumed: true,
        };
        let (outcome, chunks) = self.run_applet(now, &caller, applet, argv, input);
        let written = self.write_chunks(now, container, pid, &chunks);
        if written == Written::BrokenPipe {
            return self.break_pipe(now, container, pid);
        }
        let outcome = self.outcome_of(now, (container, pid), applet, (outcome, written));
        if let Ran::Ended(code) = self.settle_outcome(now, container, pid, outcome) {
            self.end_process(now, container, pid, code, None);
        }
    }

    fn run_guard(&mut self, now: Instant, container: u32, pid: u32, guard: (u32, Instant, u8)) {
        let (child, at, signal) = guard;
        let ended = self
            .machine(container)
            .and_then(|m| m.process(child))
            .is_none_or(|p| p.is_zombie());
        if ended {
            return self.end_guard(now, container, pid, guard);
        }
        if at <= now {
            // What does not end at the signal goes on, and is waited for.
            let _ = self.deliver(now, container, child, Signal(signal), false);
            let at = Instant::NEVER;
            return self.put_program(container, pid, Program::Guard { child, at, signal });
        }
        self.put_program(container, pid, Program::Guard { child, at, signal });
    }

    /// `timeout` ends as its program has; GNU's says that the time was over.
    fn end_guard(&mut self, now: Instant, container: u32, pid: u32, guard: (u32, Instant, u8)) {
        let (child, at, sent) = guard;
        let died_of = self.machine(container).and_then(|m| m.process(child));
        let died_of = match died_of.map(|process| &process.program) {
            Some(Program::Zombie { signal, .. }) => *signal,
            _ => None,
        };
        let code = self.reap(container, child).unwrap_or(0);
        if self.has_gnu(container) && at == Instant::NEVER && Signal(sent) != Signal::KILL {
            return self.end_process(now, container, pid, 124, None);
        }
        self.end_process(now, container, pid, code, died_of);
    }

    /// `yes`: fills its pipe, or writes a screenful a second where nobody throttles it.
    fn run_repeat(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        (line, written): (Arc<Vec<u8>>, u64),
    ) {
        let piped = self.stdout_pipe(container, pid).is_some();
        let times = if piped {
            super::process::PIPE_BYTES_MAX / line.len().max(1) + 1
        } else {
            64
        };
        let bytes = line.repeat(times);
        if self.write_fd(now, container, pid, 1, &bytes) == Err(super::io::WriteError::BrokenPipe) {
            // What ends is still busy: its CPU time counts to the last.
            self.put_program(container, pid, Program::Repeat { line, written });
            return self.break_pipe(now, container, pid);
        }
        // A reader that never has enough is not fed for ever within one moment.
        let is_fed = piped && written < REPEATED_AT_ONCE;
        if !is_fed {
            if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
                process.resume_at = now + Duration::from_secs(1);
            }
        }
        let written = written.saturating_add(bytes.len() as u64);
        self.put_program(container, pid, Program::Repeat { line, written });
    }

    /// Calls a server with its surroundings; what it wants is in `acts` of the machine.
    pub(crate) fn with_server<T>(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        call: impl FnOnce(&mut ServerIo<'_>) -> T,
    ) -> Option<T> {
        let slot = self.machines.get_mut(container as usize)?.as_mut()?;
        let machine = Arc::make_mut(slot);
        let process = machine.processes.iter().find(|p| p.pid == pid)?;
        let (started, busy_until, uid) = (process.started, process.busy_until, process.uid);
        let mut io = ServerIo {
            now,
            started,
            busy_until,
            pid,
            clock: self.clock,
            place: &self.place,
            files: FsView {
                root: &mut machine.root,
                mounts: &machine.mounts,
                volumes: &mut self.volumes,
                generation: &mut self.generation,
                disk_full: self.disk_full,
                read_only_root: machine.setup.writable_only(),
                now,
                uid,
                gid: machine.gid,
                groups: &machine.setup.groups,
            },
            dependencies: &self.dependencies,
            log: &mut machine.log,
            acts: &mut self.acts,
        };
        Some(call(&mut io))
    }

    /// Does what a server asked for.
    pub(crate) fn apply_acts(&mut self, now: Instant, container: u32, pid: u32) {
        if self.acts.is_empty() {
            return;
        }
        for act in std::mem::take(&mut self.acts) {
            match act {
                Act::Listen { port, loopback } => {
                    self.open_port(now, container, pid, port, loopback);
                }
                Act::Close { port } => {
                    let before = self.listeners.len();
                    self.listeners
                        .retain(|l| !(l.container == container && l.pid == pid && l.port == port));
                    if self.listeners.len() < before {
                        self.report_port(now, container, port, false);
                    }
                }
                Act::Exit(code) => self.end_process(now, container, pid, code & 0xff, None),
            }
        }
    }

    fn open_port(&mut self, now: Instant, container: u32, pid: u32, port: u16, loopback: bool) {
        let taken = self.listeners.iter().find(|l| l.port == port);
        if taken.is_some_and(|l| (l.container, l.pid) == (container, pid)) {
            return;
        }
        if taken.is_some() || self.taken_ports.contains(&port) {
            let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) else {
                return;
            };
            let program = std::mem::replace(&mut process.program, Program::Active);
            if let Program::Server(mut server) = program {
                self.with_server(now, container, pid, |io| {
                    server.behaviour().port_taken(io, port);
                });
                self.put_program(container, pid, Program::Server(server));
                self.apply_acts(now, container, pid);
            }
            return;
        }
        let listener = Listener {
            port,
            container,
            pid,
            loopback,
        };
        self.listeners.push(listener);
        self.report_port(now, container, port, true);
    }

    fn report_port(&mut self, now: Instant, container: u32, port: u16, open: bool) {
        self.pending.push(WorldEvent::Listening {
            container,
            at: now,
            port,
            open,
        });
    }

    /// Finds the next moment at which something is due.
    pub(crate) fn refresh(&mut self) {
        if !(self.pending.is_empty() && self.asks.is_empty()) {
            self.next = Some(Instant::ZERO);
            return;
        }
        let mut next: Option<Instant> = None;
        let mut note = |at: Instant| {
            if next.is_none_or(|n| at < n) {
                next = Some(at);
            }
        };
        for machine in self.machines.iter().flatten().filter(|m| m.is_running()) {
            if let Some(at) = machine.oom_at {
                note(at);
            }
            if let Some(ending) = &machine.ending {
                note(ending.at);
            }
            for process in machine.processes.iter().filter(|p| !p.stopped) {
                let at = match &process.program {
                    Program::Until { at, .. } => Some(*at),
                    Program::Guard { at, .. } => Some(*at).filter(|at| *at < Instant::NEVER),
                    Program::Server(server) => server.behaviour_ref().wake_at(),
                    Program::Shell(shell) => shell.wake_at(),
                    Program::Repeat { .. } => {
                        Some(Instant::ZERO).filter(|_| !machine.waits_for_reader(process))
                    }
                    _ => None,
                };
                match at {
                    Some(at) if at != Instant::NEVER => note(at.max(process.resume_at)),
                    None if process.resume_at > Instant::ZERO && process.spins > 0 => {
                        note(process.resume_at);
                    }
                    _ => {}
                }
            }
        }
        self.next = next;
    }

    /// Memory of the container, for those who only look.
    pub fn memory_limit(&self, container: u32) -> Option<u64> {
        self.machine(container)?.setup.memory_limit
    }

    /// What a fault adds to a container's memory.
    pub fn extra_memory(&self, container: u32) -> MemoryUse {
        self.machine(container)
            .map(|m| m.extra_memory)
            .unwrap_or_default()
    }
}
