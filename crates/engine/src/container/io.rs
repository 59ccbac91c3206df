//! Reading and writing through descriptors, and pipes.

use super::filesystem::{Device, Errno};
use super::log::Stream;
use super::process::{Fd, Program, EXEC_OUTPUT_BYTES_MAX};
use super::shell::applet::Chunk;
use super::signal::Signal;
use super::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// Why bytes could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// The reader of the pipe is gone (SIGPIPE).
    BrokenPipe,
    File(Errno),
}

/// What became of a program's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    All,
    /// Nobody reads it any more.
    BrokenPipe,
    /// Standard output took no more.
    Failed(Errno),
}

/// What BusyBox's applets say of output that could not be written, and the status that they end
/// with then (None: their own). Most find out only when they have ended, and say nothing.
fn unwritten(name: &str) -> (&'static str, Option<i32>) {
    match name {
        "cat" | "echo" | "tail" | "tr" => ("write error", Some(1)),
        "head" | "env" | "id" | "sort" | "wc" | "cut" | "uname" | "du" | "expr" | "uniq" => {
            ("standard output", None)
        }
        "basename" => ("", Some(1)),
        "seq" | "whoami" => ("", Some(255)),
        _ => ("", None),
    }
}

/// What reading standard input gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadLine {
    /// A line without its end.
    Line(Vec<u8>),
    /// The end; what stood before it without a line end.
    End(Vec<u8>),
    /// Nothing yet.
    Wait,
}

impl PodWorld {
    /// Writes through a process's descriptor.
    pub(crate) fn write_fd(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        fd: u8,
        bytes: &[u8],
    ) -> Result<(), WriteError> {
        let Some(machine) = self.machine_mut(container) else {
            return Ok(());
        };
        let Some(process) = machine.process(pid) else {
            return Ok(());
        };
        match process.fds.get(&fd) {
            Some(Fd::Log(stream)) => {
                let stream = *stream;
                machine.log.write(now, stream, bytes);
            }
            Some(Fd::Exec(id, stream)) => {
                let (id, stream) = (*id, *stream);
                if let Some(exec) = machine.execs.iter_mut().find(|e| e.id == id) {
                    let sink = match stream {
                        Stream::Stdout => &mut exec.stdout,
                        Stream::Stderr => &mut exec.stderr,
                    };
                    let room = EXEC_OUTPUT_BYTES_MAX.saturating_sub(sink.len());
                    sink.extend_from_slice(&bytes[..bytes.len().min(room)]);
                }
            }
            Some(Fd::File { path, .. }) => {
                let path = path.clone();
                let uid = process.uid;
                if let Some(mut files) = self.files(now, container, uid) {
                    files.append(&path, bytes).map_err(WriteError::File)?;
                }
            }
            Some(Fd::PipeWrite(id)) => {
                let id = *id;
                if !self.pipe_has_reader(container, id) {
                    return Err(WriteError::BrokenPipe);
                }
                if let Some(pipe) = self.machine_mut(container).and_then(|m| m.pipe_mut(id)) {
                    pipe.bytes.extend_from_slice(bytes);
                }
            }
            Some(Fd::Device(Device::Full)) => return Err(WriteError::File(Errno::NoSpace)),
            Some(Fd::Device(_)) => {}
            Some(Fd::Text { .. } | Fd::PipeRead(_)) | None => {
                return Err(WriteError::File(Errno::BadDescriptor))
            }
        }
        Ok(())
    }

    /// Writes an applet's output in its order. A broken pipe ends the writing.
    pub(crate) fn write_chunks(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        chunks: &[Chunk],
    ) -> Written {
        let mut written = Written::All;
        for chunk in chunks {
            let fd = match chunk.stream {
                Stream::Stdout => 1,
                Stream::Stderr => 2,
            };
            match self.write_fd(now, container, pid, fd, &chunk.bytes) {
                Err(WriteError::BrokenPipe) => return Written::BrokenPipe,
                Err(WriteError::File(errno)) if fd == 1 => written = Written::Failed(errno),
                _ => {}
            }
        }
        written
    }

    /// The status of an applet that ended, whose output may not have been written.
    #[inline(never)]
    pub(crate) fn status_of(
        &mut self,
        now: Instant,
        (container, pid): (u32, u32),
        name: &str,
        (status, written): (i32, Written),
    ) -> i32 {
        let Written::Failed(errno) = written else {
            return status;
        };
        let (text, worse) = match self.has_gnu(container) {
            true => ("write error", Some(1)),
            false => unwritten(name),
        };
        if !text.is_empty() {
            let line = format!("{name}: {text}: {}\n", errno.text());
            let _ = self.write_fd(now, container, pid, 2, line.as_bytes());
        }
        worse.unwrap_or(status)
    }

    /// Takes everything that standard input holds, up to its end. None: a pipe that somebody may
    /// still write to.
    pub(crate) fn drain_stdin(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
    ) -> Option<Vec<u8>> {
        let Some(process) = self.machine(container).and_then(|m| m.process(pid)) else {
            return Some(Vec::new());
        };
        match process.fds.get(&0).cloned() {
            Some(Fd::PipeRead(id)) => {
                if self.pipe_has_writer(container, id) {
                    return None;
                }
                Some(self.take_pipe(container, id))
            }
            Some(Fd::File { path, offset }) => {
                let uid = process.uid;
                let bytes = self
                    .files(now, container, uid)
                    .and_then(|files| files.read("/", &path).ok())
                    .unwrap_or_default();
                self.set_offset(container, pid, bytes.len() as u64);
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                Some(bytes.get(from..).unwrap_or_default().to_vec())
            }
            Some(Fd::Text { bytes, offset }) => {
                self.set_offset(container, pid, bytes.len() as u64);
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                Some(bytes.get(from..).unwrap_or_default().to_vec())
            }
            _ => Some(Vec::new()),
        }
    }

