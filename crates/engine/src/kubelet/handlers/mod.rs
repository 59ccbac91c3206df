//! What probes do: one file a handler. A handler decides at the begin of a run how it will end;
//! only an exec'd command that goes on decides later.

mod exec;
mod grpc;
mod http_get;
mod output;
mod tcp_socket;

pub use exec::{command_outcome, expand, expand_with};
pub use http_get::{ask, path_of};
pub use output::{host_or, port_number, url, HttpFailure, ProbeOutput, SocketError};

use super::probes::SlotId;
use super::runtime;
use crate::api::{Container, Handler, PortRef, Probe, Scheme};
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::record::ProbeOutcome;
use crate::time::{Duration, Instant};

/// What a probe aims at, worked out when the Pod arrives.
#[derive(Clone, Copy, Debug)]
pub struct ProbeTarget {
    pub timeout: Duration,
    pub handler: TargetHandler,
}

/// A handler with its port resolved (HDL-11).
#[derive(Clone, Copy, Debug)]
pub enum TargetHandler {
    /// `expands`: the command holds a reference `$(VAR)`.
    Exec {
        expands: bool,
    },
    Http {
        port: u16,
        https: bool,
        /// To another host than the Pod.
        elsewhere: bool,
    },
    Tcp {
        port: u16,
        elsewhere: bool,
    },
    Grpc {
        port: u16,
    },
    /// Cannot be run: every run is an error.
    Broken(ProbeOutput),
}

impl ProbeTarget {
    /// The target of a container's probe.
    pub fn new(container: &Container, probe: &Probe) -> Self {
        let port = |port: &PortRef| match port_number(container, port) {
            None => Err(TargetHandler::Broken(ProbeOutput::UnknownPortName)),
            Some(number @ 1..=65_535) => Ok(number as u16),
            Some(number) => Err(TargetHandler::Broken(ProbeOutput::BadPort(number))),
        };
        let handler = match &probe.handler {
            Handler::Exec { command } => TargetHandler::Exec {
                expands: command.iter().any(|word| word.contains('$')),
            },
            Handler::HttpGet(get) => match port(&get.port) {
                Ok(port) => TargetHandler::Http {
                    port,
                    https: get.scheme == Scheme::Https,
                    elsewhere: !get.host.is_empty(),
                },
                Err(broken) => broken,
            },
            Handler::TcpSocket { host, port: to } => match port(to) {
                Ok(port) => TargetHandler::Tcp {
                    port,
                    elsewhere: !host.is_empty(),
                },
                Err(broken) => broken,
            },
            Handler::Grpc { port, .. } => TargetHandler::Grpc { port: *port as u16 },
            Handler::Sleep { .. } => TargetHandler::Broken(ProbeOutput::Empty),
        };
        ProbeTarget {
            timeout: Duration::from_secs(u64::from(probe.timeout_seconds.max(1))),
            handler,
        }
    }
}

/// A run under way.
#[derive(Clone, Copy, Debug)]
pub struct ProbeRun {
    pub began_at: Instant,
    pub ends_at: Instant,
    pub outcome: ProbeOutcome,
    pub output: ProbeOutput,
    /// The exec session that may end it earlier.
    pub exec: Option<u32>,
    /// The container whose answer is awaited.
    pub server: Option<u16>,
}

/// How a handler has begun.
#[derive(Clone, Copy, Debug)]
pub enum ProbeStart {
    /// It will end so.
    Ends {
        after: Duration,
        outcome: ProbeOutcome,
        output: ProbeOutput,
        /// The container that has yet to answer; if it ends before, the connection closes.
        server: Option<u16>,
    },
    /// An exec'd command runs: an exec session.
    Exec(u32),
}

impl ProbeStart {
    fn ends(after: Duration, outcome: ProbeOutcome, output: ProbeOutput) -> Self {
        ProbeStart::Ends {
            after,
            outcome,
            output,
            server: None,
        }
    }

    fn success(after: Duration) -> Self {
        ProbeStart::ends(after, ProbeOutcome::Success, ProbeOutput::Empty)
    }

    fn failure(after: Duration, output: ProbeOutput) -> Self {
        ProbeStart::ends(after, ProbeOutcome::Failure, output)
    }
}

/// Begins a run of a probe.
pub fn start(cx: &mut Cx, pod: PodId, slot: SlotId) -> ProbeStart {
    if let Some(scripted) = runtime::probe(cx, pod, slot) {
        return scripted;
    }
    let target = cx.pod(pod).worker.as_ref().and_then(|worker| {
        worker.containers[usize::from(slot.container())].slots[slot.kind() as usize]
            .as_ref()
            .map(|host| host.target)
    });
    let Some(target) = target else {
        return ProbeStart::ends(Duration::ZERO, ProbeOutcome::Error, ProbeOutput::Empty);
    };
    let start = match target.handler {
        TargetHandler::Exec { expands } => exec::start(cx, pod, slot, target.timeout, expands),
        TargetHandler::Http {
            port,
            https,
            elsewhere,
        } => http_get::start(cx, pod, slot, target.timeout, port, https, elsewhere),
        TargetHandler::Tcp { port, elsewhere } => {
            tcp_socket::start(cx, pod, slot, target.timeout, port, elsewhere)
        }
        TargetHandler::Grpc { port } => grpc::start(cx, pod, slot, target.timeout, port),
        TargetHandler::Broken(output) => {
            ProbeStart::ends(Duration::ZERO, ProbeOutcome::Error, output)
        }
    };
    runtime::machines_touched(cx, pod);
    if let TargetHandler::Http { port, .. }
    | TargetHandler::Tcp { port, .. }
    | TargetHandler::Grpc { port } = target.handler
    {
        let asked = runtime::port_owner(cx, pod, port);
        if asked != pod {
            runtime::machines_touched(cx, asked);
        }
    }
    start
}

/// What a connection to another host than the Pod meets: nothing listens on the node, names are
/// unknown, other addresses do not answer.
fn elsewhere(host: &str) -> SocketError {
    match host {
        "localhost" | "127.0.0.1" | "::1" => SocketError::Refused,
        _ if host.split('.').count() == 4 && host.split('.').all(|p| p.parse::<u8>().is_ok()) => {
            SocketError::TimedOut
        }
        _ => SocketError::UnknownHost,
    }
}

/// The address of the Pod's sandbox, host order.
fn address(cx: &Cx, pod: PodId) -> u32 {
    cx.pod(pod)
        .worker
        .as_ref()
        .and_then(|w| w.truth.sandbox)
        .map_or(0, |s| s.address)
}
