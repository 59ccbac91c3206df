//! A pack: one scenario and its recorded runs.

use crate::commands::Failure;
use crate::conformance::input;
use readyz_engine::trace::Transition;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// A recorded scenario. Runs differ only by the natural variation of a real cluster.
#[derive(Deserialize)]
pub struct Pack {
    /// Name of the scenario.
    pub scenario: String,
    /// In one line what it shows.
    #[serde(default)]
    pub description: String,
    /// YAML of the objects that are applied at t = 0.
    pub manifest: String,
    /// Steps done before the manifest is applied.
    #[serde(default)]
    pub before: Vec<Value>,
    /// Steps, with the planned moment in `at`.
    pub steps: Vec<Value>,
    /// The part of Kubernetes it shows: kubelet, control-plane, container-world or kubectl.
    #[serde(default)]
    pub issue: String,
    pub runs: Vec<Run>,
}

/// One recorded run.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Name of the run.
    pub run: String,
    pub namespace: String,
    /// Wall clock at t = 0, RFC 3339.
    pub t0: String,
    /// Length of the recording.
    pub seconds: f64,
    /// When each step took effect, in seconds.
    #[serde(default)]
    pub step_times: Vec<f64>,
    /// The steps of this run, where they differ from the scenario's.
    pub steps: Option<Vec<Value>>,
    pub transitions: Vec<Transition>,
    /// What was typed to look at it.
    #[serde(default)]
    pub kubectl: Vec<Capture>,
}

/// A command and what it printed.
#[derive(Deserialize)]
pub struct Capture {
    pub command: String,
    pub stdout: String,
}

impl Pack {
    /// Reads a pack, plain or gzip.
    pub fn read(path: &Path) -> Result<Pack, Failure> {
        serde_json::from_str(&input::text(path)?)
            .map_err(|e| Failure::input(format!("{}: {e}", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::traces::fixture;

    /// Recorded rows stand on lines of their own; reading and writing them changes no byte.
    #[test]
    fn recorded_rows_are_written_as_they_were_read() {
        let mut rows = 0;
        for path in fixture::packs() {
            let text = input::text(&path).expect("readable");
            for line in text.lines().filter(|l| l.starts_with("{\"t\":")) {
                let line = line.replace("\"t\":-0.0,", "\"t\":0.0,");
                let line = line.as_str();
                let mut values = serde_json::Deserializer::from_str(line).into_iter();
                let row: Transition = values.next().expect("a value").expect(line);
                let written = serde_json::to_string(&row).expect("plain data");
                assert!(line.starts_with(&written), "{line}\n{written}");
                rows += 1;
            }
        }
        assert!(rows > 1000, "only {rows} rows");
    }
}
