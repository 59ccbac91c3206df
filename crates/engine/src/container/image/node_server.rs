//! The seeds' Node probe server, and the documentation's goproxy, for which it stands.

use super::agnhost::root_with_programs;
use super::{words, ImageSpec};

pub fn specs() -> Vec<ImageSpec> {
    let mut node = ImageSpec::base(
        &[
            "harbor.nihility.cn/library/porbe-server:v1",
            "porbe-server:v1",
            "registry.k8s.io/goproxy:0.1",
        ],
        14_193_687,
        root_with_programs(),
    );
    node.entrypoint = words(&["node", "/node/node-server.js"]);
    node.working_dir = "/node/".to_string();
    node.exposed = vec![8_080];
    vec![node]
}
