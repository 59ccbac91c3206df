//! The recordings of the suites that have one case a line.

use std::path::PathBuf;
use std::process::Command;

/// Recordings whose replay differs, and why.
const EXCEPTIONS: &str = include_str!("../../../tests/conformance/traces-exceptions.txt");

/// Plays a suite's recordings; the last line of the output.
fn summary(suite: &str) -> String {
    let text = play(suite, &[]);
    text.lines().last().unwrap_or_default().to_owned()
}

/// Plays a suite's recordings with further arguments.
fn play(suite: &str, more: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/conformance")
        .join(suite);
    let output = Command::new(env!("CARGO_BIN_EXE_readyz"))
        .args(["conformance", suite])
        .arg(folder)
        .args(more)
        .output()
        .expect("the tool runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// EVT-03, EVT-04, EVT-05, EVT-06, EVT-07, EVT-08: recorder and correlator, report by report.
#[test]
fn every_recorded_event_is_stored_alike() {
    assert_eq!(summary("events"), "250 passed, 0 failed");
}

#[test]
fn every_recorded_manifest_is_answered_as_by_kubectl() {
    assert_eq!(summary("invalid"), "79 passed, 0 failed");
}

/// BKO-03, BKO-04, BKO-06, IMG-05: the back-off object, call by call.
#[test]
fn every_recorded_back_off_is_counted_alike() {
    assert_eq!(summary("backoff"), "300 passed, 0 failed");
}

/// What decides the order and the millisecond of each status, event and sync of these cases: PRB-21,
/// SYN-03, SYN-04, SYN-05, SYN-07, SYN-08, SYN-12, RUN-01, RUN-09, BKO-09.
#[test]
fn a_whole_kubelet_does_what_was_recorded() {
    assert_eq!(summary("kubelet"), "1025 passed, 0 failed");
}

/// IMG-04, IMG-05, IMG-08, SYN-11: pulls, one after another, their failures and back-off.
#[test]
fn images_are_pulled_as_recorded() {
    assert_eq!(summary("image"), "150 passed, 0 failed");
}

/// Runs of a real cluster, replayed: every scenario agrees with one of its runs but those that are
/// listed, each with its cause. A listed one that agrees has to leave the list.
#[test]
fn real_clusters_are_replayed_but_for_the_known_exceptions() {
    let output = play("traces", &[]);
    let mut differing: Vec<&str> = output
        .lines()
        .filter_map(|line| line.split_once(": ").map(|(id, _)| id))
        .collect();
    differing.dedup();
    let known = EXCEPTIONS.lines().filter(|line| !line.starts_with('#'));
    let known: Vec<&str> = known.filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(differing, known, "{output}");
    let summary = output.lines().last().unwrap_or_default();
    let passed = 255 - known.len();
    assert_eq!(summary, format!("{passed} passed, {} failed", known.len()));
}
