//! Expanding a command and running it: functions, builtins, programs.

use super::ast::{Command, Kind, Redirect};
use super::expand::{Expander, Stop};
use super::pattern::{self, Marked};
use super::redirect::Opened;
use super::run::Flow;
use super::{Frame, Shell, Variable};
use crate::container::process::Fd;
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// Where the shell keeps the reading end of a command substitution's pipe.
pub(super) const SUBSTITUTION_FD: u8 = 200;

/// A command after expansion.
enum Expanded {
    Simple {
        argv: Vec<String>,
        assigns: Vec<(String, String)>,
        redirects: Vec<Opened>,
    },
    For {
        words: Vec<String>,
        redirects: Vec<Opened>,
    },
    Case {
        arm: Option<usize>,
        redirects: Vec<Opened>,
    },
    Compound {
        redirects: Vec<Opened>,
    },
}

/// What an expansion leaves behind.
struct Kept {
    sets: Vec<(String, String)>,
    draws: u32,
}

impl Kept {
    fn into_shell(self, shell: &mut Shell) -> Result<(), String> {
        shell.draws = shell.draws.wrapping_add(self.draws);
        for (name, value) in self.sets {
            shell.set_variable(&name, &value)?;
        }
        Ok(())
    }
}

fn expand(command: &Command, expander: &mut Expander<'_>) -> Result<Expanded, Stop> {
    Ok(match &command.kind {
        Kind::Simple { assigns, words } => {
            let argv = expander.words(words)?;
            let redirects = targets(&command.redirects, expander)?;
            let before = expander.sets.len();
            for (name, word) in assigns {
                let value = expander.single(word)?;
                expander.sets.push((name.clone(), value));
            }
            let assigns = expander.sets.split_off(before);
            Expanded::Simple {
                argv,
                assigns,
                redirects,
            }
        }
        Kind::For { words, .. } => {
            let redirects = targets(&command.redirects, expander)?;
            let words = match words {
                Some(words) => expander.words(words)?,
                None => expander.shell.positional.to_vec(),
            };
            Expanded::For { words, redirects }
        }
        Kind::Case { word, arms } => {
            let redirects = targets(&command.redirects, expander)?;
            let text: Vec<char> = expander.single(word)?.chars().collect();
            let mut found = None;
            'arms: for (at, (patterns, _)) in arms.iter().enumerate() {
                for pattern in patterns {
                    let pattern: Vec<Marked> = expander.pattern(pattern)?;
                    if pattern::matches(&pattern, &text) {
                        found = Some(at);
                        break 'arms;
                    }
                }
            }
            Expanded::Case {
                arm: found,
                redirects,
            }
        }
        _ => Expanded::Compound {
            redirects: targets(&command.redirects, expander)?,
        },
    })
}

fn targets(redirects: &[Redirect], expander: &mut Expander<'_>) -> Result<Vec<Opened>, Stop> {
    redirects
        .iter()
        .map(|redirect| Ok(Opened::of(redirect, expander.single(&redirect.target)?)))
        .collect()
}

impl PodWorld {
    /// A command's expansion and what it leaves behind; None: the process is gone.
    fn expanded(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        command: &Command,
        results: &[Arc<str>],
    ) -> Option<(Result<Expanded, Stop>, Kept)> {
        let process = self.machine(container).and_then(|m| m.process(pid))?;
        let (cwd, parent, uid) = (process.cwd.clone(), process.parent, process.uid);
        let files = self.files(now, container, uid);
        let mut expander = Expander {
            shell,
            files: files.as_ref(),
            cwd: &cwd,
            parent,
            results,
            used: 0,
            sets: Vec::new(),
            draws: 0,
        };
        let result = expand(command, &mut expander);
        let kept = Kept {
            sets: expander.sets,
            draws: expander.draws,
        };
        Some((result, kept))
    }

