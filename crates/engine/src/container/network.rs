//! Requests to a Pod and the answers it gives: what a client on the network can see.

use crate::time::Duration;
use std::borrow::Cow;
use std::sync::Arc;

/// Who asks; decides what servers write into their logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The kubelet of the node, from the node's bridge address.
    Kubelet,
    /// A process of the same Pod through 127.0.0.1.
    Loopback,
    /// Anything else: traffic through a Service.
    Network,
}

/// A GET request. Only what decides an answer or stands in a log.
#[derive(Clone, Copy, Debug)]
pub struct HttpRequest<'a> {
    /// `GET` for probes; other methods answer alike, but for `HEAD`'s body.
    pub method: &'a str,
    /// Path with query, beginning with `/`.
    pub path: &'a str,
    /// Headers besides `User-Agent` and `Host`, in order, duplicates kept.
    pub headers: &'a [(String, String)],
    /// `User-Agent`, `kube-probe/1.36` for probes (HDL-02). A `User-Agent` among `headers` wins.
    pub user_agent: &'a str,
    /// Host as the client wrote it, with port. Only for logs. A `Host` among `headers` wins.
    pub host: &'a str,
    /// The port it is sent to, where no host is written: then the server sees its own address.
    pub port: u16,
    pub from: Peer,
}

impl<'a> HttpRequest<'a> {
    /// A probe's request without headers of its own.
    pub fn probe(path: &'a str) -> HttpRequest<'a> {
        HttpRequest {
            method: "GET",
            path,
            headers: &[],
            user_agent: "kube-probe/1.36",
            host: "",
            port: 0,
            from: Peer::Kubelet,
        }
    }

    /// A header's last value, by name without case.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers
            .iter()
            .rev()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The agent that the server sees.
    pub fn agent(&self) -> &'a str {
        self.header("User-Agent").unwrap_or(self.user_agent)
    }

    /// The host that a server at that address sees (HDL-02).
    pub fn host_seen(&self, own_address: &str) -> Cow<'a, str> {
        match self.header("Host").unwrap_or(self.host) {
            "" if self.port > 0 => {
                let port = self.port.to_string();
                Cow::Owned([own_address, ":", &port].concat())
            }
            written => Cow::Borrowed(written),
        }
    }

    /// Path without query.
    pub fn route(&self) -> &'a str {
        self.path.split('?').next().unwrap_or(self.path)
    }

    /// Raw text after `?`; empty if there is none.
    pub fn query(&self) -> &'a str {
        self.path.split_once('?').map_or("", |(_, query)| query)
    }

    /// A query parameter, percent-decoded; the first of its name.
    pub fn parameter(&self, name: &str) -> Option<String> {
        for pair in self.query().split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if percent_decode(key) == name {
                return Some(percent_decode(value));
            }
        }
        None
    }
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3);
        match (bytes[at], hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
                continue;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What a client gets for an HTTP request (texts: HDL-05, HDL-10 and the table before).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpAnswer {
    /// A complete answer; `location` for redirects.
    Status {
        status: u16,
        location: Option<Arc<str>>,
    },
    /// Nothing listens: connection refused, at once.
    Refused,
    /// The connection itself gets no answer.
    Dropped,
    /// Connected, but no answer ever comes.
    NoAnswer,
    /// The connection is reset.
    Reset,
    /// Closed without an answer (EOF).
    Empty,
    /// Status line and headers come, the body stalls.
    BodyStalls,
    /// The body ends too early.
    BodyCut,
    /// The answer is not HTTP; first line of what came.
    NotHttp(Arc<str>),
}

/// Answer and when it is complete, counted from the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    pub after: Duration,
    pub what: HttpAnswer,
    /// The container that accepted the connection. If it ends within `after`, the client sees
    /// the connection closed instead of this answer.
    pub container: Option<u32>,
}

/// What comes with a status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Lines of the head besides the usual ones: `Server: nginx/1.22.1`.
    pub headers: Vec<String>,
    pub body: String,
}

impl HttpReply {
    pub fn status(status: u16) -> HttpReply {
        HttpReply::after(Duration::ZERO, status)
    }

    pub fn after(after: Duration, status: u16) -> HttpReply {
        HttpReply {
            after,
            what: HttpAnswer::Status {
                status,
                location: None,
            },
            container: None,
        }
    }

    pub fn of(what: HttpAnswer) -> HttpReply {
        HttpReply {
            after: Duration::ZERO,
            what,
            container: None,
        }
    }

    /// The status, if one comes.
    pub fn code(&self) -> Option<u16> {
        match self.what {
            HttpAnswer::Status { status, .. } => Some(status),
            _ => None,
        }
    }
}

/// What a TCP connection attempt meets (HDL-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpReply {
    Accepted,
    Refused,
    /// No answer: the attempt times out.
    Dropped,
}

/// What a gRPC health check meets (HDL-30).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrpcAnswer {
    Serving,
    NotServing,
    /// Status `UNKNOWN`.
    Unknown,
    /// The service name is not known: NOT_FOUND.
    UnknownService,
    /// A gRPC server without the health service.
    NoHealthService,
    /// Nothing listens, or what listens does not speak HTTP/2: no connection.
    Refused,
    /// Connected, but no answer ever comes.
    NoAnswer,
}

/// Answer to a gRPC health check and when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrpcReply {
    pub after: Duration,
    pub what: GrpcAnswer,
    /// The container that accepted the connection.
    pub container: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        let request = HttpRequest::probe("/ctl?path=/a%20b&code=500");
        assert_eq!(request.route(), "/ctl");
        assert_eq!(request.parameter("path").as_deref(), Some("/a b"));
        assert_eq!(request.parameter("code").as_deref(), Some("500"));
        assert_eq!(request.parameter("none"), None);
    }
}
