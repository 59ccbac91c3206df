//! Differences of two texts as unified hunks, three lines of context each.
//!
//! The server finds them by the longest common block, then left and right of it; lines that are
//! frequent in a long text begin no block.

use crate::sorted::Map;
use std::fmt::Write;

const CONTEXT: usize = 3;
/// Texts of at least this many lines have frequent ones: more than one in a hundred.
const LONG: usize = 200;

/// Equal lines: where they begin in either text, and how many.
type Block = (usize, usize, usize);

/// The hunks, without the lines that name the files. Empty if the texts are equal.
pub fn hunks(before: &str, after: &str) -> String {
    let before: Vec<&str> = before.lines().collect();
    let after: Vec<&str> = after.lines().collect();
    let mut blocks = Vec::new();
    let places = places(&after);
    let mut left = vec![(0, before.len(), 0, after.len())];
    while let Some((a, a_end, b, b_end)) = left.pop() {
        let (i, j, length) = longest(&before, &after, &places, (a, a_end, b, b_end));
        if length > 0 {
            blocks.push((i, j, length));
            left.push((a, i, b, j));
            left.push((i + length, a_end, j + length, b_end));
        }
    }
    blocks.sort_unstable();
    blocks.push((before.len(), after.len(), 0));
    let mut text = String::new();
    for group in groups(&blocks) {
        write_hunk(&before, &after, &group, &mut text);
    }
    text
}

/// Where each line of the second text stands; without frequent ones.
fn places<'t>(after: &[&'t str]) -> Map<&'t str, Vec<usize>> {
    let mut places: Map<&str, Vec<usize>> = Map::new();
    for (index, line) in after.iter().enumerate() {
        match places.get_mut(*line) {
            Some(known) => known.push(index),
            None => {
                places.insert(line, vec![index]);
            }
        }
    }
    if after.len() >= LONG {
        let most = 1 + after.len() / 100;
        for (_, known) in places.iter_mut().filter(|(_, known)| known.len() > most) {
            known.clear();
        }
    }
    places
}

/// The longest block within bounds, the first of equals.
fn longest(
    before: &[&str],
    after: &[&str],
    places: &Map<&str, Vec<usize>>,
    (a, a_end, b, b_end): (usize, usize, usize, usize),
) -> Block {
    let mut best = (a, b, 0);
    // Lengths of the blocks that end at the line before, by their end in the second text.
    let mut lengths: Vec<usize> = vec![0; after.len() + 1];
    for (i, line) in before.iter().enumerate().take(a_end).skip(a) {
        let mut next = vec![0; after.len() + 1];
        for j in places.get(*line).into_iter().flatten().copied() {
            if j < b || j >= b_end {
                continue;
            }
            let length = lengths[j] + 1;
            next[j + 1] = length;
            if length > best.2 {
                best = (i + 1 - length, j + 1 - length, length);
            }
        }
        lengths = next;
    }
    let (mut i, mut j, mut length) = best;
    while i > a && j > b && before[i - 1] == after[j - 1] {
        (i, j, length) = (i - 1, j - 1, length + 1);
    }
    while i + length < a_end && j + length < b_end && before[i + length] == after[j + length] {
        length += 1;
    }
    (i, j, length)
}

/// Stretches of changed lines with what lies between them: ends of blocks that are near each other.
fn groups(blocks: &[Block]) -> Vec<Vec<(usize, usize, usize, usize)>> {
    let mut groups: Vec<Vec<(usize, usize, usize, usize)>> = Vec::new();
    let (mut a, mut b) = (0, 0);
    for &(i, j, length) in blocks {
        if i > a || j > b {
            // What changed: lines a to i become lines b to j.
            let is_near = groups.last().and_then(|group| group.last());
            match is_near.is_some_and(|(_, end, _, _)| a - end <= 2 * CONTEXT) {
                true => {
                    if let Some(group) = groups.last_mut() {
                        group.push((a, i, b, j));
                    }
                }
                false => groups.push(vec![(a, i, b, j)]),
            }
        }
        (a, b) = (i + length, j + length);
    }
    groups
}

fn write_hunk(
    before: &[&str],
    after: &[&str],
    group: &[(usize, usize, usize, usize)],
    out: &mut String,
) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    let lead = first.0.min(CONTEXT).min(first.2);
    let trail = (before.len() - last.1).min(CONTEXT);
    let span = |from: usize, to: usize| match to - from {
        1 => format!("{}", from + 1),
        // An empty stretch is named by the line before it.
        0 => format!("{from},0"),
        count => format!("{},{count}", from + 1),
    };
    let _ = writeln!(
        out,
        "@@ -{} +{} @@",
        span(first.0 - lead, last.1 + trail),
        span(first.2 - lead, last.3 + trail)
    );
    let mut at = first.0 - lead;
    let mut put = |mark: char, line: &str| {
        let _ = writeln!(out, "{mark}{line}");
    };
    for (a, a_end, b, b_end) in group {
        before[at..*a].iter().for_each(|line| put(' ', line));
        before[*a..*a_end].iter().for_each(|line| put('-', line));
        after[*b..*b_end].iter().for_each(|line| put('+', line));
        at = *a_end;
    }
    before[at..last.1 + trail]
        .iter()
        .for_each(|line| put(' ', line));
}

#[cfg(test)]
mod tests {
    use super::hunks;

    #[test]
    fn hunks_have_three_lines_of_context() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n";
        assert_eq!(
            hunks(before, after),
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -13,3 +13,4 @@\n 13\n 14\n 15\n+16\n"
        );
        assert_eq!(hunks(before, before), "");
        assert_eq!(hunks("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
    }
}
