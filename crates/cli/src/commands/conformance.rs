//! `readyz conformance SUITE PATH [--report FILE]`: compares the engine with recordings of real
//! Kubernetes. `--only` takes the beginning of a case's name, `--area` an area of the suite.

use super::{Command, Failure};
use crate::conformance::{
    input,
    report::{Report, Selection},
    suite, suite_names,
};
use lexopt::prelude::*;
use std::path::PathBuf;
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "conformance",
    arguments: "SUITE PATH [--report FILE.json] [--page FILE.md] [--only NAME] [--area AREA]",
    summary: "compare with recordings of real Kubernetes; one line a difference",
    run,
};

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut positional = Vec::new();
    let mut report_path: Option<PathBuf> = None;
    let mut page_path: Option<PathBuf> = None;
    let mut selection = Selection::default();
    while let Some(arg) = args.next()? {
        match arg {
            Long("report") => report_path = Some(args.value()?.into()),
            Long("page") => page_path = Some(args.value()?.into()),
            Long("only") => selection.only = args.value()?.string()?,
            Long("area") => selection.area = args.value()?.string()?,
            Value(value) => positional.push(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let [name, path] = <[_; 2]>::try_from(positional)
        .map_err(|_| Failure::usage("conformance takes a suite and a path"))?;
    let name = name.string()?;
    let suite = suite(&name).ok_or_else(|| {
        Failure::usage(format!(
            "unknown suite {name:?}; there are: {}",
            suite_names()
        ))
    })?;
    let mut report = Report::new(suite.name, selection);
    for file in input::files(&PathBuf::from(path), suite.file_prefixes)? {
        (suite.run)(&file, &mut report)?;
    }
    report.print_summary();
    if let Some(path) = report_path {
        report.write(&path)?;
    }
    if let Some(path) = page_path {
        report.write_page(&path)?;
    }
    Ok(if report.all_passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
