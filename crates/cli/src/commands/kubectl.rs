//! `readyz kubectl FILE --at 95s -- get pods`: what kubectl would print at that moment.

use super::{Command, Failure};
use crate::follow::follow;
use crate::simulation::{self, Options};
use lexopt::prelude::*;
use readyz_engine::kubectl;
use std::io::Write;
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "kubectl",
    arguments: "FILE… [--at 95s] [options of run] -- ARGUMENTS|'LINE'",
    summary: "print what kubectl would print at a moment of the run",
    run,
};

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut options = Options::default();
    let mut at = None;
    let mut words: Vec<String> = Vec::new();
    // A file follows every word up to `--`; all that comes after it is kubectl's.
    loop {
        if let Some(mut raw) = args.try_raw_args() {
            if raw.peek().is_some_and(|arg| arg == "--") {
                raw.next();
                for arg in raw {
                    words.push(arg.string()?);
                }
                break;
            }
        }
        match args.next()? {
            None => break,
            Some(Long("at")) => at = Some(args.value()?.string()?),
            Some(Value(file)) => options.files.push(file.into()),
            Some(Long(name)) => {
                let name = name.to_owned();
                options.take(&name, args)?;
            }
            Some(other) => return Err(other.unexpected().into()),
        }
    }
    if words.first().is_some_and(|word| word == "kubectl") {
        words.remove(0);
    }
    let setup = simulation::setup(&options)?;
    let mut timeline = setup.timeline();
    timeline.run();
    let moment = simulation::moment(&setup, at.as_deref(), timeline.end())?;
    let namespace = &setup.namespace;
    let output = match words.as_slice() {
        // A whole line in one word, pipes included, as one types it in the page's terminal.
        [line] if line.contains(' ') => {
            kubectl::line(&timeline.seek(moment), moment, namespace, line, None)
        }
        words => follow(&timeline, moment, timeline.end(), namespace, words, None),
    };
    // A reader that has seen enough is no failure.
    let _ = std::io::stdout().write_all(output.stdout.as_bytes());
    let _ = std::io::stderr().write_all(output.stderr.as_bytes());
    Ok(ExitCode::from(output.exit_code))
}
