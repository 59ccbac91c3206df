//! curl on Alpine: runs one curl, or what it is told.
//! Source: start-up, ports and answers: none, a client serves nothing; memory: a round figure for a
//! process, not measured.

use super::{alpine, root, words, ImageSpec};
use crate::container::filesystem::Binary;

pub fn specs() -> Vec<ImageSpec> {
    let names = ["curlimages/curl:latest", "curlimages/curl:8.10.1"];
    let mut curl = alpine::spec(&names, 9_800_000);
    curl.is_recorded = false;
    curl.root = root::Builder::over(&curl.root)
        .binary("/usr/bin/curl", Binary::Applets)
        .file(
            "/entrypoint.sh",
            "case $1 in -*|http*) exec curl \"$@\" ;; esac\nexec \"$@\"\n",
        )
        .done();
    curl.entrypoint = words(&["sh", "/entrypoint.sh"]);
    curl.cmd = words(&["curl"]);
    vec![curl]
}
