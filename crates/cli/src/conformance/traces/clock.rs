//! By how much a candidate may be ahead of or behind a recording.

use std::collections::BTreeMap;

/// Matched moments, by what they are moments of. What follows one may be shifted as it is.
#[derive(Default)]
pub struct Clock {
    /// (moment of the recording, shift), ascending.
    anchors: BTreeMap<String, Vec<(f64, f64)>>,
}

/// A cause is seen up to this many seconds after its effect.
const CAUSE_LATE: f64 = 1.0;

impl Clock {
    /// Notes that what the recording has at `expected`, the candidate has at `got`.
    pub fn add(&mut self, source: &str, expected: f64, got: f64) {
        let anchor = (expected, got - expected);
        let anchors = self.anchors.entry(source.to_owned()).or_default();
        let index = anchors.partition_point(|known| *known <= anchor);
        anchors.insert(index, anchor);
    }

    /// The shifts that are explained at `t` of the recording: none, or as either of the last two
    /// anchors of any source.
    pub fn shifts(&self, t: f64) -> Vec<f64> {
        let mut found = vec![0.0];
        for anchors in self.anchors.values() {
            let index = anchors.partition_point(|anchor| anchor.0 <= t + CAUSE_LATE);
            for (_, shift) in &anchors[index.saturating_sub(2)..index] {
                if !found.contains(shift) {
                    found.push(*shift);
                }
            }
        }
        found
    }

    /// Largest explained shift at `t`; at least 0.
    pub fn latest(&self, t: f64) -> f64 {
        self.shifts(t).into_iter().fold(0.0, f64::max)
    }

    /// Smallest explained shift at `t`; at most 0.
    pub fn earliest(&self, t: f64) -> f64 {
        self.shifts(t).into_iter().fold(0.0, f64::min)
    }

    /// Between the smallest and the largest.
    pub fn spread(&self, t: f64) -> f64 {
        self.latest(t) - self.earliest(t)
    }
}

/// The first of those nearest to zero; zero if there is none.
pub fn nearest_zero(errors: impl IntoIterator<Item = f64>) -> f64 {
    let nearer = |best: f64, error: f64| {
        if error.abs() < best.abs() {
            error
        } else {
            best
        }
    };
    errors.into_iter().reduce(nearer).unwrap_or(0.0)
}
