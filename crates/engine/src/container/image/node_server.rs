//! The seeds' Node probe server.
//! Source: start-up, port and answers: recorded (`world.json`); memory: a round figure, not
//! measured.

use super::agnhost::root_with_programs;
use super::{words, ImageSpec};

/// An image that runs the tutorial's script.
pub fn spec(names: &[&'static str]) -> ImageSpec {
    let mut node = ImageSpec::base(names, 14_193_687, root_with_programs());
    node.entrypoint = words(&["node", "/node/node-server.js"]);
    node.working_dir = "/node/".to_string();
    node.exposed = vec![8_080];
    node
}

pub fn specs() -> Vec<ImageSpec> {
    let names = [
        "harbor.nihility.cn/library/porbe-server:v1",
        "porbe-server:v1",
    ];
    vec![spec(&names)]
}
