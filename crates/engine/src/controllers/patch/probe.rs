//! Probes in a patch: what it does not name stays.

use super::value::{children, number, string, strings, unknown};
use crate::api::{Handler, HttpGet, PortRef, Probe, Scheme};
use crate::controllers::ApiError;
use crate::manifest::yaml::{Node, Value};

/// Merges a patch into a probe; null removes it.
pub fn merge(
    probe: &mut Option<Probe>,
    patch: &Node,
    path: &str,
    field: &str,
) -> Result<(), ApiError> {
    if patch.value == Value::Null {
        *probe = None;
        return Ok(());
    }
    let path = format!("{path}{field}.");
    let had = probe.take();
    let mut handler = had.as_ref().map(|probe| probe.handler.clone());
    let mut merged = had.unwrap_or(Probe {
        handler: Handler::Sleep { seconds: 0 },
        initial_delay_seconds: 0,
        period_seconds: 10,
        timeout_seconds: 1,
        success_threshold: 1,
        failure_threshold: 3,
        termination_grace_period_seconds: None,
    });
    for (key, node) in children(patch) {
        match key {
            "initialDelaySeconds" => merged.initial_delay_seconds = number(node, 0)?,
            "periodSeconds" => merged.period_seconds = number(node, 10)?.max(1),
            "timeoutSeconds" => merged.timeout_seconds = number(node, 1)?.max(1),
            "successThreshold" => merged.success_threshold = number(node, 1)?.max(1),
            "failureThreshold" => merged.failure_threshold = number(node, 3)?.max(1),
            "terminationGracePeriodSeconds" => {
                merged.termination_grace_period_seconds = match node.value {
                    Value::Null => None,
                    _ => Some(number(node, 0)?),
                };
            }
            "httpGet" | "exec" | "tcpSocket" | "grpc" => {
                if node.value == Value::Null {
                    if handler.as_ref().is_some_and(|h| name(h) == key) {
                        handler = None;
                    }
                } else {
                    handler = Some(merge_handler(handler, key, node, &path)?);
                }
            }
            _ => return Err(unknown(&path, key)),
        }
    }
    merged.handler = handler
        .ok_or_else(|| ApiError::bad_request(format!("{path} must specify a handler type")))?;
    *probe = Some(merged);
    Ok(())
}

/// The field of a handler.
fn name(handler: &Handler) -> &'static str {
    match handler {
        Handler::Exec { .. } => "exec",
        Handler::HttpGet(_) => "httpGet",
        Handler::TcpSocket { .. } => "tcpSocket",
        Handler::Grpc { .. } => "grpc",
        Handler::Sleep { .. } => "sleep",
    }
}

fn merge_handler(
    had: Option<Handler>,
    key: &str,
    patch: &Node,
    path: &str,
) -> Result<Handler, ApiError> {
    if had.as_ref().is_some_and(|handler| name(handler) != key) {
        return Err(ApiError::bad_request(format!(
            "{path}{key}: Forbidden: may not specify more than 1 handler type"
        )));
    }
    let path = format!("{path}{key}.");
    match key {
        "exec" => {
            let mut command = match had {
                Some(Handler::Exec { command }) => command,
                _ => Vec::new(),
            };
            for (key, node) in children(patch) {
                match key {
                    "command" => command = strings(node)?.unwrap_or_default(),
                    _ => return Err(unknown(&path, key)),
                }
            }
            Ok(Handler::Exec { command })
        }
        "httpGet" => merge_http(had, patch, &path),
        "tcpSocket" => {
            let (mut host, mut port) = match had {
                Some(Handler::TcpSocket { host, port }) => (host, port),
                _ => (String::new(), PortRef::Number(0)),
            };
            for (key, node) in children(patch) {
                match key {
                    "host" => host = string(node)?,
                    "port" => port = port_ref(node)?,
                    _ => return Err(unknown(&path, key)),
                }
            }
            Ok(Handler::TcpSocket { host, port })
        }
        _ => {
            let (mut port, mut service) = match had {
                Some(Handler::Grpc { port, service }) => (port, service),
                _ => (0, String::new()),
            };
            for (key, node) in children(patch) {
                match key {
                    "port" => port = number(node, 0)?,
                    "service" => service = string(node)?,
                    _ => return Err(unknown(&path, key)),
                }
            }
            Ok(Handler::Grpc { port, service })
        }
    }
}

fn merge_http(had: Option<Handler>, patch: &Node, path: &str) -> Result<Handler, ApiError> {
    let mut get = match had {
        Some(Handler::HttpGet(get)) => get,
        _ => HttpGet {
            path: "/".to_owned(),
            port: PortRef::Number(0),
            host: String::new(),
            scheme: Scheme::Http,
            headers: Vec::new(),
        },
    };
    for (key, node) in children(patch) {
        match key {
            "path" => get.path = string(node)?,
            "port" => get.port = port_ref(node)?,
            "host" => get.host = string(node)?,
            "scheme" => {
                get.scheme = match string(node)?.as_str() {
                    "HTTPS" => Scheme::Https,
                    _ => Scheme::Http,
                };
            }
            "httpHeaders" => {
                let text = |item: &Node, key| item.get(key).map_or(Ok(String::new()), string);
                get.headers = node
                    .items()
                    .iter()
                    .map(|item| Ok((text(item, "name")?, text(item, "value")?)))
                    .collect::<Result<_, ApiError>>()?;
            }
            _ => return Err(unknown(path, key)),
        }
    }
    Ok(Handler::HttpGet(get))
}

fn port_ref(node: &Node) -> Result<PortRef, ApiError> {
    match &node.value {
        Value::Int(number) => Ok(PortRef::Number(i32::try_from(*number).unwrap_or(0))),
        _ => string(node).map(PortRef::Name),
    }
}
