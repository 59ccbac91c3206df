//! What a probe's run left to say, as small data; the text is made when somebody looks
//! (tables of semantics/kubelet.md §2).

use crate::api::{Container, Handler, HttpGet, PortRef, ProbeKind, Scheme};
use crate::go_format;
use crate::go_format::go_duration;
use crate::ids::TextId;
use crate::text::Texts;
use crate::time::Duration;

/// What a probe's run left to say. Addresses are IPv4 in host order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProbeOutput {
    Empty,
    /// Output of an exec'd command, or any text that is already there.
    Text(TextId),
    /// HDL-21.
    ExecTimedOut,
    /// No such program; `session` makes the exec ID, `text` is the runtime's (HDL-22).
    ExecNotFound {
        session: u64,
        text: TextId,
    },
    /// The runtime refused for the container's state (HDL-23).
    ExecNotRunning(&'static str),
    /// Neither success nor redirection (HDL-05).
    HttpStatus(u16),
    /// The request to the probe's own URL failed.
    HttpFailed {
        address: u32,
        failure: HttpFailure,
    },
    /// A request after a redirection failed.
    HttpFailedAt {
        url: TextId,
        failure: HttpFailure,
    },
    /// Ten redirections were not enough (HDL-06); the last Location.
    RedirectLoop(TextId),
    /// A redirection to another host is not followed: a warning (HDL-06).
    RedirectNotFollowed,
    /// The body stalled until the timeout (HDL-10).
    BodyStalls,
    /// The body ended too early (HDL-10).
    BodyCut,
    /// HDL-12.
    TcpFailed {
        address: u32,
        failure: SocketError,
    },
    /// No connection within the timeout (HDL-30).
    GrpcNoConnection {
        address: u32,
    },
    GrpcLate,
    GrpcNoHealthService,
    GrpcUnknownService,
    /// Not SERVING; the status' name.
    GrpcStatus(&'static str),
    /// A named port that the container does not declare (HDL-11).
    UnknownPortName,
    /// A port outside 1–65535.
    BadPort(i32),
}

/// Why an HTTP request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HttpFailure {
    Socket(SocketError),
    /// No reply within the timeout.
    NoReply,
    /// Closed without a reply.
    Eof,
    /// Reset; the client's port varies (HDL table).
    Reset {
        source_port: u16,
    },
    /// An https probe met a plain server.
    PlainServer,
    /// Not HTTP; the first line that came.
    NotHttp(TextId),
}

/// Why a connection was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SocketError {
    Refused,
    TimedOut,
    NoRoute,
    NetworkUnreachable,
    UnknownHost,
}

impl ProbeOutput {
    /// The text for a probe of a container.
    pub fn text(self, texts: &Texts, container: &Container, kind: ProbeKind) -> String {
        let probe = container.probe(kind);
        let timeout = || {
            let seconds = probe.map_or(1, |p| p.timeout_seconds);
            go_duration(Duration::from_secs(u64::from(seconds)))
        };
        match self {
            ProbeOutput::Empty => String::new(),
            ProbeOutput::Text(text) => texts.get(text).to_owned(),
            ProbeOutput::ExecTimedOut => format!(
                "command timed out: \"{}\" timed out after {}",
                command_line(container, kind),
                timeout()
            ),
            ProbeOutput::ExecNotFound { session, text } => format!(
                "rpc error: code = Unknown desc = failed to exec in container: failed to start \
                 exec \"{}\": OCI runtime exec failed: {}",
                hex_id(session),
                texts.get(text)
            ),
            ProbeOutput::ExecNotRunning(text) => {
                format!("rpc error: code = Unknown desc = failed to exec in container: {text}")
            }
            ProbeOutput::HttpStatus(status) => {
                format!("HTTP probe failed with statuscode: {status}")
            }
            ProbeOutput::HttpFailed { address, failure } => {
                let place = HttpPlace::of(container, kind, address);
                place.failure(texts, failure)
            }
            ProbeOutput::HttpFailedAt { url, failure } => {
                let place = HttpPlace::at(texts.get(url));
                place.failure(texts, failure)
            }
            ProbeOutput::RedirectLoop(location) => {
                format!(
                    "Get \"{}\": stopped after 10 redirects",
                    texts.get(location)
                )
            }
            ProbeOutput::RedirectNotFollowed => {
                "Probe terminated redirects, Response body: ".to_owned()
            }
            ProbeOutput::BodyStalls => "context deadline exceeded (Client.Timeout or context \
                                        cancellation while reading body)"
                .to_owned(),
            ProbeOutput::BodyCut => "unexpected EOF".to_owned(),
            ProbeOutput::TcpFailed { address, failure } => {
                let (host, port) = match probe.map(|p| &p.handler) {
                    Some(Handler::TcpSocket { host, port }) => {
                        (host.as_str(), port_text(container, port))
                    }
                    _ => ("", String::new()),
                };
                failure.dial(&host_or(host, address), &port)
            }
            ProbeOutput::GrpcNoConnection { address } => {
                let port = match probe.map(|p| &p.handler) {
                    Some(Handler::Grpc { port, .. }) => *port,
                    _ => 0,
                };
                format!(
                    "timeout: failed to connect service \"{}:{port}\" within {}: context deadline \
                     exceeded",
                    go_format::ipv4(address),
                    timeout()
                )
            }
            ProbeOutput::GrpcLate => {
                format!("timeout: health rpc did not complete within {}", timeout())
            }
            ProbeOutput::GrpcNoHealthService => "error: this server does not implement the grpc \
                                                 health protocol (grpc.health.v1.Health): unknown \
                                                 service grpc.health.v1.Health"
                .to_owned(),
            ProbeOutput::GrpcUnknownService => "error: health rpc probe failed: rpc error: code = \
                                                NotFound desc = unknown service"
                .to_owned(),
            ProbeOutput::GrpcStatus(status) => {
                format!("service unhealthy (responded with \"{status}\")")
            }
            ProbeOutput::UnknownPortName => {
                let name = match probe.map(|p| &p.handler) {
                    Some(Handler::HttpGet(HttpGet { port, .. }))
                    | Some(Handler::TcpSocket { port, .. }) => match port {
                        PortRef::Name(name) => name.clone(),
                        PortRef::Number(number) => number.to_string(),
                    },
                    _ => String::new(),
                };
                format!(
                    "strconv.Atoi: parsing {}: invalid syntax",
                    go_format::quote(&name)
                )
            }
            ProbeOutput::BadPort(port) => format!("invalid port number: {port}"),
        }
    }
}