    /// Takes one line of standard input.
    pub(crate) fn read_line(&mut self, now: Instant, container: u32, pid: u32) -> ReadLine {
        let Some(process) = self.machine(container).and_then(|m| m.process(pid)) else {
            return ReadLine::End(Vec::new());
        };
        let uid = process.uid;
        match process.fds.get(&0).cloned() {
            Some(Fd::PipeRead(id)) => {
                let writer = self.pipe_has_writer(container, id);
                let Some(pipe) = self.machine_mut(container).and_then(|m| m.pipe_mut(id)) else {
                    return ReadLine::End(Vec::new());
                };
                match pipe.bytes.iter().position(|b| *b == b'\n') {
                    Some(end) => {
                        let mut line: Vec<u8> = pipe.bytes.drain(..=end).collect();
                        line.pop();
                        ReadLine::Line(line)
                    }
                    None if writer => ReadLine::Wait,
                    None => ReadLine::End(std::mem::take(&mut pipe.bytes)),
                }
            }
            Some(Fd::File { path, offset }) => {
                let bytes = self
                    .files(now, container, uid)
                    .and_then(|files| files.read("/", &path).ok())
                    .unwrap_or_default();
                self.line_at(container, pid, &bytes, offset)
            }
            Some(Fd::Text { bytes, offset }) => self.line_at(container, pid, &bytes, offset),
            _ => ReadLine::End(Vec::new()),
        }
    }

    fn line_at(&mut self, container: u32, pid: u32, bytes: &Arc<Vec<u8>>, offset: u64) -> ReadLine {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = bytes.get(from..).unwrap_or_default();
        match rest.iter().position(|b| *b == b'\n') {
            Some(end) => {
                self.set_offset(container, pid, offset + end as u64 + 1);
                ReadLine::Line(rest[..end].to_vec())
            }
            None => {
                self.set_offset(container, pid, bytes.len() as u64);
                ReadLine::End(rest.to_vec())
            }
        }
    }

    fn set_offset(&mut self, container: u32, pid: u32, to: u64) {
        let process = self.machine_mut(container).and_then(|m| m.process_mut(pid));
        if let Some(Fd::File { offset, .. } | Fd::Text { offset, .. }) =
            process.and_then(|p| p.fds.get_mut(&0))
        {
            *offset = to;
        }
    }

    /// Whether a live process can still write to a pipe.
    pub(crate) fn pipe_has_writer(&self, container: u32, id: u32) -> bool {
        self.holds(container, |fd| matches!(fd, Fd::PipeWrite(p) if *p == id))
    }

    /// Whether a live process can still read a pipe.
    pub(crate) fn pipe_has_reader(&self, container: u32, id: u32) -> bool {
        self.holds(container, |fd| matches!(fd, Fd::PipeRead(p) if *p == id))
    }

    /// Everything that stands in a pipe.
    pub(crate) fn take_pipe(&mut self, container: u32, id: u32) -> Vec<u8> {
        self.machine_mut(container)
            .and_then(|m| m.pipe_mut(id))
            .map(|pipe| std::mem::take(&mut pipe.bytes))
            .unwrap_or_default()
    }

    /// Forgets pipes that nobody holds.
    pub(crate) fn drop_unused_pipes(&mut self, container: u32) {
        if let Some(machine) = self.machine_mut(container) {
            let mut pipes = std::mem::take(&mut machine.pipes);
            pipes.retain(|pipe| {
                machine.processes.iter().any(|p| {
                    p.fds.values().any(
                        |fd| matches!(fd, Fd::PipeRead(id) | Fd::PipeWrite(id) if *id == pipe.id),
                    )
                })
            });
            machine.pipes = pipes;
        }
    }

    fn holds(&self, container: u32, wanted: impl Fn(&Fd) -> bool) -> bool {
        self.machine(container)
            .is_some_and(|machine| machine.holds(wanted))
    }

    /// Ends a process whose output nobody reads any more.
    pub(crate) fn break_pipe(&mut self, now: Instant, container: u32, pid: u32) {
        self.end_process(
            now,
            container,
            pid,
            Signal::PIPE.exit_code(),
            Some(Signal::PIPE),
        );
    }

    /// What a process's standard output goes to.
    pub(crate) fn stdout_pipe(&self, container: u32, pid: u32) -> Option<u32> {
        match self.machine(container)?.process(pid)?.fds.get(&1)? {
            Fd::PipeWrite(id) => Some(*id),
            _ => None,
        }
    }

    /// Puts a program back into its process, unless the process ended meanwhile.
    pub(crate) fn put_program(&mut self, container: u32, pid: u32, program: Program) {
        if let Some(process) = self.machine_mut(container).and_then(|m| m.process_mut(pid)) {
            if matches!(process.program, Program::Active) {
                process.program = program;
            }
        }
    }
}
