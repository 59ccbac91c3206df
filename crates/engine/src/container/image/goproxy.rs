//! The documentation's goproxy, a server on 8080 for TCP probes. The seeds' Node server stands for it,
//! as in the recorded cluster.
//! Source: start-up, port and answers: recorded (`world.json`), of the server that stands for it;
//! memory: a round figure, not measured.

use super::{node_server, ImageSpec};

pub fn specs() -> Vec<ImageSpec> {
    vec![node_server::spec(&["registry.k8s.io/goproxy:0.1"])]
}
