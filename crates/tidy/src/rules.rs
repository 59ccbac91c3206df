//! Which rules of Kubernetes have a test. A test cites a rule by its id, in its comment or its
//! text; the conformance suites cite those that they play.

use crate::files::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The ids of the simulated rules, one a line; `untested` after those that no test cites yet.
const LIST: &str = include_str!("../rules.txt");

/// Id to whether a test has to cite it.
pub fn list() -> BTreeMap<&'static str, bool> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| match line.split_once(' ') {
            Some((id, _)) => (id, false),
            None => (line, true),
        })
        .collect()
}

/// What of a file is a test: all of some files, the test modules of others.
pub fn tests(file: &Source) -> &str {
    let path = &file.path;
    let is_test = path.contains("/tests/")
        || path.starts_with("tests/")
        || path.ends_with("tests.rs")
        || path.ends_with("properties.rs");
    if is_test {
        return &file.text;
    }
    let begin = file.text.find("#[cfg(test)]");
    begin.map_or("", |begin| &file.text[begin..])
}

/// All ids of that form in a text: three capitals, a dash, two digits.
pub fn cited(text: &str) -> BTreeSet<&str> {
    let bytes = text.as_bytes();
    let is_id = |window: &[u8]| {
        window[..3].iter().all(u8::is_ascii_uppercase)
            && window[3] == b'-'
            && window[4..].iter().all(u8::is_ascii_digit)
    };
    let windows = bytes.windows(6).enumerate();
    windows
        .filter(|(_, window)| is_id(window))
        .map(|(at, _)| &text[at..at + 6])
        .collect()
}
