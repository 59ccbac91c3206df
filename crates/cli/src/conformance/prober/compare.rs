//! Every list of a recording against what the play wrote.

use super::case::Expect;
use super::trace::Trace;
use crate::conformance::rows::{expand, first_difference as first};

/// The differences, at most one a list: its first differing row.
pub fn differences(expect: &Expect, trace: Trace) -> Vec<String> {
    let trace = trace.into_canonical_order();
    let mut found = ticks(expect, &trace);
    let lists = [
        first("execs", &expect.execs, &trace.execs),
        first("results", &expect.results, &trace.results),
        first("status", &expect.status, &trace.status),
        first("kills", &expect.kills, &trace.kills),
        first("events", &expect.events, &trace.events),
        first("syncs", &expect.syncs, &trace.syncs),
    ];
    found.extend(lists.into_iter().flatten());
    found
}

fn ticks(expect: &Expect, trace: &Trace) -> Vec<String> {
    let mut found = Vec::new();
    for (worker, runs) in &expect.ticks {
        let name = format!("ticks {worker}");
        match trace.ticks.get(worker) {
            Some(ticks) => found.extend(first(&name, &expand(runs), ticks)),
            None => found.push(format!("{name}: recorded, but no worker saw a container")),
        }
    }
    for worker in trace.ticks.keys() {
        if !expect.ticks.contains_key(worker) {
            found.push(format!("ticks {worker}: not recorded"));
        }
    }
    found
}
