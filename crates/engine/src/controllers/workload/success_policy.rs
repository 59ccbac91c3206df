//! `successPolicy`: when an indexed Job has succeeded before all of its indexes have (JOB-02).

use crate::api::{JobSpec, SuccessRule};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::ids::WorkloadId;
use std::ops::Range;

/// What is said of the first rule that is met.
#[inline(never)]
pub fn met(cx: &Cx, id: WorkloadId, wanted: JobSpec) -> Option<String> {
    let state = cx.workload(id);
    let done = &state.job.done_indexes;
    // There may be a thousand million indexes: only those that are done are looked at.
    let is_met = |rule: &SuccessRule| {
        let asked = ranges(&rule.indexes, wanted.completions.unwrap_or(0));
        let is_asked = |index: &&u32| asked.iter().any(|range| range.contains(*index));
        let count = done.iter().filter(is_asked).count();
        let is_enough = match rule.count {
            Some(enough) => count >= enough as usize,
            None => asked
                .iter()
                .cloned()
                .flatten()
                .all(|index| done.contains(&index)),
        };
        count > 0 && is_enough
    };
    let number = state.object.success_rules.iter().position(is_met)?;
    Some(format!("Matched rules at index {number}"))
}

/// The numbers of a list as `0,2-4`, up to how many there are; an empty one has all.
fn ranges(list: &str, all: u32) -> Vec<Range<u32>> {
    let list = match list {
        "" => "0-4294967295",
        list => list,
    };
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let last: u32 = last.parse().ok()?;
        Some(first.parse().ok()?..last.saturating_add(1).min(all))
    };
    list.split(',').filter_map(range).collect()
}
