//! Every recorded case of the prober must be reproduced in every list, to the nanosecond.

use std::path::PathBuf;
use std::process::{Command, Output};

fn recordings() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/prober")
}

fn conformance(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_readyz"))
        .arg("conformance")
        .args(args)
        .output()
        .expect("the tool runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_recorded_case_is_reproduced() {
    let folder = recordings();
    let output = conformance(&["prober", &folder.display().to_string()]);
    assert_eq!(text(&output.stdout), "1532 passed, 0 failed\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_difference_is_reported_and_fails() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (case, report) = (folder.join("changed.jsonl"), folder.join("changed.json"));
    std::fs::write(&case, CHANGED_CASE).expect("a scratch file");
    let output = conformance(&[
        "prober",
        &case.display().to_string(),
        "--report",
        &report.display().to_string(),
    ]);
    assert_eq!(
        text(&output.stdout),
        "changed: syncs, row 1: expected 1388, got 1387\n0 passed, 1 failed\n"
    );
    assert_eq!(output.status.code(), Some(1));
    let report = std::fs::read_to_string(&report).expect("the report");
    assert!(report.contains(r#""failed":1"#), "{report}");
}

#[test]
fn an_unknown_suite_is_bad_usage() {
    let output = conformance(&["nonesuch", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there are: "));
}

/// A container without probes; the recorded second sync is one millisecond off.
const CHANGED_CASE: &str = r#"{"id": "changed", "config": {"restartPolicy": "Always", "kubeletAgeMs": 3600000, "addAtMs": 250, "podGraceMs": 30000, "endMs": 5000, "containers": [{"name": "c0", "startDelayMs": 1137, "createMs": 213, "stopMs": 100, "stopExitCode": 137, "restartDelayMs": [10009], "probes": {}}]}, "expect": {"ticks": {}, "execs": [], "results": [], "status": [[250, "sync", "Pending", false, [["c0", "w", -1, false, false]]], [1387, "sync", "Running", true, [["c0", "r", 0, true, true]]]], "kills": [], "events": [], "syncs": [250, 1388]}}"#;
