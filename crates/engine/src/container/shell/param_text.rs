//! What `${x%y}`, `${x/a/b}` and `${x:1:2}` make of a value.

use super::pattern::{self, Marked};

/// `${x#pattern}` and its relatives.
pub fn trim(value: &str, pattern: &[Marked], suffix: bool, longest: bool) -> String {
    let text: Vec<char> = value.chars().collect();
    let cuts: Vec<usize> = if suffix == longest {
        (0..=text.len()).collect()
    } else {
        (0..=text.len()).rev().collect()
    };
    for cut in cuts {
        let (kept, gone) = if suffix {
            (&text[..cut], &text[cut..])
        } else {
            (&text[cut..], &text[..cut])
        };
        if pattern::matches(pattern, gone) {
            return kept.iter().collect();
        }
    }
    value.to_string()
}

/// `${x/old/new}`: the longest match at the earliest place.
pub fn replace(value: &str, old: &[Marked], new: &str, all: bool) -> String {
    let text: Vec<char> = value.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    let mut replaced = false;
    while at < text.len() {
        let end = (at + 1..=text.len())
            .rev()
            .find(|end| (all || !replaced) && pattern::matches(old, &text[at..*end]));
        match end {
            Some(end) => {
                out.push_str(new);
                replaced = true;
                at = end;
            }
            None => {
                out.push(text[at]);
                at += 1;
            }
        }
    }
    out
}

/// `${x:offset:length}`.
pub fn slice(value: &str, offset: i64, length: Option<i64>) -> String {
    let text: Vec<char> = value.chars().collect();
    let size = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { size + offset } else { offset };
    if start < 0 || start > size {
        return String::new();
    }
    let end = match length {
        None => size,
        Some(length) if length < 0 => size + length,
        Some(length) => start.saturating_add(length).min(size),
    };
    let (start, end) = (
        usize::try_from(start).unwrap_or(0),
        usize::try_from(end).unwrap_or(0),
    );
    text.get(start..end)
        .map(|part| part.iter().collect())
        .unwrap_or_default()
}
