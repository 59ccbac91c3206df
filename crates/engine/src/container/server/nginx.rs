//! nginx: serves the files of its document root as they are now; SIGQUIT is its stop signal.

use super::{Act, Behaviour, Repeats, ServerIo};
use crate::container::filesystem::{Content, Generation};
use crate::container::log::{RequestFormat, Stream};
use crate::container::memory::MemoryUse;
use crate::container::network::{HttpAnswer, HttpReply, HttpRequest};
use crate::container::signal::Signal;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Name and version, as it signs its pages.
const VERSION: &str = "nginx/1.22.1";
/// Where the files are.
pub const DOCUMENT_ROOT: &str = "/usr/share/nginx/html";
/// From process start to listening.
const STARTUP: Duration = Duration::from_millis(20);
/// Bytes of the page for a missing file.
const MISSING_BYTES: u32 = 153;
/// Answers remembered until a file changes.
const KNOWN_MAX: usize = 16;

/// An answer that holds as long as no file of the Pod changed.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    path: Box<str>,
    status: u16,
    bytes: u32,
    location: Option<Arc<str>>,
}

/// The running server.
#[derive(Clone, Debug, PartialEq)]
pub struct Nginx {
    port: u16,
    listen_at: Option<Instant>,
    /// When it has answered what was under way.
    ends_at: Option<Instant>,
    binds: u32,
    requests: u32,
    known_at: Generation,
    known: Vec<Known>,
}

impl Nginx {
    pub fn new(port: u16, started: Instant) -> Nginx {
        Nginx {
            port,
            listen_at: Some(started + STARTUP),
            ends_at: None,
            binds: 0,
            requests: 0,
            known_at: Generation::default(),
            known: Vec::new(),
        }
    }

    /// Looks at the document root.
    fn look_up(io: &ServerIo<'_>, route: &str) -> Known {
        let answer = |status, bytes, location| Known {
            path: route.into(),
            status,
            bytes,
            location,
        };
        let mut file = format!("{DOCUMENT_ROOT}{route}");
        if file.ends_with('/') {
            file.push_str("index.html");
        }
        match io.files.find("/", &file) {
            Ok((_, node)) if !io.files.allowed(node, 0o4) => answer(403, MISSING_BYTES, None),
            Ok((_, node)) => match &node.content {
                Content::File(bytes) => {
                    answer(200, u32::try_from(bytes.len()).unwrap_or(u32::MAX), None)
                }
                Content::Directory => answer(301, 169, Some(Arc::from(format!("{route}/")))),
                _ => answer(403, MISSING_BYTES, None),
            },
            // A directory without an index may not be listed.
            Err(_) if route.ends_with('/') && io.files.exists("/", &file[..file.len() - 10]) => {
                answer(403, MISSING_BYTES, None)
            }
            Err(_) => answer(404, MISSING_BYTES, None),
        }
    }
}

/// The page for a status without a file of its own.
pub fn page(status: u16) -> String {
    let text = match status {
        301 => "301 Moved Permanently",
        403 => "403 Forbidden",
        404 => "404 Not Found",
        405 => "405 Not Allowed",
        500 => "500 Internal Server Error",
        502 => "502 Bad Gateway",
        503 => "503 Service Temporarily Unavailable",
        504 => "504 Gateway Time-out",
        _ => return format!("{status}\n"),
    };
    [
        "<html>",
        &format!("<head><title>{text}</title></head>"),
        "<body>",
        &format!("<center><h1>{text}</h1></center>"),
        &format!("<hr><center>{VERSION}</center>"),
        "</body>",
        "</html>",
        "",
    ]
    .join("\r\n")
}

