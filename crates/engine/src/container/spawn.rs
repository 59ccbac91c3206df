//! From a command to a process: finding the program and starting it.

use super::filesystem::{file_name, Binary, Content, Device, Errno, FsView};
use super::io::Written;
use super::log::Stream;
use super::process::{Environment, Fd, Fds, Process, Program};
use super::shell::applet::{self, Applet, Chunk, Ctx, Input, Outcome};
use super::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// Why a program could not be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// A name without a slash that no directory of `PATH` holds.
    NotInPath,
    File(Errno),
}

/// A program found.
#[derive(Clone, Debug)]
pub enum Loaded {
    Applet(&'static Applet),
    Binary(Binary),
    /// A script: interpreter and its arguments, to be loaded instead.
    Script(Vec<String>),
}

/// What became of a process that was told to execute a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    Ended(i32),
    Stays,
}

/// Scripts that name scripts as their interpreters are given up after this many.
const INTERPRETERS_MAX: u32 = 4;

/// Programs that a container remembers.
const FOUND_MAX: usize = 16;

/// Who runs a command: the identity that its applet sees.
#[derive(Clone)]
pub struct Caller {
    pub container: u32,
    /// Process whose descriptors are used; None: standard input is empty and output is kept.
    pub host: Option<u32>,
    /// Number of the process that the command is, or would be.
    pub pid: u32,
    pub env: Arc<Environment>,
    pub cwd: Arc<str>,
    pub uid: u32,
}

/// Finds a program by name or path.
pub fn locate(
    files: &FsView<'_>,
    cwd: &str,
    path_variable: Option<&str>,
    argv: &[String],
) -> Result<Loaded, LoadError> {
    let name = argv.first().map_or("", String::as_str);
    if name.contains('/') {
        return inspect(files, cwd, name, argv).map_err(LoadError::File);
    }
    if name.is_empty() {
        return Err(LoadError::NotInPath);
    }
    let path_variable = path_variable.unwrap_or(super::image::PATH);
    for directory in path_variable.split(':') {
        let directory = if directory.is_empty() { cwd } else { directory };
        match inspect(files, cwd, &format!("{directory}/{name}"), argv) {
            Ok(loaded) => return Ok(loaded),
            Err(Errno::ExecFormat) => return Err(LoadError::File(Errno::ExecFormat)),
            Err(_) => {}
        }
    }
    Err(LoadError::NotInPath)
}

/// What the file at a path would run.
fn inspect(files: &FsView<'_>, cwd: &str, path: &str, argv: &[String]) -> Result<Loaded, Errno> {
    let (canonical, node) = files.find(cwd, path)?;
    if node.is_directory() {
        return Err(Errno::IsDirectory);
    }
    if !files.allowed(node, 0o1) {
        return Err(Errno::AccessDenied);
    }
    match &node.content {
        Content::Binary(Binary::Applets) => {
            let is_busybox = file_name(&canonical) == "busybox";
            let find = |name| applet::find(name).or_else(|| applet::find_real(name, is_busybox));
            let mut name = file_name(path);
            if name == "busybox" || is_busybox && find(name).is_none() {
                name = argv.get(1).map_or("", |n| file_name(n));
            }
            find(name).map(Loaded::Applet).ok_or(Errno::NoEntry)
        }
        Content::Binary(binary) => Ok(Loaded::Binary(*binary)),
        Content::File(bytes) => {
            let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
            let first = String::from_utf8_lossy(first).into_owned();
            let Some(interpreter) = first.strip_prefix("#!") else {
                return Err(Errno::ExecFormat);
            };
            let mut script: Vec<String> = Vec::new();
            let interpreter = interpreter.trim();
            match interpreter.split_once(char::is_whitespace) {
                Some((program, argument)) => {
                    script.push(program.to_string());
                    script.push(argument.trim().to_string());
                }
                None => script.push(interpreter.to_string()),
            }
            script.push(path.to_string());
            script.extend(argv.iter().skip(1).cloned());
            Ok(Loaded::Script(script))
        }
        _ => Err(Errno::AccessDenied),
    }
}

