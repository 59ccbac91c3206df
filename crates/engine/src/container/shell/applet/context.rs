//! What a command sees of its world, and what it can ask for.

use crate::container::ask::Ask;
use crate::container::filesystem::{Errno, FsView};
use crate::container::log::Stream;
use crate::container::process::Environment;
use crate::container::server::Server;
use crate::container::shell::Shell;
use crate::container::spawn::Caller;
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

/// Output in the order in which it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub stream: Stream,
    pub bytes: Vec<u8>,
}

/// Input that a command is called with again, after `Outcome::Input`.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// None: read standard input oneself.
    pub bytes: Option<Vec<u8>>,
    /// No more will come.
    pub done: bool,
    /// Not the first call.
    pub resumed: bool,
}

/// What becomes of a command.
#[derive(Clone, Debug)]
pub enum Outcome {
    Exit(i32),
    /// Writes these texts at a moment and exits.
    Until {
        at: Instant,
        stdout: Vec<u8>,
        stderr: Vec<u8>,
        exit_code: i32,
    },
    Forever,
    /// Asks somewhere else, and is called again with the answer.
    Ask(Box<Ask>),
    /// Call again when there is more input, with these bytes before it.
    Input(Vec<u8>),
    /// Runs another program in its place.
    Exec {
        argv: Vec<String>,
        env: Arc<Environment>,
    },
    /// Runs another program as a child and signals it at a moment.
    Guard {
        argv: Vec<String>,
        at: Instant,
        signal: u8,
    },
    Serve(Box<Server>),
    Shell(Box<Shell>),
    Repeat(Vec<u8>),
    Follow {
        path: Arc<str>,
        offset: u64,
    },
}

impl Outcome {
    /// Exits at a moment without a word.
    pub fn exit_at(at: Instant, exit_code: i32) -> Outcome {
        Outcome::Until {
            at,
            stdout: Vec::new(),
            stderr: Vec::new(),
            exit_code,
        }
    }
}

/// What a filter reads.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Names and bytes; standard input is `-`.
    pub files: Vec<(String, Vec<u8>)>,
    /// A file could not be read.
    pub failed: bool,
}

impl Inputs {
    /// All bytes, one file after another.
    pub fn joined(&self) -> Vec<u8> {
        self.files.iter().flat_map(|(_, b)| b.clone()).collect()
    }

    /// All lines, without their ends.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (_, bytes) in &self.files {
            lines.extend(lines_of(bytes));
        }
        lines
    }

    /// 1 if a file could not be read.
    pub fn exit_code(&self) -> i32 {
        i32::from(self.failed)
    }
}

/// Lines of a text, without their ends.
pub fn lines_of(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines: Vec<String> = text.split('\n').map(str::to_string).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// The surroundings of a command for one call.
pub struct Ctx<'a> {
    pub world: &'a mut PodWorld,
    pub now: Instant,
    pub caller: Caller,
    /// Name it was called by.
    pub name: &'static str,
    /// Arguments, the name first.
    pub argv: &'a [String],
    pub input: Input,
    chunks: Vec<Chunk>,
    errors: Vec<u8>,
    direct: bool,
}

