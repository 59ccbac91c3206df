//! One step of the topmost frame.

use super::ast::{Command, Kind};
use super::parse::Parser;
use super::run::Flow;
use super::{Frame, Shell};
use crate::container::process::Fd;
use crate::container::process::Program;
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// Frames a script may stack; functions that call themselves for ever end here.
const FRAMES_MAX: usize = 1_000;

/// Exit status of a shell that cannot read its script.
const SYNTAX_STATUS: i32 = 2;

impl PodWorld {
    /// Moves the topmost frame once.
    pub(super) fn step(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
    ) -> Flow {
        if shell.frames.len() > FRAMES_MAX {
            return self.shell_fails(now, container, pid, shell, "too many nested commands");
        }
        let Some(frame) = shell.frames.pop() else {
            return Flow::Go;
        };
        match frame {
            Frame::Script {
                text,
                at,
                sourced,
                last,
            } => self.step_script(now, container, pid, shell, (text, at, sourced, last)),
            Frame::List { list, at } => {
                self.step_list(now, container, pid, shell, list, at);
                Flow::Go
            }
            Frame::AndOr { list, item, at } => {
                self.step_and_or(now, container, pid, shell, (list, item, at));
                Flow::Go
            }
            Frame::Begin(command) => self.begin(now, container, pid, shell, command),
            Frame::Expand { command, results } => {
                self.expand_command(now, container, pid, shell, command, results)
            }
            Frame::If { command, arm } => {
                step_if(shell, &command, arm);
                Flow::Go
            }
            Frame::Loop {
                command,
                testing,
                status,
            } => {
                step_loop(shell, command, testing, status);
                Flow::Go
            }
            Frame::For {
                command,
                words,
                at,
                status,
            } => self.step_for(now, container, pid, shell, (command, words, at, status)),
            Frame::Wait { pids, statuses } => {
                self.step_wait(now, container, pid, shell, pids, statuses)
            }
            Frame::Substitution {
                pid: child,
                pipe,
                text,
            } => {
                self.step_substitution(container, pid, shell, child, pipe, text);
                Flow::Go
            }
            Frame::WaitBuiltin { pids } => {
                self.step_wait_builtin(now, container, pid, shell, pids);
                Flow::Go
            }
            Frame::Read { argv, until } => self.step_read(now, container, pid, shell, argv, until),
            ended => self.step_end(container, pid, shell, ended),
        }
    }

    fn step_script(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        script: (Arc<Vec<char>>, u32, bool, bool),
    ) -> Flow {
        let (text, at, sourced, last) = script;
        let mut parser = Parser::new(&text, at as usize);
        parser.skip_lines();
        let lines = text[..parser.position()].iter().filter(|c| **c == '\n');
        shell.line = u32::try_from(lines.count() + 1).unwrap_or(u32::MAX);
        match parser.next_line() {
            Ok(None) => Flow::Go,
            Ok(Some(list)) => {
                parser.skip_lines();
                let at = u32::try_from(parser.position()).unwrap_or(u32::MAX);
                shell.frames.push(Frame::Script {
                    text,
                    at,
                    sourced,
                    last,
                });
                shell.frames.push(Frame::List {
                    list: Arc::new(list),
                    at: 0,
                });
                Flow::Go
            }
            Err(error) => {
                let line = format!("{}syntax error: {}\n", shell.error_prefix(), error.0);
                let _ = self.write_fd(now, container, pid, 2, line.as_bytes());
                Flow::Exit(SYNTAX_STATUS)
            }
        }
    }

