//! `kubectl get --raw PATH`: what the API server answers to a path, as it comes.

use super::super::args::Args;
use super::super::failure::Failure;
use super::super::view::View;
use super::super::Output;
use crate::go_format::ipv4;
use crate::ids::NodeId;
use crate::metrics::{self, Endpoint};

/// Flags that ask for less or for another form, which a raw answer has not.
const FILTERS: [&str; 3] = ["watch", "watch-only", "selector"];
/// The kubelet's port.
const KUBELET: &str = ":10250";
/// What the API server answers about itself with `ok`.
const HEALTH: [&str; 3] = ["/healthz", "/livez", "/readyz"];
/// Paths that it has and nothing here stands for.
const UNSIMULATED: [&str; 7] = [
    "/api",
    "/apis",
    "/metrics",
    "/openapi",
    "/version",
    "/logs",
    "/.well-known",
];
/// The same of a kubelet.
const UNSIMULATED_KUBELET: [&str; 12] = [
    "attach",
    "checkpoint",
    "configz",
    "containerLogs",
    "debug",
    "exec",
    "logs",
    "metrics/cadvisor",
    "pods",
    "portForward",
    "run",
    "stats",
];

/// Answers `--raw`.
pub fn raw(view: &View, args: &Args, path: &str) -> Result<Output, Failure> {
    if !args.names.is_empty() {
        let text = "arguments may not be passed when --raw is specified";
        return Err(Failure::client(text));
    }
    if FILTERS.iter().any(|flag| args.get(flag).is_some()) {
        let text = "--raw may not be specified with other flags that filter the server request or \
                    alter the output";
        return Err(Failure::client(text));
    }
    if args.get("output").is_some() {
        let text = "--raw and --output are mutually exclusive";
        return Err(Failure::client(text));
    }
    if !path.starts_with('/') {
        let text =
            format!("--raw must be a valid URL path: parse \"{path}\": invalid URI for request");
        return Err(Failure::client(text));
    }
    answer(view, path).map(Output::printed)
}

fn answer(view: &View, path: &str) -> Result<String, Failure> {
    let path = path.split('?').next().unwrap_or(path);
    if HEALTH.contains(&path) {
        return Ok("ok".to_owned());
    }
    let proxied = path.strip_prefix("/api/v1/nodes/");
    if let Some((node, at)) = proxied.and_then(|rest| rest.split_once("/proxy")) {
        return kubelet(view, node, at.trim_matches('/'));
    }
    if begins(&UNSIMULATED, path) {
        return Err(unsimulated(path));
    }
    Err(no_such_path())
}

/// A node's kubelet, asked through the API server.
fn kubelet(view: &View, name: &str, path: &str) -> Result<String, Failure> {
    let mut live = view.cluster.live_nodes();
    let found = live.find(|node| *view.cluster.nodes[node.index()].name == *name);
    let Some(id) = found else {
        return Err(Failure::server(
            "NotFound",
            format!("nodes \"{name}\" not found"),
        ));
    };
    reachable(view, id)?;
    if path == "healthz" {
        return Ok("ok".to_owned());
    }
    if let Some((_, endpoint)) = Endpoint::ALL.iter().find(|(known, _)| *known == path) {
        return Ok(metrics::text(view.cluster, id, *endpoint, view.now));
    }
    if begins(&UNSIMULATED_KUBELET, path) {
        return Err(unsimulated(&["the kubelet's /", path].concat()));
    }
    Err(no_such_path())
}

fn reachable(view: &View, id: NodeId) -> Result<(), Failure> {
    let node = &view.cluster.nodes[id.index()];
    let problem = match (node.is_reachable, node.is_running) {
        (true, true) => return Ok(()),
        (false, _) => "i/o timeout",
        (true, false) => "connect: connection refused",
    };
    let address = [&ipv4(node.address), KUBELET].concat();
    let text = format!("error trying to reach service: dial tcp {address}: {problem}");
    Err(Failure::server("ServiceUnavailable", text))
}

/// Whether a path is one of these or below one.
fn begins(known: &[&str], path: &str) -> bool {
    known.iter().any(|known| {
        let rest = path.strip_prefix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn no_such_path() -> Failure {
    Failure::server(
        "NotFound",
        "the server could not find the requested resource",
    )
}

fn unsimulated(path: &str) -> Failure {
    Failure::client(format!("readyz does not simulate {path}"))
}
