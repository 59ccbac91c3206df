//! Suite `traces`: runs of a real two-node cluster, one pack of them a scenario.
//!
//! Of each recorded run the scenario is replayed by the simulator with the moments of that run,
//! and the trace is compared with it (the rules: [`compare`] and the modules it uses). Runs of a
//! real cluster differ from one another within those rules, and now and then beyond them; so a pack
//! passes when at least one of its runs agrees with its replay.

mod align;
mod clock;
mod clocked;
mod compare;
mod difference;
pub mod draws;
mod event_rules;
mod first_probes;
mod lifecycle;
pub mod pack;
mod pairing;
mod pod_rules;
mod pod_streams;
mod relists;
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
#[cfg(test)]
mod rules;

use super::report::{Replayed, Report, RunVerdict};
use super::{input, Suite};
use crate::commands::Failure;
use pack::{Pack, Run};
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
        let (differences, replayed) = play(&pack, replay::simulate);
        report.add_replayed(&name, &pack.scenario, differences, replayed);
    }
    Ok(())
}

/// Replays every run of a pack. Returns nothing to complain about if one agrees, else the
/// differences from the nearest one; and both timelines of that run.
///
/// First nothing is known of the runs' draws. If no run agrees, what each recording shows of them is
/// tried ([`draws`]).
fn play(
    pack: &Pack,
    simulate: impl Fn(&Replay<'_>, usize) -> Result<Vec<Transition>, String>,
) -> (Vec<String>, Replayed) {
    let mut nearest: Vec<Option<Played>> = pack.runs.iter().map(|_| None).collect();
    for guess in 0..=draws::GUESSES {
        for (run, known) in pack.runs.iter().zip(&mut nearest) {
            let played = play_once(pack, run, guess, &simulate);
            let count = played.differences.len();
            if known.as_ref().is_none_or(|k| count < k.differences.len()) {
                *known = Some(played);
            }
        }
        if nearest.iter().flatten().any(|p| p.differences.is_empty()) {
            break;
        }
    }
    let mut told = Replayed {
        description: pack.description.clone(),
        area: pack.issue.clone(),
        ..Replayed::default()
    };
    let nearest: Vec<Played> = nearest.into_iter().flatten().collect();
    for (run, played) in pack.runs.iter().zip(&nearest) {
        told.runs.push(RunVerdict {
            run: run.run.clone(),
            differences: played.differences.len(),
            draws: played.guess,
        });
    }
    let runs = pack.runs.iter().zip(nearest);
    let Some((run, played)) = runs.min_by_key(|(_, played)| played.differences.len()) else {
        return (vec!["no run is recorded".to_owned()], told);
    };
    told.run.clone_from(&run.run);
    told.seconds = run.seconds;
    told.recorded.clone_from(&run.transitions);
    told.replayed = played.rows;
    (played.differences, told)
}

/// One replay of a run.
struct Played {
    differences: Vec<String>,
    rows: Vec<Transition>,
    guess: usize,
}

fn play_once(
    pack: &Pack,
    run: &Run,
    guess: usize,
    simulate: &impl Fn(&Replay<'_>, usize) -> Result<Vec<Transition>, String>,
) -> Played {
    let (differences, rows) = match simulate(&Replay::of(pack, run), guess) {
        Ok(rows) => (differences(pack, &run.run, rows.clone()), rows),
        Err(refusal) => (
            vec![format!("{}: no replay: {refusal}", run.run)],
            Vec::new(),
        ),
    };
    Played {
        differences,
        rows,
        guess,
    }
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

    /// The runs that agree with their replay.
    fn agreeing(replayed: &Replayed) -> Vec<&str> {
        let runs = replayed.runs.iter().filter(|run| run.differences == 0);
        runs.map(|run| run.run.as_str()).collect()
    }

    #[test]
    fn perfect_replays_agree_with_every_run() {
        let pack = pack("seed004-startup");
        let (differences, replayed) = play(&pack, |replay, _| Ok(recall(&pack, replay)));
        assert_eq!(differences, Vec::<String>::new());
        let all = ["r1", "r2", "r3", "v1", "watch", "quiet1", "quiet2"];
        assert_eq!(agreeing(&replayed), all);
    }

    #[test]
    fn one_agreeing_run_is_enough() {
        let pack = pack("seed004-startup");
        let (differences, replayed) = play(&pack, |replay, _| {
            let trace = recall(&pack, replay);
            Ok(if replay.namespace.ends_with("v1") {
                trace
            } else {
                Vec::new()
            })
        });
        assert_eq!(differences, Vec::<String>::new());
        assert_eq!(agreeing(&replayed), ["v1"]);
        assert_eq!(replayed.run, "v1");
        assert!(!replayed.recorded.is_empty());
        assert_eq!(replayed.recorded, replayed.replayed);
    }

    #[test]
    fn an_empty_trace_differs() {
        let (differences, replayed) = play(&pack("seed004-startup"), |_, _| Ok(Vec::new()));
        assert!(!differences.is_empty());
        assert!(agreeing(&replayed).is_empty());
    }

    #[test]
    fn a_refused_replay_fails_with_its_reason() {
        let (differences, _) = play(&pack("seed002-ok"), |_, _| Err("why not".to_owned()));
        assert_eq!(differences, ["base: no replay: why not"]);
    }
}
