//! Numbers that may only go down: `crates/tidy/ratchet.txt`, one `rule path number` a line.
//!
//! A rule has a limit; what was over it when the rule came stands in the file with its number.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::files::repository;

/// `(rule, subject)` → the number that must not be exceeded.
pub type Numbers = BTreeMap<(String, String), usize>;

fn file() -> PathBuf {
    repository().join("crates/tidy/ratchet.txt")
}

/// Reads the checked-in numbers; lines that start with `#` are comments.
pub fn read() -> Numbers {
    let text = fs::read_to_string(file()).expect("crates/tidy/ratchet.txt can be read");
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let mut parts = line.split_whitespace();
            let mut next = || parts.next().unwrap_or_default().to_string();
            let (rule, subject, number) = (next(), next(), next());
            let number = number.parse().expect("the third column is a number");
            ((rule, subject), number)
        })
        .collect()
}

/// Compares what is measured with the numbers of `rule`. Returns complaints; `measured` holds only
/// what is over the rule's limit.
pub fn compare(rule: &str, measured: &BTreeMap<String, usize>, numbers: &Numbers) -> Vec<String> {
    let mut complaints = Vec::new();
    for (subject, &now) in measured {
        match numbers.get(&(rule.to_string(), subject.clone())) {
            None => complaints.push(format!(
                "{rule} {subject} {now}: over the limit, and not one of those that always were"
            )),
            Some(&then) if now > then => complaints.push(format!(
                "{rule} {subject}: {now}, was {then}; the number may only go down"
            )),
            Some(_) => {}
        }
    }
    for ((r, subject), &then) in numbers {
        let now = measured.get(subject).copied().unwrap_or(0);
        if r == rule && now < then {
            let wish = if now == 0 {
                "delete its line".to_string()
            } else {
                format!("write {now}")
            };
            complaints.push(format!(
                "{rule} {subject}: better than {then}; {wish} in crates/tidy/ratchet.txt"
            ));
        }
    }
    complaints
}
