//! Comparison with recordings of real Kubernetes, one file (or folder) a suite.

mod answers;
mod backoff;
mod events;
pub mod exceptions;
pub mod input;
mod invalid;
mod kubectl;
mod kubelet;
mod lines;
mod millis;
mod page;
pub mod prober;
pub mod report;
mod rows;
mod script;
pub mod traces;

use crate::commands::Failure;
use report::Report;
use std::path::Path;

/// A kind of recording and the code that plays it.
pub struct Suite {
    /// The argument that selects it.
    pub name: &'static str,
    /// In a folder, the files whose names begin so belong to the suite (all, if none does).
    pub file_prefixes: &'static [&'static str],
    /// Plays every case of a file into the report. An error means that the file is unreadable; a
    /// difference goes into the report.
    pub run: fn(&Path, &mut Report) -> Result<(), Failure>,
}

/// All suites.
pub const SUITES: &[Suite] = &[
    answers::SUITE,
    backoff::SUITE,
    events::SUITE,
    invalid::SUITE,
    kubectl::SUITE,
    kubelet::SUITE,
    kubelet::IMAGE_SUITE,
    prober::SUITE,
    traces::SUITE,
];

/// The suite of that name.
pub fn suite(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}

/// The names of all suites, for messages.
pub fn suite_names() -> String {
    let names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
    names.join(", ")
}
