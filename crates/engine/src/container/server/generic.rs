//! The well-behaved server of images that the catalogue does not know, and of images that a
//! Scenario describes: its behaviour is data.

use super::{Act, Behaviour, Repeats, ServerIo};
use crate::container::filesystem::Errno;
use crate::container::image::{
    CpuCost, GrpcEntry, ImageBehaviour, OnStop, Otherwise, Route, RouteAnswer,
};
use crate::container::log::{RequestFormat, Stream};
use crate::container::memory::MemoryUse;
use crate::container::network::{GrpcAnswer, HttpAnswer, HttpReply, HttpRequest};
use crate::container::signal::Signal;
use crate::time::Instant;
use std::sync::Arc;

/// The running server.
#[derive(Clone, Debug, PartialEq)]
pub struct Generic {
    behaviour: Arc<ImageBehaviour>,
    /// Ports it opens: those of the behaviour, else those that the Pod names.
    ports: Arc<Vec<u16>>,
    started: Instant,
    listening: bool,
    stopping: bool,
    end: Option<(Instant, i32)>,
}

impl Generic {
    /// Ports: those of the behaviour, else those that the Pod names.
    pub fn new(behaviour: &Arc<ImageBehaviour>, named: &[u16], started: Instant) -> Generic {
        let mut ports = if behaviour.listen.is_empty() {
            named.to_vec()
        } else {
            behaviour.listen.clone()
        };
        for port in behaviour.grpc.iter().map(|g| g.port) {
            if port != 0 && !ports.contains(&port) {
                ports.push(port);
            }
        }
        Generic {
            behaviour: behaviour.clone(),
            ports: Arc::new(ports),
            started,
            listening: false,
            stopping: false,
            end: behaviour
                .exit
                .as_ref()
                .map(|exit| (started + exit.after, exit.code)),
        }
    }
}

impl Generic {
    /// The file that a path stands for, where files are served.
    fn file(&self, route: &str) -> Option<String> {
        let Otherwise::Files(root) = self.behaviour.otherwise else {
            return None;
        };
        let index = if route.ends_with('/') {
            "index.html"
        } else {
            ""
        };
        Some(format!("{root}{route}{index}"))
    }

    fn log(&self, io: &mut ServerIo<'_>, request: &HttpRequest<'_>, status: u16, bytes: usize) {
        if let Some(format) = self.behaviour.log {
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            io.log_request(Stream::Stdout, format, request, status, (bytes, 0));
        }
    }

    /// What a request gets that no route is for.
    fn answer_otherwise(&self, io: &mut ServerIo<'_>, request: &HttpRequest<'_>) -> HttpReply {
        let (status, bytes) = match self.behaviour.otherwise {
            Otherwise::Closes => return HttpReply::of(HttpAnswer::Empty),
            Otherwise::Greets(line) => {
                return HttpReply::of(HttpAnswer::NotHttp(Arc::from(line)));
            }
            Otherwise::Status(status) => (status, 0),
            Otherwise::Files(_) => {
                let file = self.file(request.route()).unwrap_or_default();
                match io.files.read("/", &file) {
                    Ok(bytes) => (200, bytes.len()),
                    Err(Errno::IsDirectory) => (301, 0),
                    Err(Errno::AccessDenied) => (403, 0),
                    Err(_) => (404, 0),
                }
            }
        };
        self.log(io, request, status, bytes);
        HttpReply::status(status)
    }
}

/// What a route answers, with its line in the log.
pub fn answer(
    route: &Route,
    io: &mut ServerIo<'_>,
    request: &HttpRequest<'_>,
    log: Option<(Stream, RequestFormat)>,
) -> HttpReply {
    if io.is_down(&route.needs) {
        let mut reply = HttpReply::status(503);
        reply.after = route.latency;
        return reply;
    }
    let what = match &route.answer {
        RouteAnswer::Status { status, location } => {
            if let Some((stream, format)) = log {
                let bytes = u32::try_from(route.body.len()).unwrap_or(u32::MAX);
                io.log_request(stream, format, request, *status, (bytes, 0));
            }
            HttpAnswer::Status {
                status: *status,
                location: location.clone(),
            }
        }
        RouteAnswer::Reset => HttpAnswer::Reset,
        RouteAnswer::Hang => HttpAnswer::NoAnswer,
        RouteAnswer::Empty => HttpAnswer::Empty,
        RouteAnswer::Refuse => HttpAnswer::Refused,
    };
    HttpReply {
        after: route.latency,
        what,
        container: None,
    }
}

