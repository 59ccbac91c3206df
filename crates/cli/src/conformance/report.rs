//! What a suite found: printed line by line, and as JSON for `--report`.

use super::exceptions::Exceptions;
use crate::commands::Failure;
use readyz_engine::trace::Transition;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Which cases are wanted; empty: all.
#[derive(Default, Clone)]
pub struct Selection {
    /// Those whose names begin so.
    pub only: String,
    /// Those of that area.
    pub area: String,
}

/// Outcome of all cases of a suite.
#[derive(Serialize)]
pub struct Report {
    suite: &'static str,
    #[serde(skip)]
    selection: Selection,
    /// Cases that are known to differ.
    #[serde(skip)]
    exceptions: Option<Exceptions>,
    passed: u32,
    failed: u32,
    /// Of the failed ones, those that are known to.
    listed: u32,
    cases: Vec<Case>,
}

/// Outcome of one case.
#[derive(Serialize)]
pub struct Case {
    file: String,
    pub id: String,
    pub passed: bool,
    /// What else is to be known, for the JSON only.
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
    differences: Vec<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub replay: Option<Replayed>,
}

/// What a page about a recording shows: both timelines of one run, and how all runs fared.
#[derive(Default, Serialize)]
pub struct Replayed {
    /// In one line what the recording shows.
    pub description: String,
    /// The area it belongs to.
    pub area: String,
    /// Every recorded run.
    pub runs: Vec<RunVerdict>,
    /// The run whose timelines follow: the one with the fewest differences.
    pub run: String,
    pub seconds: f64,
    /// As the client saw it that watched the real cluster.
    pub recorded: Vec<Transition>,
    /// As the simulator repeats it.
    pub replayed: Vec<Transition>,
}

/// How the replay of one run fared.
#[derive(Serialize)]
pub struct RunVerdict {
    pub run: String,
    /// 0: it agrees.
    pub differences: usize,
    /// 0: it was given none of the recording's draws; else which guess at them.
    pub draws: usize,
}

impl Report {
    /// An empty report.
    pub fn new(suite: &'static str, selection: Selection, exceptions: Option<Exceptions>) -> Self {
        Report {
            suite,
            selection,
            exceptions,
            passed: 0,
            failed: 0,
            listed: 0,
            cases: Vec::new(),
        }
    }

    /// An empty report with the same selection, for one file; [`Report::take`] adds it.
    pub fn part(&self) -> Report {
        Report::new(self.suite, self.selection.clone(), None)
    }

    /// Adds the cases of a part and prints their differences, one a line.
    pub fn take(&mut self, part: Report) {
        for case in part.cases {
            let list = self.exceptions.as_ref().filter(|_| !case.passed);
            let is_listed = list.is_some_and(|list| list.holds(&case.id));
            for difference in case.differences.iter().filter(|_| !is_listed) {
                say(format_args!("{}: {difference}", case.id));
            }
            self.listed += u32::from(is_listed);
            if case.passed {
                self.passed += 1;
            } else {
                self.failed += 1;
            }
            self.cases.push(case);
        }
    }

    /// Whether the case is to be played. `area` is empty where a suite has no areas.
    pub fn wants(&self, id: &str, area: &str) -> bool {
        let Selection { only, area: chosen } = &self.selection;
        id.starts_with(only.as_str()) && (chosen.is_empty() || chosen == area)
    }

    /// Adds a case with its differences, one a line. None: it passed.
    pub fn add(&mut self, file: &str, id: &str, differences: Vec<String>) {
        self.add_case(file, id, differences, String::new(), None);
    }

    /// Adds a case with a note for the JSON.
    pub fn add_noted(&mut self, file: &str, id: &str, differences: Vec<String>, note: String) {
        self.add_case(file, id, differences, note, None);
    }

    /// Adds a recording with its timelines.
    pub fn add_replayed(
        &mut self,
        file: &str,
        id: &str,
        differences: Vec<String>,
        replay: Replayed,
    ) {
        self.add_case(file, id, differences, String::new(), Some(replay));
    }

    fn add_case(
        &mut self,
        file: &str,
        id: &str,
        differences: Vec<String>,
        note: String,
        replay: Option<Replayed>,
    ) {
        self.cases.push(Case {
            file: file.to_owned(),
            id: id.to_owned(),
            passed: differences.is_empty(),
            note,
            differences,
            replay,
        });
    }

    /// Prints the last line of the command's output.
    pub fn print_summary(&self) {
        let (passed, listed) = (self.passed, self.listed);
        let failed = self.failed - listed;
        match self.exceptions {
            None => say(format_args!("{passed} passed, {failed} failed")),
            Some(_) => say(format_args!(
                "{passed} passed, {failed} failed, {listed} differ as listed"
            )),
        }
    }

    /// Whether every case passed but those that may differ, and there was one.
    pub fn all_passed(&self) -> bool {
        self.failed == self.listed && self.passed > 0
    }

    /// Prints the listed cases that agree; with `renew` they leave the list. Whether any is left.
    /// Of a selection nothing can be said.
    pub fn check_exceptions(&mut self, renew: bool) -> Result<bool, Failure> {
        let is_whole = self.selection.only.is_empty() && self.selection.area.is_empty();
        let Some(list) = self.exceptions.as_mut().filter(|_| is_whole) else {
            return Ok(false);
        };
        let failed = self.cases.iter().filter(|case| !case.passed);
        let differing: BTreeSet<&str> = failed.map(|case| case.id.as_str()).collect();
        if renew {
            list.renew(&differing)?;
        }
        let agreeing = list.agreeing(&differing);
        for case in &agreeing {
            say(format_args!(
                "{case}: agrees, and is listed as differing (--renew takes it out)"
            ));
        }
        Ok(!agreeing.is_empty())
    }

    /// Writes the report as JSON.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let mut json =
            serde_json::to_string(self).map_err(|e| Failure::input(format!("report: {e}")))?;
        json.push('\n');
        fs::write(path, json).map_err(|e| Failure::input(format!("{}: {e}", path.display())))
    }

    /// Writes the page "How true is this?".
    pub fn write_page(&self, path: &Path) -> Result<(), Failure> {
        fs::write(path, super::page::of(&self.cases))
            .map_err(|e| Failure::input(format!("{}: {e}", path.display())))
    }
}

/// Prints a line. A reader that has seen enough (`| head`) is no failure.
fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
