//! Files and options → the setup of a run.

use crate::commands::Failure;
use lexopt::ValueExt;
use readyz_engine::api::{Node, Object};
use readyz_engine::container::Registry;
use readyz_engine::experiment::{recorded_nodes, Setup};
use readyz_engine::manifest::{self, Severity, Stream};
use readyz_engine::scenario::{self, Scenario};
use readyz_engine::time::Instant;
use readyz_engine::written::Written;
use serde_json::{json, Value};
use std::io::Read;
use std::path::PathBuf;

/// Options that every command which runs a stream takes.
#[derive(Default)]
pub struct Options {
    pub files: Vec<PathBuf>,
    /// `--until`: how far to run.
    pub until: Option<String>,
    pub seed: Option<u64>,
    /// `--start`: wall clock at 0:00.
    pub start: Option<String>,
    /// `--world`: a file like `world.json`, or `recorded`.
    pub world: Option<PathBuf>,
    /// `--actions`: a JSON array of steps as in a recording.
    pub actions: Option<PathBuf>,
}

impl Options {
    /// Takes an option that is common to the commands.
    pub fn take(&mut self, name: &str, args: &mut lexopt::Parser) -> Result<(), Failure> {
        match name {
            "until" => self.until = Some(args.value()?.string()?),
            "seed" => self.seed = Some(args.value()?.parse()?),
            "start" => self.start = Some(args.value()?.string()?),
            "world" => self.world = Some(args.value()?.into()),
            "actions" => self.actions = Some(args.value()?.into()),
            other => return Err(Failure::usage(format!("unknown option --{other}"))),
        }
        Ok(())
    }
}

/// The setup of a run. Problems of the text are printed; errors among them end it.
pub fn setup(options: &Options) -> Result<Setup, Failure> {
    load(options).map(|(setup, _)| setup)
}

/// The setup of a run and the text it comes from.
pub fn load(options: &Options) -> Result<(Setup, Stream), Failure> {
    let stream = read_stream(options)?;
    let objects = stream.objects.iter().map(|o| o.object.clone()).collect();
    let mut setup = Setup::new(objects, stream.scenario.clone());
    setup.written = Written::of(&stream.objects);
    apply_options(options, &mut setup)?;
    Ok((setup, stream))
}

/// The files as one stream. Problems are printed; errors among them end it.
pub fn read_stream(options: &Options) -> Result<Stream, Failure> {
    let text = read_all(&options.files)?;
    let stream = manifest::parse_to_run(&text);
    let mut errors = 0;
    for problem in &stream.diagnostics {
        if problem.severity == Severity::Info {
            continue;
        }
        eprintln!("{}:{}: {}", problem.line, problem.column, problem.message);
        if let Some(way_out) = &problem.suggestion {
            eprintln!("  {way_out}");
        }
        errors += u32::from(problem.severity == Severity::Error);
    }
    if errors > 0 {
        let errors = match errors {
            1 => "1 error".to_owned(),
            more => format!("{more} errors"),
        };
        return Err(Failure::input(format!("{errors}; nothing was run")));
    }
    Ok(stream)
}

/// Prints to standard error what the text says and nothing simulates (product.md §2).
pub fn remark(stream: &Stream) {
    let remarks = stream.diagnostics.iter();
    for remark in remarks.filter(|one| one.severity == Severity::Info) {
        eprintln!("{}:{}: {}", remark.line, remark.column, remark.message);
    }
}

/// What had no effect, in a line.
pub fn no_effect((line, why): &(u32, String)) -> String {
    match line {
        0 => format!("no effect: {why}"),
        line => format!("no effect: line {line}: {why}"),
    }
}

/// The moment that `--at` names, counted from the stream's application; the end without it.
pub fn moment(setup: &Setup, at: Option<&str>, end: Instant) -> Result<Instant, Failure> {
    let Some(text) = at else { return Ok(end) };
    let span = scenario::parse_duration(text)
        .ok_or_else(|| Failure::usage(format!("--at: {text:?} is no duration")))?;
    Ok(Instant::ZERO + setup.offset + span)
}

fn apply_options(options: &Options, setup: &mut Setup) -> Result<(), Failure> {
    let scenario: &mut Scenario = &mut setup.scenario;
    if let Some(until) = &options.until {
        scenario.duration = scenario::parse_duration(until)
            .ok_or_else(|| Failure::usage(format!("--until: {until:?} is no duration")))?;
    }
    if let Some(seed) = options.seed {
        scenario.seed = seed;
    }
    if let Some(start) = &options.start {
        scenario.start_unix_seconds = scenario::parse_wall_clock(start)
            .ok_or_else(|| Failure::usage(format!("--start: {start:?} is no time")))?;
    }
    if let Some(world) = &options.world {
        setup.registry = Registry::Recorded;
        scenario.nodes = if world.as_os_str() == "recorded" {
            recorded_nodes()
        } else {
            nodes_of_world(world)?
        };
    }
    if let Some(actions) = &options.actions {
        let text = read(actions)?;
        let (steps, problems) = scenario::steps_from_json(&text);
        if let Some(problem) = problems.first() {
            return Err(Failure::input(format!(
                "--actions: {}:{}: {}",
                problem.line, problem.column, problem.message
            )));
        }
        scenario.steps.extend(steps);
    }
    Ok(())
}

fn read(path: &PathBuf) -> Result<String, Failure> {
    if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Failure::input(format!("standard input: {error}")))?;
        return Ok(text);
    }
    std::fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))
}

/// The nodes of a file like `world.json`: as Node objects they go through the same reader as a
/// manifest.
fn nodes_of_world(path: &PathBuf) -> Result<Vec<Node>, Failure> {
    let wrong = |what: &str| Failure::input(format!("--world: {}: {what}", path.display()));
    let world: Value = serde_json::from_str(&read(path)?).map_err(|e| wrong(&e.to_string()))?;
    let nodes = world["nodes"].as_array().ok_or_else(|| wrong("no nodes"))?;
    let documents: Vec<String> = nodes
        .iter()
        .map(|node| {
            json!({
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": node["name"], "labels": node["labels"]},
                "spec": {"unschedulable": node["unschedulable"], "taints": node["taints"]},
                "status": {"capacity": node["capacity"], "allocatable": node["allocatable"]},
            })
            .to_string()
        })
        .collect();
    let stream = manifest::parse(&documents.join("\n---\n"));
    if let Some(problem) = stream
        .diagnostics
        .iter()
        .find(|d| d.severity == Severity::Error)
    {
        return Err(wrong(&problem.message));
    }
    let found = stream
        .objects
        .into_iter()
        .filter_map(|located| match located.object {
            Object::Node(node) => Some(node),
            _ => None,
        });
    Ok(found.collect())
}

/// The files as one stream.
pub fn read_all(files: &[PathBuf]) -> Result<String, Failure> {
    if files.is_empty() {
        return Err(Failure::usage("no file; `-` is standard input"));
    }
    let texts: Result<Vec<String>, Failure> = files.iter().map(read).collect();
    Ok(texts?.join("\n---\n"))
}
