//! Debian and Ubuntu: the same shell under GNU's tools.
//! Source: start-up, ports and answers: none, a shell serves nothing; memory: a round figure for a
//! process, not measured.

use super::{root, words, ImageSpec, Runs, Userland};

pub fn specs() -> Vec<ImageSpec> {
    let mut debian = ImageSpec::base(
        &[
            "debian:latest",
            "debian:12",
            "debian:bookworm",
            "debian:bookworm-slim",
            "ubuntu:latest",
            "ubuntu:22.04",
            "ubuntu:24.04",
        ],
        48_500_000,
        root::debian(),
    );
    debian.cmd = words(&["bash"]);
    debian.runs = Runs::Shell;
    debian.userland = Userland::Gnu;
    vec![debian]
}
