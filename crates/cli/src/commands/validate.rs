//! `readyz validate [--as apply|create] [-n NS] FILE…`: prints what kubectl would print for these
//! files on a cluster without their objects, and exits as kubectl does.

use super::{Command, Failure};
use lexopt::prelude::*;
use readyz_engine::manifest::{answer, parse_to_answer, text_of_bytes, Verb};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "validate",
    arguments: "[--as apply|create] [-n NAMESPACE] FILE…",
    summary: "print what kubectl would print for these files; - is standard input",
    run,
};

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut verb = Verb::Apply;
    let mut namespace: Option<String> = None;
    let mut files = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            Long("as") => {
                verb = match args.value()?.string()?.as_str() {
                    "apply" => Verb::Apply,
                    "create" => Verb::Create,
                    other => {
                        let text = format!("--as takes apply or create, not {other:?}");
                        return Err(Failure::usage(text));
                    }
                }
            }
            Short('n') | Long("namespace") => namespace = Some(args.value()?.string()?),
            Value(path) => files.push(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() {
        return Err(Failure::usage("validate takes at least one file"));
    }
    let mut streams = Vec::new();
    for file in &files {
        let (name, bytes) = read(file)?;
        let stream = parse_to_answer(&text_of_bytes(&bytes));
        streams.push((name, stream));
    }
    let shown: Vec<_> = streams
        .iter()
        .map(|(name, stream)| (name.as_str(), stream))
        .collect();
    let answer = answer(&shown, verb, namespace.as_deref());
    print!("{}", answer.stdout);
    eprint!("{}", answer.stderr);
    Ok(ExitCode::from(answer.exit))
}

/// A file's name as kubectl shows it, and its bytes.
fn read(file: &PathBuf) -> Result<(String, Vec<u8>), Failure> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::input(format!("standard input: {error}")))?;
        return Ok(("STDIN".into(), bytes));
    }
    let name = file.display().to_string();
    match fs::read(file) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(Failure::input(format!("{name}: {error}"))),
    }
}
