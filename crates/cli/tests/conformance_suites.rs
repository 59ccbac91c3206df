//! The recordings of the suites that have one case a line.

use std::path::PathBuf;
use std::process::Command;

/// Recordings whose replay differs, and why.
const EXCEPTIONS: &str = include_str!("../../../tests/conformance/traces-exceptions.txt");
/// The same of those that we recorded.
const WORKLOADS_EXCEPTIONS: &str =
    include_str!("../../../tests/conformance/workloads-exceptions.txt");

/// How many of them there are.
const WORKLOADS: usize = 38;

/// Plays a suite's recordings; the last line of the output.
fn summary(suite: &str) -> String {
    let text = play(suite, suite, &[]);
    text.lines().last().unwrap_or_default().to_owned()
}

/// Plays the recordings of a folder with further arguments.
fn play(suite: &str, folder: &str, more: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/conformance")
        .join(folder);
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

/// VAL-01 to VAL-31, CTR, VPR, WKL, SRV and DAT rules: what kubectl printed for manifests of every
/// kind.
#[test]
fn every_recorded_manifest_is_answered_as_by_kubectl() {
    assert_eq!(summary("invalid"), "3080 passed, 0 failed");
}

/// KUB, GET, DES, DEL, APP, ROL, KRN, KIM, LOG, EXE, WAI, ERR and VAL rules: lines of all verbs about
/// a cluster at rest, most of them refused. All are answered as by kubectl but those that are listed,
/// each with its cause; a listed one that agrees has to leave the list.
#[test]
fn lines_of_all_verbs_are_answered_as_by_kubectl() {
    let list = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/conformance/answers-exceptions.txt");
    let text = play(
        "answers",
        "answers",
        &["--exceptions", &list.to_string_lossy()],
    );
    let last = text.lines().last().unwrap_or_default();
    assert_eq!(last, "1256 passed, 0 failed, 83 differ as listed", "{text}");
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
/// listed, each with its cause. A listed one that agrees has to leave the list. What
/// `docs/how-true.md` says is true (its lines about replays may tell other moments).
#[test]
fn golden_page_and_exceptions_say_which_real_clusters_are_replayed() {
    let page = std::env::temp_dir().join(format!("how-true-{}.md", std::process::id()));
    let output = play("traces", "traces", &["--page", &page.to_string_lossy()]);
    let is = std::fs::read_to_string(&page).expect("the page is written");
    let _ = std::fs::remove_file(&page);
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/how-true.md");
    if std::env::var_os("READYZ_UPDATE").is_some() {
        std::fs::write(&golden, &is).expect("the page can be written");
    }
    let said = std::fs::read_to_string(&golden).expect("the page is there");
    let facts = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with("- replayed"));
        lines.map(str::to_owned).collect()
    };
    let (said, is) = (facts(&said), facts(&is));
    let differs = said.iter().zip(&is).find(|(said, is)| said != is);
    assert_eq!(
        (differs, said.len()),
        (None, is.len()),
        "`make golden` rewrites it"
    );
    differs_as_listed(&output, EXCEPTIONS, 255);
}

/// What differs is what is listed, and nothing else.
fn differs_as_listed(output: &str, listed: &str, all: usize) {
    let mut differing: Vec<&str> = output
        .lines()
        .filter_map(|line| line.split_once(": ").map(|(id, _)| id))
        .collect();
    differing.dedup();
    let known = listed.lines().filter(|line| !line.starts_with('#'));
    let known: Vec<&str> = known.filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(differing, known, "{output}");
    let summary = output.lines().last().unwrap_or_default();
    let passed = all - known.len();
    assert_eq!(summary, format!("{passed} passed, {} failed", known.len()));
}

/// KST-01, KST-02, KST-03, DMN-01, JOB-01, JOB-02, JOB-03, DEP-10: StatefulSets, DaemonSets, Jobs
/// and ReplicaSets of the real controllers, on real kubelets over a scripted runtime.
#[test]
fn workloads_do_what_the_real_controllers_did() {
    let output = play("traces", "workloads", &[]);
    differs_as_listed(&output, WORKLOADS_EXCEPTIONS, WORKLOADS);
}
