//! Suite `prober`: probe workers, result caches and Pod status under the recorded zero-latency
//! driver (recordings `cases-*`).

mod case;
mod compare;
mod container;
mod driver;
mod millis;
mod probing;
mod script;
mod termination;
mod trace;

use super::{input, report::Report, Suite};
use crate::commands::Failure;
use case::Case;
use std::path::Path;

/// One registry line.
pub const SUITE: Suite = Suite {
    name: "prober",
    file_prefixes: &["cases-"],
    run,
};

fn run(file: &Path, report: &mut Report) -> Result<(), Failure> {
    let name = input::file_name(file);
    let text = input::text(file)?;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let case: Case = serde_json::from_str(line)
            .map_err(|e| Failure::input(format!("{name}, line {}: {e}", index + 1)))?;
        if !report.wants(&case.id, "") {
            continue;
        }
        let differences = match driver::play(&case) {
            Ok(trace) => compare::differences(&case.expect, trace),
            Err(stuck) => vec![stuck],
        };
        report.add(&name, &case.id, differences);
    }
    Ok(())
}
