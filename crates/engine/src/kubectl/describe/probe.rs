//! Probes in one line (DSC-01).

use crate::api::{Handler, PortRef, Probe, Scheme};
use std::fmt::Write;

pub fn probe(probe: &Probe) -> String {
    format!(
        "{} delay={}s timeout={}s period={}s #success={} #failure={}",
        handler(&probe.handler),
        probe.initial_delay_seconds,
        probe.timeout_seconds,
        probe.period_seconds,
        probe.success_threshold,
        probe.failure_threshold
    )
}

fn port_text(port: &PortRef) -> String {
    match port {
        PortRef::Number(number) => number.to_string(),
        PortRef::Name(name) => name.clone(),
    }
}

fn handler(handler: &Handler) -> String {
    match handler {
        Handler::Exec { command } => format!("exec [{}]", command.join(" ")),
        Handler::HttpGet(get) => {
            let scheme = match get.scheme {
                Scheme::Http => "http",
                Scheme::Https => "https",
            };
            let slash = if get.path.is_empty() || get.path.starts_with('/') {
                ""
            } else {
                "/"
            };
            let path = escape_path(&get.path);
            format!(
                "http-get {scheme}://{}:{}{slash}{path}",
                get.host,
                port_text(&get.port)
            )
        }
        Handler::TcpSocket { host, port } => format!("tcp-socket {host}:{}", port_text(port)),
        Handler::Grpc { port, service } => format!("grpc <pod>:{port} {service}"),
        Handler::Sleep { seconds } => format!("sleep {seconds}s"),
    }
}

/// A path as Go's URL type escapes it.
fn escape_path(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'='
            | b'@' | b'!' | b'\'' | b'(' | b')' | b'*' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
