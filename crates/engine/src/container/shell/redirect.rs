//! Opening what a redirection names.

use super::ast::{Redirect, RedirectKind};
use super::Shell;
use crate::container::filesystem::{absolute, Content, Device, Errno};
use crate::container::process::Fd;
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// A redirection with its target expanded.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub fd: u8,
    pub kind: RedirectKind,
    pub target: String,
}

impl Opened {
    pub(super) fn of(redirect: &Redirect, target: String) -> Opened {
        Opened {
            fd: redirect.fd,
            kind: redirect.kind,
            target,
        }
    }
}

/// Descriptors to be put back, by number.
pub(super) type SavedFds = Vec<(u8, Option<Fd>)>;

/// Descriptors above this are the shell's own.
const FD_MAX: u8 = 199;

impl PodWorld {
    /// What stands now at the numbers that redirections will change.
    pub(super) fn save_fds(&self, container: u32, pid: u32, redirects: &[Opened]) -> SavedFds {
        let process = self.machine(container).and_then(|m| m.process(pid));
        let mut saved: SavedFds = Vec::new();
        for redirect in redirects {
            for number in [redirect.fd.min(FD_MAX), 2] {
                let current = process.and_then(|p| p.fds.get(&number)).cloned();
                if !saved.iter().any(|(n, _)| *n == number) {
                    saved.push((number, current));
                }
            }
        }
        saved
    }

    /// Puts descriptors back.
    pub(super) fn put_fds(&mut self, container: u32, pid: u32, saved: SavedFds) {
        for (number, fd) in saved {
            self.set_fd(container, pid, number, fd);
        }
        self.drop_unused_pipes(container);
    }

    /// Applies redirections to a process, in order. Err: the shell's text.
    pub(super) fn redirect(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &Shell,
        redirects: &[Opened],
    ) -> Result<(), String> {
        for redirect in redirects {
            let fd = match redirect.kind {
                RedirectKind::Here => Some(Fd::Text {
                    bytes: Arc::new(redirect.target.as_bytes().to_vec()),
                    offset: 0,
                }),
                RedirectKind::Duplicate if redirect.target == "-" => None,
                RedirectKind::Duplicate => match redirect.target.parse::<u8>() {
                    Ok(number) => {
                        let process = self.machine(container).and_then(|m| m.process(pid));
                        match process.and_then(|p| p.fds.get(&number)) {
                            Some(fd) => Some(fd.clone()),
                            None => return Err(format!("{number}: Bad file descriptor")),
                        }
                    }
                    // `>&file` is `&>file`.
                    Err(_) => {
                        let fd = self.open_file(now, container, pid, RedirectKind::Write, redirect);
                        let fd = fd?;
                        self.set_fd(container, pid, 2, Some(fd.clone()));
                        Some(fd)
                    }
                },
                RedirectKind::WriteBoth => {
                    let fd = self.open_file(now, container, pid, RedirectKind::Write, redirect)?;
                    self.set_fd(container, pid, 2, Some(fd.clone()));
                    Some(fd)
                }
                RedirectKind::Write if shell.options.noclobber => {
                    let cwd = self
                        .caller(container, pid)
                        .map(|c| c.cwd)
                        .unwrap_or_default();
                    let path = absolute(&cwd, &redirect.target);
                    let exists = self.file_exists(now, container, &path);
                    if exists && !redirect.target.starts_with("/dev/") {
                        return Err(format!("can't create {}: File exists", redirect.target));
                    }
                    Some(self.open_file(now, container, pid, redirect.kind, redirect)?)
                }
                kind => Some(self.open_file(now, container, pid, kind, redirect)?),
            };
            self.set_fd(container, pid, redirect.fd.min(FD_MAX), fd);
        }
        Ok(())
    }

    fn set_fd(&mut self, container: u32, pid: u32, number: u8, fd: Option<Fd>) {
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            match fd {
                Some(fd) => process.fds.insert(number, fd),
                None => process.fds.remove(&number),
            };
        }
    }

    fn open_file(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        kind: RedirectKind,
        redirect: &Opened,
    ) -> Result<Fd, String> {
        let reads = kind == RedirectKind::Read;
        self.open(now, container, pid, &redirect.target, kind)
            .map_err(|errno| {
                let text = match errno {
                    Errno::NoEntry | Errno::NotDirectory if reads => "no such file",
                    Errno::NoEntry | Errno::NotDirectory => "nonexistent directory",
                    errno => errno.text(),
                };
                let verb = if reads { "open" } else { "create" };
                format!("can't {verb} {}: {text}", redirect.target)
            })
    }

    /// Opens a path for a process.
    fn open(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        path: &str,
        kind: RedirectKind,
    ) -> Result<Fd, Errno> {
        let caller = self.caller(container, pid).ok_or(Errno::NoProcess)?;
        if let Some(fd) = self.linked_fd(container, pid, path) {
            return fd.ok_or(Errno::NoEntry);
        }
        if let Some(text) = self.proc_text(now, container, pid, path) {
            return Ok(Fd::Text {
                bytes: Arc::new(text.into_bytes()),
                offset: 0,
            });
        }
        let mut files = self
            .files(now, container, caller.uid)
            .ok_or(Errno::NoEntry)?;
        if kind == RedirectKind::Read {
            let (canonical, node) = files.find(&caller.cwd, path)?;
            if !files.allowed(node, 0o4) {
                return Err(Errno::AccessDenied);
            }
            return Ok(match &node.content {
                Content::Device(device) => Fd::Device(*device),
                _ => Fd::File {
                    path: Arc::from(canonical.as_str()),
                    offset: 0,
                },
            });
        }
        let canonical = files.create(&caller.cwd, path, kind == RedirectKind::Write)?;
        Ok(match files.node(&canonical).map(|n| &n.content) {
            Some(Content::Device(device)) => Fd::Device(*device),
            _ => Fd::File {
                path: Arc::from(canonical.as_str()),
                offset: 0,
            },
        })
    }

    /// `/dev/stdout`, `/proc/self/fd/1`, `/proc/1/fd/1`: another descriptor. Some(None): there is
    /// no such descriptor.
    pub(crate) fn linked_fd(&self, container: u32, pid: u32, path: &str) -> Option<Option<Fd>> {
        let (process, number) = match path {
            "/dev/stdin" => (pid, 0),
            "/dev/stdout" => (pid, 1),
            "/dev/stderr" => (pid, 2),
            "/dev/tty" => return Some(Some(Fd::Device(Device::Tty))),
            _ => match path.strip_prefix("/dev/fd/") {
                Some(number) => (pid, number.parse().ok()?),
                None => {
                    let (process, number) = path.strip_prefix("/proc/")?.split_once("/fd/")?;
                    let process = match process {
                        "self" => pid,
                        other => other.parse().ok()?,
                    };
                    (process, number.parse().ok()?)
                }
            },
        };
        let process = self.machine(container)?.process(process);
        Some(process.and_then(|p| p.fds.get(&number)).cloned())
    }
}
