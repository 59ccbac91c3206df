//! Alpine: BusyBox under another name.
//! Source: start-up, ports and answers: none, a shell serves nothing; memory: a round figure for a
//! process, not measured.

use super::{root, words, ImageSpec, Runs};

/// An image on Alpine's files.
pub fn spec(names: &[&'static str], size_bytes: u64) -> ImageSpec {
    let root = root::Builder::over(&root::busybox())
        .file("/etc/alpine-release", "3.20.0\n")
        .done();
    let mut alpine = ImageSpec::base(names, size_bytes, root);
    alpine.cmd = words(&["/bin/sh"]);
    alpine.runs = Runs::Shell;
    alpine
}

pub fn specs() -> Vec<ImageSpec> {
    let names = ["alpine:latest", "alpine:3.18", "alpine:3.20", "alpine:3"];
    vec![spec(&names, 3_645_000)]
}
