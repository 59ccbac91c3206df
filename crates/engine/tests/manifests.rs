//! Manifests of popular charts and of the Kubernetes documentation (`tests/manifests/`), written
//! from their facts: nothing is refused that the API server takes, and what is not simulated is
//! marked. A line that ends in `# unsimulated` must carry such a mark.

use readyz_engine::experiment::Setup;
use readyz_engine::manifest::{answer, parse, Severity, Verb};
use readyz_engine::time::Duration;
use std::path::Path;

fn manifests() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            let path = entry.expect("readable").path();
            let text = std::fs::read_to_string(&path).expect("readable");
            (
                path.file_name()
                    .expect("a file")
                    .to_string_lossy()
                    .into_owned(),
                text,
            )
        })
        .collect();
    found.sort();
    assert!(found.len() >= 50, "only {}", found.len());
    found
}

#[test]
fn nothing_is_refused() {
    for (name, text) in manifests() {
        let stream = parse(&text);
        let errors = stream
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error);
        let errors: Vec<_> = errors
            .map(|d| format!("{}: {}", d.line, d.message))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let printed = answer(&[(&name, &stream)], Verb::Apply, None);
        assert_eq!(printed.exit, 0, "{name}: {}", printed.stderr);
    }
}

#[test]
fn what_is_not_simulated_is_marked_at_its_line() {
    let mut marked = 0;
    for (name, text) in manifests() {
        let stream = parse(&text);
        for (index, line) in text.lines().enumerate() {
            if !line.ends_with("# unsimulated") {
                continue;
            }
            let number = index as u32 + 1;
            let mut objects = stream.documents.iter().map(|d| d.first_line..=d.last_line);
            let object = objects
                .find(|lines| lines.contains(&number))
                .expect("an object");
            // The field itself, or the parts of it that are not simulated.
            let is_mark = |d: &&readyz_engine::manifest::Diagnostic| {
                d.severity == Severity::Info
                    && d.message.starts_with("accepted, not simulated")
                    && ((number..=number + 3).contains(&d.line)
                        // A kind that is not simulated at all is marked once.
                        || (d.path == "kind" && object.contains(&d.line)))
            };
            assert!(
                stream.diagnostics.iter().any(|d| is_mark(&d)),
                "{name}:{number}: {line}"
            );
            marked += 1;
        }
    }
    assert!(marked >= 14, "only {marked}");
}

#[test]
fn each_runs_for_two_minutes() {
    for (name, text) in manifests() {
        let stream = parse(&text);
        let objects = stream
            .objects
            .into_iter()
            .map(|located| located.object)
            .collect();
        let mut setup = Setup::new(objects, stream.scenario);
        setup.scenario.duration = Duration::from_secs(120);
        let mut timeline = setup.timeline();
        timeline.run();
        assert_eq!(timeline.limit_reached(), None, "{name}");
    }
}
