//! The squid daemon: a PID file, a port, and a slow farewell.

use super::{Act, Behaviour, ServerIo};
use crate::container::memory::MemoryUse;
use crate::container::network::{HttpReply, HttpRequest};
use crate::container::signal::Signal;
use crate::time::{Duration, Instant};

pub const PID_FILE: &str = "/run/squid.pid";
/// Port of its default configuration.
pub const PORT: u16 = 3128;
const STARTUP: Duration = Duration::from_millis(200);
/// `shutdown_lifetime` 5 s, and half of the second that its timer is coarse by.
const SHUTDOWN: Duration = Duration::from_millis(5_500);

/// The running daemon.
#[derive(Clone, Debug, PartialEq)]
pub struct Squid {
    port: u16,
    listen_at: Option<Instant>,
    down_at: Option<Instant>,
}

impl Squid {
    pub fn new(port: u16, started: Instant) -> Squid {
        Squid {
            port,
            listen_at: Some(started + STARTUP),
            down_at: None,
        }
    }
}

impl Behaviour for Squid {
    fn wake_at(&self) -> Option<Instant> {
        match (self.listen_at, self.down_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn run(&mut self, io: &mut ServerIo<'_>) {
        if io.listens(&mut self.listen_at, self.port) {
            let pid = format!("{}\n", io.pid);
            let _ = io.files.write("/", PID_FILE, pid.as_bytes());
        }
        if self.down_at.is_some_and(|at| at <= io.now) {
            self.down_at = None;
            let _ = io.files.unlink("/", PID_FILE);
            io.acts.push(Act::Exit(0));
        }
    }

    fn signal(&mut self, io: &mut ServerIo<'_>, signal: Signal) -> bool {
        match signal {
            Signal::TERM | Signal::INT => {
                if self.down_at.is_none() {
                    self.down_at = Some(io.now + SHUTDOWN);
                    io.acts.push(Act::Close { port: self.port });
                }
            }
            Signal::HUP | Signal(10 | 12) => {}
            _ => return false,
        }
        true
    }

    /// A request without a proxy target is malformed to a proxy.
    fn http(&mut self, _io: &mut ServerIo<'_>, _port: u16, _r: &HttpRequest<'_>) -> HttpReply {
        HttpReply::status(400)
    }

    fn listens_at(&mut self) -> Option<&mut Instant> {
        self.listen_at.as_mut()
    }

    fn memory(&self) -> MemoryUse {
        MemoryUse::steady(60 << 20)
    }
}
