//! Programs that serve: state machines that listen, answer requests and react to signals.
//!
//! A server does no I/O. It is asked, and leaves what it wants done in `ServerIo::acts`.

pub mod agnhost;
pub mod flask;
pub mod generic;
pub mod httpd;
pub mod laid;
pub mod nginx;
pub mod node;
pub mod pause;
pub mod probe_lab;
pub mod squid;

use super::accept_queue::BACKLOG;
use super::filesystem::FsView;
use super::log::{LogBuffer, RequestFormat, RequestLine, Stream};
use super::memory::MemoryUse;
use super::network::{GrpcAnswer, HttpReply, HttpRequest, Peer};
use super::signal::Signal;
use super::traffic::NETWORK_LATENCY;
use super::wall_clock::WallClock;
use crate::container::image::CpuCost;
use crate::scenario::DependencySpec;
use crate::time::{Duration, Instant};
use std::borrow::Cow;
use std::sync::Arc;

/// Where a Pod is on the network; texts only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub hostname: Arc<str>,
    pub ip: Arc<str>,
    /// The node's bridge address, from which its kubelet's probes come.
    pub gateway: Arc<str>,
    pub limits: PodLimits,
}

/// Limits of a whole Pod (`spec.resources`), which its containers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PodLimits {
    /// Bytes; None: no limit.
    pub memory: Option<u64>,
    /// Thousandths of a core; None: no limit.
    pub cpu_milli: Option<u32>,
}

impl Default for Place {
    fn default() -> Self {
        Place {
            hostname: Arc::from("localhost"),
            ip: Arc::from("10.244.1.2"),
            gateway: Arc::from("10.244.1.1"),
            limits: PodLimits::default(),
        }
    }
}

impl Place {
    /// The address a request comes from, as servers log it.
    pub fn client(&self, peer: Peer) -> &str {
        match peer {
            Peer::Kubelet | Peer::Network => &self.gateway,
            Peer::Loopback => "127.0.0.1",
        }
    }
}

/// What a server wants done in its Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Open a TCP port, on all addresses or on 127.0.0.1 only.
    Listen { port: u16, loopback: bool },
    /// Close a port that the server opened.
    Close { port: u16 },
    /// End the process.
    Exit(i32),
}

/// The world around a server for the length of one call.
pub struct ServerIo<'a> {
    pub now: Instant,
    /// When the process started.
    pub started: Instant,
    /// When the last answer under way will be there.
    pub busy_until: Instant,
    pub pid: u32,
    pub clock: WallClock,
    pub place: &'a Place,
    pub files: FsView<'a>,
    pub dependencies: &'a [DependencySpec],
    pub log: &'a mut LogBuffer,
    pub acts: &'a mut Vec<Act>,
}

impl ServerIo<'_> {
    /// Age of the process.
    pub fn age(&self) -> Duration {
        self.now.since(self.started)
    }

    /// When every request under way has had its answer and its connection is closed.
    pub fn drained_at(&self) -> Instant {
        match self.busy_until > self.now {
            true => self.busy_until + NETWORK_LATENCY,
            false => self.now,
        }
    }

    /// Whether a dependency is down; one that nobody declared is up.
    pub fn is_down(&self, dependency: &Option<Arc<str>>) -> bool {
        dependency
            .as_ref()
            .is_some_and(|name| self.dependencies.iter().any(|d| !d.up && *d.name == **name))
    }

    /// Listens on a port of every address once the moment for it has come; whether it has now.
    pub fn listens(&mut self, when: &mut Option<Instant>, port: u16) -> bool {
        let due = when.take_if(|at| *at <= self.now).is_some();
        if due {
            self.acts.push(Act::Listen {
                port,
                loopback: false,
            });
        }
        due
    }

    /// Logs a line on standard output.
    pub fn say(&mut self, text: &str) {
        self.log.line(self.now, Stream::Stdout, text);
    }

    /// Logs a line on standard error.
    pub fn complain(&mut self, text: &str) {
        self.log.line(self.now, Stream::Stderr, text);
    }

    /// Logs a request as numbers.
    pub fn log_request(
        &mut self,
        stream: Stream,
        format: RequestFormat,
        request: &HttpRequest<'_>,
        status: u16,
        counts: (u32, u32),
    ) {
        // Only one kind of line shows it.
        let host = match format {
            RequestFormat::NginxMissing => request.host_seen(&self.place.ip),
            _ => Cow::Borrowed(request.host),
        };
        let line = RequestLine {
            format,
            path: self.log.name(0, request.path),
            agent: self.log.name(1, request.agent()),
            client: self.log.name(2, self.place.client(request.from)),
            host: self.log.name(3, &host),
            status,
            bytes: counts.0,
            number: counts.1,
        };
        self.log.request(self.now, stream, line);
    }
}

