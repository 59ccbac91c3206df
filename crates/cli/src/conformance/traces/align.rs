//! Pairing of two sequences at least cost.

use super::value::Sample;

/// A state that lasted less (seconds) may be merged into its neighbours.
pub const SHORT: f64 = 1.3;

/// Cost of leaving out a state that has to be there.
const SKIP: f64 = 1.0;
/// Cost of leaving out a state too short to be relied upon.
const SKIP_SHORT: f64 = 0.01;
/// Cost of leaving out the repetition that a left-out short state leaves.
const SKIP_REPEATED: f64 = 0.02;
/// Cost of pairing different states, and different states of which one is short.
const WRONG: f64 = 1.2;
const WRONG_SHORT: f64 = 3.0;

/// What became of a state; `i` counts the recording's, `j` the candidate's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Paired with an equal one.
    Same,
    /// Paired with a different one.
    Wrong,
    /// Only in the recording.
    Missing,
    /// Only in the candidate.
    Extra,
    /// Only on one side, and free to be so.
    Merged,
}

/// How a cell of the table was reached. The order breaks ties.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub enum Move {
    /// Both go on: paired.
    Both,
    /// Both go on: paired, but too far apart.
    Late,
    /// The recording goes on.
    Left,
    /// The candidate goes on.
    Right,
}

/// The cheapest of some ways to a cell.
pub fn cheapest(options: &[(f64, Move)]) -> (f64, Move) {
    let better = |a: (f64, Move), b: (f64, Move)| if b < a { b } else { a };
    let first = (f64::INFINITY, Move::Right);
    options.iter().copied().fold(first, better)
}

/// Pairs two state sequences at least cost: (outcome, i, j) in order. `slack` is how much longer
/// than [`SHORT`] a state at that moment may last and still be left out.
pub fn align<V: PartialEq>(
    a: &[Sample<V>],
    b: &[Sample<V>],
    slack: impl Fn(f64) -> f64,
) -> Vec<(Outcome, usize, usize)> {
    let skip = |sample: &Sample<V>, other: &[Sample<V>], index: usize| {
        if sample.end - sample.t < SHORT + slack(sample.t) {
            SKIP_SHORT
        } else if index > 0 && other[index - 1].value == sample.value {
            SKIP_REPEATED
        } else {
            SKIP
        }
    };
    let (n, m) = (a.len(), b.len());
    let mut table = vec![vec![(0.0, Move::Both); m + 1]; n + 1];
    for i in 0..=n {
        for j in 0..=m {
            let mut options = Vec::with_capacity(3);
            if i > 0 && j > 0 {
                let cost = table[i - 1][j - 1].0 + pair_cost(&a[i - 1], &b[j - 1]);
                options.push((cost, Move::Both));
            }
            if i > 0 {
                options.push((table[i - 1][j].0 + skip(&a[i - 1], b, j), Move::Left));
            }
            if j > 0 {
                options.push((table[i][j - 1].0 + skip(&b[j - 1], a, i), Move::Right));
            }
            if !options.is_empty() {
                table[i][j] = cheapest(&options);
            }
        }
    }
    walk_back(&table, a, b)
}

fn pair_cost<V: PartialEq>(x: &Sample<V>, y: &Sample<V>) -> f64 {
    let near = (0.002 * (x.t - y.t).abs()).min(0.3);
    if x.value == y.value {
        near
    } else if (x.end - x.t).min(y.end - y.t) >= SHORT {
        WRONG + near
    } else {
        WRONG_SHORT + near
    }
}

/// Reads the pairing off the table.
fn walk_back<V: PartialEq>(
    table: &[Vec<(f64, Move)>],
    a: &[Sample<V>],
    b: &[Sample<V>],
) -> Vec<(Outcome, usize, usize)> {
    let mut operations = Vec::new();
    let (mut i, mut j) = (a.len(), b.len());
    while i > 0 || j > 0 {
        let (cost, step) = table[i][j];
        let outcome = match step {
            Move::Left => {
                i -= 1;
                unpaired(cost - table[i][j].0, Outcome::Missing)
            }
            Move::Right => {
                j -= 1;
                unpaired(cost - table[i][j].0, Outcome::Extra)
            }
            Move::Both | Move::Late => {
                (i, j) = (i - 1, j - 1);
                if a[i].value == b[j].value {
                    Outcome::Same
                } else {
                    Outcome::Wrong
                }
            }
        };
        operations.push((outcome, i, j));
    }
    operations.reverse();
    operations
}

fn unpaired(cost: f64, outcome: Outcome) -> Outcome {
    if cost < 0.5 {
        Outcome::Merged
    } else {
        outcome
    }
}
