//! Suite `traces`: runs of a real two-node cluster, one pack of them a scenario.
//!
//! Of each recorded run the scenario is replayed by the simulator with the moments of that run,
//! and the trace is compared with it (the rules: [`compare`] and the modules it uses). Runs of a
//! real cluster differ from one another within those rules, and now and then beyond them; so a pack
//! passes when at least one of its runs agrees with its replay.

mod align;
mod clock;
mod compare;
mod difference;
mod event_rules;
mod lifecycle;
pub mod pack;
mod pairing;
mod pod_rules;
mod pod_streams;
pub mod replay;
mod scenario;
mod stream_rules;
mod streams;
mod text;
mod value;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod recorded;

use super::{input, report::Report, Suite};
use crate::commands::Failure;
use pack::Pack;
use readyz_engine::trace::Transition;
use replay::Replay;
use std::path::Path;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "traces",
    file_prefixes: &[],
    run,
};

/// Lists the packs of a folder; not a pack itself.
const INDEX: &str = "index.json";

fn run(file: &Path, report: &mut Report) -> Result<(), Failure> {
    let name = input::file_name(file);
    if name == INDEX {
        return Ok(());
    }
    let pack = Pack::read(file)?;
    if report.wants(&pack.scenario, &pack.issue) {
        let (differences, note) = play(&pack, replay::simulate);
        report.add_noted(&name, &pack.scenario, differences, note);
    }
    Ok(())
}

/// Replays every run of a pack. Returns nothing to complain about if one agrees, else the
/// differences from the nearest one; and which runs agree.
fn play(
    pack: &Pack,
    simulate: impl Fn(&Replay<'_>) -> Result<Vec<Transition>, String>,
) -> (Vec<String>, String) {
    let mut agreeing = Vec::new();
    let mut nearest: Option<Vec<String>> = None;
    for run in &pack.runs {
        let differences = match simulate(&Replay::of(pack, run)) {
            Ok(trace) => differences(pack, &run.run, trace),
            Err(refusal) => vec![format!("{}: no replay: {refusal}", run.run)],
        };
        if differences.is_empty() {
            agreeing.push(run.run.as_str());
        }
        if nearest
            .as_ref()
            .is_none_or(|known| differences.len() < known.len())
        {
            nearest = Some(differences);
        }
    }
    let note = format!(
        "agrees with {} of {} runs: {}",
        agreeing.len(),
        pack.runs.len(),
        agreeing.join(" ")
    );
    (nearest.unwrap_or_default(), note)
}

/// How a trace differs from a run, one line each.
fn differences(pack: &Pack, run: &str, mut trace: Vec<Transition>) -> Vec<String> {
    trace.sort_by_key(|row| row.t);
    let Some(verdict) = compare::judge(pack, &trace, Some(run), false) else {
        return vec![format!("no run {run}")];
    };
    let name = &verdict.run.run;
    let found = verdict.differences.iter();
    found
        .map(|difference| format!("{name}: {difference}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fixture::pack;

    /// A simulator that knows the recordings by heart.
    fn recall(pack: &Pack, replay: &Replay<'_>) -> Vec<Transition> {
        let run = pack
            .runs
            .iter()
            .find(|run| run.namespace == replay.namespace);
        run.expect("a run of the pack").transitions.clone()
    }

    #[test]
    fn perfect_replays_agree_with_every_run() {
        let pack = pack("seed004-startup");
        let (differences, note) = play(&pack, |replay| Ok(recall(&pack, replay)));
        assert_eq!(differences, Vec::<String>::new());
        assert_eq!(
            note,
            "agrees with 7 of 7 runs: r1 r2 r3 v1 watch quiet1 quiet2"
        );
    }

    #[test]
    fn one_agreeing_run_is_enough() {
        let pack = pack("seed004-startup");
        let (differences, note) = play(&pack, |replay| {
            let trace = recall(&pack, replay);
            Ok(if replay.namespace.ends_with("v1") {
                trace
            } else {
                Vec::new()
            })
        });
        assert_eq!(differences, Vec::<String>::new());
        assert_eq!(note, "agrees with 1 of 7 runs: v1");
    }

    #[test]
    fn an_empty_trace_differs() {
        let (differences, note) = play(&pack("seed004-startup"), |_| Ok(Vec::new()));
        assert!(!differences.is_empty());
        assert_eq!(note, "agrees with 0 of 7 runs: ");
    }

    #[test]
    fn a_refused_replay_fails_with_its_reason() {
        let (differences, _) = play(&pack("seed002-ok"), |_| Err("why not".to_owned()));
        assert_eq!(differences, ["base: no replay: why not"]);
    }
}