/// What the described services answer on a port; None: none is described there.
pub fn health(entries: &[GrpcEntry], port: u16, service: &str) -> Option<GrpcAnswer> {
    let mut known = None;
    for entry in entries.iter().filter(|g| g.port == port || g.port == 0) {
        if *entry.service == *service {
            return Some(entry.answer);
        }
        known = Some(GrpcAnswer::UnknownService);
    }
    known
}

impl Behaviour for Generic {
    fn wake_at(&self) -> Option<Instant> {
        let listen = (!self.listening).then(|| self.started + self.behaviour.startup);
        match (listen, self.end.map(|(at, _)| at)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        if !self.listening && io.age() >= self.behaviour.startup {
            self.listening = true;
            if !self.behaviour.says.is_empty() {
                io.say(self.behaviour.says);
            }
            for port in self.ports.iter() {
                io.acts.push(Act::Listen {
                    port: *port,
                    loopback: self.behaviour.loopback_only,
                });
            }
        }
        if let Some((at, code)) = self.end {
            if at <= io.now {
                self.end = None;
                let needs = self.behaviour.exit.as_ref().and_then(|e| e.needs.clone());
                if self.stopping || needs.is_none() || io.is_down(&needs) {
                    io.acts.push(Act::Exit(code));
                }
            }
        }
    }

    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        let stops = [Signal::TERM, Signal::INT, Signal::QUIT].contains(&signal);
        if !stops && self.behaviour.stop_signal != Some(signal) {
            return false;
        }
        let OnStop::Exit {
            after,
            code,
            keeps_listening,
        } = self.behaviour.on_stop
        else {
            return true;
        };
        let mut end = io.now + after;
        if !stops {
            // A stop signal of its own, such as Apache's SIGWINCH, is the graceful one.
            end = end.max(io.drained_at());
        }
        if end == io.now {
            io.acts.push(Act::Exit(code));
        } else if !self.stopping {
            self.stopping = true;
            self.end = Some((end, code));
            if !keeps_listening {
                self.listening = true;
                let ports = self.ports.iter();
                io.acts.extend(ports.map(|&port| Act::Close { port }));
            }
        }
        true
    }

    fn http(&mut self, io: &mut ServerIo<'_>, port: u16, request: &HttpRequest<'_>) -> HttpReply {
        let route = self.behaviour.route(port, request.route(), io.age());
        let log = self.behaviour.log.map(|format| (Stream::Stdout, format));
        match route {
            Some(route) => answer(route, io, request, log),
            None => self.answer_otherwise(io, request),
        }
    }

    fn repeats(&self, request: &HttpRequest<'_>) -> Repeats {
        let _ = request;
        match self.behaviour.otherwise {
            Otherwise::Status(_) if self.behaviour.routes.is_empty() => Repeats::Silently,
            _ => Repeats::No,
        }
    }

    fn body(&self, io: &ServerIo<'_>, port: u16, request: &HttpRequest<'_>, status: u16) -> String {
        self.behaviour
            .route(port, request.route(), io.age())
            .map(|route| route.body.to_string())
            .or_else(|| {
                let file = self.file(request.route())?;
                let bytes = io.files.read("/", &file).ok()?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            })
            .unwrap_or_else(|| match status {
                200 => "ok\n".to_string(),
                _ => format!("{status}\n"),
            })
    }

    fn headers(
        &self,
        io: &ServerIo<'_>,
        port: u16,
        request: &HttpRequest<'_>,
        _status: u16,
    ) -> Vec<String> {
        let route = self.behaviour.route(port, request.route(), io.age());
        route
            .map(|route| route.headers.to_vec())
            .unwrap_or_default()
    }

    fn grpc(&mut self, port: u16, service: &str) -> GrpcAnswer {
        match health(&self.behaviour.grpc, port, service) {
            Some(answer) => answer,
            // Nobody described it: a well-behaved server serves.
            None if self.behaviour.grpc.is_empty() => GrpcAnswer::Serving,
            None => GrpcAnswer::Refused,
        }
    }

    fn cpu(&self) -> CpuCost {
        self.behaviour.cpu
    }

    fn backlog(&self) -> u32 {
        self.behaviour.backlog
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse {
            base_bytes: self.behaviour.memory_bytes,
            grow_bytes_per_sec: self.behaviour.leak_bytes_per_sec,
            grow_from: self.started,
            grow_bytes_max: self.behaviour.grow_bytes_max,
        }
    }
}
