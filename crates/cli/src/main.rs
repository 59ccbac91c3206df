//! `readyz` on the command line: a thin shell over the engine.
//!
//! A command is one file in `commands/` and one line in [`commands::COMMANDS`]; a conformance suite
//! is one file in `conformance/` and one line in [`conformance::SUITES`].
//!
//! Arguments are read with `lexopt`: it has no dependencies, leaves the grammar to each command's
//! own file, and treats paths as the operating system does.

mod commands;
mod conformance;
mod lint;
mod simulation;

use commands::Failure;
use lexopt::prelude::*;
use std::process::ExitCode;

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("readyz: {failure}");
            failure.exit_code()
        }
    }
}

/// Finds the command and runs it.
fn dispatch() -> Result<ExitCode, Failure> {
    let mut args = lexopt::Parser::from_env();
    let Some(first) = args.next()? else {
        eprint!("{}", commands::overview());
        return Ok(ExitCode::from(2));
    };
    match first {
        Short('h') | Long("help") => {
            print!("{}", commands::overview());
            Ok(ExitCode::SUCCESS)
        }
        Short('V') | Long("version") => {
            println!("readyz {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        Value(name) => {
            let name = name.string()?;
            let command = commands::find(&name)
                .ok_or_else(|| Failure::usage(format!("unknown command {name:?}; see --help")))?;
            (command.run)(&mut args)
        }
        other => Err(other.unexpected().into()),
    }
}
