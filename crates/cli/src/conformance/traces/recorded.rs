//! Recorded runs against one another.

use super::compare::{compare_runs, judge};
use super::fixture;
use super::scenario::Scenario;
use std::collections::BTreeMap;

/// Scenario to run to other run to number of differences.
type Verdicts = BTreeMap<String, BTreeMap<String, BTreeMap<String, usize>>>;

/// The numbers of differences were found by an independent implementation of the rules.
const VERDICTS: &str = include_str!("../../../../../tests/conformance/traces-verdicts.json");

#[test]
fn recorded_runs_differ_from_one_another_as_known() {
    let verdicts: Verdicts = serde_json::from_str(VERDICTS).expect("verdicts");
    let mut compared = 0;
    for path in fixture::packs() {
        let pack = fixture::read(&path);
        let scenario = Scenario::of(&pack.manifest);
        let Some(known) = verdicts.get(&pack.scenario) else {
            continue;
        };
        for (a, others) in known {
            for (b, count) in others {
                let [run, other] = [a, b].map(|name| fixture::run(&pack, name));
                let (found, _) = compare_runs(run, other, &scenario);
                assert_eq!(found.len(), *count, "{} {a} {b}: {found:?}", pack.scenario);
                compared += 1;
            }
        }
    }
    assert!(compared >= 1_392, "only {compared} pairs");
}

/// What other runs of a pack show themselves is no difference when tolerances are widened by them.
#[test]
fn widened_tolerances_cover_what_other_runs_show() {
    let pack = fixture::pack("deploy-surge1-unavail0");
    let candidate = &fixture::run(&pack, "r1").transitions;
    let differences = |widen| {
        let verdict = judge(&pack, candidate, Some("r3"), widen).expect("a run");
        verdict.differences.len()
    };
    assert_eq!((differences(false), differences(true)), (1, 0));
}
