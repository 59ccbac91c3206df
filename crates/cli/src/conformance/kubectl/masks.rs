//! What may differ between a recorded output and a replayed one: generated names and hashes, ids,
//! addresses, dates, worker processes, folders of temporary files; ages and durations within two
//! seconds; runs of spaces; the order of rows and
//! of described objects that sort by a generated name, and of rows whose order is that of ages
//! which may differ. Nothing else.

use regex_lite::Regex;
use std::sync::LazyLock;

/// Characters of generated names and hashes.
const GENERATED: &str = "[bcdfghjklmnpqrstvwxz2456789]";

/// Patterns and what stands for them, in order.
pub type Masks = Vec<(Regex, &'static str)>;

/// An object's uid.
pub const UID: &str = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/// Patterns made ready.
pub fn masks(patterns: &[(&str, &'static str)]) -> Masks {
    let ready = |(pattern, mask): &(&str, &'static str)| Some((Regex::new(pattern).ok()?, *mask));
    patterns.iter().filter_map(ready).collect()
}

/// A text with what the patterns find masked.
pub fn mask(text: &str, masks: &Masks) -> String {
    let mut text = text.to_owned();
    for (pattern, replacement) in masks {
        text = pattern.replace_all(&text, *replacement).into_owned();
    }
    text
}

/// All of them.
static MASKS: LazyLock<Masks> = LazyLock::new(|| {
    let hash = format!("-{GENERATED}{{6,10}}-{GENERATED}{{5}}\\b");
    // In texts the namespace follows: `web-7f9c-x2v4k_default`.
    let in_text = format!("-{GENERATED}{{6,10}}-{GENERATED}{{5}}_");
    let set = format!("-{GENERATED}{{6,10}}\\b");
    let label = format!("pod-template-hash[=:] ?{GENERATED}{{6,10}}");
    let short = format!("-{GENERATED}{{5}}\\b");
    masks(&[
        (UID, "<uid>"),
        (
            r"\b(docker\.io/[a-z0-9/.-]+@)?sha256:[0-9a-f]{64}\b",
            "<image id>",
        ),
        (r"registry\.k8s\.io/[a-z0-9/.-]+@<image id>", "<image id>"),
        (r"\b[0-9a-f]{64}\b", "<id>"),
        (r"\.[0-9a-f]{16}\b", ".<time>"),
        (
            r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000",
            "<time>",
        ),
        (
            r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?",
            "<time>",
        ),
        (
            r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\]",
            "[<time>]",
        ),
        // Which worker of nginx accepts a connection is the system's choice.
        (r"\] \d+#\d+: \*", "] <worker>: *"),
        (r"\b\d{1,3}(\.\d{1,3}){3}:\d+->", "<ip>:<port>->"),
        (r"\b10\.\d{1,3}(\.\d{1,3}){2}\b", "<ip>"),
        (r"\b192\.168(\.\d{1,3}){2}\b", "<ip>"),
        (r#"resourceVersion: "\d+""#, "resourceVersion: <n>"),
        (r#""resourceVersion": "\d+""#, "resourceVersion: <n>"),
        (label.as_str(), "pod-template-hash=<hash>"),
        (hash.as_str(), "-<hash>-<5>"),
        (in_text.as_str(), "-<hash>-<5>_"),
        (set.as_str(), "-<hash>"),
        (short.as_str(), "-<5>"),
        (r"(\$TMPDIR|/tmp)/(LIVE|MERGED)-\d+/", "<folder>/$2/"),
        (r"default-scheduler-[a-z-]+", "default-scheduler-<host>"),
    ])
});

fn masked(text: &str) -> String {
    mask(text, &MASKS)
}

/// The milliseconds of an age such as `2m3s`, or of a duration such as `1.2s`, and how far the next
/// one that prints otherwise is (KUB-01).
pub fn age(word: &str) -> Option<(u64, u64)> {
    let bare = word.trim_matches(['(', ')', ',']);
    let mut total = 0;
    let mut finest = 0;
    let mut rest = bare;
    while !rest.is_empty() {
        let number = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|end| *end > 0)?;
        let (digits, after) = rest.split_at(number);
        let (unit, length) = match after.as_bytes() {
            [b'm', b's', ..] => (1, 2),
            [b's', ..] => (1_000, 1),
            [b'm', ..] => (60_000, 1),
            [b'h', ..] => (3_600_000, 1),
            [b'd', ..] => (86_400_000, 1),
            _ => return None,
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let thousandths = format!("{part:0<3}");
        total += whole.parse::<u64>().ok()? * unit;
        total += thousandths.get(..3)?.parse::<u64>().ok()? * unit / 1_000;
        finest = unit;
        rest = &after[length..];
    }
    let step = match (finest, total) {
        (0, _) => return None,
        // Seconds are left out where there are none.
        (60_000, ..600_000) | (1_000, _) => 1_000,
        (finest, _) => finest,
    };
    Some((total, step))
}

fn same_word(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (age(a), age(b)) {
        (Some(a), Some(b)) => {
            let (less, more) = if a.0 <= b.0 { (a, b) } else { (b, a) };
            more.0 <= less.0 + (less.1.max(1_000) - 1_000) + 2_000
        }
        // A time that has not come yet, or just has.
        (Some((millis, _)), None) => b.contains("<invalid>") && millis <= 2_000,
        (None, Some((millis, _))) => a.contains("<invalid>") && millis <= 2_000,
        _ => false,
    }
}

/// The endpoints of described slices in one order: theirs is arbitrary (EPS-04).
fn sorted_endpoints(text: &str) -> String {
    const FIRST: &str = "  - Addresses:";
    let mut sorted: Vec<Vec<&str>> = Vec::new();
    let mut parts = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with(FIRST) {
            sorted.push(vec![line]);
        } else if let Some(last) = sorted.last_mut().filter(|_| line.starts_with("    ")) {
            last.push(line);
        } else {
            sorted.sort();
            parts.extend(sorted.drain(..).flatten());
            parts.push(line);
        }
    }
    sorted.sort();
    parts.extend(sorted.drain(..).flatten());
    parts.concat()
}

/// Whether a line's place follows from a generated name or from an age.
fn is_movable(line: &str) -> bool {
    ["<5>", "<hash>", "<time>"]
        .iter()
        .any(|mask| line.contains(mask))
        || line.split_whitespace().any(|word| age(word).is_some())
}

/// The first lines of two outputs that stand in another order.
fn out_of_order(wanted: &[&str], have: &[&str]) -> Option<(String, String)> {
    let fixed = |lines: &[&str]| -> Vec<String> {
        let fixed = lines.iter().filter(|line| !is_movable(line));
        fixed.map(ToString::to_string).collect()
    };
    let (wanted, have) = (fixed(wanted), fixed(have));
    let mut pairs = wanted.into_iter().zip(have);
    pairs.find(|(a, b)| !same_line(a, b))
}

fn same_line(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.split_whitespace(), b.split_whitespace());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if same_word(a, b) => {}
            _ => return false,
        }
    }
}

/// The first line that the outputs do not share, with what stands for it in the other (empty:
/// nothing).
pub fn first_difference(wanted: &str, have: &str) -> Option<(String, String)> {
    let (wanted, have) = (masked(wanted), masked(have));
    let (wanted, have) = (sorted_endpoints(&wanted), sorted_endpoints(&have));
    if wanted.lines().count() == have.lines().count()
        && wanted
            .lines()
            .zip(have.lines())
            .all(|(a, b)| same_line(a, b))
    {
        return None;
    }
    // Objects apart, each with its lines in any order.
    let mut left: Vec<Vec<&str>> = have.split("\n\n\n").map(|b| b.lines().collect()).collect();
    let mut first = None;
    for block in wanted.split("\n\n\n") {
        let lines: Vec<&str> = block.lines().collect();
        let compared = left.iter().map(|other| unmatched(&lines, other));
        let best = compared
            .enumerate()
            .min_by_key(|(_, (missing, extra))| missing.len() + extra.len());
        let Some((index, (missing, extra))) = best else {
            first.get_or_insert((block.lines().next().unwrap_or("").to_owned(), String::new()));
            continue;
        };
        if !(missing.is_empty() && extra.is_empty()) {
            let of = |lines: &[&str]| lines.first().map_or_else(String::new, ToString::to_string);
            first.get_or_insert((of(&missing), of(&extra)));
        } else if let Some(moved) = out_of_order(&lines, &left[index]) {
            first.get_or_insert(moved);
        }
        left.remove(index);
    }
    if let Some(rest) = left.first() {
        first.get_or_insert((
            String::new(),
            rest.first().map_or("", |line| line).to_owned(),
        ));
    }
    first
}

/// Lines of each that the other does not have.
fn unmatched<'t>(wanted: &[&'t str], have: &[&'t str]) -> (Vec<&'t str>, Vec<&'t str>) {
    let mut extra: Vec<&str> = have.to_vec();
    let mut missing = Vec::new();
    for line in wanted {
        match extra.iter().position(|other| same_line(line, other)) {
            Some(index) => {
                extra.remove(index);
            }
            None => missing.push(*line),
        }
    }
    (missing, extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_may_differ_by_two_seconds() {
        assert_eq!(first_difference("web  1/1  10s\n", "web 1/1   12s\n"), None);
        assert!(first_difference("web 1/1 10s\n", "web 1/1 13s\n").is_some());
        assert!(first_difference("web 1/1 10s\n", "web 0/1 10s\n").is_some());
        assert_eq!(first_difference("web 15m\n", "web 16m\n"), None);
        assert!(first_difference("web 15m\n", "web 17m\n").is_some());
        assert!(first_difference("web 5m8s\n", "web 4m51s\n").is_some());
        assert_eq!(first_difference("in 1.208s\n", "in 980ms\n"), None);
    }

    #[test]
    fn endpoints_come_in_any_order_each_as_a_whole() {
        let endpoint = |address: &str, ready: bool, pod: &str| {
            format!("  - Addresses:  {address}\n    Ready: {ready}\n    TargetRef: Pod/{pod}\n")
        };
        let both = |a: String, b: String| format!("Endpoints:\n{a}{b}Events: <none>\n");
        let wanted = both(
            endpoint("10.1.1.1", true, "a"),
            endpoint("10.1.1.2", false, "b"),
        );
        let turned = both(
            endpoint("10.1.1.9", false, "b"),
            endpoint("10.1.1.8", true, "a"),
        );
        let crossed = both(
            endpoint("10.1.1.9", true, "b"),
            endpoint("10.1.1.8", false, "a"),
        );
        assert_eq!(first_difference(&wanted, &turned), None);
        assert!(first_difference(&wanted, &crossed).is_some());
    }

    #[test]
    fn names_hashes_and_addresses_are_masked() {
        let wanted = "api-77ff79d6-42d7q 10.244.2.35\nx 1\n";
        let have = "x 1\napi-967bf64d9-hkb2h 10.244.1.9\n";
        assert_eq!(first_difference(wanted, have), None);
        assert!(
            first_difference("x 1\ny 1\n", "y 1\nx 1\n").is_some(),
            "names of their own"
        );
        assert!(first_difference("x node1\n", "x node2\n").is_some());
    }
}
