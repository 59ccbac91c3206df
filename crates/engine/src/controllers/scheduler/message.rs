//! The text of FailedScheduling (SCH-03).

use super::filter::Refusal;
use crate::sorted::Map;
use std::borrow::Cow;

/// Reasons over all nodes.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    counts: Map<Cow<'static, str>, u32>,
}

impl Reasons {
    /// One node's refusal.
    pub fn add(&mut self, refusal: &Refusal) {
        for reason in &refusal.reasons {
            self.count(reason.clone());
        }
    }

    /// One node's reason.
    pub fn count(&mut self, reason: Cow<'static, str>) {
        *self.counts.entry(reason).or_default() += 1;
    }

    /// `0/N nodes are available: …`, for a cluster of `total` nodes.
    pub fn items(&self, total: usize) -> String {
        if total == 0 {
            return "no nodes available to schedule pods".to_owned();
        }
        // Items are sorted as strings, counts included.
        let mut items: Vec<String> = self
            .counts
            .iter()
            .map(|(reason, count)| format!("{count} {reason}"))
            .collect();
        items.sort();
        format!("0/{total} nodes are available: {}.", items.join(", "))
    }
}

/// The message for a claim that does not exist: found before any node is looked at.
pub fn missing_claim(total: usize, claim: &str) -> String {
    if total == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    format!("0/{total} nodes are available: persistentvolumeclaim \"{claim}\" not found. not found")
}
