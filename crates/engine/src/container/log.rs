//! Standard output and error of one container instance, kept for `kubectl logs`.
//!
//! Servers log every request, so a request is kept as numbers and becomes text when somebody
//! reads it. The buffer is bounded and shares its chunks between snapshots.

use super::wall_clock::WallClock;
use crate::time::Instant;
use std::collections::VecDeque;
use std::sync::Arc;

/// Where a line was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// How a server prints a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestFormat {
    ProbeLab,
    Node,
    /// Like `Node`, for paths that say that the server is working.
    NodeWorking,
    Netexec,
    Nginx,
    /// nginx's error line about a missing file.
    NginxMissing,
    Httpd,
    /// Apache's common log format.
    Common,
}

/// A request in a log. Texts are indices into the buffer's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLine {
    pub format: RequestFormat,
    pub path: u16,
    pub agent: u16,
    pub client: u16,
    pub host: u16,
    pub status: u16,
    pub bytes: u32,
    /// Number of the request or connection, where the format prints one.
    pub number: u32,
}

#[derive(Clone, Debug)]
enum Line {
    Text(Arc<str>),
    Request(RequestLine),
}

#[derive(Clone, Debug)]
struct Record {
    at: Instant,
    stream: Stream,
    line: Line,
}

/// Entries of a full chunk. Leaving out as many, long before the end, leaves the same log.
pub const LOG_PIECE: u32 = CHUNK_RECORDS as u32;
/// A log never holds more entries.
pub const LOG_LINES_MAX: u32 = (CHUNK_RECORDS * CHUNKS_MAX) as u32;
const CHUNK_RECORDS: usize = 64;
const CHUNKS_MAX: usize = 16;
const NAMES_MAX: usize = 256;
/// Longer lines are cut into several, as the runtime does at 16 KiB.
const LINE_BYTES_MAX: usize = 16_384;

/// Log of one container instance.
#[derive(Clone, Debug, Default)]
pub struct LogBuffer {
    /// Full chunks, shared between snapshots.
    chunks: VecDeque<Arc<Vec<Record>>>,
    /// The chunk being filled.
    tail: Vec<Record>,
    names: Arc<Vec<Arc<str>>>,
    /// Where each kind of name was found last: requests repeat.
    hints: [u16; 4],
    partial: [Vec<u8>; 2],
    /// Lines written since the start, also those dropped again.
    written: u64,
}

/// One line as `kubectl logs` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogText {
    pub at: Instant,
    pub stream: Stream,
    pub text: String,
}

impl LogBuffer {
    /// Adds bytes of a program; lines are kept when they are complete.
    pub fn write(&mut self, now: Instant, stream: Stream, bytes: &[u8]) {
        let slot = stream as usize;
        for &byte in bytes {
            if byte == b'\n' || self.partial[slot].len() >= LINE_BYTES_MAX {
                let line = std::mem::take(&mut self.partial[slot]);
                self.line(now, stream, &String::from_utf8_lossy(&line));
            }
            if byte != b'\n' {
                self.partial[slot].push(byte);
            }
        }
    }

    /// Adds one line without its end.
    pub fn line(&mut self, now: Instant, stream: Stream, text: &str) {
        self.push(Record {
            at: now,
            stream,
            line: Line::Text(Arc::from(text)),
        });
    }

    /// Adds a request.
    pub fn request(&mut self, now: Instant, stream: Stream, line: RequestLine) {
        self.push(Record {
            at: now,
            stream,
            line: Line::Request(line),
        });
    }

    /// Number of a text that requests repeat; `slot`: 0 path, 1 agent, 2 client, 3 host.
    pub fn name(&mut self, slot: usize, text: &str) -> u16 {
        let hint = self.hints.get(slot).copied().unwrap_or(0);
        if self
            .names
            .get(usize::from(hint))
            .is_some_and(|n| &**n == text)
        {
            return hint;
        }
        let found = self.find_name(text);
        if let Some(hint) = self.hints.get_mut(slot) {
            *hint = found;
        }
        found
    }

    fn find_name(&mut self, text: &str) -> u16 {
        if let Some(at) = self.names.iter().position(|n| &**n == text) {
            return u16::try_from(at).unwrap_or(0);
        }
        let names = Arc::make_mut(&mut self.names);
        if names.len() >= NAMES_MAX {
            let last = names.len() - 1;
            names[last] = Arc::from(text);
            return u16::try_from(last).unwrap_or(0);
        }
        names.push(Arc::from(text));
        u16::try_from(names.len() - 1).unwrap_or(0)
    }

    /// Counts a line that would have been dropped again by now.
    pub fn count_line(&mut self) {
        self.written += 1;
    }

