//! `readyz explain FILE… --at 95s POD/CONTAINER`: the chain of causes behind a container's state.

use super::{Command, Failure};
use crate::simulation::{self, Options};
use lexopt::prelude::*;
use readyz_engine::time::Instant;
use readyz_engine::why::{self, Asked, Chain, Question, Scores, Unanswered};
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "explain",
    arguments: "FILE… [--at 95s] [--why state|restart|ready|service|node] [options of run] \
                POD[/CONTAINER]",
    summary: "print the chain of causes behind a container's state",
    run,
};

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut options = Options::default();
    let mut at = None;
    let mut questions = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            Long("at") => at = Some(args.value()?.string()?),
            Long("why") => questions.push(question(&args.value()?.string()?)?),
            Value(file) => options.files.push(file.into()),
            Long(name) => {
                let name = name.to_owned();
                options.take(&name, args)?;
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if options.files.len() < 2 {
        return Err(Failure::usage("explain takes a file and POD/CONTAINER"));
    }
    let target = options.files.pop().unwrap_or_default();
    let target = target.to_string_lossy().into_owned();
    let (pod, container) = split(&target);
    let (setup, stream) = simulation::load(&options)?;
    let mut timeline = setup.timeline();
    timeline.run();
    let at: Instant = simulation::moment(&setup, at.as_deref(), timeline.end())?;
    let all = questions.is_empty();
    if all {
        questions.extend(Question::ALL);
    }
    let mut printed = 0;
    for question in questions {
        let asked = Asked {
            pod,
            container,
            question,
        };
        match why::chain(&timeline, &stream, at, &asked) {
            Ok(chain) => print(&chain, &mut printed),
            Err(Unanswered::NotTheCase) if all => {}
            Err(unanswered) => {
                return Err(Failure::input(format!(
                    "{target}: {}",
                    unanswered.english()
                )))
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn question(word: &str) -> Result<Question, Failure> {
    Ok(match word {
        "state" => Question::State,
        "restart" => Question::Restart,
        "ready" => Question::Ready,
        "service" => Question::Service,
        "node" => Question::Node,
        other => {
            return Err(Failure::usage(format!(
                "--why takes state, restart, ready, service or node, not {other:?}"
            )))
        }
    })
}

/// `web/app`, `pod/web/app`, `deployment/web#2/app`; without a container the Pod's first.
fn split(target: &str) -> (&str, &str) {
    let kinds = ["pod/", "deployment/", "deploy/", "replicaset/", "rs/"];
    let kind = kinds.iter().find(|kind| target.starts_with(**kind));
    let start = kind.map_or(0, |kind| kind.len());
    match target[start..].find('/') {
        Some(slash) => (&target[..start + slash], &target[start + slash + 1..]),
        None => (target, ""),
    }
}

/// The answer, then one line a cause: moment, sentence, rule, field and line.
fn print(chain: &Chain, printed: &mut u32) {
    if *printed > 0 {
        println!();
    }
    *printed += 1;
    println!("{}.", chain.answer.english());
    for (index, link) in chain.links.iter().enumerate() {
        let millis = link.at.as_millis();
        let moment = format!(
            "{}:{:06.3}",
            millis / 60_000,
            (millis % 60_000) as f64 / 1e3
        );
        let mut origin = Vec::new();
        if !link.rule.is_empty() {
            origin.push(link.rule.clone());
        }
        if !link.path.is_empty() {
            origin.push(link.path.clone());
        }
        if let Some(line) = link.line {
            origin.push(format!("line {line}"));
        }
        let origin = if origin.is_empty() {
            String::new()
        } else {
            format!("  [{}]", origin.join(", "))
        };
        println!(
            "{:>3}. {moment:>10}  {}{origin}",
            index + 1,
            link.text.english()
        );
    }
    if let Some(scores) = &chain.scores {
        print_scores(scores);
    }
}

/// One row a plugin with its weight, one column a node; the sums, and `*` at the chosen one.
fn print_scores(scores: &Scores) {
    let mut rows = vec![(String::new(), Vec::new())];
    for node in &scores.nodes {
        let mark = if node.is_chosen { "*" } else { "" };
        rows[0].1.push(format!("{}{mark}", node.node));
    }
    for (index, (plugin, weight)) in scores.plugins.iter().enumerate() {
        let cells = scores
            .nodes
            .iter()
            .map(|node| node.scores[index].to_string());
        rows.push((format!("{plugin} x{weight}"), cells.collect()));
    }
    let sums = scores.nodes.iter().map(|node| node.sum.to_string());
    rows.push(("sum".to_owned(), sums.collect()));
    for (name, cells) in &rows {
        let mut line = format!("     {name:<34}");
        for (cell, node) in cells.iter().zip(&scores.nodes) {
            let width = (node.node.len() + 1).max(3);
            line.push_str(&format!("  {cell:>width$}"));
        }
        println!("{line}");
    }
    if scores.left_out > 0 {
        println!("     and {} more nodes", scores.left_out);
    }
}
