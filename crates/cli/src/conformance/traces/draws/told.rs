//! Which Events about nodes are older than a run, because another one on the same cluster was first.

use super::super::pack::Run;
use readyz_engine::trace::Change;
use std::collections::BTreeMap;

/// Length of a time stamp without fractions and zone.
const SECONDS: usize = 19;

/// By node: reason, and how often it had been told. An Event is older than the run if it was first
/// told before, and the run shows it counted on (EVT-05).
pub fn of_nodes(run: &Run) -> BTreeMap<String, Vec<(String, u32)>> {
    let seconds = |stamp: &str| stamp.get(..SECONDS).map(str::to_owned);
    let mut nodes: BTreeMap<String, Vec<(String, u32)>> = BTreeMap::new();
    for row in &run.transitions {
        let Change::Event(event) = &row.change else {
            continue;
        };
        let Some(node) = event.object.strip_prefix("node/") else {
            continue;
        };
        let first = event.first_timestamp.as_deref().and_then(seconds);
        let is_older = first.is_some_and(|first| Some(first) < seconds(&run.t0));
        let before = event.count.unwrap_or(0).saturating_sub(1);
        let told = nodes.entry(node.to_owned()).or_default();
        let is_new = told.iter().all(|(reason, _)| *reason != event.reason);
        if is_older && is_new && before > 0 {
            told.push((event.reason.clone(), before));
        }
    }
    nodes
}
