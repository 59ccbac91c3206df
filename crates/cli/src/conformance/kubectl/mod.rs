//! Suite `kubectl`: what the recorded commands printed, at the same moments of the replayed runs.
//!
//! A case is one command of a scenario, which every run of it typed. What a run drew by chance is
//! read off its recording and played (`draws`), generated names are translated (`names`). Races
//! that show no draw remain (a probe against a start), so a case passes when at least one run
//! printed what its replay prints; how many did is noted.

mod draws;
pub mod masks;
mod names;
mod printed;
mod words;

use super::traces::pack::Pack as Trace;
use super::traces::replay::{self, Replay};
use super::{input, report::Report, Suite};
use crate::commands::Failure;
use printed::Printed;
use readyz_engine::experiment::Setup;
use readyz_engine::kubectl::{follow, Output};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::timeline::Timeline;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "kubectl",
    file_prefixes: &[],
    run,
};

/// The runs of a pack with what was typed in them.
#[derive(Deserialize)]
struct Pack {
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    run: String,
    #[serde(default)]
    actions: Vec<Action>,
    #[serde(default)]
    kubectl: Vec<Capture>,
}

/// Something that was done, mostly by a command.
#[derive(Deserialize)]
struct Action {
    t: f64,
    #[serde(default)]
    t_end: f64,
    #[serde(default, rename = "do")]
    how: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    exit: i32,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    #[serde(default)]
    steps: Vec<usize>,
}

/// What stands after a command that was given the scenario's manifest.
const MANIFEST_INPUT: &str = " < manifest.yaml";
/// A capture of an action begins this near it, seconds.
const SAME_COMMAND: f64 = 0.3;

impl Run {
    /// Commands that were typed and not captured once more.
    fn add_actions(&mut self) {
        for action in &self.actions {
            let command = action.detail.trim_end_matches(MANIFEST_INPUT);
            let verb = |command: &str| command.split(' ').nth(1).map(str::to_owned);
            let is_captured = self.kubectl.iter().any(|capture| {
                (capture.t - action.t).abs() < SAME_COMMAND
                    && verb(&capture.command) == verb(command)
            });
            // What a script of the recorder's did is told in other words.
            let is_script = action.how == "shell" || command.contains(';');
            if is_captured || is_script || !command.starts_with("kubectl ") {
                continue;
            }
            self.kubectl.push(Capture {
                label: "action".to_owned(),
                t: action.t,
                t_end: action.t_end,
                command: command.to_owned(),
                exit: action.exit,
                stdout: action.stdout.clone(),
                stderr: action.stderr.clone(),
            });
        }
    }
}

/// A recorded command.
#[derive(Deserialize)]
struct Capture {
    label: String,
    t: f64,
    t_end: f64,
    command: String,
    exit: i32,
    stdout: String,
    stderr: String,
}

fn run(file: &Path, report: &mut Report) -> Result<(), Failure> {
    let name = input::file_name(file);
    if name == "index.json" {
        return Ok(());
    }
    let trace = Trace::read(file)?;
    if !report.wants(&trace.scenario, &trace.issue) {
        return Ok(());
    }
    let mut pack: Pack = serde_json::from_str(&input::text(file)?)
        .map_err(|error| Failure::input(format!("{name}: {error}")))?;
    pack.runs.iter_mut().for_each(Run::add_actions);
    let mut cases: BTreeMap<(String, usize), Case> = BTreeMap::new();
    for (run, typed) in trace.runs.iter().zip(&pack.runs) {
        let of = Replay::of(&trace, run);
        let setup = match replay::setup(&of) {
            Ok(mut setup) => {
                // Commands were typed after the last row, too.
                let ends = typed.kubectl.iter().map(|capture| capture.t_end);
                let last = Duration::from_millis((ends.fold(0.0, f64::max) * 1_000.0) as u64);
                setup.scenario.duration = setup.scenario.duration.max(last);
                setup
            }
            Err(refusal) => {
                let id = format!("{}/{}", trace.scenario, typed.run);
                report.add(&name, &id, vec![format!("no replay: {refusal}")]);
                continue;
            }
        };
        let printed = Printed::of(&typed.kubectl);
        let mut best: Option<Vec<Answered>> = None;
        for guess in 0..draws::GUESSES {
            let (setup, timeline, names) = draws::play(setup.clone(), &trace, run, &printed, guess);
            let answered: Vec<Answered> = typed
                .kubectl
                .iter()
                .map(|capture| {
                    let stdin = stdin(&trace.manifest, &of, typed, capture);
                    let command = names.translate(&capture.command);
                    let found = play(&timeline, &setup, capture, &command, stdin.as_deref());
                    Answered {
                        command: names.anonymous(&capture.command),
                        differences: differences(capture, &found),
                    }
                })
                .collect();
            let wrong = |answered: &[Answered]| {
                let wrong = answered.iter().filter(|one| !one.differences.is_empty());
                wrong.count()
            };
            let is_better = |known: &Vec<Answered>| wrong(&answered) < wrong(known);
            if best.as_ref().is_none_or(is_better) {
                best = Some(answered);
            }
            if best.as_ref().is_some_and(|best| wrong(best) == 0) {
                break;
            }
        }
        let mut slots: Vec<String> = Vec::new();
        for (capture, answered) in typed.kubectl.iter().zip(best.unwrap_or_default()) {
            let Answered {
                command,
                differences,
            } = answered;
            let number = slots.iter().filter(|slot| **slot == command).count();
            slots.push(command.clone());
            let case = cases
                .entry((command, number))
                .or_insert_with(|| Case::new(&trace.scenario, capture));
            case.add(&typed.run, differences);
        }
    }
    for case in cases.into_values() {
        let note = format!("agrees with {} of {} runs", case.agreeing, case.runs);
        report.add_noted(&name, &case.id, case.nearest.unwrap_or_default(), note);
    }
    Ok(())
}