impl PodWorld {
    /// Finds what a command runs, through scripts to their interpreters.
    pub(crate) fn load(
        &mut self,
        now: Instant,
        caller: &Caller,
        argv: &[String],
    ) -> Result<(Loaded, Vec<String>), LoadError> {
        let names = self.generation.names;
        let name = argv.first().map_or("", String::as_str);
        let usual = self
            .machine_mut(caller.container)
            .filter(|m| m.env.get("PATH") == caller.env.get("PATH") && !name.contains('/'));
        if let Some(machine) = usual {
            if machine.found_at.names != names {
                machine.found_at.names = names;
                machine.found.clear();
            }
            if let Some((_, applet)) = machine.found.iter().find(|(n, _)| **n == *name) {
                return Ok((Loaded::Applet(applet), argv.to_vec()));
            }
        }
        let loaded = self.search(now, caller, argv)?;
        if let (Loaded::Applet(applet), Some(machine)) = (
            &loaded.0,
            self.machine_mut(caller.container)
                .filter(|m| m.env.get("PATH") == caller.env.get("PATH")),
        ) {
            if machine.found.len() < FOUND_MAX
                && argv == loaded.1
                && name != "busybox"
                && !name.contains('/')
            {
                machine.found.push((name.into(), applet));
            }
        }
        Ok(loaded)
    }

    fn search(
        &mut self,
        now: Instant,
        caller: &Caller,
        argv: &[String],
    ) -> Result<(Loaded, Vec<String>), LoadError> {
        let files = self
            .files(now, caller.container, caller.uid)
            .ok_or(LoadError::NotInPath)?;
        let mut argv = argv.to_vec();
        let path = caller.env.get("PATH").map(String::as_str);
        for _ in 0..INTERPRETERS_MAX {
            match locate(&files, &caller.cwd, path, &argv)? {
                Loaded::Script(script) => argv = script,
                loaded => return Ok((loaded, argv)),
            }
        }
        Err(LoadError::File(Errno::TooManyLinks))
    }

    /// The caller that a process is.
    pub(crate) fn caller(&self, container: u32, pid: u32) -> Option<Caller> {
        let process = self.machine(container)?.process(pid)?;
        Some(Caller {
            container,
            host: Some(pid),
            pid,
            env: process.env.clone(),
            cwd: process.cwd.clone(),
            uid: process.uid,
        })
    }

    /// Starts PID 1.
    pub(crate) fn spawn_first(
        &mut self,
        now: Instant,
        container: u32,
        argv: &[String],
    ) -> Result<(), LoadError> {
        let fds: Fds = [
            (0, Fd::Device(Device::Null)),
            (1, Fd::Log(Stream::Stdout)),
            (2, Fd::Log(Stream::Stderr)),
        ]
        .into_iter()
        .collect();
        let pid = self
            .add_process(now, container, 0, fds)
            .ok_or(LoadError::NotInPath)?;
        if let Ran::Ended(code) = self.execute(now, container, pid, argv)? {
            self.end_process(now, container, pid, code, None);
        }
        Ok(())
    }

    /// A new process with the container's environment that does nothing yet.
    pub(crate) fn add_process(
        &mut self,
        now: Instant,
        container: u32,
        parent: u32,
        fds: Fds,
    ) -> Option<u32> {
        let machine = self.machine_mut(container)?;
        let pid = machine.take_pid();
        let process = Process {
            pid,
            parent,
            argv: Arc::default(),
            env: machine.env.clone(),
            cwd: machine.cwd.clone(),
            fds,
            program: Program::Active,
            started: now,
            busy_until: now,
            uid: machine.uid,
            stopped: false,
            resume_at: Instant::ZERO,
            spins: 0,
            queued: Vec::new(),
            ignored: 0,
        };
        machine.processes.push(process);
        Some(pid)
    }

