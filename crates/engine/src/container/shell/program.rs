//! Running what is neither function nor compound: programs, `exec`, applets in the shell itself.

use super::applet::{self, Input, Outcome};
use super::run::Flow;
use super::{Frame, Shell};
use crate::container::filesystem::Errno;
use crate::container::image::Userland;
use crate::container::io::Written;
use crate::container::signal::Signal;
use crate::container::spawn::{Caller, LoadError, Loaded, Ran};
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

impl PodWorld {
    /// Runs a program: at once if it ends at once, else as a child, or in the shell's place if
    /// nothing is left to do after it.
    pub(super) fn run_program(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        argv: Vec<String>,
        assigns: &[(String, String)],
    ) -> Flow {
        let mut env = shell.environment();
        for (name, value) in assigns {
            Arc::make_mut(&mut env).insert(name.clone(), value.clone());
        }
        let Some(mut caller) = self.caller(container, pid) else {
            return Flow::Gone;
        };
        caller.env = env;
        if let Some(machine) = self.machine_mut(container) {
            caller.pid = machine.take_pid();
        }
        let (loaded, argv) = match self.load_or_script(now, &caller, argv) {
            Ok(found) => found,
            Err(Unloaded::Script) => return Flow::Exit(126),
            Err(Unloaded::Program(program, error)) => {
                let (text, status) = not_loaded(&program, error);
                self.shell_error(now, container, pid, shell, &text);
                shell.status = status;
                return Flow::Go;
            }
        };
        let argv = Arc::new(argv);
        let mut begun = None;
        if let Loaded::Applet(applet) = &loaded {
            let (outcome, chunks) = self.run_applet(now, &caller, applet, &argv, Input::default());
            if let Outcome::Exit(status) = outcome {
                let written = self.write_chunks(now, container, pid, &chunks);
                shell.status = match written {
                    Written::BrokenPipe => Signal::PIPE.exit_code(),
                    written => {
                        let at = (container, pid);
                        self.status_of(now, at, applet.name, (status, written))
                    }
                };
                return self.alive(container, pid);
            }
            begun = Some((outcome, chunks));
        }
        self.run_child(now, container, pid, shell, (caller, argv), begun)
    }

    /// A program, or a script of this shell: a text without an interpreter line.
    fn load_or_script(
        &mut self,
        now: Instant,
        caller: &Caller,
        argv: Vec<String>,
    ) -> Result<(Loaded, Vec<String>), Unloaded> {
        match self.load(now, caller, &argv) {
            Ok(found) => Ok(found),
            Err(LoadError::File(Errno::ExecFormat)) => {
                let mut script = vec!["sh".to_string()];
                script.extend(argv);
                let loaded = self.load(now, caller, &script);
                loaded.map_err(|_| Unloaded::Script)
            }
            Err(error) => Err(Unloaded::Program(argv[0].clone(), error)),
        }
    }

    /// Runs what does not end at once, as a child or in the shell's place.
    fn run_child(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        program: (Caller, Arc<Vec<String>>),
        begun: Option<(Outcome, Vec<applet::Chunk>)>,
    ) -> Flow {
        let (caller, argv) = program;
        let in_place = shell.is_last_command();
        let child = if in_place {
            pid
        } else {
            match self.fork(now, container, pid) {
                Some(child) => self.take_number(container, child, caller.pid),
                None => return self.cannot_fork(now, container, pid, shell),
            }
        };
        self.dress(container, child, &caller, &argv, shell);
        if !in_place {
            shell.children.push(child);
        }
        let ran = match begun {
            Some((outcome, chunks)) => {
                self.write_chunks(now, container, child, &chunks);
                self.settle_outcome(now, container, child, outcome)
            }
            None => self
                .execute(now, container, child, &argv)
                .unwrap_or(Ran::Ended(127)),
        };
        if let Ran::Ended(code) = ran {
            // The parent asks for the status, so the child must be known to it meanwhile.
            if in_place {
                self.end_process(now, container, child, code, None);
                return Flow::Gone;
            }
            shell.children.retain(|known| *known != child);
            self.end_process(now, container, child, code, None);
            shell.status = code;
            return self.alive(container, pid);
        }
        if in_place {
            return Flow::Gone;
        }
        shell.frames.push(Frame::Wait {
            pids: vec![child],
            statuses: Vec::new(),
        });
        self.alive(container, pid)
    }

    pub(super) fn alive(&self, container: u32, pid: u32) -> Flow {
        let lives = self
            .machine(container)
            .is_some_and(|m| m.is_running() && m.process(pid).is_some());
        if lives {
            Flow::Go
        } else {
            Flow::Gone
        }
    }

