//! Every file of the repository against every rule. Run alone with `cargo test -p readyz-tidy`.

use std::collections::BTreeMap;
use std::fs;

use readyz_tidy::files::{repository, sources, Source};
use readyz_tidy::{length, ratchet, rules, words};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 80;

fn holds(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn rust() -> impl Iterator<Item = Source> {
    sources().into_iter().filter(|file| file.is("rs"))
}

fn engine() -> impl Iterator<Item = Source> {
    sources().into_iter().filter(Source::is_engine)
}

#[test]
fn the_engine_is_pure() {
    holds(engine().flat_map(|f| words::engine_words(&f)).collect());
}

#[test]
fn engine_state_is_as_wide_in_the_browser_as_natively() {
    holds(engine().flat_map(|f| words::engine_usize(&f)).collect());
}

#[test]
fn the_engine_panics_no_more_often_than_before() {
    let measured: BTreeMap<String, usize> = engine()
        .map(|file| (words::panics(&file), file.path))
        .filter(|(count, _)| *count > 0)
        .map(|(count, path)| (path, count))
        .collect();
    holds(ratchet::compare("panics", &measured, &ratchet::read()));
}

#[test]
fn no_file_holds_a_forbidden_word() {
    holds(sources().iter().flat_map(words::forbidden_words).collect());
}

#[test]
fn nothing_steps_outside_the_guarantees_of_rust() {
    holds(rust().flat_map(|f| words::unsafe_code(&f)).collect());
}

#[test]
fn files_have_one_topic() {
    let measured: BTreeMap<String, usize> = sources()
        .into_iter()
        .filter(|file| ["rs", "js", "mjs", "css"].iter().any(|e| file.is(e)))
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > FILE_LINES_MAX)
        .map(|(lines, path)| (path, lines))
        .collect();
    holds(ratchet::compare("file-lines", &measured, &ratchet::read()));
}

#[test]
fn functions_fit_on_a_screen() {
    let mut measured = BTreeMap::new();
    for file in rust() {
        for function in length::functions(&file.text) {
            if function.lines > FUNCTION_LINES_MAX {
                let subject = format!("{}::{}", file.path, function.name);
                let longest = measured.entry(subject).or_insert(0);
                *longest = function.lines.max(*longest);
            }
        }
    }
    holds(ratchet::compare(
        "function-lines",
        &measured,
        &ratchet::read(),
    ));
}

#[test]
fn the_engine_depends_on_nothing_of_the_browser() {
    let manifest = fs::read_to_string(repository().join("crates/engine/Cargo.toml")).unwrap();
    let forbidden = [
        "yew",
        "web-sys",
        "js-sys",
        "wasm-bindgen",
        "gloo",
        "rand",
        "getrandom",
        "tokio",
        "chrono",
    ];
    let (dependencies, _) = manifest
        .split_once("[dev-dependencies]")
        .unwrap_or((&manifest, ""));
    for line in dependencies.lines() {
        let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
        assert!(
            !forbidden.contains(&name),
            "crates/engine depends on {name}"
        );
    }
}

#[test]
fn wasm_bindgen_has_one_version() {
    let read = |file: &str| fs::read_to_string(repository().join(file)).unwrap();
    let between = |text: String, start: &str, end: &str| {
        let from = text.find(start).expect(start) + start.len();
        let length = text[from..].find(end).expect(end);
        text[from..from + length].to_string()
    };
    let locked = between(
        read("Cargo.lock"),
        "name = \"wasm-bindgen\"\nversion = \"",
        "\"",
    );
    for (file, start, end) in [
        ("Cargo.toml", "wasm-bindgen = \"=", "\""),
        ("Trunk.toml", "wasm_bindgen = \"", "\""),
        ("scripts/lib/toolbox.mjs", "'wasm-bindgen': '", "'"),
    ] {
        assert_eq!(between(read(file), start, end), locked, "in {file}");
    }
}

#[test]
fn simulated_rules_have_tests() {
    let files = sources();
    let is_read = |file: &&Source| ["rs", "txt"].iter().any(|end| file.is(end));
    let tests = files.iter().filter(is_read).map(rules::tests);
    let cited: std::collections::BTreeSet<&str> = tests.flat_map(rules::cited).collect();
    let complaints = rules::list().into_iter().filter_map(|(id, has_test)| {
        match (has_test, cited.contains(id)) {
            (true, false) => Some(format!("no test cites {id}")),
            (false, true) => Some(format!(
                "a test cites {id}: delete \"untested\" in crates/tidy/rules.txt"
            )),
            _ => None,
        }
    });
    holds(complaints.collect());
}

/// Nobody should have to guess which figures of an image are known and which are made up.
#[test]
fn images_say_where_their_figures_come_from() {
    let folder = "crates/engine/src/container/image/";
    let is_image = |file: &Source| {
        let defines = [
            "pub fn specs()",
            "pub fn spec()",
            ": Application = Application {",
        ];
        let shared = ["/mod.rs", "/application.rs"];
        file.path.starts_with(folder)
            && !shared.iter().any(|name| file.path.ends_with(name))
            && defines.iter().any(|part| file.text.contains(part))
    };
    let images: Vec<Source> = rust().filter(is_image).collect();
    assert!(images.len() >= 17, "{}", images.len());
    let complaints = images.iter().filter_map(|file| {
        let head = file
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("//! "));
        let head: Vec<&str> = head.collect();
        let head = head.join(" ");
        let source = match head.split("Source: ").collect::<Vec<_>>()[..] {
            [_, source] => source,
            _ => return Some(format!("{}: needs one \"Source: \" in its head", file.path)),
        };
        let figures = ["start-up", "port", "answers", "memory"];
        let missing = figures.iter().find(|figure| !source.contains(*figure))?;
        Some(format!("{}: says nothing about {missing}", file.path))
    });
    holds(complaints.collect());
}
