//! The recordings' controllable server. v3 also knows `--plan`.
//! Source: start-up, port, answers and memory: recorded (`world.json`).

use super::agnhost::root_with_programs;
use super::{words, ImageSpec};

pub fn specs() -> Vec<ImageSpec> {
    let mut v1 = ImageSpec::base(
        &["probe-lab:v1", "probe-lab:v2"],
        14_193_642,
        root_with_programs(),
    );
    v1.entrypoint = words(&["/server"]);
    v1.exposed = vec![8_080];
    let mut v3 = v1.clone();
    v3.names = vec!["probe-lab:v3"];
    v3.with_plan = true;
    vec![v1, v3]
}
