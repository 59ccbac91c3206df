//! Signals and the ends of processes and containers.

use super::machine::{Machine, MachineState};
use super::process::{ExecSession, Program};
use super::setup::{ExecId, ExecResult, WorldEvent};
use super::signal::{DefaultAction, Signal};
use super::world::PodWorld;
use crate::time::Instant;

/// What a signal came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Delivered,
    NoProcess,
}

impl PodWorld {
    /// Delivers a signal by Linux's rules: PID 1 gets only those that it handles, unless SIGKILL
    /// or SIGSTOP comes from outside its namespace (RST-07).
    pub(crate) fn deliver(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        signal: Signal,
        from_host: bool,
    ) -> Delivery {
        let Some(machine) = self.machine_mut(container).filter(|m| m.is_running()) else {
            return Delivery::NoProcess;
        };
        let Some(process) = machine.process_mut(pid).filter(|p| !p.is_zombie()) else {
            return Delivery::NoProcess;
        };
        if signal.0 == 0 {
            return Delivery::Delivered;
        }
        let protected = pid == 1 && !from_host;
        match signal {
            Signal::KILL if protected => {}
            Signal::KILL => {
                self.end_process(now, container, pid, 137, Some(Signal::KILL));
            }
            Signal::STOP if protected => {}
            Signal::STOP => process.stopped = true,
            Signal::CONT => {
                process.stopped = false;
                self.empty_queues(container);
            }
            _ if pid == 1 && self.stops_as_described(now, container, signal) => {}
            _ => {
                let handled = self.offer(now, container, pid, signal);
                if !handled {
                    self.default_signal(now, container, pid, signal);
                }
            }
        }
        Delivery::Delivered
    }

