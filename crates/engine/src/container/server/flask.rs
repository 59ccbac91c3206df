//! The health server of seed 000: `/healthz` on port 5000 runs `squid -k check` and answers 200, or
//! 400 with the exit code. Python as any process but PID 1 dies of SIGTERM.

use super::{Act, Behaviour, ServerIo};
use crate::container::image::CpuCost;
use crate::container::log::{RequestFormat, Stream};
use crate::container::memory::MemoryUse;
use crate::container::network::{HttpReply, HttpRequest};
use crate::time::{Duration, Instant};

/// Port of the article's server.
pub const PORT: u16 = 5000;
/// From process start to listening: Python and its imports.
const STARTUP: Duration = Duration::from_millis(400);

/// The running server.
#[derive(Clone, Debug, PartialEq)]
pub struct Flask {
    port: u16,
    listen_at: Option<Instant>,
    /// What the last check ended with; None: it could not be run.
    check: Option<i32>,
}

impl Flask {
    pub fn new(port: u16, started: Instant) -> Flask {
        Flask {
            port,
            listen_at: Some(started + STARTUP),
            check: None,
        }
    }

    /// The command that a request for the path runs first.
    pub fn command(route: &str) -> Option<Vec<String>> {
        (route == "/healthz").then(|| {
            ["/usr/sbin/squid", "-k", "check"]
                .map(String::from)
                .to_vec()
        })
    }

    /// What the command ended with.
    pub fn checked(&mut self, exit_code: Option<i32>) {
        self.check = exit_code;
    }
}

impl Behaviour for Flask {
    fn wake_at(&self) -> Option<Instant> {
        self.listen_at
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        if io.listens(&mut self.listen_at, self.port) {
            io.say(" * Serving Flask app 'agent'");
            io.complain(" * Running on all addresses (0.0.0.0)");
        }
    }

    fn http(&mut self, io: &mut ServerIo<'_>, _port: u16, request: &HttpRequest<'_>) -> HttpReply {
        let status = match (request.route(), self.check) {
            ("/healthz", Some(0)) => 200,
            ("/healthz", Some(_)) => 400,
            ("/healthz", None) => 500,
            _ => 404,
        };
        io.log_request(
            Stream::Stderr,
            RequestFormat::Common,
            request,
            status,
            (0, 0),
        );
        HttpReply::status(status)
    }

    fn body(
        &self,
        _io: &ServerIo<'_>,
        _port: u16,
        _request: &HttpRequest<'_>,
        status: u16,
    ) -> String {
        match status {
            200 => "{\"code\":0,\"msg\":\"OK\"}\n".to_string(),
            400 => format!(
                "{{\"code\":{},\"msg\":\"Fail\"}}\n",
                self.check.unwrap_or_default()
            ),
            500 => "{\"code\":-1,\"msg\":\"Service Unavailable\"}\n".to_string(),
            _ => "Not Found\n".to_string(),
        }
    }

    fn port_taken(&mut self, io: &mut ServerIo<'_>, port: u16) {
        io.complain(&format!(
            "Address already in use\nPort {port} is in use by another program."
        ));
        io.acts.push(Act::Exit(1));
    }

    fn cpu(&self) -> CpuCost {
        CpuCost::APPLICATION
    }

    fn listens_at(&mut self) -> Option<&mut Instant> {
        self.listen_at.as_mut()
    }

    fn log_format(&self) -> Option<(Stream, RequestFormat)> {
        Some((Stream::Stderr, RequestFormat::Common))
    }

    /// Werkzeug's `LISTEN_QUEUE`.
    fn backlog(&self) -> u32 {
        128
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(30 << 20)
    }
}
