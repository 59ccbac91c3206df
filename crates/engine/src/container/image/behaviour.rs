//! The behaviour of a server as data: what a Scenario's `images` entry can say.

use super::Overlay;
use crate::container::accept_queue::BACKLOG;
use crate::container::log::RequestFormat;
use crate::container::network::GrpcAnswer;
use crate::container::signal::Signal;
use crate::time::Duration;
use std::sync::Arc;

/// How a server that is data behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageBehaviour {
    /// From process start to listening.
    pub startup: Duration,
    /// Ports; empty: those that the Pod declares and probes.
    pub listen: Vec<u16>,
    /// Bound to 127.0.0.1: only processes of the Pod reach it.
    pub loopback_only: bool,
    /// Connections that its sockets hold while it takes none.
    pub backlog: u32,
    /// First match wins; 200 where nothing matches.
    pub routes: Vec<Route>,
    pub grpc: Vec<GrpcEntry>,
    pub on_stop: OnStop,
    pub memory_bytes: u64,
    /// Growth of memory from the process start.
    pub leak_bytes_per_sec: u64,
    /// Where that growth ends.
    pub grow_bytes_max: u64,
    /// Ends by itself.
    pub exit: Option<ExitAfter>,
    pub cpu: CpuCost,
    /// STOPSIGNAL, if not the image's own.
    pub stop_signal: Option<Signal>,
    /// What a request gets that no route is for.
    pub otherwise: Otherwise,
    /// Last line of the log before it listens; empty: none.
    pub says: &'static str,
    /// How it logs a request.
    pub log: Option<RequestFormat>,
}

/// What a server answers where it has no route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    Status(u16),
    /// The files of this directory, as they are.
    Files(&'static str),
    /// Closes the connection: it does not speak HTTP.
    Closes,
    /// Speaks first, and not HTTP.
    Greets(&'static str),
}

impl Default for ImageBehaviour {
    /// The unknown image: listens after 1 s, answers 200, leaves on SIGTERM with 0.
    fn default() -> Self {
        ImageBehaviour {
            startup: Duration::from_secs(1),
            listen: Vec::new(),
            loopback_only: false,
            backlog: BACKLOG,
            routes: Vec::new(),
            grpc: Vec::new(),
            on_stop: OnStop::Exit {
                after: Duration::ZERO,
                code: 0,
                keeps_listening: false,
            },
            memory_bytes: 32 << 20,
            leak_bytes_per_sec: 0,
            grow_bytes_max: u64::MAX / 4,
            exit: None,
            cpu: CpuCost::APPLICATION,
            stop_signal: None,
            otherwise: Otherwise::Status(200),
            says: "",
            log: None,
        }
    }
}

/// A process that ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitAfter {
    /// Age of the process.
    pub after: Duration,
    pub code: i32,
    /// Only if this dependency is down then.
    pub needs: Option<Arc<str>>,
}

/// What a program costs in CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuCost {
    /// While nobody asks, in thousandths of a core.
    pub idle_milli: u32,
    /// CPU time of one answer.
    pub request: Duration,
}

impl CpuCost {
    /// A small program that does little more than answer.
    pub const SMALL: CpuCost = CpuCost {
        idle_milli: 1,
        request: Duration::from_millis(1),
    };
    /// A dynamic page of an ordinary application.
    pub const APPLICATION: CpuCost = CpuCost {
        idle_milli: 2,
        request: Duration::from_millis(10),
    };
}

/// What a stop signal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStop {
    /// Answers what is under way for `after`, then ends with `code`. Connections are refused
    /// meanwhile, unless it keeps listening.
    Exit {
        after: Duration,
        code: i32,
        keeps_listening: bool,
    },
    Ignore,
}

/// What a route answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteAnswer {
    Status {
        status: u16,
        location: Option<Arc<str>>,
    },
    Reset,
    Hang,
    Empty,
    Refuse,
}

/// One route of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// None: every port.
    pub port: Option<u16>,
    /// Path without query; None: every path.
    pub path: Option<Arc<str>>,
    pub answer: RouteAnswer,
    pub latency: Duration,
    pub body: Arc<str>,
    /// Lines of the answer's head besides the usual ones: `X-Served-By: a`.
    pub headers: Arc<[String]>,
    /// Age of the process from which on the route holds.
    pub from_age: Duration,
    /// Age until which it holds, this moment excluded; None: for ever.
    pub to_age: Option<Duration>,
    /// A dependency that is asked for the answer: 503 while it is down.
    pub needs: Option<Arc<str>>,
}

impl Route {
    /// A route of all ports that answers a status at once.
    pub fn status(path: &str, status: u16) -> Route {
        Route {
            port: None,
            path: Some(Arc::from(path)),
            answer: RouteAnswer::Status {
                status,
                location: None,
            },
            latency: Duration::ZERO,
            body: Arc::from(""),
            headers: Arc::default(),
            from_age: Duration::ZERO,
            to_age: None,
            needs: None,
        }
    }
}

/// One service of a gRPC health server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrpcEntry {
    pub port: u16,
    pub service: Arc<str>,
    pub answer: GrpcAnswer,
}

/// The first route that holds for a request at this age of the process.
fn find<'a>(routes: &'a [Route], port: u16, path: &str, age: Duration) -> Option<&'a Route> {
    routes.iter().find(|route| {
        route.port.is_none_or(|p| p == port)
            && route.path.as_ref().is_none_or(|p| **p == *path)
            && route.from_age <= age
            && route.to_age.is_none_or(|to| age < to)
    })
}

impl ImageBehaviour {
    /// The first route that holds for a request at this age of the process.
    pub fn route(&self, port: u16, path: &str, age: Duration) -> Option<&Route> {
        find(&self.routes, port, path, age)
    }
}

impl Overlay {
    /// The first route that holds for a request at this age of the process.
    pub fn route(&self, port: u16, path: &str, age: Duration) -> Option<&Route> {
        find(&self.routes, port, path, age)
    }
}
