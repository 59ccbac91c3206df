//! The sandbox image, also used as a container that does nothing.
//! Source: start-up, ports and answers: none, it only waits; memory: a round figure, not measured.

use super::{root, words, ImageSpec, Runs};
use crate::container::filesystem::{Binary, Layer};

pub fn specs() -> Vec<ImageSpec> {
    let root = root::Builder::over(&Layer::new())
        .directory("/")
        .directory("/dev")
        .directory("/etc")
        .directory("/proc")
        .directory("/sys")
        .binary("/pause", Binary::Pause)
        .done();
    let mut pause = ImageSpec::base(
        &[
            "registry.k8s.io/pause:3.10",
            "registry.k8s.io/pause:3.10.1",
            "registry.k8s.io/pause:latest",
        ],
        12_042_996,
        root,
    );
    pause.entrypoint = words(&["/pause"]);
    pause.runs = Runs::Waiter;
    pause.user = 65_535;
    vec![pause]
}
