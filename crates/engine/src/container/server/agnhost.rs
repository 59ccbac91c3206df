//! `agnhost`: the sub-commands that serve.

use super::{Act, Behaviour, ServerIo};
use crate::container::log::{RequestFormat, Stream};
use crate::container::memory::MemoryUse;
use crate::container::network::{GrpcAnswer, HttpAnswer, HttpReply, HttpRequest};
use crate::go_format;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// From process start to listening.
const STARTUP: Duration = Duration::from_millis(1);
/// `liveness` answers well this long.
const LIVENESS_GOOD: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, PartialEq)]
enum Mode {
    Liveness,
    Netexec,
    GrpcHealth {
        grpc_port: u16,
        service: Box<str>,
        serving: bool,
        unhealthy_at: Option<Instant>,
    },
}

/// A running sub-command. Go: without a handler a signal ends it with 2 as PID 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Agnhost {
    mode: Mode,
    http_port: u16,
    listen_at: Option<Instant>,
    exit: Option<(Instant, i32)>,
}

/// What a sub-command becomes.
pub enum Command {
    Serve(Agnhost),
    Pause,
    /// Text for standard error; exit code 1.
    Fail(String),
}

impl Agnhost {
    /// How many ports it opens.
    pub fn port_count(&self) -> usize {
        match self.mode {
            Mode::GrpcHealth { .. } => 2,
            Mode::Liveness | Mode::Netexec => 1,
        }
    }

