//! Every list of a recording against what the play wrote.

use super::case::Expect;
use super::millis::Millis;
use super::trace::Trace;
use std::fmt::Debug;

/// The differences, at most one a list: its first differing row.
pub fn differences(expect: &Expect, trace: Trace) -> Vec<String> {
    let trace = trace.into_canonical_order();
    let mut found = ticks(expect, &trace);
    let lists = [
        first("execs", &expect.execs, &trace.execs),
        first("results", &expect.results, &trace.results),
        first("status", &expect.status, &trace.status),
        first("kills", &expect.kills, &trace.kills),
        first("events", &expect.events, &trace.events),
        first("syncs", &expect.syncs, &trace.syncs),
    ];
    found.extend(lists.into_iter().flatten());
    found
}

fn ticks(expect: &Expect, trace: &Trace) -> Vec<String> {
    let mut found = Vec::new();
    for (worker, runs) in &expect.ticks {
        let name = format!("ticks {worker}");
        match trace.ticks.get(worker) {
            Some(ticks) => found.extend(first(&name, &expand(runs), ticks)),
            None => found.push(format!("{name}: recorded, but no worker saw a container")),
        }
    }
    for worker in trace.ticks.keys() {
        if !expect.ticks.contains_key(worker) {
            found.push(format!("ticks {worker}: not recorded"));
        }
    }
    found
}

/// Writes out runs of `[first, step, count]`.
fn expand(runs: &[(Millis, Millis, u32)]) -> Vec<Millis> {
    runs.iter()
        .flat_map(|&(first, step, count)| {
            (0..u64::from(count)).map(move |i| Millis(first.0 + step.0 * i))
        })
        .collect()
}

/// The first row in which two lists differ.
fn first<T: PartialEq + Debug>(name: &str, expected: &[T], got: &[T]) -> Option<String> {
    let rows = expected.len().max(got.len());
    let row = (0..rows).find(|&row| expected.get(row) != got.get(row))?;
    let show = |list: &[T]| match list.get(row) {
        Some(item) => format!("{item:?}"),
        None => format!("the end after {} rows", list.len()),
    };
    Some(format!(
        "{name}, row {row}: expected {}, got {}",
        show(expected),
        show(got)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_have_no_difference() {
        assert_eq!(first("syncs", &[1, 2], &[1, 2]), None);
    }

    #[test]
    fn a_missing_row_and_a_row_too_many_are_differences() {
        assert_eq!(
            first("syncs", &[1, 2], &[1]).as_deref(),
            Some("syncs, row 1: expected 2, got the end after 1 rows")
        );
        assert!(first("syncs", &[1], &[1, 2]).is_some());
    }

    #[test]
    fn runs_are_written_out() {
        assert_eq!(
            expand(&[(Millis(5), Millis(0), 2), (Millis(9), Millis(3), 2)]),
            [Millis(5), Millis(5), Millis(9), Millis(12)]
        );
    }
}
