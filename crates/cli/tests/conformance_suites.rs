//! The recordings of the suites that have one case a line.

use std::path::PathBuf;
use std::process::Command;

/// Plays a suite's recordings; the last line of the output.
fn summary(suite: &str) -> String {
    summary_of(suite, &[])
}

/// As [`summary`], with further arguments.
fn summary_of(suite: &str, more: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/conformance")
        .join(suite);
    let output = Command::new(env!("CARGO_BIN_EXE_readyz"))
        .args(["conformance", suite])
        .arg(folder)
        .args(more)
        .output()
        .expect("the tool runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn every_recorded_event_is_stored_alike() {
    assert_eq!(summary("events"), "250 passed, 0 failed");
}

#[test]
fn every_recorded_manifest_is_answered_as_by_kubectl() {
    assert_eq!(summary("invalid"), "79 passed, 0 failed");
}

#[test]
fn every_recorded_back_off_is_counted_alike() {
    assert_eq!(summary("backoff"), "300 passed, 0 failed");
}

#[test]
fn a_whole_kubelet_does_what_was_recorded() {
    assert_eq!(summary("kubelet"), "1025 passed, 0 failed");
}

#[test]
fn images_are_pulled_as_recorded() {
    assert_eq!(summary("image"), "150 passed, 0 failed");
}

/// The tutorials, replayed: restarts, readiness, events and endpoints at the moments of real runs.
#[test]
fn the_stories_of_the_tutorials_happen_as_recorded() {
    assert_eq!(
        summary_of("traces", &["--only", "seed"]),
        "14 passed, 0 failed"
    );
    assert_eq!(
        summary_of("traces", &["--only", "docs"]),
        "3 passed, 0 failed"
    );
}
