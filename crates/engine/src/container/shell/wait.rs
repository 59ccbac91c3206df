//! Waiting for children: pipelines, substitutions, `wait`.

use super::run::Flow;
use super::{Frame, Shell};
use crate::container::process::Program;
use crate::container::signal::Signal;
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

impl PodWorld {
    pub(super) fn step_wait(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        pids: Vec<u32>,
        mut statuses: Vec<(u32, i32)>,
    ) -> Flow {
        let last = pids.last().copied();
        let mut left = Vec::new();
        for child in pids {
            match self.collect(container, shell, child) {
                None => left.push(child),
                Some((status, signal)) => {
                    statuses.push((child, status));
                    if let Some(signal) = signal.filter(|_| Some(child) == last) {
                        self.tell_signal(now, container, pid, signal);
                    }
                }
            }
        }
        if !left.is_empty() {
            shell.frames.push(Frame::Wait {
                pids: left,
                statuses,
            });
            return Flow::Go;
        }
        // The last command of a pipeline was forked last: it has the highest number.
        statuses.sort_unstable();
        shell.status = statuses.last().map_or(0, |(_, status)| *status);
        if shell.options.pipefail {
            let failed = statuses.iter().rev().find(|(_, status)| *status != 0);
            shell.status = failed.map_or(0, |(_, status)| *status);
        }
        self.check_errexit(shell)
    }

    /// `Terminated`: what a shell prints of a child that it waited for.
    fn tell_signal(&mut self, now: Instant, container: u32, pid: u32, signal: Signal) {
        let text = signal.description();
        if !text.is_empty() {
            let _ = self.write_fd(now, container, pid, 2, format!("{text}\n").as_bytes());
        }
    }

    pub(super) fn step_substitution(
        &mut self,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        child: u32,
        pipe: u32,
        mut text: Vec<u8>,
    ) {
        text.append(&mut self.take_pipe(container, pipe));
        if self.pipe_has_writer(container, pipe) {
            return shell.frames.push(Frame::Substitution {
                pid: child,
                pipe,
                text,
            });
        }
        match self.collect(container, shell, child) {
            None if self
                .machine(container)
                .is_some_and(|m| m.process(child).is_some()) =>
            {
                return shell.frames.push(Frame::Substitution {
                    pid: child,
                    pipe,
                    text,
                })
            }
            None => {}
            Some((status, _)) => shell.substitution_status = status,
        }
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            process.fds.remove(&super::command::SUBSTITUTION_FD);
        }
        self.drop_unused_pipes(container);
        while text.last() == Some(&b'\n') {
            text.pop();
        }
        let text: Arc<str> = Arc::from(String::from_utf8_lossy(&text).replace('\0', ""));
        if let Some(Frame::Expand { results, .. }) = shell.frames.last_mut() {
            results.push(text);
        }
    }

    pub(super) fn step_wait_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        pids: Vec<u32>,
    ) {
        let awaited = if pids.is_empty() {
            shell.children.clone()
        } else {
            pids.clone()
        };
        let mut left = Vec::new();
        for child in awaited {
            match self.collect(container, shell, child) {
                None if shell.children.contains(&child) => left.push(child),
                None => {}
                Some((status, signal)) => {
                    if let Some(signal) = signal {
                        self.tell_signal(now, container, pid, signal);
                    }
                    if !pids.is_empty() {
                        shell.status = status;
                    }
                }
            }
        }
        if pids.is_empty() {
            shell.status = 0;
        }
        if !left.is_empty() {
            let pids = if pids.is_empty() { Vec::new() } else { left };
            shell.frames.push(Frame::WaitBuiltin { pids });
        }
    }

    /// Status of a child that has ended, and the signal it died of; the child is forgotten.
    pub(super) fn collect(
        &mut self,
        container: u32,
        shell: &mut Shell,
        child: u32,
    ) -> Option<(i32, Option<Signal>)> {
        if let Some(at) = shell.ended.iter().position(|(pid, _)| *pid == child) {
            return Some((shell.ended.remove(at).1, None));
        }
        let signal = match &self.machine(container)?.process(child)?.program {
            Program::Zombie { signal, .. } => *signal,
            _ => return None,
        };
        let status = self.reap(container, child)?;
        shell.children.retain(|pid| *pid != child);
        Some((status, signal))
    }
}
