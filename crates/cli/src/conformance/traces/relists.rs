//! Which of the moments that seem to be full relists fit one another (SYN-04).

/// A relist begins so long after the one before, milliseconds: a second, and what that one took.
const PERIOD: std::ops::RangeInclusive<f64> = 1_001.0..=1_016.0;
const USUAL: i64 = 1_006;
/// What a row's delay may make of it, milliseconds.
const JITTER: f64 = 12.0;

/// The longest sequence of moments that can all be relists of one kubelet: ends of containers that
/// nobody asked for, and second syncs as far as they fit those.
pub fn fitting(ends: &[i64], second_syncs: &[i64]) -> Vec<i64> {
    let surest = longest(&sorted(ends.to_vec()), &[]);
    let all = sorted([ends, second_syncs].concat());
    longest(&all, &surest)
}

fn sorted(mut moments: Vec<i64>) -> Vec<i64> {
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// From which moment on the most fit, each with the one before; `kept` are all in it.
fn longest(moments: &[i64], kept: &[i64]) -> Vec<i64> {
    let mut best: Vec<i64> = Vec::new();
    for start in 0..moments.len() {
        let mut taken = vec![moments[start]];
        for at in &moments[start + 1..] {
            let next_kept = kept.iter().find(|kept| **kept > *at);
            let fits_kept = next_kept.is_none_or(|kept| fits(*at, *kept));
            let is_kept = kept.contains(at);
            if taken.last().is_some_and(|last| fits(*last, *at)) && (is_kept || fits_kept) {
                taken.push(*at);
            }
        }
        let holds = kept.iter().all(|kept| taken.contains(kept));
        if holds && taken.len() > best.len() {
            best = taken;
        }
    }
    match best.is_empty() {
        true => kept.to_vec(),
        false => best,
    }
}

/// Whether two moments are a whole number of relists apart.
fn fits(earlier: i64, later: i64) -> bool {
    let gap = (later - earlier) as f64;
    let turns = ((later - earlier + USUAL / 2) / USUAL) as f64;
    turns >= 1.0 && gap >= PERIOD.start() * turns - JITTER && gap <= PERIOD.end() * turns + JITTER
}

/// Looks at the resync queue come every second: the moments, those first that lie at the part of a
/// second at which most of them do.
pub fn by_support(looks: &[i64]) -> Vec<i64> {
    let apart = |a: i64, b: i64| {
        let apart = (a - b).rem_euclid(LOOK);
        apart.min(LOOK - apart)
    };
    let support = |at: i64| {
        looks
            .iter()
            .filter(|other| apart(at, **other) <= LOOK_JITTER)
            .count()
    };
    let mut ordered = looks.to_vec();
    ordered.sort_by_key(|at| std::cmp::Reverse(support(*at)));
    ordered
}

/// From one look to the next, milliseconds, and what a row's delay may make of it.
const LOOK: i64 = 1_000;
const LOOK_JITTER: i64 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_ordered_by_how_many_fit() {
        let looks = [500, 10_964, 43_966, 70_100, 98_971];
        assert_eq!(by_support(&looks), [10_964, 43_966, 98_971, 500, 70_100]);
    }

    #[test]
    fn what_is_no_whole_number_of_relists_apart_is_left_out() {
        let ends = [10_000, 15_025, 17_500, 20_058];
        assert_eq!(fitting(&ends, &[]), [10_000, 15_025, 20_058]);
        assert_eq!(
            fitting(&ends, &[16_031, 16_500]),
            [10_000, 15_025, 16_031, 20_058]
        );
        assert_eq!(fitting(&[], &[1_000, 3_011]), [1_000, 3_011]);
        assert_eq!(fitting(&[], &[]), [0_i64; 0]);
    }
}
