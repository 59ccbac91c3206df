//! Errors planted into recorded runs, and how many differences each makes. The numbers were found by
//! an independent implementation of the rules; the kinds that it cannot see are in as well.

use super::compare::{compare, trace_of};
use super::fixture;
use super::pack::Run;
use super::scenario::Scenario;
use super::stream_rules::Allowance;
use super::streams::Trace;
use crate::conformance::input;
use readyz_engine::trace::{Seconds, Transition};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// An error: how the rows of a run are changed. Numbers of rows count those up to the run's end.
#[derive(Deserialize)]
struct Planted {
    kind: String,
    scenario: String,
    run: String,
    /// What it makes.
    differences: usize,
    #[serde(default)]
    drop: Vec<usize>,
    /// Rows that come at another time.
    #[serde(default, rename = "move")]
    moved: Vec<(usize, Seconds)>,
    /// Rows that are others.
    #[serde(default)]
    put: Vec<(usize, Transition)>,
    #[serde(default)]
    add: Vec<Transition>,
}

impl Planted {
    fn rows(&self, run: &Run) -> Vec<Transition> {
        let end = (run.seconds * 1_000.0).round() as i64;
        let recorded = run.transitions.iter().filter(|row| row.t.millis <= end);
        let mut rows: Vec<Transition> = recorded.cloned().collect();
        for (index, t) in &self.moved {
            rows[*index].t = *t;
        }
        for (index, row) in &self.put {
            rows[*index] = row.clone();
        }
        let kept = rows.into_iter().enumerate();
        let mut rows: Vec<Transition> = kept
            .filter(|(index, _)| !self.drop.contains(index))
            .map(|(_, row)| row)
            .collect();
        rows.extend(self.add.iter().cloned());
        rows.sort_by_key(|row| row.t);
        rows
    }
}

#[test]
fn planted_errors_are_found_as_by_another_implementation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance");
    let text = input::text(&folder.join("traces-planted.json.gz")).expect("readable");
    let planted: Vec<Planted> = serde_json::from_str(&text).expect("planted errors");
    let mut wrong = Vec::new();
    let mut found: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut known: Option<super::pack::Pack> = None;
    for error in &planted {
        if known.as_ref().is_none_or(|p| p.scenario != error.scenario) {
            known = Some(fixture::pack(&error.scenario));
        }
        let pack = known.as_ref().expect("just read");
        let run = fixture::run(pack, &error.run);
        let got = Trace::new(&error.rows(run), run.seconds, Some(&run.namespace));
        let expected = trace_of(run, f64::INFINITY);
        let scenario = Scenario::of(&pack.manifest);
        let (differences, _) = compare(&expected, &got, &scenario, &Allowance::new());
        let count = found.entry(&error.kind).or_default();
        count.0 += 1;
        count.1 += u32::from(!differences.is_empty());
        if differences.len() != error.differences {
            wrong.push(format!(
                "{} {} {}: {} instead of {}: {differences:?}",
                error.kind,
                error.scenario,
                error.run,
                differences.len(),
                error.differences
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(found.len(), 22, "{found:?}");
    for kind in [
        "exit code wrong",
        "reason wrong",
        "phase wrong",
        "order swapped",
    ] {
        assert_eq!(found[kind].0, found[kind].1, "{kind}");
    }
}
