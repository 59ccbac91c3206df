//! What a rule says, and a recording that shows it: it holds of the recorded rows, and of those of
//! the replay.

use super::{fixture, play, replay};
use readyz_engine::trace::Transition;
use std::collections::BTreeMap;

/// The form is explained at its top.
const TABLE: &str = include_str!("../../../../../tests/conformance/rules-recorded.txt");

/// A rule's conditions by recording.
type Table<'t> = BTreeMap<&'t str, Vec<(&'t str, &'t str)>>;

fn table() -> Table<'static> {
    let mut table = Table::new();
    let mut current = ("", "");
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            Some(condition) => {
                let (rule, pack) = current;
                table.entry(pack).or_default().push((rule, condition));
            }
            None => current = line.split_once(' ').expect("a rule and a recording"),
        }
    }
    table
}

/// A row as JSON, and its moment in milliseconds.
struct Row {
    at: i64,
    text: String,
}

impl Row {
    fn has(&self, parts: &str) -> bool {
        parts.split(" & ").all(|part| self.text.contains(part))
    }
}

fn rows(transitions: &[Transition]) -> Vec<Row> {
    let mut rows: Vec<Row> = transitions
        .iter()
        .map(|row| Row {
            at: row.t.millis,
            text: serde_json::to_string(row).expect("plain data"),
        })
        .collect();
    rows.sort_by_key(|row| row.at);
    rows
}

fn holds(rows: &[Row], condition: &str) -> bool {
    let (kind, rest) = condition.split_once(' ').expect("a kind and its rest");
    match kind {
        "has" => rows.iter().any(|row| row.has(rest)),
        "lacks" => !rows.iter().any(|row| row.has(rest)),
        "then" => {
            let mut wanted = rest.split(" | ").peekable();
            for row in rows {
                wanted.next_if(|parts| row.has(parts));
            }
            wanted.peek().is_none()
        }
        "gap" => {
            let mut words = rest.splitn(3, ' ');
            let mut millis = || words.next()?.parse::<i64>().ok();
            let (least, most) = (millis().expect("least"), millis().expect("most"));
            let pair = words.next().and_then(|pair| pair.split_once(" | "));
            let (first, second) = pair.expect("two rows");
            let begin = rows.iter().position(|row| row.has(first));
            let gap = begin.and_then(|begin| {
                let end = rows[begin..].iter().find(|row| row.has(second))?;
                Some(end.at - rows[begin].at)
            });
            gap.is_some_and(|gap| (least..=most).contains(&gap))
        }
        _ => panic!("what is {kind:?}?"),
    }
}

#[test]
fn rules_hold_of_recordings_and_of_their_replays() {
    let mut broken = Vec::new();
    for (name, conditions) in table() {
        let (_, told) = play(&fixture::pack(name), replay::simulate);
        for (side, rows) in [
            ("recorded", rows(&told.recorded)),
            ("replayed", rows(&told.replayed)),
        ] {
            for (rule, condition) in &conditions {
                if !holds(&rows, condition) {
                    broken.push(format!("{rule} {name} {side}: {condition}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_condition_can_be_broken() {
    let row = |at, text: &str| Row {
        at,
        text: text.to_owned(),
    };
    let rows = [row(0, "a b"), row(500, "c"), row(700, "a d")];
    for (condition, expected) in [
        ("has a & d", true),
        ("has b & d", false),
        ("lacks e", true),
        ("lacks c", false),
        ("then b | c | d", true),
        ("then c | b", false),
        ("gap 400 600 a | c", true),
        ("gap 600 900 a | c", false),
        ("gap 0 900 c | b", false),
    ] {
        assert_eq!(holds(&rows, condition), expected, "{condition}");
    }
}