impl<'a> Ctx<'a> {
    pub fn new(
        world: &'a mut PodWorld,
        now: Instant,
        caller: Caller,
        name: &'static str,
        argv: &'a [String],
        input: Input,
    ) -> Ctx<'a> {
        Ctx {
            world,
            now,
            caller,
            name,
            argv,
            input,
            chunks: Vec::new(),
            errors: Vec::new(),
            direct: false,
        }
    }

    /// Arguments after the name.
    pub fn args(&self) -> &'a [String] {
        self.argv.get(1..).unwrap_or_default()
    }

    /// From now on output is written as it is made; before, standard output is buffered to the
    /// end, so that errors stand before it.
    pub fn write_direct(&mut self) {
        self.direct = true;
    }

    /// Writes to standard output.
    pub fn print(&mut self, text: &str) {
        self.print_bytes(text.as_bytes());
    }

    /// Writes bytes to standard output.
    pub fn print_bytes(&mut self, bytes: &[u8]) {
        self.push(Stream::Stdout, bytes);
    }

    /// Writes a line `NAME: TEXT` to standard error.
    pub fn complain(&mut self, text: &str) {
        let line = format!("{}: {text}\n", self.name);
        self.complain_raw(&line);
    }

    /// Writes to standard error.
    pub fn complain_raw(&mut self, text: &str) {
        if self.direct {
            self.push(Stream::Stderr, text.as_bytes());
        } else {
            self.errors.extend_from_slice(text.as_bytes());
        }
    }

    /// Prints an error and gives the exit code.
    pub fn fail(&mut self, text: &str, exit_code: i32) -> Outcome {
        self.complain(text);
        Outcome::Exit(exit_code)
    }

    /// Whether the command is GNU's instead of BusyBox's.
    pub fn is_gnu(&self) -> bool {
        self.world.has_gnu(self.caller.container)
    }

    /// The container's files.
    pub fn files(&mut self) -> Option<FsView<'_>> {
        self.world
            .files(self.now, self.caller.container, self.caller.uid)
    }

    /// The working directory.
    pub fn cwd(&self) -> Arc<str> {
        self.caller.cwd.clone()
    }

    /// All of standard input. None: more may come; leave with `Outcome::Input(Vec::new())`.
    pub fn stdin(&mut self) -> Option<Vec<u8>> {
        if let Some(bytes) = &self.input.bytes {
            return self.input.done.then(|| bytes.clone());
        }
        match self.caller.host {
            Some(host) => self
                .world
                .drain_stdin(self.now, self.caller.container, host),
            None => Some(Vec::new()),
        }
    }

    /// Bytes of a file as an open and read would give them, `/proc` and `/dev/stdin` included.
    pub fn read_file(&mut self, path: &str) -> Result<Vec<u8>, Errno> {
        let (container, pid) = (self.caller.container, self.caller.host);
        if path == "/dev/stdin" || path == "/proc/self/fd/0" {
            return Ok(self.stdin().unwrap_or_default());
        }
        if let Some(text) =
            self.world
                .proc_text(self.now, container, pid.unwrap_or(self.caller.pid), path)
        {
            return Ok(text.into_bytes());
        }
        let cwd = self.cwd();
        let files = self.files().ok_or(Errno::NoEntry)?;
        files.read(&cwd, path).map(|bytes| bytes.to_vec())
    }

    /// When a file was changed; None: there is none.
    pub fn modified(&mut self, path: &str) -> Option<Instant> {
        let cwd = self.cwd();
        let files = self.files()?;
        files.find(&cwd, path).ok().map(|(_, node)| node.modified)
    }

    /// Input of a filter: the named files, `-` and none being standard input. Errors are
    /// complained about with `can't open` and set the exit code. Err: leave with this outcome.
    pub fn inputs(&mut self, names: &[String]) -> Result<Inputs, Outcome> {
        let mut inputs = Inputs::default();
        let stdin = ["-".to_string()];
        let names = if names.is_empty() { &stdin } else { names };
        for name in names {
            if name == "-" {
                match self.stdin() {
                    Some(bytes) => inputs.files.push((name.clone(), bytes)),
                    None => {
                        let kept = self.input.bytes.take().unwrap_or_default();
                        return Err(Outcome::Input(kept));
                    }
                }
                continue;
            }
            match self.read_file(name) {
                Ok(bytes) => inputs.files.push((name.clone(), bytes)),
                Err(errno) => {
                    self.complain_open(name, errno);
                    inputs.failed = true;
                }
            }
        }
        Ok(inputs)
    }

    /// `cat: can't open 'X': No such file or directory`, or GNU's shorter text.
    pub fn complain_open(&mut self, name: &str, errno: Errno) {
        let text = match errno {
            Errno::IsDirectory if self.is_gnu() => format!("{name}: Is a directory"),
            Errno::IsDirectory => "read error: Is a directory".to_string(),
            errno if self.is_gnu() => format!("{name}: {}", errno.text()),
            errno if self.name == "cat" => format!("can't open '{name}': {}", errno.text()),
            errno => format!("{name}: {}", errno.text()),
        };
        self.complain(&text);
    }

    fn push(&mut self, stream: Stream, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        match self.chunks.last_mut() {
            Some(last) if last.stream == stream => last.bytes.extend_from_slice(bytes),
            _ => self.chunks.push(Chunk {
                stream,
                bytes: bytes.to_vec(),
            }),
        }
    }

    /// Everything written.
    pub fn finish(self) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        if !self.errors.is_empty() {
            chunks.push(Chunk {
                stream: Stream::Stderr,
                bytes: self.errors,
            });
        }
        chunks.extend(self.chunks);
        chunks
    }
}