impl SocketError {
    /// `dial tcp 10.0.0.5:8080: connect: connection refused` and its kin.
    fn dial(self, host: &str, port: &str) -> String {
        match self {
            SocketError::Refused => format!("dial tcp {host}:{port}: connect: connection refused"),
            SocketError::TimedOut => format!("dial tcp {host}:{port}: i/o timeout"),
            SocketError::NoRoute => format!("dial tcp {host}:{port}: connect: no route to host"),
            SocketError::NetworkUnreachable => {
                format!("dial tcp {host}:{port}: connect: network is unreachable")
            }
            SocketError::UnknownHost => {
                format!("dial tcp: lookup {host} on 10.96.0.10:53: no such host")
            }
        }
    }
}

/// Where a request went.
struct HttpPlace {
    url: String,
    host: String,
    port: String,
    https: bool,
}

impl HttpPlace {
    /// The URL of a probe (HDL-01).
    fn of(container: &Container, kind: ProbeKind, address: u32) -> Self {
        match container.probe(kind).map(|p| &p.handler) {
            Some(Handler::HttpGet(get)) => {
                let host = host_or(&get.host, address);
                let port = port_text(container, &get.port);
                HttpPlace {
                    url: url(get, &host, &port),
                    https: get.scheme == Scheme::Https,
                    host,
                    port,
                }
            }
            _ => HttpPlace::at(""),
        }
    }

    fn at(url: &str) -> Self {
        let https = url.starts_with("https:");
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let default = if https { "443" } else { "80" };
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, default));
        HttpPlace {
            url: url.to_owned(),
            host: host.to_owned(),
            port: port.to_owned(),
            https,
        }
    }

    fn failure(&self, texts: &Texts, failure: HttpFailure) -> String {
        let HttpPlace {
            url, host, port, ..
        } = self;
        let what = match failure {
            HttpFailure::Socket(error) => error.dial(host, port),
            HttpFailure::NoReply if self.https => "net/http: request canceled while waiting for \
                                                   connection (Client.Timeout exceeded while \
                                                   awaiting headers)"
                .to_owned(),
            HttpFailure::NoReply => "context deadline exceeded (Client.Timeout exceeded while \
                                     awaiting headers)"
                .to_owned(),
            HttpFailure::Eof => "EOF".to_owned(),
            HttpFailure::Reset { source_port } => {
                let bridge = match host.rsplit_once('.') {
                    Some((network, _)) => format!("{network}.1"),
                    None => host.clone(),
                };
                format!(
                    "read tcp {bridge}:{source_port}->{host}:{port}: read: connection reset by peer"
                )
            }
            HttpFailure::PlainServer => {
                "http: server gave HTTP response to HTTPS client".to_owned()
            }
            HttpFailure::NotHttp(line) => format!(
                "net/http: HTTP/1.x transport connection broken: malformed HTTP response {}",
                go_format::quote(texts.get(line))
            ),
        };
        format!("Get \"{url}\": {what}")
    }
}

/// The URL of an HTTP probe or hook (HDL-01).
pub fn url(get: &HttpGet, host: &str, port: &str) -> String {
    let scheme = match get.scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    };
    let slash = if get.path.starts_with('/') { "" } else { "/" };
    format!("{scheme}://{host}:{port}{slash}{}", get.path)
}

/// The host as written, or the Pod's address.
pub fn host_or(host: &str, address: u32) -> String {
    if host.is_empty() {
        go_format::ipv4(address)
    } else {
        host.to_owned()
    }
}

/// The port number behind a reference (HDL-11); None: the name is unknown.
pub fn port_number(container: &Container, port: &PortRef) -> Option<i32> {
    match port {
        PortRef::Number(number) => Some(*number),
        PortRef::Name(name) => container
            .ports
            .iter()
            .find(|p| p.name == *name)
            .map(|p| i32::from(p.container_port))
            .or_else(|| name.parse().ok()),
    }
}

fn port_text(container: &Container, port: &PortRef) -> String {
    port_number(container, port).map_or_else(String::new, |number| number.to_string())
}

fn command_line(container: &Container, kind: ProbeKind) -> String {
    match container.probe(kind).map(|p| &p.handler) {
        Some(Handler::Exec { command }) => command.join(" "),
        _ => String::new(),
    }
}

/// Sixty-four hex digits that look random and follow from `session`.
fn hex_id(session: u64) -> String {
    let mut state = session;
    let mut id = String::with_capacity(64);
    for _ in 0..4 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        id.push_str(&format!("{:016x}", state ^ (state >> 29)));
    }
    id
}
