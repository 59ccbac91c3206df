//! Golden traces: what a watching client sees of every manifest in `examples/`, row by row.
//!
//! `make golden` (`READYZ_UPDATE=1`) rewrites `tests/golden/`; read the difference before you commit
//! it. The browser tests hold the page's module to the same bytes.

use readyz_engine::experiment::Setup;
use readyz_engine::{manifest, trace};
use std::path::{Path, PathBuf};

#[test]
fn golden_traces_of_the_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let golden = root.join("tests/golden");
    let update = std::env::var_os("READYZ_UPDATE").is_some();
    let examples = files(&root.join("examples"), "yaml");
    assert!(examples.len() >= 14, "the examples are gone");
    let names: Vec<String> = examples.iter().map(|path| name(path)).collect();
    if update {
        std::fs::create_dir_all(&golden).expect("the folder can be made");
        for stale in files(&golden, "jsonl")
            .iter()
            .chain([&golden.join("list.rs")])
        {
            let _ = std::fs::remove_file(stale);
        }
        std::fs::write(golden.join("list.rs"), list(&names)).expect("a file can be written");
    }
    let mut differences = Vec::new();
    for (path, name) in examples.iter().zip(&names) {
        let is = trace_of(&read(path));
        let file = golden.join(format!("{name}.jsonl"));
        if update {
            std::fs::write(&file, &is).expect("a file can be written");
        } else if let Some(difference) = first_difference(&read(&file), &is) {
            differences.push(format!("{name}: {difference}"));
        }
    }
    if read(&golden.join("list.rs")) != list(&names) {
        differences.push("list.rs: not the list of the examples".into());
    }
    assert!(
        differences.is_empty(),
        "{}\n`make golden` rewrites them",
        differences.join("\n")
    );
}

/// The trace of a stream, as `readyz run -o trace` prints it.
fn trace_of(text: &str) -> String {
    let stream = manifest::parse(text);
    assert!(!stream.has_errors(), "an example has errors");
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    trace::lines(&Setup::new(objects, stream.scenario).trace())
}

fn first_difference(golden: &str, is: &str) -> Option<String> {
    if golden == is {
        return None;
    }
    let mut lines = (golden.lines(), is.lines());
    for number in 1.. {
        match (lines.0.next(), lines.1.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => {
                let or_end = |line: Option<&str>| line.unwrap_or("(end)").to_owned();
                return Some(format!(
                    "line {number}\n  golden: {}\n  is:     {}",
                    or_end(a),
                    or_end(b)
                ));
            }
        }
    }
    Some("line ends differ".into())
}

/// `tests/golden/list.rs`, which the browser tests include.
fn list(names: &[String]) -> String {
    let entry = |name: &String| {
        format!(
            "    (\n        \"{name}\",\n        include_str!(\"../../examples/{name}.yaml\"),\n        \
             include_str!(\"{name}.jsonl\"),\n    ),\n"
        )
    };
    let entries: String = names.iter().map(entry).collect();
    format!("// Written by `make golden`.\n[\n{entries}]\n")
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn a_golden_difference_names_its_first_line() {
    let found = first_difference("a\nb\nc\n", "a\nx\nc\n").expect("they differ");
    assert!(
        found.starts_with("line 2\n  golden: b\n  is:     x"),
        "{found}"
    );
    assert_eq!(first_difference("a\n", "a\n"), None);
    assert!(first_difference("a\n", "a\nb\n").is_some());
}
