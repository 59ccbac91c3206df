//! `readyz check FILE…`: validates, lints probes, runs `expect`.

use super::{Command, Failure};
use crate::lint;
use crate::simulation::{self, Options};
use lexopt::prelude::*;
use readyz_engine::verdict;
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "check",
    arguments: "FILE… [--strict] [--until 10m] [--seed N] [--start TIME] [--world FILE|recorded] \
                [--actions FILE]",
    summary: "validate, lint probes, run the Scenario's expect; exit 0 holds, 1 does not, 2 bad \
              input",
    run,
};

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut options = Options::default();
    let mut strict = false;
    while let Some(arg) = args.next()? {
        match arg {
            Long("strict") => strict = true,
            Value(file) => options.files.push(file.into()),
            Long(name) => {
                let name = name.to_string();
                options.take(&name, args)?;
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let (setup, stream) = simulation::load(&options)?;
    simulation::remark(&stream);
    let advice = lint::probes(&setup.objects);
    for sentence in &advice {
        println!("advice: {sentence}");
    }
    let report = verdict::judge(&setup);
    for refused in &report.refused {
        println!("{}", simulation::no_effect(refused));
    }
    // An object that the API server does not take, though each of its fields is valid.
    let is_untaken = report.refused.iter().any(|(line, _)| *line == 0);
    if let Some(limit) = &report.limit {
        eprintln!("readyz: {limit}");
    }
    let mut failed = 0;
    for verdict in &report.verdicts {
        failed += u32::from(!verdict.holds);
        let word = if verdict.holds { "holds" } else { "FAILS" };
        println!("{word}: line {}: {}", verdict.line, verdict.sentence);
    }
    println!(
        "{} hold, {failed} do not",
        report.verdicts.len() - failed as usize
    );
    let is_bad =
        failed > 0 || is_untaken || (strict && !(advice.is_empty() && report.refused.is_empty()));
    Ok(ExitCode::from(u8::from(is_bad)))
}
