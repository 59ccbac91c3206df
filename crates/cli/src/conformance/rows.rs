//! Lists of recorded rows against lists of played ones.

use super::millis::Millis;
use std::fmt::Debug;

/// The first row in which two lists differ.
pub fn first_difference<T: PartialEq + Debug>(
    name: &str,
    expected: &[T],
    got: &[T],
) -> Option<String> {
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

/// Writes out runs of `[first, step, count]`.
pub fn expand(runs: &[(Millis, Millis, u32)]) -> Vec<Millis> {
    runs.iter()
        .flat_map(|&(first, step, count)| {
            (0..u64::from(count)).map(move |i| Millis(first.0 + step.0 * i))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_have_no_difference() {
        assert_eq!(first_difference("syncs", &[1, 2], &[1, 2]), None);
    }

    #[test]
    fn a_missing_row_and_a_row_too_many_are_differences() {
        assert_eq!(
            first_difference("syncs", &[1, 2], &[1]).as_deref(),
            Some("syncs, row 1: expected 2, got the end after 1 rows")
        );
        assert!(first_difference("syncs", &[1], &[1, 2]).is_some());
    }

    #[test]
    fn runs_are_written_out() {
        assert_eq!(
            expand(&[(Millis(5), Millis(0), 2), (Millis(9), Millis(3), 2)]),
            [Millis(5), Millis(5), Millis(9), Millis(12)]
        );
    }
}