    /// Expands the command of an `Expand` frame, running one substitution at a time, and starts
    /// it when nothing is missing.
    pub(super) fn expand_command(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        command: Arc<Command>,
        results: Vec<Arc<str>>,
    ) -> Flow {
        let Some((result, kept)) = self.expanded(now, container, pid, shell, &command, &results)
        else {
            return Flow::Gone;
        };
        let expanded = match result {
            Err(Stop::Substitute(list)) => {
                shell.frames.push(Frame::Expand { command, results });
                return self.start_substitution(now, container, pid, shell, list);
            }
            Err(Stop::Fail(text)) => return self.shell_fails(now, container, pid, shell, &text),
            Ok(expanded) => expanded,
        };
        if let Err(text) = kept.into_shell(shell) {
            return self.shell_fails(now, container, pid, shell, &text);
        }
        let substituted = !results.is_empty();
        match expanded {
            Expanded::Simple {
                argv,
                assigns,
                redirects,
            } => {
                if shell.options.xtrace {
                    self.trace(now, container, pid, shell, &argv, &assigns);
                }
                if argv.is_empty() {
                    return self.assign_only(
                        now,
                        container,
                        pid,
                        shell,
                        (assigns, redirects, substituted),
                    );
                }
                self.run_simple(now, container, pid, shell, argv, assigns, redirects)
            }
            Expanded::For { words, redirects } => {
                if let Some(flow) = self.enter_redirects(now, container, pid, shell, &redirects) {
                    return flow;
                }
                shell.frames.push(Frame::For {
                    command,
                    words: Arc::new(words),
                    at: 0,
                    status: 0,
                });
                Flow::Go
            }
            Expanded::Case { arm, redirects } => {
                if let Some(flow) = self.enter_redirects(now, container, pid, shell, &redirects) {
                    return flow;
                }
                shell.status = 0;
                if let (Kind::Case { arms, .. }, Some(arm)) = (&command.kind, arm) {
                    shell.frames.push(Frame::List {
                        list: arms[arm].1.clone(),
                        at: 0,
                    });
                }
                Flow::Go
            }
            Expanded::Compound { redirects } => {
                if let Some(flow) = self.enter_redirects(now, container, pid, shell, &redirects) {
                    return flow;
                }
                self.begin_compound(now, container, pid, shell, command)
            }
        }
    }

    fn start_substitution(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        list: Arc<super::ast::List>,
    ) -> Flow {
        let frames = vec![Frame::List { list, at: 0 }];
        let Some(child) = self.fork_shell(now, container, pid, shell, frames) else {
            return self.cannot_fork(now, container, pid, shell);
        };
        let Some(machine) = self.machine_mut(container) else {
            return Flow::Gone;
        };
        let pipe = machine.open_pipe();
        if let Some(process) = machine.process_mut(child) {
            process.fds.insert(1, Fd::PipeWrite(pipe));
        }
        if let Some(process) = machine.process_mut(pid) {
            process.fds.insert(SUBSTITUTION_FD, Fd::PipeRead(pipe));
        }
        shell.frames.push(Frame::Substitution {
            pid: child,
            pipe,
            text: Vec::new(),
        });
        Flow::Go
    }

    /// Redirects for a compound command; `Restore` undoes it. Some: it failed.
    fn enter_redirects(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        redirects: &[Opened],
    ) -> Option<Flow> {
        if redirects.is_empty() {
            return None;
        }
        let saved = self.save_fds(container, pid, redirects);
        if let Err(text) = self.redirect(now, container, pid, shell, redirects) {
            self.put_fds(container, pid, saved);
            self.shell_error(now, container, pid, shell, &text);
            shell.status = 1;
            return Some(self.check_errexit(shell));
        }
        shell.frames.push(Frame::Restore { fds: saved });
        None
    }

    fn assign_only(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        what: (Vec<(String, String)>, Vec<Opened>, bool),
    ) -> Flow {
        let (assigns, redirects, substituted) = what;
        for (name, value) in assigns {
            if let Err(text) = shell.set_variable(&name, &value) {
                return self.shell_fails(now, container, pid, shell, &text);
            }
        }
        shell.status = if substituted {
            shell.substitution_status
        } else {
            0
        };
        if !redirects.is_empty() {
            let saved = self.save_fds(container, pid, &redirects);
            let opened = self.redirect(now, container, pid, shell, &redirects);
            self.put_fds(container, pid, saved);
            if let Err(text) = opened {
                self.shell_error(now, container, pid, shell, &text);
                shell.status = 1;
            }
        }
        self.check_errexit(shell)
    }

