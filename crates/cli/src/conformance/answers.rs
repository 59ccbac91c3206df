//! Suite `answers`: command lines about a cluster at rest, and what kubectl printed for them. What
//! differs from moment to moment is masked as in the suite `kubectl`, and all ages.

use super::kubectl::masks::{first_difference, mask, masks, Masks, UID};
use super::{input, report::Report, Suite};
use crate::commands::Failure;
use readyz_engine::experiment::Setup;
use readyz_engine::kubectl::follow;
use readyz_engine::manifest;
use readyz_engine::time::Instant;
use readyz_engine::written::Written;
use serde::Deserialize;
use std::path::Path;
use std::sync::LazyLock;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "answers",
    file_prefixes: &["answers"],
    run,
};

/// Commands about the same objects.
#[derive(Deserialize)]
struct File {
    objects: String,
    /// When they are given, in seconds.
    at: u64,
    /// In which namespace.
    namespace: String,
    answers: Vec<Recorded>,
}

/// What kubectl did.
#[derive(Deserialize)]
struct Recorded {
    args: Vec<String>,
    exit: u8,
    stdout: String,
    stderr: String,
}

/// Patterns and what stands for them, in this order.
static AGES: LazyLock<Masks> = LazyLock::new(|| {
    masks(&[
        (UID, "<uid>"),
        (r"\b\d+(\.\d+)?(ms|[smhd])(\d+[smh])?\b", "<age>"),
    ])
});

fn run(path: &Path, report: &mut Report) -> Result<(), Failure> {
    let name = input::file_name(path);
    let text = input::text(path)?;
    let file: File =
        serde_json::from_str(&text).map_err(|error| Failure::input(format!("{name}: {error}")))?;
    let stream = manifest::parse(&file.objects);
    let objects = stream.objects.iter().map(|o| o.object.clone()).collect();
    let mut setup = Setup::new(objects, stream.scenario.clone());
    setup.written = Written::of(&stream.objects);
    let mut timeline = setup.timeline();
    timeline.run();
    let at = Instant::from_secs(file.at);
    for recorded in &file.answers {
        // In lists of exceptions `: ` ends a case.
        let id = recorded.args.join(" ").replace(": ", ":");
        if !report.wants(&id, "") {
            continue;
        }
        let args = recorded.args.as_slice();
        let got = follow(&timeline, at, timeline.end(), &file.namespace, args, None);
        let mut differences = Vec::new();
        for (what, expected, got) in [
            ("stdout", &recorded.stdout, &got.stdout),
            ("stderr", &recorded.stderr, &got.stderr),
        ] {
            if let Some((expected, got)) = first_difference(&ageless(expected), &ageless(got)) {
                differences.push(format!("{what}: expected {expected:?}, got {got:?}"));
            }
        }
        if recorded.exit != got.exit_code {
            let (expected, got) = (recorded.exit, got.exit_code);
            differences.push(format!("exit: expected {expected}, got {got}"));
        }
        report.add(&name, &id, differences);
    }
    Ok(())
}

/// A text without ages: when the commands were given differs. Uids hold what looks like ages.
fn ageless(text: &str) -> String {
    mask(text, &AGES)
}