    /// Starts a command of any kind.
    fn begin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        command: Arc<Command>,
    ) -> Flow {
        if let Some((name, body)) = Shell::is_function_definition(&command) {
            Arc::make_mut(&mut shell.functions).insert(name.to_string(), body.clone());
            shell.status = 0;
            return Flow::Go;
        }
        let expands = matches!(
            command.kind,
            Kind::Simple { .. } | Kind::For { .. } | Kind::Case { .. }
        );
        if expands || !command.redirects.is_empty() {
            shell.substitution_status = 0;
            shell.frames.push(Frame::Expand {
                command,
                results: Vec::new(),
            });
            return Flow::Go;
        }
        self.begin_compound(now, container, pid, shell, command)
    }

    /// Starts a compound command whose redirections are in place.
    pub(super) fn begin_compound(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        command: Arc<Command>,
    ) -> Flow {
        match &command.kind {
            Kind::Brace(list) => shell.frames.push(Frame::List {
                list: list.clone(),
                at: 0,
            }),
            Kind::Subshell(list) => {
                let frame = Frame::List {
                    list: list.clone(),
                    at: 0,
                };
                match self.fork_shell(now, container, pid, shell, vec![frame]) {
                    Some(child) => shell.frames.push(Frame::Wait {
                        pids: vec![child],
                        statuses: Vec::new(),
                    }),
                    None => return self.cannot_fork(now, container, pid, shell),
                }
            }
            Kind::If { arms, .. } => {
                let condition = arms[0].0.clone();
                shell.frames.push(Frame::If { command, arm: 0 });
                shell.frames.push(Frame::List {
                    list: condition,
                    at: 0,
                });
            }
            Kind::Loop { condition, .. } => {
                let list = condition.clone();
                shell.frames.push(Frame::Loop {
                    command,
                    testing: true,
                    status: 0,
                });
                shell.frames.push(Frame::List { list, at: 0 });
            }
            Kind::Simple { .. } | Kind::For { .. } | Kind::Case { .. } | Kind::Function { .. } => {}
        }
        Flow::Go
    }

    fn step_for(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        frame: (Arc<Command>, Arc<Vec<String>>, u32, i32),
    ) -> Flow {
        let (command, words, at, status) = frame;
        let Kind::For { name, body, .. } = &command.kind else {
            return Flow::Go;
        };
        let status = if at == 0 { status } else { shell.status };
        let Some(value) = words.get(at as usize) else {
            shell.status = status;
            return Flow::Go;
        };
        if let Err(text) = shell.set_variable(name, value) {
            return self.shell_fails(now, container, pid, shell, &text);
        }
        let list = body.clone();
        shell.frames.push(Frame::For {
            command: command.clone(),
            words: words.clone(),
            at: at + 1,
            status,
        });
        shell.frames.push(Frame::List { list, at: 0 });
        Flow::Go
    }

    /// A child that runs a copy of the shell.
    pub(super) fn fork_shell(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        frames: Vec<Frame>,
    ) -> Option<u32> {
        let child = self.fork(now, container, pid)?;
        let copy = shell.child(frames);
        self.put_program(container, child, Program::Shell(Box::new(copy)));
        shell.children.push(child);
        Some(child)
    }

    pub(super) fn start_background(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        frame: Frame,
    ) {
        let Some(child) = self.fork_shell(now, container, pid, shell, vec![frame]) else {
            let _ = self.cannot_fork(now, container, pid, shell);
            return;
        };
        if let Some(process) = self
            .machine_mut(container)
            .and_then(|m| m.process_mut(child))
        {
            let null = Fd::Device(crate::container::filesystem::Device::Null);
            process.fds.insert(0, null);
            // A non-interactive shell's background commands ignore these two.
            process.ignored |= 1 << 2 | 1 << 3;
        }
        shell.last_background = Some(child);
        shell.status = 0;
    }

    pub(super) fn start_pipeline(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        commands: &[Arc<Command>],
    ) {
        let mut pids = Vec::new();
        let mut input: Option<u32> = None;
        for (at, command) in commands.iter().enumerate() {
            let frames = vec![Frame::Begin(command.clone())];
            let Some(child) = self.fork_shell(now, container, pid, shell, frames) else {
                let _ = self.cannot_fork(now, container, pid, shell);
                break;
            };
            pids.push(child);
            let Some(machine) = self.machine_mut(container) else {
                return;
            };
            let output = (at + 1 < commands.len()).then(|| machine.open_pipe());
            if let Some(process) = machine.process_mut(child) {
                if let Some(pipe) = input {
                    process.fds.insert(0, Fd::PipeRead(pipe));
                }
                if let Some(pipe) = output {
                    process.fds.insert(1, Fd::PipeWrite(pipe));
                }
            }
            input = output;
        }
        shell.frames.push(Frame::Wait {
            pids,
            statuses: Vec::new(),
        });
    }

    /// `set -e`: a command that failed untested ends the shell.
    pub(super) fn check_errexit(&mut self, shell: &Shell) -> Flow {
        if shell.status != 0 && shell.options.errexit && !shell.is_tested() {
            return Flow::Exit(shell.status);
        }
        Flow::Go
    }

    /// Prints `sh: TEXT` and ends the shell with 2, as errors in expansions do.
    pub(super) fn shell_fails(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        text: &str,
    ) -> Flow {
        self.shell_error(now, container, pid, shell, text);
        Flow::Exit(2)
    }

    /// Prints `sh: TEXT`.
    pub(super) fn shell_error(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        text: &str,
    ) {
        let line = shell.error_line(text);
        let _ = self.write_fd(now, container, pid, 2, line.as_bytes());
    }

    pub(super) fn cannot_fork(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
    ) -> Flow {
        self.shell_fails(
            now,
            container,
            pid,
            shell,
            "can't fork: Resource temporarily unavailable",
        )
    }
}

fn step_if(shell: &mut Shell, command: &Arc<Command>, arm: u32) {
    let Kind::If { arms, otherwise } = &command.kind else {
        return;
    };
    if shell.status == 0 {
        if let Some((_, body)) = arms.get(arm as usize) {
            let list = body.clone();
            shell.frames.push(Frame::List { list, at: 0 });
        }
        return;
    }
    match (arms.get(arm as usize + 1), otherwise) {
        (Some((condition, _)), _) => {
            let list = condition.clone();
            shell.frames.push(Frame::If {
                command: command.clone(),
                arm: arm + 1,
            });
            shell.frames.push(Frame::List { list, at: 0 });
        }
        (None, Some(list)) => shell.frames.push(Frame::List {
            list: list.clone(),
            at: 0,
        }),
        (None, None) => shell.status = 0,
    }
}

fn step_loop(shell: &mut Shell, command: Arc<Command>, testing: bool, status: i32) {
    let Kind::Loop {
        until,
        condition,
        body,
    } = &command.kind
    else {
        return;
    };
    if testing && (shell.status == 0) == *until {
        shell.status = status;
        return;
    }
    let status = if testing { status } else { shell.status };
    let list = if testing { body } else { condition }.clone();
    shell.frames.push(Frame::Loop {
        command: command.clone(),
        testing: !testing,
        status,
    });
    shell.frames.push(Frame::List { list, at: 0 });
}
