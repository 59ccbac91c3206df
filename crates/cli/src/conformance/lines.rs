//! Recordings with one case a line.

use super::{input, report::Report};
use crate::commands::Failure;
use serde::de::DeserializeOwned;
use std::path::Path;

/// A case that a line holds.
pub trait Case: DeserializeOwned {
    /// Its name.
    fn id(&self) -> &str;

    /// Plays it; one text a difference.
    fn play(&self) -> Vec<String>;
}

/// Plays every wanted case of a file into the report.
pub fn play<C: Case>(file: &Path, report: &mut Report) -> Result<(), Failure> {
    let name = input::file_name(file);
    let text = input::text(file)?;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let case: C = serde_json::from_str(line)
            .map_err(|e| Failure::input(format!("{name}, line {}: {e}", index + 1)))?;
        if report.wants(case.id(), "") {
            report.add(&name, case.id(), case.play());
        }
    }
    Ok(())
}
