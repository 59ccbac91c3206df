//! A recorded run, played again by the simulator.

use super::pack::{Pack, Run};
use readyz_engine::trace::Transition;
use serde_json::{json, Value};

/// All that the simulator may know of a recorded run. The world (nodes, images, latencies) is the
/// one in which the recordings were made.
#[expect(dead_code, reason = "simulate is not wired yet")]
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
}

impl<'a> Replay<'a> {
    /// What to do to repeat a run.
    pub fn of(pack: &'a Pack, run: &'a Run) -> Self {
        let mut steps = run.steps.as_ref().unwrap_or(&pack.steps).clone();
        for (step, seconds) in steps.iter_mut().zip(&run.step_times) {
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
        }
    }
}

/// Runs the simulator and returns its trace.
///
/// # Errors
/// Why the scenario cannot be simulated, in one sentence.
pub fn simulate(_replay: &Replay<'_>) -> Result<Vec<Transition>, String> {
    Err("the simulator does not run whole scenarios yet".to_owned())
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
