//! A recorded run, played again by the simulator.

use super::draws;
use super::pack::{Pack, Run};
use readyz_engine::container::Registry;
use readyz_engine::experiment::{recorded_nodes, Setup};
use readyz_engine::latency;
use readyz_engine::manifest;
use readyz_engine::scenario::{self, Step};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::trace::{Change, Transition};
use readyz_engine::written::Written;
use serde_json::{json, Value};

/// All that the simulator may know of a recorded run. The world (nodes, images, latencies) is the
/// one in which the recordings were made.
pub struct Replay<'a> {
    /// YAML, applied at t = 0.
    pub manifest: &'a str,
    pub namespace: &'a str,
    /// Wall clock at t = 0, RFC 3339.
    pub t0: &'a str,
    /// Steps that were carried out before the manifest was applied.
    pub before: &'a [Value],
    /// Steps, with the moment in `at` at which each took effect in the run.
    pub steps: Vec<Value>,
    /// How long the run has to be.
    pub seconds: f64,
    pack: &'a Pack,
    run: &'a Run,
}

impl<'a> Replay<'a> {
    /// What to do to repeat a run.
    pub fn of(pack: &'a Pack, run: &'a Run) -> Self {
        let mut steps = run.steps.as_ref().unwrap_or(&pack.steps).clone();
        let mut last = f64::NEG_INFINITY;
        for (step, seconds) in steps.iter_mut().zip(&run.step_times) {
            // One command that changes several objects writes one after the other; the recording
            // has the end of the command for all of them.
            let seconds = shown(step, *seconds, run).unwrap_or(*seconds);
            let seconds = seconds.max(last + API_WRITE);
            last = seconds;
            if step["kubectl"]["stdin"] == "$MANIFEST" {
                step["kubectl"]["stdin"] = json!(pack.manifest);
            }
            if let Some(step) = step.as_object_mut() {
                step.insert("at".to_owned(), json!(format!("{seconds:.3}s")));
            }
        }
        Replay {
            manifest: &pack.manifest,
            namespace: &run.namespace,
            t0: &run.t0,
            before: &pack.before,
            steps,
            seconds: run.seconds,
            pack,
            run,
        }
    }
}

/// When a cordon took effect, as the node's own row shows: one command may change several nodes, and
/// `stepTimes` have its end for all of them.
fn shown(step: &Value, seconds: f64, run: &Run) -> Option<f64> {
    let name = step["node"]["name"].as_str()?;
    let cordoned = step["node"]["state"] != "schedulable";
    let rows = run.transitions.iter().filter_map(|row| match &row.change {
        Change::Node(node) if node.node == name && node.unschedulable == cordoned => {
            Some(row.t.millis as f64 / 1_000.0)
        }
        _ => None,
    });
    rows.into_iter().find(|t| (t - seconds).abs() < 0.5)
}

/// Seconds from one write of a command to the next.
const API_WRITE: f64 = latency::CREATE_POD.as_millis() as f64 / 1_000.0;

/// Where something was done before the apply, the run begins this long before it.
const BEFORE: Duration = Duration::from_secs(10);

/// Runs the simulator and returns its trace; t = 0 is the apply. Guess 0 knows none of the
/// recording's draws.
///
/// # Errors
/// Why the scenario cannot be simulated, in one sentence.
pub fn simulate(replay: &Replay<'_>, guess: usize) -> Result<Vec<Transition>, String> {
    let mut setup = setup(replay)?;
    if guess > 0 {
        draws::play(&mut setup, replay.pack, replay.run, guess - 1);
    }
    let shift = setup.offset.as_millis() as i64;
    let mut rows = setup.trace();
    for row in &mut rows {
        row.t.millis -= shift;
    }
    Ok(rows)
}

/// What decides the run.
///
/// # Errors
/// Why the scenario cannot be simulated, in one sentence.
pub fn setup(replay: &Replay<'_>) -> Result<Setup, String> {
    let stream = manifest::parse(replay.manifest);
    let written = Written::of(&stream.objects);
    let objects = stream.objects.into_iter().map(|o| o.object).collect();
    let mut setup = Setup::new(objects, None);
    setup.written = written;
    // Stored times are cut to whole seconds, so it matters at which part of a second the apply
    // came (PRB-09).
    let (seconds, fraction) = wall_clock(replay.t0)?;
    setup.offset = fraction;
    setup.scenario.start_unix_seconds = seconds;
    if !replay.before.is_empty() {
        setup.offset = setup.offset + BEFORE;
        setup.scenario.start_unix_seconds -= BEFORE.as_secs() as i64;
        setup.before = steps(replay.before)?;
        // The commands were typed one after the other, the apply last.
        for step in &mut setup.before {
            step.at = Instant::ZERO + setup.offset.saturating_sub(latency::KUBECTL);
        }
    }
    setup.namespace = replay.namespace.to_owned();
    setup.scenario.nodes = recorded_nodes();
    setup.registry = Registry::Recorded;
    setup.scenario.duration = Duration::from_millis((replay.seconds * 1_000.0) as u64);
    setup.scenario.steps = steps(&replay.steps)?;
    Ok(setup)
}

fn steps(steps: &[Value]) -> Result<Vec<Step>, String> {
    let text = Value::Array(steps.to_vec()).to_string();
    let (steps, problems) = scenario::steps_from_json(&text);
    match problems.first() {
        Some(problem) => Err(format!("a step: {}", problem.message)),
        None => Ok(steps),
    }
}

/// Whole seconds since 1970 and the rest of an RFC 3339 time.
pub(super) fn wall_clock(text: &str) -> Result<(i64, Duration), String> {
    let wrong = || format!("{text:?} is no time");
    let utc = text.trim_end_matches('Z').trim_end_matches("+00:00");
    let (whole, fraction) = utc.split_once('.').unwrap_or((utc, ""));
    let seconds = scenario::parse_wall_clock(&format!("{whole}Z")).ok_or_else(wrong)?;
    let digits: String = fraction.chars().take(9).collect();
    let nanos = format!("{digits:0<9}").parse().map_err(|_| wrong())?;
    Ok((seconds, Duration(nanos)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn steps_happen_when_they_took_effect_in_the_run() {
        let pack = fixture::pack("seed004-startup");
        let run = fixture::run(&pack, "r1");
        let replay = Replay::of(&pack, run);
        assert_eq!(pack.steps[0]["at"], "60s");
        assert_eq!(replay.steps[0]["at"], format!("{:.3}s", run.step_times[0]));
        assert_eq!(replay.steps[0]["exec"], pack.steps[0]["exec"]);
    }
}