    fn trace(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        argv: &[String],
        assigns: &[(String, String)],
    ) {
        let mut words: Vec<String> = assigns
            .iter()
            .map(|(name, value)| format!("{name}={}", quoted(value)))
            .collect();
        words.extend(argv.iter().map(|word| quoted(word)));
        let line = format!("+ {}\n", words.join(" "));
        let _ = shell;
        let _ = self.write_fd(now, container, pid, 2, line.as_bytes());
    }

    #[allow(clippy::too_many_arguments)]
    fn run_simple(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        argv: Vec<String>,
        assigns: Vec<(String, String)>,
        redirects: Vec<Opened>,
    ) -> Flow {
        let saved = self.save_fds(container, pid, &redirects);
        if let Err(text) = self.redirect(now, container, pid, shell, &redirects) {
            self.put_fds(container, pid, saved);
            self.shell_error(now, container, pid, shell, &text);
            shell.status = 1;
            return self.check_errexit(shell);
        }
        if argv[0] == "exec" {
            // Redirections of `exec` stay.
            if let Some(misuse) = super::builtin_options::misuse(&argv) {
                return self.misused(now, container, pid, shell, &misuse);
            }
            shell.swap_variables(assigns);
            return self.exec_builtin(now, container, pid, shell, &argv[1..]);
        }
        if let Some(body) = shell.functions.get(&argv[0]).cloned() {
            shell.frames.push(Frame::Restore { fds: saved });
            let previous = shell.swap_variables(assigns);
            shell
                .frames
                .push(Frame::RestoreVariables { saved: previous });
            let positional = Arc::new(argv[1..].to_vec());
            shell.frames.push(Frame::Call {
                positional: std::mem::replace(&mut shell.positional, positional),
                locals: Vec::new(),
            });
            shell.frames.push(Frame::Begin(body));
            return Flow::Go;
        }
        if super::builtin::is_builtin(&argv[0]) {
            let previous = shell.swap_variables(assigns);
            let frames = shell.frames.len();
            let flow = self.run_builtin(now, container, pid, shell, &argv);
            if shell.frames.len() > frames {
                // The builtin goes on in a frame of its own; what it runs with goes back after it.
                let restore = [
                    Frame::Restore { fds: saved },
                    Frame::RestoreVariables { saved: previous },
                ];
                shell.frames.splice(frames..frames, restore);
                return flow;
            }
            shell.put_variables(previous);
            self.put_fds(container, pid, saved);
            if flow == Flow::Go {
                return self.check_errexit(shell);
            }
            return flow;
        }
        let flow = self.run_program(now, container, pid, shell, argv, &assigns);
        if flow != Flow::Gone {
            self.put_fds(container, pid, saved);
        }
        match flow {
            Flow::Go if !matches!(shell.frames.last(), Some(Frame::Wait { .. })) => {
                self.check_errexit(shell)
            }
            flow => flow,
        }
    }
}

/// A word as `set -x` prints it: quoted if the shell would read it otherwise.
pub(super) fn quoted(word: &str) -> String {
    let plain = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./:=,+@%^".contains(c));
    if plain {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', "'\"'\"'"))
    }
}

impl Shell {
    /// Sets variables for one command; gives what they were. They are exported meanwhile.
    fn swap_variables(
        &mut self,
        assigns: Vec<(String, String)>,
    ) -> Vec<(String, Option<Variable>)> {
        let mut saved = Vec::new();
        if !assigns.is_empty() {
            self.environment = None;
        }
        for (name, value) in assigns {
            saved.push((name.clone(), self.variables.get(&name).cloned()));
            let variables = Arc::make_mut(&mut self.variables);
            let variable = variables.entry(name).or_default();
            variable.value = Some(value);
            variable.exported = true;
        }
        saved
    }

    /// Puts variables back as they were.
    pub(super) fn put_variables(&mut self, saved: Vec<(String, Option<Variable>)>) {
        if saved.is_empty() {
            return;
        }
        self.environment = None;
        let variables = Arc::make_mut(&mut self.variables);
        for (name, old) in saved.into_iter().rev() {
            match old {
                Some(old) => variables.insert(name, old),
                None => variables.remove(&name),
            };
        }
    }

    /// Leaves a function: parameters and local variables go back.
    pub(super) fn leave_function(
        &mut self,
        positional: Arc<Vec<String>>,
        locals: Vec<(String, Option<Variable>)>,
    ) {
        self.positional = positional;
        self.put_variables(locals);
    }
}
