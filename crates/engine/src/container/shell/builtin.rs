//! Commands that act on the shell itself.

use super::builtin_options::misuse;
use super::program::after_dashes;
use super::run::Flow;
use super::{Frame, Shell};
use crate::container::signal::Signal;
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// Builtins that are applets run in the shell's own process.
const AS_APPLETS: [&str; 9] = [
    "[", "[[", "echo", "false", "kill", "printf", "pwd", "test", "true",
];

/// The other builtins.
const OWN: [&str; 35] = [
    ".", ":", "alias", "bg", "break", "cd", "chdir", "command", "continue", "eval", "exit",
    "export", "fg", "getopts", "hash", "help", "jobs", "let", "local", "read", "readonly",
    "return", "set", "shift", "source", "times", "trap", "type", "ulimit", "umask", "unalias",
    "unset", "wait", "exec", "history",
];

/// Whether a name is a builtin that is no applet.
pub(super) fn is_own(name: &str) -> bool {
    OWN.contains(&name) || name == "pwd"
}

/// Whether a name is a builtin.
pub(super) fn is_builtin(name: &str) -> bool {
    AS_APPLETS.contains(&name) || OWN.contains(&name)
}

impl PodWorld {
    /// Runs a builtin. It sets the shell's status.
    #[inline(never)]
    pub(super) fn run_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        argv: &[String],
    ) -> Flow {
        let name = argv[0].as_str();
        if let Some(misuse) = misuse(argv) {
            return self.misused(now, container, pid, shell, &misuse);
        }
        if AS_APPLETS.contains(&name) {
            if name == "kill" {
                let argv = kill_arguments(shell, argv);
                return self.run_applet_builtin(now, container, pid, shell, &argv);
            }
            return self.run_applet_builtin(now, container, pid, shell, argv);
        }
        let args = &argv[1..];
        shell.status = match name {
            "cd" | "chdir" => self.cd(now, container, pid, shell, args),
            "eval" => {
                shell.status = 0;
                shell.push_script(&args.join(" "), false, false);
                return Flow::Go;
            }
            "." | "source" => return self.source(now, container, pid, shell, after_dashes(args)),
            "exit" => return self.exit_builtin(now, container, pid, shell, args),
            "return" => {
                let status = args.first().map_or(Some(shell.status), |a| a.parse().ok());
                return self.unwind_return(container, pid, shell, status.unwrap_or(2));
            }
            "break" | "continue" => {
                let levels = args.first().and_then(|a| a.parse().ok()).unwrap_or(1);
                return self.unwind_loop(container, pid, shell, name == "break", levels);
            }
            "command" => return self.command_builtin(now, container, pid, shell, args),
            "type" => self.describe(now, container, pid, shell, args, true),
            "read" => return self.read_builtin(now, container, pid, shell, argv),
            "trap" => self.trap_builtin(now, container, pid, shell, args),
            "wait" => return wait_builtin(shell, args),
            "set" => match self.set_builtin(now, container, pid, shell, args) {
                Ok(status) => status,
                Err(text) => return self.shell_fails(now, container, pid, shell, &text),
            },
            "shift" => {
                let by: usize = args.first().and_then(|a| a.parse().ok()).unwrap_or(1);
                if by > shell.positional.len() {
                    1
                } else {
                    Arc::make_mut(&mut shell.positional).drain(..by);
                    0
                }
            }
            "export" | "readonly" | "local" | "unset" | "getopts" | "let" => {
                match self.variable_builtin(now, container, pid, shell, argv) {
                    Ok(status) => status,
                    Err(text) => return self.shell_fails(now, container, pid, shell, &text),
                }
            }
            "umask" | "ulimit" | "times" => self.told(now, container, pid, shell, argv),
            "alias" | "unalias" | "hash" => self.named(now, container, pid, shell, argv),
            _ => 0,
        };
        Flow::Go
    }

    /// `umask`, `ulimit`, `times`: what they print.
    #[inline(never)]
    fn told(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        argv: &[String],
    ) -> i32 {
        let given = argv[1..].iter().any(|a| !a.starts_with('-'));
        let text: &[u8] = match argv[0].as_str() {
            "umask" | "ulimit" if given => {
                let text = format!("{}: readyz does not simulate setting it", argv[0]);
                self.shell_error(now, container, pid, shell, &text);
                return 1;
            }
            "umask" if argv.len() > 1 => b"u=rwx,g=rx,o=rx\n",
            "umask" => b"0022\n",
            "ulimit" => b"unlimited\n",
            _ => b"0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n",
        };
        let _ = self.write_fd(now, container, pid, 1, text);
        0
    }

    /// `alias`, `unalias` and `hash` with names: there are no aliases.
    #[inline(never)]
    fn named(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        argv: &[String],
    ) -> i32 {
        let mut status = 0;
        for name in argv[1..].iter().filter(|a| !a.starts_with('-')) {
            let line = match argv[0].as_str() {
                "alias" => format!("alias: {name} not found\n"),
                "unalias" => format!("unalias: {name}: not found\n"),
                _ if is_builtin(name) || shell.functions.contains_key(name) => continue,
                _ if self
                    .find_program(now, container, pid, shell, name)
                    .is_some() =>
                {
                    continue
                }
                _ => shell.error_line(&format!("hash: {name}: not found")),
            };
            status = 1;
            let _ = self.write_fd(now, container, pid, 2, line.as_bytes());
        }
        status
    }

    fn exit_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> Flow {
        let status = args.first().map_or(Some(shell.status), |a| a.parse().ok());
        match status {
            Some(status) => Flow::Exit(status & 0xff),
            None => {
                let text = format!("exit: Illegal number: {}", args[0]);
                self.shell_fails(now, container, pid, shell, &text)
            }
        }
    }

    fn cd(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> i32 {
        let flags = args
            .iter()
            .take_while(|a| a.len() > 1 && a.starts_with('-'));
        let args = &args[flags.count()..];
        let target = match args.first().map(String::as_str) {
            None => shell.variable("HOME").unwrap_or("/").to_string(),
            Some("-") => shell.variable("OLDPWD").unwrap_or("/").to_string(),
            Some(path) => path.to_string(),
        };
        let Some(caller) = self.caller(container, pid) else {
            return 1;
        };
        let found = self.files(now, container, caller.uid).and_then(|files| {
            let (path, node) = files.find(&caller.cwd, &target).ok()?;
            Some((path, node.is_directory()))
        });
        let Some((path, true)) = found else {
            self.shell_error(
                now,
                container,
                pid,
                shell,
                &format!("cd: can't cd to {target}: No such file or directory"),
            );
            return 2;
        };
        if args.first().is_some_and(|a| a == "-") {
            let _ = self.write_fd(now, container, pid, 1, format!("{path}\n").as_bytes());
        }
        let old = caller.cwd.to_string();
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            process.cwd = Arc::from(path.as_str());
        }
        let _ = shell.set_variable("OLDPWD", &old);
        let _ = shell.set_variable("PWD", &path);
        0
    }

    fn source(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> Flow {
        let Some(path) = args.first() else {
            return self.shell_fails(now, container, pid, shell, ".: filename argument required");
        };
        let Some(caller) = self.caller(container, pid) else {
            return Flow::Gone;
        };
        let bytes = self
            .files(now, container, caller.uid)
            .and_then(|files| files.read(&caller.cwd, path).ok());
        match bytes {
            Some(bytes) => {
                shell.status = 0;
                shell.push_script(&String::from_utf8_lossy(&bytes), true, false);
                Flow::Go
            }
            None => {
                let text = format!(".: can't open '{path}': No such file or directory");
                self.shell_fails(now, container, pid, shell, &text)
            }
        }
    }

    /// Drops one frame, undoing what it stands for.
    fn drop_frame(&mut self, container: u32, pid: u32, shell: &mut Shell) -> Option<Frame> {
        let frame = shell.frames.pop()?;
        match frame {
            Frame::Restore { fds } => {
                self.put_fds(container, pid, fds);
                Some(Frame::Negate)
            }
            Frame::RestoreVariables { saved } => {
                shell.put_variables(saved);
                Some(Frame::Negate)
            }
            frame => Some(frame),
        }
    }

    /// `return`: leaves the function or the sourced file.
    fn unwind_return(&mut self, container: u32, pid: u32, shell: &mut Shell, status: i32) -> Flow {
        shell.status = status & 0xff;
        while let Some(frame) = self.drop_frame(container, pid, shell) {
            match frame {
                Frame::Call { positional, locals } => {
                    shell.leave_function(positional, locals);
                    return Flow::Go;
                }
                Frame::Script { sourced: true, .. } => return Flow::Go,
                Frame::Trap { status } => {
                    shell.frames.push(Frame::Trap { status });
                    return Flow::Go;
                }
                Frame::Exit { status } => return Flow::Exit(status),
                _ => {}
            }
        }
        Flow::Exit(shell.status)
    }

    /// `break` and `continue`.
    fn unwind_loop(
        &mut self,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        leave: bool,
        levels: u32,
    ) -> Flow {
        let is_loop = |f: &Frame| matches!(f, Frame::Loop { .. } | Frame::For { .. });
        let is_wall = |f: &Frame| matches!(f, Frame::Call { .. } | Frame::Trap { .. });
        let mut left = levels.max(1);
        shell.status = 0;
        let reachable = shell
            .frames
            .iter()
            .rev()
            .take_while(|f| !is_wall(f))
            .filter(|f| is_loop(f))
            .count();
        left = left.min(u32::try_from(reachable).unwrap_or(u32::MAX));
        if left == 0 {
            return Flow::Go;
        }
        loop {
            let top_is_loop = shell.frames.last().is_some_and(is_loop);
            if top_is_loop {
                left -= 1;
                if left == 0 {
                    break;
                }
            }
            if self.drop_frame(container, pid, shell).is_none() {
                return Flow::Go;
            }
        }
        match shell.frames.last_mut() {
            _ if leave => {
                shell.frames.pop();
            }
            // As if the body had ended.
            Some(Frame::Loop { testing, .. }) => *testing = false,
            _ => {}
        }
        Flow::Go
    }

    fn trap_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> i32 {
        let args = after_dashes(args);
        let number = |text: &str| match text.to_ascii_uppercase().as_str() {
            "EXIT" | "SIGEXIT" => Some(0),
            _ => Signal::parse(text).map(|s| s.0),
        };
        let Some(first) = args.first() else {
            let mut text = String::new();
            for (signal, action) in shell.traps.iter() {
                let name = match signal {
                    0 => "EXIT",
                    n => Signal(*n).name(),
                };
                text.push_str(&format!(
                    "trap -- '{}' {name}\n",
                    action.replace('\'', "'\\''")
                ));
            }
            let _ = self.write_fd(now, container, pid, 1, text.as_bytes());
            return 0;
        };
        // A lone first argument that is a signal resets it.
        let (action, signals) = if args.len() == 1 || first.parse::<u8>().is_ok() {
            (None, args)
        } else if first == "-" {
            (None, &args[1..])
        } else {
            (Some(first.as_str()), &args[1..])
        };
        for name in signals {
            let Some(signal) = number(name) else {
                self.shell_error(
                    now,
                    container,
                    pid,
                    shell,
                    &format!("trap: {name}: invalid signal specification"),
                );
                return 1;
            };
            let traps = Arc::make_mut(&mut shell.traps);
            match action {
                Some(action) => traps.insert(signal, Arc::from(action)),
                None => traps.remove(&signal),
            };
        }
        0
    }
}

/// `wait`: for these processes, or for all.
fn wait_builtin(shell: &mut Shell, args: &[String]) -> Flow {
    let mut pids = Vec::new();
    for arg in args {
        match arg.parse::<u32>() {
            Ok(child)
                if shell.children.contains(&child)
                    || shell.ended.iter().any(|(p, _)| *p == child) =>
            {
                pids.push(child);
            }
            _ => {
                shell.status = 127;
                return Flow::Go;
            }
        }
    }
    shell.frames.push(Frame::WaitBuiltin { pids });
    Flow::Go
}

/// `kill %1` means the job's process.
fn kill_arguments(shell: &Shell, argv: &[String]) -> Vec<String> {
    argv.iter()
        .map(|arg| match arg.strip_prefix('%') {
            Some("" | "%" | "+") => shell.last_background.unwrap_or(0).to_string(),
            Some(job) => job
                .parse::<usize>()
                .ok()
                .and_then(|n| shell.children.get(n.wrapping_sub(1)))
                .map_or_else(|| arg.clone(), u32::to_string),
            None => arg.clone(),
        })
        .collect()
}
