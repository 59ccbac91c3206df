//! `successPolicy`: when an indexed Job has succeeded before all of its indexes have (JOB-02).

use crate::api::{JobSpec, SuccessRule};
use crate::cluster::Cx;
use crate::controllers::state::Objects;
use crate::ids::WorkloadId;

/// What is said of the first rule that is met.
#[inline(never)]
pub fn met(cx: &Cx, id: WorkloadId, wanted: JobSpec) -> Option<String> {
    let state = cx.workload(id);
    let is_met = |rule: &SuccessRule| {
        let all = wanted.completions.unwrap_or(0);
        let asked = (0..all).filter(|index| is_listed(&rule.indexes, *index));
        let asked: Vec<u32> = asked.collect();
        let done = asked.iter();
        let done = done.filter(|index| state.job.done_indexes.contains(*index));
        let done = done.count();
        done > 0 && done >= rule.count.map_or(asked.len(), |count| count as usize)
    };
    let number = state.object.success_rules.iter().position(is_met)?;
    Some(format!("Matched rules at index {number}"))
}

/// Whether a list as `0,2-4` has this number; an empty one has all.
fn is_listed(list: &str, number: u32) -> bool {
    list.is_empty()
        || list.split(',').any(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (first.parse(), last.parse());
            first.is_ok_and(|first: u32| first <= number)
                && last.is_ok_and(|last: u32| number <= last)
        })
}
