//! BusyBox: a shell and its applets.
//! Source: start-up, ports and answers: none, a shell serves nothing; memory: a round figure for a
//! process, not measured.

use super::{root, words, ImageSpec, Runs};

pub fn specs() -> Vec<ImageSpec> {
    let mut busybox = ImageSpec::base(
        &[
            "busybox:latest",
            "busybox:1.36",
            "busybox:1.28",
            "registry.k8s.io/busybox:latest",
            "registry.k8s.io/busybox:1.27.2",
            "registry.k8s.io/e2e-test-images/busybox:1.29-4",
        ],
        2_140_881,
        root::busybox(),
    );
    busybox.cmd = words(&["sh"]);
    busybox.runs = Runs::Shell;
    vec![busybox]
}
