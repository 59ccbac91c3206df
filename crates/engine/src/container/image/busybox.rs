//! BusyBox and Alpine: a shell and its applets; curl on Alpine. Source: the recorded cluster's image list.

use super::{root, words, ImageSpec, Runs};
use crate::container::filesystem::Binary;

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
    let mut alpine = busybox.clone();
    alpine.names = vec!["alpine:latest", "alpine:3.18", "alpine:3.20", "alpine:3"];
    alpine.size_bytes = 3_645_000;
    alpine.cmd = words(&["/bin/sh"]);
    alpine.root = root::Builder::over(&root::busybox())
        .file("/etc/alpine-release", "3.20.0\n")
        .done();
    let mut curl = alpine.clone();
    curl.names = vec!["curlimages/curl:latest", "curlimages/curl:8.10.1"];
    curl.size_bytes = 9_800_000;
    curl.is_recorded = false;
    curl.root = root::Builder::over(&alpine.root)
        .binary("/usr/bin/curl", Binary::Applets)
        .file(
            "/entrypoint.sh",
            "case $1 in -*|http*) exec curl \"$@\" ;; esac\nexec \"$@\"\n",
        )
        .done();
    curl.entrypoint = words(&["sh", "/entrypoint.sh"]);
    curl.cmd = words(&["curl"]);
    vec![busybox, alpine, curl]
}
