//! The seeds' Node server: `/healthz` 200 until `/shutdown` was asked for, then 500; graceful on
//! SIGTERM and SIGINT.

use super::{Act, Behaviour, Repeats, ServerIo};
use crate::container::log::{RequestFormat, Stream};
use crate::container::memory::MemoryUse;
use crate::container::network::{HttpReply, HttpRequest};
use crate::container::signal::Signal;
use crate::time::{Duration, Instant};

/// Port of the tutorial's script.
pub const PORT: u16 = 8080;
/// From process start to listening.
const STARTUP: Duration = Duration::from_millis(10);

/// The running server.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeServer {
    port: u16,
    healthy: bool,
    listen_at: Option<Instant>,
    /// The signal that it was told to stop with.
    stopped_by: Option<&'static str>,
    /// When it has answered what was under way.
    ends_at: Option<Instant>,
}

impl NodeServer {
    pub fn new(port: u16, started: Instant) -> NodeServer {
        NodeServer {
            port,
            healthy: true,
            listen_at: Some(started + STARTUP),
            stopped_by: None,
            ends_at: None,
        }
    }
}

impl Behaviour for NodeServer {
    fn wake_at(&self) -> Option<Instant> {
        self.listen_at.or(self.ends_at)
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        let port = self.port;
        if io.listens(&mut self.listen_at, port) {
            let line = format!(
                "server is listening on http://0.0.0.0:{port} ...  PID =  {}",
                io.pid
            );
            io.say(&line);
        }
        if self.ends_at.is_some_and(|at| at <= io.now) {
            let name = self.stopped_by.unwrap_or_default();
            io.say(&format!("服务停止 {name} 处理完毕"));
            io.acts.push(Act::Exit(0));
        }
    }

    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        let name = match signal {
            Signal::TERM => "SIGTERM",
            Signal::INT => "SIGINT",
            _ => return false,
        };
        if self.stopped_by.is_none() {
            // `server.close`: no more connections; the callback comes when the last has ended.
            self.stopped_by = Some(name);
            self.listen_at = None;
            self.ends_at = Some(io.drained_at());
            io.say(&format!("收到 {name} 信号开始处理"));
            io.acts.push(Act::Close { port: self.port });
            if io.drained_at() == io.now {
                self.run(io);
            }
        }
        true
    }

    fn http(&mut self, io: &mut ServerIo<'_>, _port: u16, request: &HttpRequest<'_>) -> HttpReply {
        let (format, status) = match request.route() {
            "/healthz" => (RequestFormat::Node, if self.healthy { 200 } else { 500 }),
            "/shutdown" => {
                self.healthy = false;
                (RequestFormat::Node, 200)
            }
            _ => (RequestFormat::NodeWorking, 200),
        };
        io.log_request(Stream::Stdout, format, request, status, (0, 0));
        HttpReply::status(status)
    }

    fn repeats(&self, request: &HttpRequest<'_>) -> Repeats {
        match request.route() {
            "/shutdown" => Repeats::No,
            _ => Repeats::Logged,
        }
    }

    fn body(
        &self,
        _io: &ServerIo<'_>,
        _port: u16,
        request: &HttpRequest<'_>,
        status: u16,
    ) -> String {
        match (request.route(), status) {
            ("/healthz", 200) => "nodejs http server is health.",
            ("/healthz", _) => "nodejs http server is unhealth.",
            ("/shutdown", _) => "nodejs http server is shutdown.",
            _ => "hello nodejs http server",
        }
        .to_string()
    }

    fn port_taken(&mut self, io: &mut ServerIo<'_>, port: u16) {
        io.complain(&format!(
            "Error: listen EADDRINUSE: address already in use 0.0.0.0:{port}"
        ));
        io.acts.push(Act::Exit(1));
    }

    fn listens_at(&mut self) -> Option<&mut Instant> {
        self.listen_at.as_mut()
    }

    fn log_format(&self) -> Option<(Stream, RequestFormat)> {
        Some((Stream::Stdout, RequestFormat::Node))
    }

    /// Of `server.listen` where none is given.
    fn backlog(&self) -> u32 {
        511
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(40 << 20)
    }
}