/// A command of a run.
struct Answered {
    /// Without generated names.
    command: String,
    differences: Vec<String>,
}

/// A command of a scenario.
struct Case {
    id: String,
    runs: u32,
    agreeing: u32,
    /// The differences from the run that is nearest.
    nearest: Option<Vec<String>>,
}

impl Case {
    fn new(scenario: &str, capture: &Capture) -> Self {
        Case {
            id: format!(
                "{scenario} {} {:.0}s {}",
                capture.label, capture.t, capture.command
            ),
            runs: 0,
            agreeing: 0,
            nearest: None,
        }
    }

    fn add(&mut self, run: &str, differences: Vec<String>) {
        self.runs += 1;
        self.agreeing += u32::from(differences.is_empty());
        let differences: Vec<String> = differences
            .into_iter()
            .map(|difference| format!("{run}: {difference}"))
            .collect();
        let is_nearer = |known: &Vec<String>| differences.len() < known.len();
        if self.nearest.as_ref().is_none_or(is_nearer) {
            self.nearest = Some(differences);
        }
    }
}

/// The text on standard input of a command that reads it.
fn stdin(manifest: &str, replay: &Replay<'_>, run: &Run, capture: &Capture) -> Option<String> {
    if capture.command.contains("-f manifest.yaml") {
        return Some(manifest.to_owned());
    }
    if !capture.command.contains("-f -") {
        // Nothing typed, and no terminal.
        return Some(String::new());
    }
    let action = run
        .actions
        .iter()
        .find(|action| (action.t - capture.t).abs() < 0.01)?;
    if action.detail.ends_with(MANIFEST_INPUT) {
        return Some(manifest.to_owned());
    }
    let step = replay.steps.get(*action.steps.first()?)?;
    let text = step["apply"].as_str().or(step["create"].as_str());
    text.or(step["kubectl"]["stdin"].as_str())
        .map(str::to_owned)
}

/// The moment of the run that lies `seconds` after the apply.
fn moment(offset: Duration, seconds: f64) -> Instant {
    let apply = (Instant::ZERO + offset).0 as i64;
    Instant(apply.saturating_add((seconds * 1e9) as i64).max(0) as u64)
}

fn play(
    timeline: &Timeline,
    setup: &Setup,
    capture: &Capture,
    command: &str,
    stdin: Option<&str>,
) -> Output {
    let (offset, namespace) = (setup.offset, &setup.namespace);
    let mut args = words::split(command);
    args.remove(0);
    let until = moment(offset, capture.t_end);
    let at = |seconds: f64| {
        let from = moment(offset, seconds);
        follow(timeline, from, until, namespace, &args, stdin)
    };
    // A command that changes something saw the cluster before its own effect; one that reads saw
    // it in the midst of the time that it took. The stream itself is applied at 0.
    if capture.label == "apply" && capture.t <= 0.0 {
        let before = Instant((Instant::ZERO + offset).0.saturating_sub(1));
        return follow(timeline, before, before, namespace, &args, stdin);
    }
    let first = at(capture.t);
    let lasts = args
        .iter()
        .any(|arg| matches!(arg.as_str(), "wait" | "status"));
    if !first.inputs.is_empty() || lasts {
        return first;
    }
    at(f64::midpoint(capture.t, capture.t_end))
}

fn differences(capture: &Capture, found: &Output) -> Vec<String> {
    let mut differences = Vec::new();
    if capture.exit != i32::from(found.exit_code) {
        differences.push(format!(
            "exit {} instead of {}",
            found.exit_code, capture.exit
        ));
    }
    for (name, wanted, have) in [
        ("stdout", &capture.stdout, &found.stdout),
        ("stderr", &capture.stderr, &found.stderr),
    ] {
        if let Some((wanted, have)) = masks::first_difference(wanted, have) {
            differences.push(format!("{name}: {have:?} instead of {wanted:?}"));
        }
    }
    differences
}
