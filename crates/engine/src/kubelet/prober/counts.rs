//! What a probe worker counts for the kubelet's metrics (PRB-16).

use crate::record::ProbeOutcome;
use crate::time::Duration;

/// Upper bounds of the histogram's buckets, in milliseconds.
pub const BUCKETS_MILLIS: [u64; 11] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/// One worker's counters; they go with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProbeCounts {
    pub successful: u32,
    pub failed: u32,
    /// How long successful runs took: runs by bucket, each in the first one that holds it.
    pub buckets: [u32; 11],
    pub took: Duration,
}

impl ProbeCounts {
    /// A run has ended. Errors are not counted (PRB-10), durations of failures neither.
    pub fn count(&mut self, outcome: ProbeOutcome, took: Duration) {
        match outcome {
            ProbeOutcome::Error => {}
            ProbeOutcome::Failure => self.failed = self.failed.saturating_add(1),
            ProbeOutcome::Success | ProbeOutcome::Warning => self.passed(1, took),
        }
    }

    /// So many runs have passed that took equally long.
    pub fn passed(&mut self, runs: u32, took: Duration) {
        self.successful = self.successful.saturating_add(runs);
        let all = took.0.saturating_mul(u64::from(runs));
        self.took = Duration(self.took.0.saturating_add(all));
        let fits = |millis: &u64| took <= Duration::from_millis(*millis);
        if let Some(bucket) = BUCKETS_MILLIS.iter().position(fits) {
            self.buckets[bucket] = self.buckets[bucket].saturating_add(runs);
        }
    }
}
