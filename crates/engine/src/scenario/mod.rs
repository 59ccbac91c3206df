//! The Scenario document: seed, nodes, images, traffic, steps and expectations, so that one text
//! holds a whole experiment (product.md §2).
//!
//! It is read from the same positioned tree as the manifests (`manifest::yaml`), not through
//! serde: unknown fields and wrong values are errors with line and column, and one YAML parser is
//! enough for the Wasm module.

mod act;
mod duration;
mod expect;
mod image;
mod read;
mod subject;
mod write;

pub use act::*;
pub use duration::{parse_duration, parse_wall_clock};
pub use expect::*;
pub use image::*;
pub use read::{fields_read, read, step_from_text, steps_from_json, Wrong};
pub use subject::*;
pub use write::{write, write_step};

use crate::api::Node;
use crate::time::{Duration, Instant};
use serde::{Deserialize, Serialize};

/// `apiVersion` of the Scenario document.
pub const API_VERSION: &str = "readyz.dev/v1alpha1";

/// 2026-01-01T00:00:00Z, the wall clock at 0:00 if a scenario says nothing else.
pub const DEFAULT_START_UNIX_SECONDS: i64 = 1_767_225_600;

/// How far a run is computed if a scenario says nothing else.
pub const DEFAULT_DURATION: Duration = Duration::from_secs(600);

/// A Scenario document, with defaults applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    pub name: String,
    /// Every random draw comes from it.
    pub seed: u64,
    /// Wall clock at 0:00, in whole seconds since 1970 (UTC).
    pub start_unix_seconds: i64,
    /// How far to compute ahead.
    pub duration: Duration,
    /// Empty: the default, three Ready nodes.
    pub nodes: Vec<Node>,
    pub images: Vec<ImageSpec>,
    /// What lies outside the cluster and is asked by name.
    pub dependencies: Vec<DependencySpec>,
    pub traffic: Vec<TrafficSpec>,
    /// In the order of the text.
    pub steps: Vec<Step>,
    pub expect: Vec<Expectation>,
    /// Where the document stands in the text (1-based, inclusive).
    pub first_line: u32,
    pub last_line: u32,
}

impl Default for Scenario {
    fn default() -> Self {
        Scenario {
            name: String::new(),
            seed: 0,
            start_unix_seconds: DEFAULT_START_UNIX_SECONDS,
            duration: DEFAULT_DURATION,
            nodes: Vec::new(),
            images: Vec::new(),
            dependencies: Vec::new(),
            traffic: Vec::new(),
            steps: Vec::new(),
            expect: Vec::new(),
            first_line: 0,
            last_line: 0,
        }
    }
}

/// Requests to a Service at a steady rate, each accounted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrafficSpec {
    pub service: String,
    /// Requests in a thousand seconds: `rate: 0.5` is 500.
    pub rate_milli: u32,
}

/// A fault or act at a moment of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: Instant,
    pub act: Act,
    /// `for:` the fault is undone after this time.
    pub hold_for: Option<Duration>,
    /// Line of the step in its text (1-based).
    pub line: u32,
}