    /// Ends unfinished lines; the container is gone.
    pub fn close(&mut self, now: Instant) {
        for (slot, stream) in [(0, Stream::Stdout), (1, Stream::Stderr)] {
            if !self.partial[slot].is_empty() {
                let line = std::mem::take(&mut self.partial[slot]);
                self.line(now, stream, &String::from_utf8_lossy(&line));
            }
        }
    }

    /// Lines written since the container started.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Whether lines written after a moment are no longer kept.
    pub fn lacks_since(&self, after: Instant) -> bool {
        let first = self.chunks.front().map_or(&self.tail, |chunk| chunk);
        let kept = (self.chunks.len() * CHUNK_RECORDS + self.tail.len()) as u64;
        self.written > kept && first.first().is_some_and(|record| record.at > after)
    }

    /// All lines kept, oldest first.
    pub fn lines(&self, clock: WallClock) -> Vec<LogText> {
        let mut out = Vec::new();
        let full = self.chunks.iter().flat_map(|chunk| chunk.iter());
        for record in full.chain(&self.tail) {
            self.render(record, clock, &mut out);
        }
        out
    }

    /// The end of the log, for `FallbackToLogsOnError`: at most 80 lines and 2048 bytes (STS-20).
    pub fn tail(&self, clock: WallClock, lines_max: usize, bytes_max: usize) -> String {
        let lines = self.lines(clock);
        let from = lines.len().saturating_sub(lines_max);
        let mut text = String::new();
        for line in &lines[from..] {
            text.push_str(&line.text);
            text.push('\n');
        }
        let mut cut = text.len().saturating_sub(bytes_max);
        while !text.is_char_boundary(cut) {
            cut += 1;
        }
        text.split_off(cut)
    }

    fn push(&mut self, record: Record) {
        self.written += 1;
        if self.tail.len() >= CHUNK_RECORDS {
            let full = std::mem::replace(&mut self.tail, Vec::with_capacity(CHUNK_RECORDS));
            self.chunks.push_back(Arc::new(full));
            if self.chunks.len() >= CHUNKS_MAX {
                self.chunks.pop_front();
            }
        }
        self.tail.push(record);
    }

    fn text(&self, name: u16) -> &str {
        self.names.get(usize::from(name)).map_or("", |n| n)
    }

    fn render(&self, record: &Record, clock: WallClock, out: &mut Vec<LogText>) {
        let mut add = |text: String| {
            out.push(LogText {
                at: record.at,
                stream: record.stream,
                text,
            });
        };
        let request = match &record.line {
            Line::Text(text) => return add(text.to_string()),
            Line::Request(request) => request,
        };
        let path = self.text(request.path);
        let agent = self.text(request.agent);
        let client = self.text(request.client);
        let route = path.split('?').next().unwrap_or(path);
        match request.format {
            RequestFormat::ProbeLab => add(format!(
                "{} GET {route} ua=\"{agent}\" -> {}",
                clock.rfc3339_millis(record.at),
                request.status
            )),
            RequestFormat::Node => add(format!("Request for {route} received.")),
            RequestFormat::NodeWorking => {
                add(format!("Request for {route} received."));
                add("server is working...".to_string());
            }
            RequestFormat::Netexec => {
                add(format!("{} GET {path}", clock.slashed(record.at)));
            }
            RequestFormat::Nginx => add(format!(
                "{client} - - [{}] \"GET {path} HTTP/1.1\" {} {} \"-\" \"{agent}\"",
                clock.access_log(record.at),
                request.status,
                request.bytes
            )),
            RequestFormat::NginxMissing => add(format!(
                "{} [error] 7#7: *{} open() \"/usr/share/nginx/html{route}\" failed (2: No such \
                 file or directory), client: {client}, server: localhost, request: \
                 \"GET {path} HTTP/1.1\", host: \"{}\"",
                clock.slashed(record.at),
                request.number,
                self.text(request.host)
            )),
            RequestFormat::Common => {
                let bytes = match request.bytes {
                    0 => "-".to_string(),
                    bytes => bytes.to_string(),
                };
                add(format!(
                    "{client} - - [{}] \"GET {path} HTTP/1.1\" {} {bytes}",
                    clock.access_log(record.at),
                    request.status
                ));
            }
            RequestFormat::Httpd => add(format!("{client}: response:{}", request.status)),
        }
    }
}

impl super::world::PodWorld {
    /// Whether the current instance has written lines after a moment that are no longer kept.
    pub fn log_lacks_since(&self, container: u32, after: Instant) -> bool {
        self.machine(container)
            .is_some_and(|m| m.started <= after && m.log.lacks_since(after))
    }
}
