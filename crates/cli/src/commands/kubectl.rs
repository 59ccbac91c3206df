//! `readyz kubectl FILE --at 95s -- get pods`: what kubectl would print at that moment.

use super::{Command, Failure};
use crate::simulation::{self, Options};
use lexopt::prelude::*;
use readyz_engine::kubectl::follow;
use readyz_engine::session::{Following, Typed};
use readyz_engine::terminal::{self, Desk, Kept};
use readyz_engine::time::Instant;
use readyz_engine::timeline::Timeline;
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
    let (stdout, stderr, exit_code) = match words.as_slice() {
        [line] if line.contains(' ') => {
            let typed = typed(&timeline, moment, line);
            (typed.stdout, typed.stderr, typed.exit_code)
        }
        words => {
            let output = follow(&timeline, moment, timeline.end(), namespace, words, None);
            (output.stdout, output.stderr, output.exit_code)
        }
    };
    // A reader that has seen enough is no failure.
    let _ = std::io::stdout().write_all(stdout.as_bytes());
    let _ = std::io::stderr().write_all(stderr.as_bytes());
    Ok(ExitCode::from(exit_code))
}

/// A whole line in one word, pipes included, as one types it in the page's terminal, whose code
/// answers it; `kubectl` may be left out. A command that lasts goes on until the run's end.
fn typed(timeline: &Timeline, now: Instant, line: &str) -> Typed {
    let line = match line.split_whitespace().next() {
        Some("kubectl" | "k" | "curl" | "watch") => line.to_owned(),
        _ => format!("kubectl {line}"),
    };
    let cluster = timeline.seek(now);
    let typed = terminal::run(&Desk::at(&cluster, now, ""), &line);
    if !typed.follows {
        return typed;
    }
    let command = Following {
        line,
        from: now,
        manifest: String::new(),
    };
    terminal::follow(timeline, &mut Kept::default(), &command, timeline.end())
}
