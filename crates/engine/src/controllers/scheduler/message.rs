//! The text of FailedScheduling (SCH-03).

use super::filter::Refusal;
use crate::sorted::Map;

/// Reasons over all nodes.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    counts: Map<&'static str, u32>,
    may_preempt: u32,
    may_not: u32,
}

impl Reasons {
    /// One node's refusal.
    pub fn add(&mut self, refusal: &Refusal) {
        for reason in &refusal.reasons {
            *self.counts.entry(reason).or_default() += 1;
        }
        if refusal.may_preempt {
            self.may_preempt += 1;
        } else {
            self.may_not += 1;
        }
    }

    /// The whole message for a cluster of `total` nodes.
    pub fn text(&self, total: usize) -> String {
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
        let mut victims = Vec::new();
        if self.may_preempt > 0 {
            victims.push(format!(
                "{} No preemption victims found for incoming pod",
                self.may_preempt
            ));
        }
        if self.may_not > 0 {
            victims.push(format!(
                "{} Preemption is not helpful for scheduling",
                self.may_not
            ));
        }
        victims.sort();
        format!(
            "0/{total} nodes are available: {}. no new claims to deallocate, preemption: \
             0/{total} nodes are available: {}.",
            items.join(", "),
            victims.join(", ")
        )
    }
}

/// The message for a claim that does not exist: found before any node is looked at.
pub fn missing_claim(total: usize, claim: &str) -> String {
    if total == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    format!("0/{total} nodes are available: persistentvolumeclaim \"{claim}\" not found. not found")
}
