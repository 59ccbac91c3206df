//! Running a shell until it waits: readiness, traps, the budget of steps.

use super::{Frame, Shell};
use crate::container::io::ReadLine;
use crate::container::process::Program;
use crate::container::signal::Signal;
use crate::container::world::PodWorld;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Steps a shell may take at one instant; about what a real one does in a millisecond.
const STEPS_MAX: u32 = 2_000;
/// Longest pause of a shell that computes without end.
const PAUSE_MAX_MILLIS: u64 = 1_000;

/// How a step left the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Go,
    /// The shell ends with this status, after its EXIT trap.
    Exit(i32),
    /// Its process ended or runs another program.
    Gone,
}

impl Shell {
    /// Whether a shell that waits can go on.
    pub(crate) fn is_ready(
        &self,
        world: &PodWorld,
        now: Instant,
        container: u32,
        pid: u32,
    ) -> bool {
        let Some(machine) = world.machine(container) else {
            return false;
        };
        let ended = |pid: u32| machine.process(pid).is_none_or(|p| p.is_zombie());
        match self.frames.last() {
            Some(Frame::Wait { pids, .. }) => pids.iter().any(|p| ended(*p)) || pids.is_empty(),
            Some(Frame::Substitution { pid, pipe, .. }) => {
                machine.pipe(*pipe).is_some_and(|p| !p.bytes.is_empty())
                    || !world.pipe_has_writer(container, *pipe) && ended(*pid)
            }
            Some(Frame::WaitBuiltin { pids }) => {
                let awaited = if pids.is_empty() {
                    &self.children
                } else {
                    pids
                };
                !self.pending.is_empty() || awaited.iter().any(|p| ended(*p)) || awaited.is_empty()
            }
            Some(Frame::Read { until, .. }) => {
                until.is_some_and(|at| at <= now)
                    || !self.pending.is_empty()
                    || stdin_ready(world, container, pid)
            }
            _ => machine
                .process(pid)
                .is_none_or(|process| !machine.waits_for_reader(process)),
        }
    }

    /// Whether traps have to wait for a foreground command (RST-07: a loop of `sleep 1` reacts
    /// within a second).
    fn is_in_foreground(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame::Wait { .. } | Frame::Substitution { .. })
        )
    }
}

fn stdin_ready(world: &PodWorld, container: u32, pid: u32) -> bool {
    use crate::container::process::Fd;
    let Some(machine) = world.machine(container) else {
        return true;
    };
    match machine.process(pid).and_then(|p| p.fds.get(&0)) {
        Some(Fd::PipeRead(id)) => {
            machine.pipe(*id).is_some_and(|p| p.bytes.contains(&b'\n'))
                || !world.pipe_has_writer(container, *id)
        }
        _ => true,
    }
}

impl PodWorld {
    /// Runs a shell until it waits, ends, or has used up its steps.
    pub(crate) fn run_shell(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        mut shell: Box<Shell>,
    ) {
        let mut steps = 0;
        loop {
            if !self.take_signals(now, container, pid, &mut shell) {
                return;
            }
            if shell.frames.is_empty() {
                let status = shell.status;
                if self.leave_shell(now, container, pid, &mut shell, status) {
                    return;
                }
                continue;
            }
            if !shell.is_ready(self, now, container, pid) {
                if let Some(p) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
                    p.spins = 0;
                    p.resume_at = Instant::ZERO;
                }
                return self.put_program(container, pid, Program::Shell(shell));
            }
            if !shell.pending.is_empty() && !shell.is_in_foreground() {
                start_trap(&mut shell);
                continue;
            }
            steps += 1;
            if steps > STEPS_MAX {
                return self.pause_shell(now, container, pid, shell);
            }
            match self.step(now, container, pid, &mut shell) {
                Flow::Go => {}
                Flow::Gone => return,
                Flow::Exit(status) => {
                    if self.leave_shell(now, container, pid, &mut shell, status) {
                        return;
                    }
                }
            }
        }
    }

    /// Signals that came while the shell was running. False: the process is gone.
    fn take_signals(&mut self, now: Instant, container: u32, pid: u32, shell: &mut Shell) -> bool {
        let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) else {
            return false;
        };
        if !matches!(process.program, Program::Active) {
            return false;
        }
        if process.queued.is_empty() {
            return true;
        }
        for signal in std::mem::take(&mut process.queued) {
            if !shell.signal(signal) {
                self.default_signal(now, container, pid, signal);
            }
        }
        self.machine(container)
            .is_some_and(|m| m.process(pid).is_some_and(|p| !p.is_zombie()))
    }

    /// Ends the shell, unless an EXIT trap is to run first. True: it is gone.
    fn leave_shell(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        status: i32,
    ) -> bool {
        let action = shell.traps.get(&0).cloned();
        match action.filter(|action| !action.is_empty() && !shell.leaving) {
            Some(action) => {
                Arc::make_mut(&mut shell.traps).remove(&0);
                shell.frames.clear();
                shell.leaving = true;
                shell.status = status;
                shell.frames.push(Frame::Exit { status });
                shell.push_script(&action, false, false);
                false
            }
            None => {
                self.end_process(now, container, pid, status & 0xff, None);
                true
            }
        }
    }

    /// A shell that computes without a pause goes on a moment later; the longer it does, the
    /// longer the moment, so that it cannot stop the world.
    fn pause_shell(&mut self, now: Instant, container: u32, pid: u32, shell: Box<Shell>) {
        if let Some(machine) = self.machine_mut(container) {
            let mut pause = Duration::ZERO;
            if let Some(process) = machine.process_mut(pid) {
                let over = process.spins.saturating_sub(50).min(20);
                pause = Duration::from_millis((1_u64 << over).min(PAUSE_MAX_MILLIS));
                process.spins = process.spins.saturating_add(1);
                process.resume_at = now + pause;
            }
            // It computes until then.
            machine.cpu.credit(now, now + pause, u32::MAX);
        }
        self.put_program(container, pid, Program::Shell(shell));
    }

    /// Takes a line for the `read` builtin.
    pub(super) fn shell_line(&mut self, now: Instant, container: u32, pid: u32) -> ReadLine {
        self.read_line(now, container, pid)
    }
}

/// Begins the action of the first pending trap.
fn start_trap(shell: &mut Shell) {
    let signal: Signal = shell.pending.remove(0);
    if let Some(Frame::WaitBuiltin { .. }) = shell.frames.last() {
        shell.frames.pop();
        shell.status = signal.exit_code();
    }
    let Some(action) = shell.traps.get(&signal.0).cloned() else {
        return;
    };
    shell.frames.push(Frame::Trap {
        status: shell.status,
    });
    shell.push_script(&action, false, false);
}
