//! The commands, one file each.

mod check;
mod conformance;
mod explain;
mod kubectl;
mod run;
mod terminal;
mod timing;
mod validate;

use std::fmt;
use std::process::ExitCode;

/// A command of the tool.
pub struct Command {
    /// The first argument that selects it.
    pub name: &'static str,
    /// Its arguments, as the overview prints them.
    pub arguments: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Reads the rest of the arguments and does it.
    pub run: fn(&mut lexopt::Parser) -> Result<ExitCode, Failure>,
}

/// All commands, in the order of the overview.
pub const COMMANDS: &[Command] = &[
    run::COMMAND,
    explain::COMMAND,
    timing::COMMAND,
    check::COMMAND,
    kubectl::COMMAND,
    terminal::COMMAND,
    validate::COMMAND,
    conformance::COMMAND,
];

/// The command of that name.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// The text of `readyz --help`.
pub fn overview() -> String {
    let mut text = String::from("usage: readyz COMMAND …\n\n");
    for command in COMMANDS {
        text.push_str(&format!(
            "  readyz {} {}\n      {}\n",
            command.name, command.arguments, command.summary
        ));
    }
    text
}

/// Why a command could not do its work. (A command that did, and found differences, returns an
/// exit code instead.)
#[derive(Debug)]
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// Wrong arguments: exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            code: 2,
        }
    }

    /// Input that cannot be read or understood: exit code 2.
    pub fn input(message: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            code: 2,
        }
    }

    /// What the process exits with.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Failure::usage(error.to_string())
    }
}
