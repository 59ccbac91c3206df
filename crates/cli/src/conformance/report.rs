//! What a suite found: printed line by line, and as JSON for `--report`.

use crate::commands::Failure;
use serde::Serialize;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Outcome of all cases of a suite.
#[derive(Serialize)]
pub struct Report {
    suite: &'static str,
    passed: u32,
    failed: u32,
    cases: Vec<Case>,
}

/// Outcome of one case.
#[derive(Serialize)]
struct Case {
    file: String,
    id: String,
    passed: bool,
    differences: Vec<String>,
}

impl Report {
    /// An empty report.
    pub fn new(suite: &'static str) -> Self {
        Report {
            suite,
            passed: 0,
            failed: 0,
            cases: Vec::new(),
        }
    }

    /// Adds a case and prints its differences, one a line. None: it passed.
    pub fn add(&mut self, file: &str, id: &str, differences: Vec<String>) {
        for difference in &differences {
            say(format_args!("{id}: {difference}"));
        }
        let passed = differences.is_empty();
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
        self.cases.push(Case {
            file: file.to_owned(),
            id: id.to_owned(),
            passed,
            differences,
        });
    }

    /// Prints the last line of the command's output.
    pub fn print_summary(&self) {
        say(format_args!(
            "{} passed, {} failed",
            self.passed, self.failed
        ));
    }

    /// Whether every case passed, and there was one.
    pub fn all_passed(&self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    /// Writes the report as JSON.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let mut json = serde_json::to_string_pretty(self)
            .map_err(|e| Failure::input(format!("report: {e}")))?;
        json.push('\n');
        fs::write(path, json).map_err(|e| Failure::input(format!("{}: {e}", path.display())))
    }
}

/// Prints a line. A reader that has seen enough (`| head`) is no failure.
fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
