//! `readyz timing FILE…`: the calculator's table.

use super::{Command, Failure};
use crate::simulation::{self, Options};
use lexopt::prelude::*;
use readyz_engine::kubectl::Table;
use readyz_engine::timing::{self, Case};
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "timing",
    arguments: "FILE… [-o table|json]",
    summary: "print how long detection, restart and traffic take, best and worst case",
    run,
};

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut options = Options::default();
    let mut json = false;
    while let Some(arg) = args.next()? {
        match arg {
            Short('o') | Long("output") => {
                json = match args.value()?.string()?.as_str() {
                    "json" => true,
                    "table" => false,
                    other => {
                        return Err(Failure::usage(format!(
                            "unknown output {other:?}; there are table, json"
                        )))
                    }
                }
            }
            Value(file) => options.files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let stream = simulation::read_stream(&options)?;
    let rows = timing::table(&stream.objects);
    if json {
        let text = serde_json::to_string_pretty(&rows);
        println!("{}", text.map_err(|e| Failure::input(e.to_string()))?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(&[
        "WORKLOAD",
        "CONTAINER",
        "PROBE",
        "HOW LONG",
        "BEST",
        "WORST",
        "BEST IS",
        "WORST IS",
    ]);
    let seconds = |case: &Option<Case>| match case {
        Some(case) => format!("{}s", case.total.0 / 1_000_000_000),
        None => "never".into(),
    };
    let formula = |case: &Option<Case>| case.as_ref().map_or("-".into(), Case::formula);
    for row in rows {
        table.row(vec![
            row.workload.clone(),
            row.container.clone(),
            row.probe.map_or("-".into(), |kind| kind.name().to_string()),
            row.question.english().into(),
            seconds(&row.best),
            seconds(&row.worst),
            formula(&row.best),
            formula(&row.worst),
        ]);
    }
    print!("{}", table.print());
    Ok(ExitCode::SUCCESS)
}
