//! `readyz run FILE…`: runs a stream and prints what became of it.

use super::{Command, Failure};
use crate::simulation::{self, Options};
use lexopt::prelude::*;
use readyz_engine::kubectl::{human_duration, Table};
use readyz_engine::time::Instant;
use readyz_engine::trace;
use readyz_engine::verdict;
use readyz_engine::view::{self, ClusterView};
use std::process::ExitCode;

/// One registry line.
pub const COMMAND: Command = Command {
    name: "run",
    arguments: "FILE… [--until 10m] [-o wide|events|trace|json] [--seed N] [--start TIME] \
                [--world FILE|recorded] [--actions FILE]",
    summary: "run a stream natively; `-` is standard input",
    run,
};

/// What to print.
#[derive(Clone, Copy)]
enum Output {
    Wide,
    Events,
    Trace,
    Json,
}

fn run(args: &mut lexopt::Parser) -> Result<ExitCode, Failure> {
    let mut options = Options::default();
    let mut output = Output::Wide;
    while let Some(arg) = args.next()? {
        match arg {
            Short('o') | Long("output") => {
                output = match args.value()?.string()?.as_str() {
                    "wide" => Output::Wide,
                    "events" => Output::Events,
                    "trace" => Output::Trace,
                    "json" => Output::Json,
                    other => {
                        return Err(Failure::usage(format!(
                            "unknown output {other:?}; there are wide, events, trace, json"
                        )))
                    }
                }
            }
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
    if let Output::Trace = output {
        print!("{}", trace::lines(&setup.trace()));
        return Ok(ExitCode::SUCCESS);
    }
    let mut timeline = setup.timeline();
    timeline.run();
    if let Some(limit) = timeline.limit_reached() {
        eprintln!("readyz: {limit}");
    }
    for refused in verdict::refusals(&setup, timeline.latest()) {
        eprintln!("readyz: {}", simulation::no_effect(&refused));
    }
    let run = view::run_view(&timeline, setup.scenario.seed);
    let end = timeline.end();
    let cluster = view::cluster_view(timeline.latest(), &run, end, Instant::NEVER, None);
    match output {
        Output::Wide => print!("{}", pods(&cluster)),
        Output::Events => print!("{}", events(&cluster)),
        Output::Json => println!(
            "{}",
            serde_json::to_string_pretty(&cluster).map_err(|e| Failure::input(e.to_string()))?
        ),
        Output::Trace => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// `kubectl get pods -o wide`.
fn pods(view: &ClusterView) -> String {
    let mut table = Table::new(&["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"]);
    let or_none = |text: &str| if text.is_empty() { "<none>" } else { text }.to_string();
    for pod in &view.pods {
        let restarts = match pod.last_restart_at {
            Some(at) if pod.restarts > 0 => {
                format!("{} ({} ago)", pod.restarts, human_duration(view.at - at))
            }
            _ => pod.restarts.to_string(),
        };
        table.row(vec![
            pod.name.clone(),
            format!("{}/{}", pod.ready_containers, pod.total_containers),
            pod.status.clone(),
            restarts,
            human_duration(view.at - pod.created_at.floor_secs()),
            or_none(&pod.ip),
            or_none(&pod.node),
        ]);
    }
    table.print()
}

/// `kubectl events`.
fn events(view: &ClusterView) -> String {
    let mut table = Table::new(&["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
    let mut events: Vec<_> = view.events.iter().collect();
    events.sort_by_key(|event| event.last);
    for event in events {
        let last = human_duration(view.at - event.last.floor_secs());
        let seen = if event.count > 1 {
            let first = human_duration(view.at - event.first.floor_secs());
            format!("{last} (x{} over {first})", event.count)
        } else {
            last
        };
        let kind = if event.warning { "Warning" } else { "Normal" };
        table.row(vec![
            seen,
            kind.into(),
            event.reason.clone(),
            event.object.clone(),
            event.message.trim_end().into(),
        ]);
    }
    table.print()
}
