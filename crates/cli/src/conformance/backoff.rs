//! Suite `backoff`: the back-off object alone (recordings `backoff-*`).

use super::rows::first_difference;
use super::{lines, Suite};
use readyz_engine::kubelet::BackOff;
use readyz_engine::time::Instant;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "backoff",
    file_prefixes: &["backoff-"],
    run: lines::play::<Case>,
};

/// One line of a recording. Its mode only says which operations it holds: base, cap and expiry are
/// the same for restarts and pulls.
#[derive(Deserialize)]
struct Case {
    id: String,
    ops: Vec<Op>,
}

/// An operation and what came of it; times in milliseconds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Op {
    /// `[t, "start?", key, finishedAt, inBackOff, valueMs]`
    Start(u64, String, String, u64, bool, u64),
    /// `[t, "pull?", key, outcome, valueMs]`
    Pull(u64, String, String, Pull, u64),
    /// `[t, "gc"]`
    Collect(u64, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Pull {
    Backoff,
    #[serde(rename = "pull-failed")]
    Failed,
    #[serde(rename = "pull-ok")]
    Done,
}

impl lines::Case for Case {
    fn id(&self) -> &str {
        &self.id
    }

    fn play(&self) -> Vec<String> {
        let mut entries = BTreeMap::new();
        let got: Vec<Op> = self.ops.iter().map(|op| play(&mut entries, op)).collect();
        first_difference("ops", &self.ops, &got)
            .into_iter()
            .collect()
    }
}

/// Carries out an operation; the same row with what came of it now.
fn play<'a>(entries: &mut BTreeMap<&'a str, BackOff>, op: &'a Op) -> Op {
    match op {
        Op::Start(t, what, key, finished, _, _) => {
            let entry = entries.entry(key).or_default();
            let (now, end) = (Instant::from_millis(*t), Instant::from_millis(*finished));
            let refused = entry.refuses_restart(now, end);
            if !refused {
                entry.advance(now, end);
            }
            let value = entry.delay().as_millis();
            Op::Start(*t, what.clone(), key.clone(), *finished, refused, value)
        }
        Op::Pull(t, what, key, recorded, _) => {
            let now = Instant::from_millis(*t);
            let entry = entries.entry(key).or_default();
            let outcome = match recorded {
                _ if entry.refuses_pull(now) => Pull::Backoff,
                // Whether a pull that is tried succeeds is an input.
                Pull::Failed => {
                    entry.advance(now, now);
                    Pull::Failed
                }
                _ => Pull::Done,
            };
            if outcome == Pull::Done {
                collect_garbage(entries, now);
            }
            let value = entries[key.as_str()].delay().as_millis();
            Op::Pull(*t, what.clone(), key.clone(), outcome, value)
        }
        Op::Collect(t, what) => {
            collect_garbage(entries, Instant::from_millis(*t));
            Op::Collect(*t, what.clone())
        }
    }
}

fn collect_garbage(entries: &mut BTreeMap<&str, BackOff>, now: Instant) {
    for entry in entries.values_mut() {
        entry.collect_garbage(now);
    }
}
