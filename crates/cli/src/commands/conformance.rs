//! `readyz conformance SUITE PATH [--report FILE]`: compares the engine with recordings of real
//! Kubernetes. `--only` takes the beginning of a case's name, `--area` an area of the suite.
//! `--exceptions` names a list of cases that may differ, and have to; `--renew` takes those out that
//! agree.

use super::{Command, Failure};
use crate::conformance::{
    exceptions::Exceptions,
    input,
    report::{Report, Selection},
    suite, suite_names, Suite,
};
use lexopt::prelude::*;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "conformance",
    arguments: "SUITE PATH [--report FILE.json] [--page FILE.md] [--only NAME] [--area AREA] \
                [--exceptions FILE.txt [--renew]]",
    summary: "compare with recordings of real Kubernetes; one line a difference",
    run,
};

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut positional = Vec::new();
    let mut report_path: Option<PathBuf> = None;
    let mut page_path: Option<PathBuf> = None;
    let mut exceptions_path: Option<PathBuf> = None;
    let mut renew = false;
    let mut selection = Selection::default();
    while let Some(arg) = args.next()? {
        match arg {
            Long("report") => report_path = Some(args.value()?.into()),
            Long("page") => page_path = Some(args.value()?.into()),
            Long("exceptions") => exceptions_path = Some(args.value()?.into()),
            Long("renew") => renew = true,
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
    let exceptions = exceptions_path.map(|path| Exceptions::read(&path, renew));
    let mut report = Report::new(suite.name, selection, exceptions.transpose()?);
    let files = input::files(&PathBuf::from(path), suite.file_prefixes)?;
    play(suite, &files, &mut report)?;
    let is_list_too_long = report.check_exceptions(renew)?;
    report.print_summary();
    if let Some(path) = report_path {
        report.write(&path)?;
    }
    if let Some(path) = page_path {
        report.write_page(&path)?;
    }
    Ok(if report.all_passed() && !is_list_too_long {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Plays the files on all processors; their cases come into the report in the order of the files.
fn play(suite: &Suite, files: &[PathBuf], report: &mut Report) -> Result<(), Failure> {
    let mut parts: Vec<Report> = files.iter().map(|_| report.part()).collect();
    let queue = Mutex::new(files.iter().zip(&mut parts));
    let play_some = || -> Result<(), Failure> {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((file, part)) = next else {
                return Ok(());
            };
            (suite.run)(file, part)?;
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let players: Vec<_> = (0..threads).map(|_| scope.spawn(play_some)).collect();
        players
            .into_iter()
            .try_for_each(|player| player.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    parts.into_iter().for_each(|part| report.take(part));
    Ok(())
}
