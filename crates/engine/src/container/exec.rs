//! Exec sessions: probes, hooks and `kubectl exec`.

use super::filesystem::Device;
use super::log::Stream;
use super::process::{ExecSession, Fd, Fds, Program};
use super::setup::{ExecId, ExecResult, ExecStart};
use super::shell::applet::{Chunk, Input, Outcome};
use super::signal::Signal;
use super::spawn::{Caller, Loaded, Ran};
use super::world::{load_error_text, PodWorld};
use crate::time::Instant;
use std::sync::Arc;

/// What the runtime says when the container has ended (HDL-23).
const NOT_RUNNING: &str = "container is in CONTAINER_EXITED state";

impl PodWorld {
    /// Runs a command in a container, as exec probes, hooks and `kubectl exec` do (HDL-20). A
    /// command that ends at once is answered at once; the caller adds the runtime's latency.
    pub fn exec(&mut self, now: Instant, container: u32, argv: &[String]) -> ExecStart {
        let Some(machine) = self.machine_mut(container).filter(|m| m.is_running()) else {
            return ExecStart::NotRunning(NOT_RUNNING);
        };
        let caller = Caller {
            container,
            host: None,
            pid: machine.take_pid(),
            env: machine.env.clone(),
            cwd: machine.cwd.clone(),
            uid: machine.uid,
        };
        let (loaded, argv) = match self.load(now, &caller, argv) {
            Ok(found) => found,
            Err(error) => {
                let program = argv.first().map_or("", String::as_str);
                return ExecStart::NotFound(format!(
                    "exec failed: unable to start container process: {}",
                    load_error_text(program, error)
                ));
            }
        };
        let start = match loaded {
            Loaded::Applet(applet) => {
                let (outcome, chunks) =
                    self.run_applet(now, &caller, applet, &argv, Input::default());
                match outcome {
                    // It is done, even where what it did ends the container (`kill 1`).
                    Outcome::Exit(exit_code) => {
                        self.run_due(now);
                        return ExecStart::Finished(collect(exit_code, chunks));
                    }
                    // What it did has ended the container, and its session with it.
                    _ if !self.is_running(container) => {
                        self.run_due(now);
                        return ExecStart::Finished(collect(137, chunks));
                    }
                    outcome => self.exec_process(now, &caller, &argv, Some((outcome, chunks))),
                }
            }
            Loaded::Binary(_) | Loaded::Script(_) => self.exec_process(now, &caller, &argv, None),
        };
        self.run_due(now);
        self.take_finished(start)
    }

    /// Ends an exec session's process with SIGKILL; what it started lives on (HDL-21). No event
    /// follows.
    pub fn kill_exec(&mut self, now: Instant, exec: ExecId) {
        for container in 0..u32::try_from(self.machines.len()).unwrap_or(u32::MAX) {
            let Some(machine) = self.machine_mut(container) else {
                continue;
            };
            let Some(session) = machine.execs.iter_mut().find(|e| e.id == exec.0) else {
                continue;
            };
            session.abandoned = true;
            let pid = session.pid;
            self.end_process(now, container, pid, 137, Some(Signal::KILL));
        }
        self.run_due(now);
    }

    /// Gives the session a process, and runs or continues its program.
    fn exec_process(
        &mut self,
        now: Instant,
        caller: &Caller,
        argv: &[String],
        begun: Option<(Outcome, Vec<Chunk>)>,
    ) -> ExecStart {
        let container = caller.container;
        let id = self.next_exec;
        self.next_exec = self.next_exec.wrapping_add(1);
        let fds: Fds = [
            (0, Fd::Device(Device::Null)),
            (1, Fd::Exec(id, Stream::Stdout)),
            (2, Fd::Exec(id, Stream::Stderr)),
        ]
        .into_iter()
        .collect();
        let Some(pid) = self.add_process(now, container, 0, fds) else {
            return ExecStart::NotRunning(NOT_RUNNING);
        };
        let pid = self.renumber(container, pid, caller.pid);
        if let Some(machine) = self.machine_mut(container) {
            machine.execs.push(ExecSession {
                id,
                pid,
                stdout: Vec::new(),
                stderr: Vec::new(),
                exit_code: None,
                abandoned: false,
            });
            if let Some(process) = machine.process_mut(pid) {
                process.argv = Arc::new(argv.to_vec());
            }
        }
        let ran = match begun {
            Some((outcome, chunks)) => {
                self.write_chunks(now, container, pid, &chunks);
                self.settle_outcome(now, container, pid, outcome)
            }
            None => self
                .execute(now, container, pid, argv)
                .unwrap_or(Ran::Ended(127)),
        };
        if let Ran::Ended(code) = ran {
            self.end_process(now, container, pid, code, None);
        }
        ExecStart::Started(ExecId(id))
    }

    /// The process takes the number that its command already saw as its own.
    fn renumber(&mut self, container: u32, pid: u32, wanted: u32) -> u32 {
        let Some(machine) = self.machine_mut(container) else {
            return pid;
        };
        if machine.next_pid == pid.wrapping_add(1) {
            machine.next_pid = pid;
        }
        match machine.process_mut(pid) {
            Some(process) => {
                process.pid = wanted;
                wanted
            }
            None => pid,
        }
    }

    /// A session that has already ended is answered directly instead of by an event.
    fn take_finished(&mut self, start: ExecStart) -> ExecStart {
        use super::setup::WorldEvent;
        let ExecStart::Started(id) = start else {
            return start;
        };
        let at = self
            .pending
            .iter()
            .position(|e| matches!(e, WorldEvent::ExecFinished { exec, .. } if *exec == id));
        match at.map(|at| self.pending.remove(at)) {
            Some(WorldEvent::ExecFinished { result, .. }) => {
                self.refresh();
                ExecStart::Finished(result)
            }
            _ => ExecStart::Started(id),
        }
    }

    /// Whether a process of the container is this program, for pictures and tests.
    pub fn runs(&self, container: u32, program: &str) -> bool {
        self.machine(container).is_some_and(|machine| {
            machine.processes.iter().any(|p| {
                !matches!(p.program, Program::Zombie { .. })
                    && p.argv.first().is_some_and(|a| a == program)
            })
        })
    }
}

fn collect(exit_code: i32, chunks: Vec<Chunk>) -> ExecResult {
    let mut result = ExecResult {
        exit_code,
        ..ExecResult::default()
    };
    for chunk in chunks {
        match chunk.stream {
            Stream::Stdout => result.stdout.extend(chunk.bytes),
            Stream::Stderr => result.stderr.extend(chunk.bytes),
        }
    }
    result
}