    /// Offers a signal to the program's own handlers.
    fn offer(&mut self, now: Instant, container: u32, pid: u32, signal: Signal) -> bool {
        let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) else {
            return true;
        };
        if process.ignored >> signal.0 & 1 == 1 {
            return true;
        }
        match std::mem::replace(&mut process.program, Program::Active) {
            Program::Shell(mut shell) => {
                let handled = shell.signal(signal);
                self.put_program(container, pid, Program::Shell(shell));
                handled
            }
            Program::Server(mut server) => {
                let handled = self.with_server(now, container, pid, |io| {
                    server.behaviour().signal(io, signal)
                });
                let handled = handled.unwrap_or(false);
                let exit_code = server.runtime_exit_code();
                self.put_program(container, pid, Program::Server(server));
                self.apply_acts(now, container, pid);
                let ends = signal.default_action() == DefaultAction::Terminate
                    && [1, 2, 3, 15].contains(&signal.0);
                match exit_code {
                    // Go's runtime catches it and ends the process itself; elsewhere than in
                    // PID 1 it dies of the signal in the end.
                    Some(code) if !handled && ends && pid == 1 => {
                        self.end_process(now, container, pid, code, None);
                        true
                    }
                    _ => handled,
                }
            }
            Program::Active => {
                if let Some(p) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
                    p.queued.push(signal);
                }
                true
            }
            program => {
                self.put_program(container, pid, program);
                false
            }
        }
    }

    pub(crate) fn default_signal(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        signal: Signal,
    ) {
        if pid == 1 {
            return;
        }
        match signal.default_action() {
            DefaultAction::Terminate => {
                self.end_process(now, container, pid, signal.exit_code(), Some(signal));
            }
            DefaultAction::Stop => {
                if let Some(p) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
                    p.stopped = true;
                }
            }
            DefaultAction::Ignore | DefaultAction::Continue => {}
        }
    }

    /// Ends a process. The end of PID 1 ends the container with everything in it.
    pub(crate) fn end_process(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        status: i32,
        signal: Option<Signal>,
    ) {
        if pid == 1 {
            return self.end_container(now, container, status, signal, false);
        }
        self.close_sockets(now, container, pid);
        let Some(machine) = self.machine_mut(container) else {
            return;
        };
        let Some(at) = machine.index(pid) else {
            return;
        };
        let ended = &machine.processes[at];
        let (since, milli) = (ended.started, machine.standing_of(ended));
        machine.cpu.credit(since, now, milli);
        let parent = machine.processes[at].parent;
        let awaited = machine.process(parent).is_some_and(|p| match &p.program {
            Program::Shell(shell) => shell.knows(pid),
            Program::Zombie { .. } => false,
            _ => true,
        });
        if awaited {
            let process = &mut machine.processes[at];
            process.program = Program::Zombie { status, signal };
            process.fds.clear();
        } else {
            machine.processes.remove(at);
        }
        let mut inherited: Vec<u32> = Vec::new();
        for child in machine.processes.iter_mut().filter(|p| p.parent == pid) {
            child.parent = 1;
            inherited.push(child.pid);
        }
        // A shell as PID 1 reaps what it inherits; other programs leave zombies.
        let reaps = matches!(
            machine.process(1).map(|p| &p.program),
            Some(Program::Shell(_))
        );
        if reaps {
            machine
                .processes
                .retain(|p| !(p.is_zombie() && inherited.contains(&p.pid)));
        }
        for exec in machine.execs.iter_mut().filter(|e| e.pid == pid) {
            exec.exit_code.get_or_insert(status);
        }
        self.drop_unused_pipes(container);
        self.finish_execs(now, container);
        self.settle_memory(now, container);
    }

    /// Removes a zombie and gives its status.
    pub(crate) fn reap(&mut self, container: u32, pid: u32) -> Option<i32> {
        let machine = self.machine_mut(container)?;
        let at = machine.index(pid)?;
        match machine.processes[at].program {
            Program::Zombie { status, .. } => {
                machine.processes.remove(at);
                Some(status)
            }
            _ => None,
        }
    }

    pub(crate) fn end_container(
        &mut self,
        now: Instant,
        container: u32,
        status: i32,
        signal: Option<Signal>,
        oom: bool,
    ) {
        let Some(machine) = self.machine_mut(container).filter(|m| m.is_running()) else {
            return;
        };
        machine.state = MachineState::Exited {
            at: now,
            exit_code: status,
        };
        machine.log.close(now);
        machine.oom_at = None;
        machine.ending = None;
        machine.credit_cpu(now);
        machine.processes.clear();
        machine.pipes.clear();
        let execs = std::mem::take(&mut machine.execs);
        let closed: Vec<u16> = self
            .listeners
            .iter()
            .filter(|l| l.container == container)
            .map(|l| l.port)
            .collect();
        self.listeners.retain(|l| l.container != container);
        for port in closed {
            self.pending.push(WorldEvent::Listening {
                container,
                at: now,
                port,
                open: false,
            });
        }
        // Open sessions die with the container: 137, unless their command had ended before.
        for exec in execs {
            self.report_exec(now, container, exec, 137);
        }
        self.pending.push(WorldEvent::Exited {
            container,
            at: now,
            exit_code: status,
            signal,
            oom,
        });
        if self.place.limits.memory.is_some() {
            // What it had is free for the Pod's others.
            self.settle_memory(now, container);
        }
        self.refresh();
    }

    /// Reports sessions whose first process ended and whose output nobody holds any more.
    pub(crate) fn finish_execs(&mut self, now: Instant, container: u32) {
        let ended = |m: &Machine| m.execs.iter().any(|e| e.exit_code.is_some());
        if !self.machine(container).is_some_and(ended) {
            return;
        }
        let Some(machine) = self.machine_mut(container) else {
            return;
        };
        let mut done: Vec<ExecSession> = Vec::new();
        let mut at = 0;
        while at < machine.execs.len() {
            let exec = &machine.execs[at];
            let held = machine
                .processes
                .iter()
                .any(|p| !p.is_zombie() && p.holds_exec(exec.id));
            if exec.exit_code.is_some() && !held {
                done.push(machine.execs.remove(at));
            } else {
                at += 1;
            }
        }
        for exec in done {
            self.report_exec(now, container, exec, 0);
        }
    }

    fn report_exec(&mut self, now: Instant, container: u32, exec: ExecSession, otherwise: i32) {
        if exec.abandoned {
            return;
        }
        self.pending.push(WorldEvent::ExecFinished {
            exec: ExecId(exec.id),
            container,
            at: now,
            result: ExecResult {
                exit_code: exec.exit_code.unwrap_or(otherwise),
                stdout: exec.stdout,
                stderr: exec.stderr,
            },
        });
    }

    pub(crate) fn close_sockets(&mut self, now: Instant, container: u32, pid: u32) {
        let mut at = 0;
        while at < self.listeners.len() {
            let listener = self.listeners[at];
            if listener.container == container && listener.pid == pid {
                self.listeners.remove(at);
                self.pending.push(WorldEvent::Listening {
                    container,
                    at: now,
                    port: listener.port,
                    open: false,
                });
            } else {
                at += 1;
            }
        }
    }
}
