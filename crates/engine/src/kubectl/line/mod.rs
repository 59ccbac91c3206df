//! A terminal's line: `kubectl get pods | grep web`, as one types it. The page and the CLI answer
//! through the same function.
//!
//! ```
//! # use readyz_engine::{experiment::Setup, kubectl, time::Instant};
//! let mut timeline = Setup::new(Vec::new(), None).timeline();
//! timeline.run();
//! let at = Instant::from_secs(30);
//! let cluster = timeline.seek(at);
//! let output = kubectl::line(&cluster, at, "default", "kubectl get nodes | wc -l", None);
//! assert_eq!(output.stdout, "4\n");
//! ```

mod complete;
mod filter;
mod history;
mod words;

pub use complete::complete;
pub use history::History;

use super::{run_with_input, Output};
use crate::cluster::Cluster;
use crate::time::Instant;

/// Answers a line: a kubectl command (with or without the word `kubectl`, or `k`), with what
/// follows `|` applied to its output. A pipe's exit code is that of its last command.
pub fn line(
    cluster: &Cluster,
    now: Instant,
    namespace: &str,
    line: &str,
    stdin: Option<&str>,
) -> Output {
    let commands = match words::split(line) {
        Ok(commands) => commands,
        Err(problem) => return failed(problem, 2),
    };
    let mut commands = commands.into_iter();
    let mut first = commands.next().unwrap_or_default();
    if first
        .first()
        .is_some_and(|word| word == "kubectl" || word == "k")
    {
        first.remove(0);
    }
    if first.is_empty() && line.trim().is_empty() {
        return Output::default();
    }
    let mut output = run_with_input(cluster, now, namespace, &first, stdin);
    for words in commands {
        let (name, arguments) = match words.split_first() {
            Some((name, arguments)) => (name.as_str(), arguments),
            None => return failed("syntax error near unexpected token `|'", 2),
        };
        match filter::run(name, arguments, &output.stdout) {
            Ok((text, exit_code)) => {
                output.stdout = text;
                output.exit_code = exit_code;
            }
            Err(problem) => {
                output.stdout.clear();
                output.stderr.push_str(&problem);
                output.stderr.push('\n');
                output.exit_code = if problem.ends_with("not found") {
                    127
                } else {
                    2
                };
            }
        }
    }
    output
}

fn failed(problem: &str, exit_code: u8) -> Output {
    Output {
        stderr: ["sh: ", problem, "\n"].concat(),
        exit_code,
        ..Output::default()
    }
}

#[cfg(test)]
mod tests;