/// Whether a server answers a request always alike as long as nobody does anything else to its Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    No,
    /// And nothing else follows from the request.
    Silently,
    /// And one line in the log follows, perhaps a count.
    Logged,
}

/// What every server can be asked. Defaults: nothing to do, no handler, no gRPC.
pub trait Behaviour {
    /// When `run` has something to do next.
    fn wake_at(&self) -> Option<Instant>;
    /// Does what is due.
    fn run(&mut self, io: &mut ServerIo<'_>);
    /// Handles a signal; false: the program has no handler for it (RST-07).
    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        let _ = (io, signal);
        false
    }
    /// Answers a request on one of its ports. Allocation-free unless the request is odd.
    fn http(&mut self, io: &mut ServerIo<'_>, port: u16, request: &HttpRequest<'_>) -> HttpReply {
        let _ = (io, port, request);
        HttpReply::of(super::network::HttpAnswer::Empty)
    }
    /// How it logs a request, and where.
    fn log_format(&self) -> Option<(Stream, RequestFormat)> {
        None
    }
    /// When it will listen, to be set otherwise before its first run.
    fn listens_at(&mut self) -> Option<&mut Instant> {
        None
    }
    /// Whether it would answer a request that it has just answered always alike.
    fn repeats(&self, request: &HttpRequest<'_>) -> Repeats {
        let _ = request;
        Repeats::No
    }
    /// Counts a request whose line in the log nobody will see.
    fn count_request(&mut self) {}
    /// Text of the body that goes with an answer just given.
    fn body(&self, io: &ServerIo<'_>, port: u16, request: &HttpRequest<'_>, status: u16) -> String {
        let _ = (io, port, request, status);
        String::new()
    }
    /// Lines of the head of an answer just given, besides the usual ones.
    fn headers(
        &self,
        io: &ServerIo<'_>,
        port: u16,
        request: &HttpRequest<'_>,
        status: u16,
    ) -> Vec<String> {
        let _ = (io, port, request, status);
        Vec::new()
    }
    /// Answers a gRPC health check.
    fn grpc(&mut self, port: u16, service: &str) -> GrpcAnswer {
        let _ = (port, service);
        GrpcAnswer::Refused
    }
    /// A port it wanted to open is taken.
    fn port_taken(&mut self, io: &mut ServerIo<'_>, port: u16) {
        io.complain(&format!("listen tcp :{port}: bind: address already in use"));
        io.acts.push(Act::Exit(1));
    }
    /// Connections that its socket holds for it while it takes none.
    fn backlog(&self) -> u32 {
        BACKLOG
    }
    /// What its work costs.
    fn cpu(&self) -> CpuCost {
        CpuCost::SMALL
    }
    /// Memory over time.
    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(5 << 20)
    }
}

/// A running server.
#[derive(Clone, Debug, PartialEq)]
pub enum Server {
    Agnhost(agnhost::Agnhost),
    Flask(flask::Flask),
    Generic(generic::Generic),
    Httpd(httpd::Httpd),
    Laid(laid::Laid),
    Nginx(nginx::Nginx),
    Node(node::NodeServer),
    Pause(pause::Pause),
    ProbeLab(probe_lab::ProbeLab),
    Squid(squid::Squid),
}

impl Server {
    /// The behaviour behind the variant.
    pub fn behaviour(&mut self) -> &mut dyn Behaviour {
        match self {
            Server::Agnhost(server) => server,
            Server::Flask(server) => server,
            Server::Generic(server) => server,
            Server::Httpd(server) => server,
            Server::Laid(server) => server,
            Server::Nginx(server) => server,
            Server::Node(server) => server,
            Server::Pause(server) => server,
            Server::ProbeLab(server) => server,
            Server::Squid(server) => server,
        }
    }

    /// Shared access to the behaviour.
    pub fn behaviour_ref(&self) -> &dyn Behaviour {
        match self {
            Server::Agnhost(server) => server,
            Server::Flask(server) => server,
            Server::Generic(server) => server,
            Server::Httpd(server) => server,
            Server::Laid(server) => server,
            Server::Nginx(server) => server,
            Server::Node(server) => server,
            Server::Pause(server) => server,
            Server::ProbeLab(server) => server,
            Server::Squid(server) => server,
        }
    }

    /// The image's own server, below what a Scenario document says.
    pub fn own(&self) -> &Server {
        match self {
            Server::Laid(laid) => laid.inner(),
            server => server,
        }
    }

    /// The image's own server, to be changed.
    pub fn own_mut(&mut self) -> &mut Server {
        match self {
            Server::Laid(laid) => laid.inner_mut(),
            server => server,
        }
    }

    /// Exit code of a program whose runtime ends it on a signal it was given no handler for: Go's
    /// runtime does, 2 as PID 1 (RST-07).
    pub fn runtime_exit_code(&self) -> Option<i32> {
        match self.own() {
            Server::Agnhost(_) | Server::ProbeLab(_) => Some(2),
            _ => None,
        }
    }
}
