//! `command` and `type`: what a name means.

use super::builtin::is_builtin;
use super::run::Flow;
use super::Shell;
use crate::container::filesystem::absolute;
use crate::container::world::PodWorld;
use crate::time::Instant;

impl PodWorld {
    pub(super) fn command_builtin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        args: &[String],
    ) -> Flow {
        match args.first().map(String::as_str) {
            None => {
                shell.status = 0;
                Flow::Go
            }
            Some("-v" | "-V") => {
                let long = args[0] == "-V";
                // One name is looked at.
                let names = &args[1..args.len().min(2)];
                shell.status = self.describe(now, container, pid, shell, names, long);
                Flow::Go
            }
            Some(_) => {
                let args: Vec<String> = match args[0].as_str() {
                    "-p" | "--" => args[1..].to_vec(),
                    _ => args.to_vec(),
                };
                if args.is_empty() {
                    shell.status = 0;
                    return Flow::Go;
                }
                if is_builtin(&args[0]) {
                    return self.run_builtin(now, container, pid, shell, &args);
                }
                self.run_program(now, container, pid, shell, args, &[])
            }
        }
    }

    /// `command -v` and `type`.
    pub(super) fn describe(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        names: &[String],
        long: bool,
    ) -> i32 {
        let mut status = 0;
        for name in names {
            let text = if shell.functions.contains_key(name) {
                Some(if long {
                    format!("{name} is a shell function")
                } else {
                    name.clone()
                })
            } else if is_builtin(name) {
                Some(if long {
                    format!("{name} is a shell builtin")
                } else {
                    name.clone()
                })
            } else {
                self.find_program(now, container, pid, shell, name)
                    .map(|path| {
                        if long {
                            format!("{name} is {path}")
                        } else {
                            path
                        }
                    })
            };
            match text {
                Some(text) => {
                    let _ = self.write_fd(now, container, pid, 1, format!("{text}\n").as_bytes());
                }
                None => {
                    status = 127;
                    if long {
                        let text = format!("{name}: not found\n");
                        let _ = self.write_fd(now, container, pid, 1, text.as_bytes());
                    }
                }
            }
        }
        status
    }

    pub(super) fn find_program(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        name: &str,
    ) -> Option<String> {
        let caller = self.caller(container, pid)?;
        let path = shell.variable("PATH").unwrap_or(super::super::image::PATH);
        let path = path.to_string();
        let files = self.files(now, container, caller.uid)?;
        if name.contains('/') {
            return files.exists(&caller.cwd, name).then(|| name.to_string());
        }
        path.split(':')
            .map(|directory| absolute(directory, name))
            .find(|file| {
                files
                    .find("/", file)
                    .is_ok_and(|(_, node)| !node.is_directory() && files.allowed(node, 0o1))
            })
    }
}
