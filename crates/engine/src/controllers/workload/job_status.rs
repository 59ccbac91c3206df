//! How a Job stands (JOB-02).

use crate::ids::PodId;
use crate::sorted::{Map, Set};
use crate::time::Instant;

/// How a Job stands.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct JobStatus {
    pub active: u32,
    pub ready: u32,
    /// Pods under deletion that have not ended.
    pub terminating: u32,
    pub succeeded: u32,
    /// Of an index that is to be tried again, the last failure comes in with the next try.
    pub failed: u32,
    /// `Complete`, `FailureTarget` or `Failed`; empty: it goes on.
    pub condition: &'static str,
    /// Why it failed.
    pub reason: &'static str,
    pub started_at: Option<Instant>,
    /// Since when it is known how it will end: FailureTarget or SuccessCriteriaMet.
    pub decided_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    /// Condition Suspended: whether it is True, and since when.
    pub suspension: Option<(bool, Instant)>,
    /// The message of an end that a rule of a policy brought about.
    pub message: String,
    pub(super) counted: Set<PodId>,
    pub(super) done_indexes: Set<u32>,
    pub(super) failed_indexes: Set<u32>,
    /// With `backoffLimitPerIndex`: what failed of each index.
    pub(super) index_failures: Map<u32, IndexFailures>,
    /// All failures that count against the limit.
    pub(super) failures: u32,
    /// Failures since the last success.
    pub(super) failures_in_a_row: u32,
    pub(super) last_failure: Instant,
}

/// The failures of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct IndexFailures {
    /// Those that count.
    pub counted: u32,
    /// With those that a rule ignores: the wait doubles by them.
    pub all: u32,
    /// Whether the last one counts.
    pub last_counts: bool,
    pub last_at: Instant,
}

impl JobStatus {
    /// What the conditions say about its end.
    pub fn text(&self) -> &str {
        match self.reason {
            "CompletionsReached" => "Reached expected number of succeeded pods",
            "DeadlineExceeded" => "Job was active longer than specified deadline",
            "FailedIndexes" => "Job has failed indexes",
            "MaxFailedIndexesExceeded" => {
                "Job has exceeded the specified maximal number of failed indexes"
            }
            "PodFailurePolicy" | "SuccessPolicy" => &self.message,
            _ => "Job has reached the specified backoff limit",
        }
    }

    /// `status.completedIndexes`.
    pub fn completed_indexes(&self) -> String {
        ranges(&self.done_indexes)
    }

    /// `status.failedIndexes`.
    pub fn failed_indexes(&self) -> String {
        ranges(&self.failed_indexes)
    }

    /// Whether a Pod has been counted: its finalizer is gone.
    pub fn has_counted(&self, pod: PodId) -> bool {
        self.counted.contains(&pod)
    }

    /// Whether an index has come to an end, good or bad.
    pub(super) fn is_over(&self, index: u32) -> bool {
        self.done_indexes.contains(&index) || self.failed_indexes.contains(&index)
    }
}

/// Numbers as the API lists them: neighbours are joined, as `0-2,4`.
fn ranges(numbers: &Set<u32>) -> String {
    let mut text = String::new();
    let mut numbers = numbers.iter().copied().peekable();
    while let Some(first) = numbers.next() {
        let mut last = first;
        while let Some(next) = numbers.next_if(|next| *next == last + 1) {
            last = next;
        }
        let comma = if text.is_empty() { "" } else { "," };
        text.push_str(comma);
        text.push_str(&first.to_string());
        if last > first {
            text.push(if last == first + 1 { ',' } else { '-' });
            text.push_str(&last.to_string());
        }
    }
    text
}