impl Behaviour for Nginx {
    fn wake_at(&self) -> Option<Instant> {
        self.listen_at.or(self.ends_at)
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        io.listens(&mut self.listen_at, self.port);
        if self.ends_at.is_some_and(|at| at <= io.now) {
            io.acts.push(Act::Exit(0));
        }
    }

    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        match signal {
            // Gracefully: it takes no more connections and answers what is under way.
            Signal::QUIT if io.drained_at() > io.now => {
                self.listen_at = None;
                self.ends_at.get_or_insert(io.drained_at());
                io.acts.push(Act::Close { port: self.port });
            }
            Signal::QUIT | Signal::TERM | Signal::INT => io.acts.push(Act::Exit(0)),
            Signal::HUP => self.known.clear(),
            Signal(10 | 12 | 28) => {}
            _ => return false,
        }
        true
    }

    fn http(&mut self, io: &mut ServerIo<'_>, _port: u16, request: &HttpRequest<'_>) -> HttpReply {
        let route = request.route();
        self.requests = self.requests.wrapping_add(1);
        if self.known_at != *io.files.generation {
            self.known_at = *io.files.generation;
            self.known.clear();
        }
        let at = match self.known.iter().position(|k| &*k.path == route) {
            Some(at) => at,
            None => {
                if self.known.len() >= KNOWN_MAX {
                    self.known.clear();
                }
                self.known.push(Self::look_up(io, route));
                self.known.len() - 1
            }
        };
        let known = &self.known[at];
        let status = known.status;
        if status == 404 {
            io.log_request(
                Stream::Stderr,
                RequestFormat::NginxMissing,
                request,
                status,
                (0, self.requests),
            );
        }
        let counts = (known.bytes, self.requests);
        io.log_request(
            Stream::Stdout,
            RequestFormat::Nginx,
            request,
            status,
            counts,
        );
        HttpReply::of(HttpAnswer::Status {
            status,
            location: known.location.clone(),
        })
    }

    fn repeats(&self, request: &HttpRequest<'_>) -> Repeats {
        let route = request.route();
        let known = self.known.iter().find(|k| &*k.path == route);
        match known.is_some_and(|k| k.status == 200) {
            true => Repeats::Logged,
            false => Repeats::No,
        }
    }

    fn count_request(&mut self) {
        self.requests = self.requests.wrapping_add(1);
    }

    fn body(
        &self,
        io: &ServerIo<'_>,
        _port: u16,
        request: &HttpRequest<'_>,
        status: u16,
    ) -> String {
        if status != 200 {
            return page(status);
        }
        let mut file = format!("{DOCUMENT_ROOT}{}", request.route());
        if file.ends_with('/') {
            file.push_str("index.html");
        }
        io.files
            .read("/", &file)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn headers(
        &self,
        _io: &ServerIo<'_>,
        _port: u16,
        _request: &HttpRequest<'_>,
        _status: u16,
    ) -> Vec<String> {
        vec![["Server: ", VERSION].concat()]
    }

    /// nginx tries five times, half a second apart, before it gives up.
    fn port_taken(&mut self, io: &mut ServerIo<'_>, port: u16) {
        let stamp = io.clock.slashed(io.now);
        let text = format!("bind() to 0.0.0.0:{port} failed (98: Address already in use)");
        io.complain(&format!("{stamp} [emerg] {0}#{0}: {text}", io.pid));
        io.complain(&format!("nginx: [emerg] {text}"));
        self.binds += 1;
        if self.binds < 5 {
            self.listen_at = Some(io.now + Duration::from_millis(500));
            return;
        }
        io.complain(&format!(
            "{stamp} [emerg] {0}#{0}: still could not bind()",
            io.pid
        ));
        io.complain("nginx: [emerg] still could not bind()");
        io.acts.push(Act::Exit(1));
    }

    fn listens_at(&mut self) -> Option<&mut Instant> {
        self.listen_at.as_mut()
    }

    fn log_format(&self) -> Option<(Stream, RequestFormat)> {
        Some((Stream::Stdout, RequestFormat::Nginx))
    }

    /// Of `listen` where no `backlog=` is given, on Linux.
    fn backlog(&self) -> u32 {
        511
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(8 << 20)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_for_a_missing_file_has_the_recorded_size() {
        assert_eq!(super::page(404).len(), 153);
    }
}