    /// The child takes the number that its applet already saw as its own.
    pub(super) fn take_number(&mut self, container: u32, child: u32, wanted: u32) -> u32 {
        let Some(machine) = self.machine_mut(container) else {
            return child;
        };
        if machine.next_pid == child.wrapping_add(1) {
            machine.next_pid = child;
        }
        match machine.process_mut(child) {
            Some(process) => {
                process.pid = wanted;
                wanted
            }
            None => child,
        }
    }

    pub(super) fn dress(
        &mut self,
        container: u32,
        pid: u32,
        caller: &Caller,
        argv: &Arc<Vec<String>>,
        shell: &Shell,
    ) {
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            process.argv = argv.clone();
            process.env = caller.env.clone();
            for (signal, action) in shell.traps.iter() {
                if action.is_empty() && *signal < 64 {
                    process.ignored |= 1 << signal;
                }
            }
        }
    }

    /// `exec`: keeps redirections, or becomes another program.
    pub(super) fn exec_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> Flow {
        let args = after_dashes(args);
        if args.is_empty() {
            shell.status = 0;
            return Flow::Go;
        }
        let Some(mut caller) = self.caller(container, pid) else {
            return Flow::Gone;
        };
        caller.env = shell.environment();
        self.dress(container, pid, &caller, &Arc::new(args.to_vec()), shell);
        match self.execute(now, container, pid, args) {
            Ok(Ran::Stays) => Flow::Gone,
            Ok(Ran::Ended(code)) => {
                self.end_process(now, container, pid, code, None);
                Flow::Gone
            }
            Err(error) => {
                let (text, status) = not_loaded(&args[0], error);
                self.shell_error(now, container, pid, shell, &format!("exec: {text}"));
                Flow::Exit(status)
            }
        }
    }

    /// Whether the container's programs are GNU's.
    pub(crate) fn has_gnu(&self, container: u32) -> bool {
        let machine = self.machine(container);
        machine.is_some_and(|m| m.setup.image.userland == Userland::Gnu)
    }

    /// Runs an applet as a builtin of the shell: in its own process.
    pub(super) fn run_applet_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        argv: &[String],
    ) -> Flow {
        let Some(applet) = applet::find(&argv[0]) else {
            shell.status = 127;
            return Flow::Go;
        };
        let Some(mut caller) = self.caller(container, pid) else {
            return Flow::Gone;
        };
        caller.env = shell.environment();
        let (outcome, mut chunks) = self.run_applet(now, &caller, applet, argv, Input::default());
        if applet.name != "echo" {
            rename_errors(&mut chunks, applet.name, &shell.error_prefix());
        }
        let written = self.write_chunks(now, container, pid, &chunks);
        if written == Written::BrokenPipe {
            self.break_pipe(now, container, pid);
            return Flow::Gone;
        }
        if let Outcome::Exit(status) = outcome {
            shell.status = status;
        }
        if let Written::Failed(errno) = written {
            shell.status = 1;
            if applet.name == "echo" {
                let text = ["write error: ", errno.text()].concat();
                self.shell_error(now, container, pid, shell, &text);
            }
        }
        self.alive(container, pid)
    }
}

/// Why nothing runs.
enum Unloaded {
    Program(String, LoadError),
    /// The shell itself could not be loaded for a script.
    Script,
}

/// The arguments without a leading `--`.
pub(super) fn after_dashes(args: &[String]) -> &[String] {
    match args {
        [first, rest @ ..] if first == "--" => rest,
        _ => args,
    }
}

/// Errors of builtins begin with the shell's name: `sh: 3x: bad number`.
fn rename_errors(chunks: &mut [applet::Chunk], name: &str, prefix: &str) {
    for chunk in chunks {
        if chunk.stream == crate::container::log::Stream::Stderr {
            let text = String::from_utf8_lossy(&chunk.bytes).into_owned();
            if let Some(rest) = text.strip_prefix(&format!("{name}: ")) {
                chunk.bytes = format!("{prefix}{rest}").into_bytes();
            }
        }
    }
}

fn not_loaded(program: &str, error: LoadError) -> (String, i32) {
    match error {
        LoadError::NotInPath | LoadError::File(Errno::NoEntry | Errno::NotDirectory) => {
            (format!("{program}: not found"), 127)
        }
        LoadError::File(Errno::IsDirectory) => (format!("{program}: Permission denied"), 126),
        LoadError::File(errno) => (format!("{program}: {}", errno.text()), 126),
    }
}