    /// Makes a process run a program, as `execve` does.
    pub(crate) fn execute(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        argv: &[String],
    ) -> Result<Ran, LoadError> {
        let caller = self
            .caller(container, pid)
            .ok_or(LoadError::File(Errno::NoProcess))?;
        let (loaded, argv) = self.load(now, &caller, argv)?;
        let argv = Arc::new(argv);
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            process.argv = argv.clone();
        }
        match loaded {
            Loaded::Applet(applet) => {
                let (outcome, chunks) =
                    self.run_applet(now, &caller, applet, &argv, Input::default());
                let written = self.write_chunks(now, container, pid, &chunks);
                let outcome = self.outcome_of(now, (container, pid), applet, (outcome, written));
                Ok(self.settle_outcome(now, container, pid, outcome))
            }
            Loaded::Binary(binary) => self.execute_binary(now, container, pid, binary, &argv),
            Loaded::Script(_) => Err(LoadError::File(Errno::ExecFormat)),
        }
    }

    /// Runs an applet's code once; its output comes back.
    pub(crate) fn run_applet(
        &mut self,
        now: Instant,
        caller: &Caller,
        applet: &'static Applet,
        argv: &[String],
        input: Input,
    ) -> (Outcome, Vec<Chunk>) {
        let skip = usize::from(
            argv.first().is_some_and(|a| file_name(a) == "busybox") && applet.name != "busybox",
        );
        let mut ctx = Ctx::new(self, now, caller.clone(), applet.name, &argv[skip..], input);
        let outcome = (applet.run)(&mut ctx);
        (outcome, ctx.finish())
    }

    /// What an applet wants, whose output may not have been written.
    pub(crate) fn outcome_of(
        &mut self,
        now: Instant,
        at: (u32, u32),
        applet: &Applet,
        (outcome, written): (Outcome, Written),
    ) -> Outcome {
        match (outcome, written) {
            (Outcome::Exit(status), written) => {
                Outcome::Exit(self.status_of(now, at, applet.name, (status, written)))
            }
            // `cat` sees it at once and reads no further.
            (Outcome::Input(_), Written::Failed(_)) if applet.name == "cat" => {
                Outcome::Exit(self.status_of(now, at, applet.name, (0, written)))
            }
            (outcome, _) => outcome,
        }
    }

    /// Turns what an applet wants into the state of its process.
    pub(crate) fn settle_outcome(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        outcome: Outcome,
    ) -> Ran {
        let program = match outcome {
            Outcome::Exit(code) => return Ran::Ended(code),
            Outcome::Until {
                at,
                stdout,
                stderr,
                exit_code,
            } => Program::Until {
                at,
                stdout: Arc::new(stdout),
                stderr: Arc::new(stderr),
                exit_code,
            },
            Outcome::Forever => Program::Forever,
            Outcome::Ask(ask) => self.ask_outside(container, pid, *ask),
            Outcome::Input(input) => Program::Filter { input },
            Outcome::Repeat(line) => Program::Repeat {
                line: Arc::new(line),
                written: 0,
            },
            Outcome::Follow { path, offset } => Program::Follow { path, offset },
            Outcome::Serve(server) => Program::Server(self.laid_over(now, container, 0, server)),
            Outcome::Shell(shell) => Program::Shell(shell),
            Outcome::Exec { argv, env } => {
                if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid))
                {
                    process.env = env;
                }
                return self.execute_or_complain(now, container, pid, &argv);
            }
            Outcome::Guard { argv, at, signal } => {
                let Some(child) = self.fork(now, container, pid) else {
                    return Ran::Ended(1);
                };
                if let Ran::Ended(code) = self.execute_or_complain(now, container, child, &argv) {
                    self.end_process(now, container, child, code, None);
                }
                Program::Guard { child, at, signal }
            }
        };
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            process.program = program;
        }
        Ran::Stays
    }

    /// Runs a program for an applet such as `env`; a missing one is that applet's error.
    pub(crate) fn execute_or_complain(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        argv: &[String],
    ) -> Ran {
        match self.execute(now, container, pid, argv) {
            Ok(ran) => ran,
            Err(error) => {
                let name = self
                    .machine(container)
                    .and_then(|m| m.process(pid))
                    .and_then(|p| p.argv.first().cloned())
                    .unwrap_or_default();
                let program = argv.first().map_or("", String::as_str);
                let (errno, code) = match error {
                    LoadError::NotInPath | LoadError::File(Errno::NoEntry) => (Errno::NoEntry, 127),
                    LoadError::File(errno) => (errno, 126),
                };
                let text = format!(
                    "{}: can't execute '{program}': {}\n",
                    file_name(&name),
                    errno.text()
                );
                let _ = self.write_fd(now, container, pid, 2, text.as_bytes());
                Ran::Ended(code)
            }
        }
    }

    /// A child like its parent, doing nothing yet.
    pub(crate) fn fork(&mut self, now: Instant, container: u32, pid: u32) -> Option<u32> {
        let machine = self.machine_mut(container)?;
        if machine.processes.len() >= super::machine::PROCESSES_MAX {
            return None;
        }
        let mut child = machine.process(pid)?.clone();
        child.pid = machine.take_pid();
        child.parent = pid;
        child.started = now;
        child.busy_until = now;
        child.program = Program::Active;
        child.resume_at = Instant::ZERO;
        child.spins = 0;
        child.queued.clear();
        child.fds.retain(|number, _| *number < 200);
        let child_pid = child.pid;
        machine.processes.push(child);
        Some(child_pid)
    }
}