    /// Reads the sub-command and its flags (`agnhost ARGS…`). Ports: HTTP and gRPC, where no flag
    /// says them.
    pub fn command(args: &[String], ports: [u16; 2], started: Instant) -> Command {
        let flag = |name: &str| {
            let mut found = None;
            for (at, arg) in args.iter().enumerate() {
                match arg.strip_prefix("--").and_then(|a| a.strip_prefix(name)) {
                    Some("") => found = args.get(at + 1).cloned(),
                    Some(rest) => found = rest.strip_prefix('=').map(str::to_string).or(found),
                    None => {}
                }
            }
            found
        };
        let port = |name: &str, usual: u16| {
            flag(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(usual)
        };
        let mode = match args.first().map(String::as_str) {
            Some("liveness") => Mode::Liveness,
            Some("netexec") => Mode::Netexec,
            Some("grpc-health-checking") => Mode::GrpcHealth {
                grpc_port: port("port", ports[1]),
                service: flag("service").unwrap_or_default().into_boxed_str(),
                serving: true,
                unhealthy_at: flag("delay-unhealthy-sec")
                    .and_then(|text| text.parse().ok())
                    .map(|secs| started + Duration::from_secs(secs)),
            },
            Some("pause") | None => return Command::Pause,
            Some(other) => {
                return Command::Fail(format!("Error: unknown command \"{other}\" for \"app\""))
            }
        };
        Command::Serve(Agnhost {
            http_port: port("http-port", ports[0]),
            mode,
            listen_at: Some(started + STARTUP),
            exit: None,
        })
    }

    fn liveness(&self, io: &ServerIo<'_>, request: &HttpRequest<'_>) -> HttpReply {
        match request.route() {
            "/healthz" if io.age() > LIVENESS_GOOD => HttpReply::status(500),
            "/healthz" | "/started" => HttpReply::status(200),
            "/redirect" => {
                let location = request.parameter("loc").unwrap_or_default();
                HttpReply::of(HttpAnswer::Status {
                    status: 302,
                    location: Some(Arc::from(location.as_str())),
                })
            }
            _ => HttpReply::status(404),
        }
    }

    fn netexec(&mut self, io: &mut ServerIo<'_>, request: &HttpRequest<'_>) -> HttpReply {
        io.log_request(Stream::Stderr, RequestFormat::Netexec, request, 200, (0, 0));
        match request.route() {
            "/exit" => {
                let code = request.parameter("code").and_then(|c| c.parse().ok());
                let wait = request
                    .parameter("timeout")
                    .and_then(|t| go_format::parse_duration(&t))
                    .unwrap_or(Duration::ZERO);
                self.exit = Some((io.now + wait, code.unwrap_or(0)));
                HttpReply::status(200)
            }
            "/redirect" => {
                let location = request.parameter("location").unwrap_or_default();
                let code = request.parameter("code").and_then(|c| c.parse().ok());
                HttpReply::of(HttpAnswer::Status {
                    status: code.unwrap_or(302),
                    location: Some(Arc::from(location.as_str())),
                })
            }
            // The root handler of the server takes every path it does not know.
            _ => HttpReply::status(200),
        }
    }
}

/// Seconds with the decimals of Go's `Duration.Seconds`.
fn go_seconds(age: Duration) -> String {
    let text = format!("{}.{:09}", age.as_secs(), age.0 % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

impl Behaviour for Agnhost {
    fn wake_at(&self) -> Option<Instant> {
        if self.listen_at.is_some() {
            return self.listen_at;
        }
        let unhealthy = match &self.mode {
            Mode::GrpcHealth { unhealthy_at, .. } => *unhealthy_at,
            _ => None,
        };
        match (self.exit.map(|(at, _)| at), unhealthy) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        if io.listens(&mut self.listen_at, self.http_port) {
            if let Mode::GrpcHealth { grpc_port, .. } = &self.mode {
                io.acts.push(Act::Listen {
                    port: *grpc_port,
                    loopback: false,
                });
            }
        }
        if let Mode::GrpcHealth {
            serving,
            unhealthy_at,
            ..
        } = &mut self.mode
        {
            if unhealthy_at.is_some_and(|at| at <= io.now) {
                *unhealthy_at = None;
                *serving = false;
            }
        }
        if let Some((at, code)) = self.exit {
            if at <= io.now {
                io.acts.push(Act::Exit(code));
            }
        }
    }

    fn http(&mut self, io: &mut ServerIo<'_>, _port: u16, request: &HttpRequest<'_>) -> HttpReply {
        match &mut self.mode {
            Mode::Liveness => self.liveness(io, request),
            Mode::Netexec => self.netexec(io, request),
            Mode::GrpcHealth {
                grpc_port, serving, ..
            } => {
                if _port == *grpc_port {
                    return HttpReply::of(HttpAnswer::Empty);
                }
                match request.route() {
                    "/make-not-serving" => *serving = false,
                    "/make-serving" => *serving = true,
                    _ => return HttpReply::status(404),
                }
                HttpReply::status(200)
            }
        }
    }

    fn body(
        &self,
        io: &ServerIo<'_>,
        _port: u16,
        request: &HttpRequest<'_>,
        status: u16,
    ) -> String {
        match (&self.mode, request.route()) {
            (_, "/redirect") => {
                let location = request
                    .parameter("loc")
                    .or_else(|| request.parameter("location"))
                    .unwrap_or_default();
                format!("<a href=\"{location}\">Found</a>.\n\n")
            }
            (Mode::Liveness, "/healthz") if status == 500 => {
                format!("error: {}", go_seconds(io.age()))
            }
            (Mode::Liveness, "/healthz") => "ok".to_string(),
            (Mode::Liveness, "/started") => format!("{}s", go_seconds(io.age())),
            (Mode::Netexec, "/hostname") => io.place.hostname.to_string(),
            (Mode::Netexec, "/clientip") => {
                format!("{}:40000", io.place.client(request.from))
            }
            (Mode::Netexec, "/header") => {
                let key = request.parameter("key").unwrap_or_default();
                request.header(&key).unwrap_or_default().to_string()
            }
            (Mode::Netexec, "/healthz") => String::new(),
            (Mode::Netexec, _) => format!("NOW: {}", io.clock.rfc3339_millis(io.now)),
            (Mode::GrpcHealth { .. }, _) if status == 200 => String::new(),
            _ => "404 page not found\n".to_string(),
        }
    }

    fn grpc(&mut self, port: u16, asked: &str) -> GrpcAnswer {
        match &self.mode {
            Mode::GrpcHealth {
                grpc_port,
                service,
                serving,
                ..
            } if *grpc_port == port => match (&**service == asked, serving) {
                (false, _) => GrpcAnswer::UnknownService,
                (true, true) => GrpcAnswer::Serving,
                (true, false) => GrpcAnswer::NotServing,
            },
            _ => GrpcAnswer::Refused,
        }
    }

    fn listens_at(&mut self) -> Option<&mut Instant> {
        self.listen_at.as_mut()
    }

    fn log_format(&self) -> Option<(Stream, RequestFormat)> {
        (self.mode == Mode::Netexec).then_some((Stream::Stderr, RequestFormat::Netexec))
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(8 << 20)
    }
}
