//! Kubernetes' e2e test server.
//! Source: start-up: a round figure, not measured; ports and answers: recorded (`world.json`);
//! memory: a round figure, not measured.

use super::{root, words, ImageSpec};
use crate::container::filesystem::{Binary, Layer};
use std::sync::Arc;

/// BusyBox with the test programs next to it, as in the recorded cluster's images.
pub fn root_with_programs() -> Arc<Layer> {
    root::Builder::over(&root::busybox())
        .binary("/agnhost", Binary::Agnhost)
        .binary("/pause", Binary::Pause)
        .binary("/probelab", Binary::ProbeLab)
        .binary("/server", Binary::ProbeLab)
        .binary("/usr/bin/curl", Binary::Applets)
        .binary("/usr/local/bin/node", Binary::Node)
        .file(
            "/node/node-server.js",
            "// The tutorial's server: /healthz, /shutdown, anything else.\n",
        )
        .done()
}

pub fn specs() -> Vec<ImageSpec> {
    let mut agnhost = ImageSpec::base(
        &[
            "registry.k8s.io/e2e-test-images/agnhost:2.21",
            "registry.k8s.io/e2e-test-images/agnhost:2.39",
            "registry.k8s.io/e2e-test-images/agnhost:2.40",
            "registry.k8s.io/e2e-test-images/agnhost:2.53",
        ],
        14_193_707,
        root_with_programs(),
    );
    agnhost.entrypoint = words(&["/agnhost"]);
    agnhost.cmd = words(&["pause"]);
    agnhost.exposed = vec![80, 8_080, 8_081, 9_376];
    vec![agnhost]
}
