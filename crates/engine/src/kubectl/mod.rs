//! What kubectl would print (semantics/kubectl.md), and which acts a command stands for.
//!
//! [`run`] reads a command line against the cluster of one moment. A verb is one file and one line
//! in `VERBS`; nothing here changes the cluster: a command that would answers with the
//! [`Act`]s to be carried out.

mod annotate;
mod api_resources;
mod api_service;
mod apply;
mod args;
mod attempt;
mod auth;
mod autoscale;
mod builder;
mod config;
mod cordon;
mod create;
mod delete;
mod deprecated;
mod describe;
mod diff;
mod drain;
mod duration;
mod edit;
mod events;
mod exec;
mod explain;
mod failure;
mod find;
mod flags;
mod follow;
mod get;
mod go_sort;
mod help;
mod internal_spec;
mod item;
mod label;
mod label_selector;
mod log_start;
mod logs;
mod merge;
mod node_condition;
mod object;
mod output;
mod patch;
mod patched;
mod pod_choice;
mod pod_row;
mod pod_update;
mod pod_volume;
mod port_forward;
mod replace;
mod resource;
mod rollout;
mod scale;
mod selector;
mod set;
mod set_env;
mod set_other;
mod shown;
mod sorting;
mod stamp;
mod table;
mod taint;
mod template_change;
mod top;
mod unified;
mod update_error;
mod version;
mod view;
mod wait;

#[cfg(test)]
mod tests;

pub use duration::human_duration;
pub use follow::{follow, Followed};
pub use patched::patch as patched;
pub use pod_row::{pod_row, PodRow};
pub use port_forward::Forward;
pub use table::Table;

use crate::cluster::Cluster;
use crate::manifest::DryRun;
use crate::scenario::Act;
use crate::time::Instant;
use args::{Args, Flags};
use failure::Failure;
use find::{find, Found};
use item::Item;
use std::collections::BTreeMap;
use view::View;

/// What a command prints, and what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub exit_code: u8,
    /// To be carried out now, in this order; empty for commands that only read.
    pub inputs: Vec<Act>,
    /// The real command would still be running (`-w`, `-f`, `rollout status`, `wait`): run again
    /// later, it prints more or another end.
    pub unfinished: bool,
    /// An editor opens.
    pub edits: bool,
    /// Local ports that it listens on while it goes on.
    pub forwards: Vec<Forward>,
    /// Where `inputs` find what they name.
    pub namespace: String,
    /// Where some of them do instead, by their places (`-A`).
    pub elsewhere: BTreeMap<usize, String>,
}

impl Output {
    /// A command that printed this and did nothing else.
    fn printed(stdout: impl Into<String>) -> Output {
        Output {
            stdout: stdout.into(),
            ..Output::default()
        }
    }

    /// The namespace in which one of `inputs` finds what it names.
    pub fn place(&self, input: usize) -> &str {
        let place = self.elsewhere.get(&input);
        place.unwrap_or(&self.namespace)
    }

    /// Adds what is done to an object, wherever it is.
    fn act(&mut self, item: &Item, act: Act) {
        if !item.namespace.is_empty() {
            let namespace = item.namespace.clone();
            self.elsewhere.insert(self.inputs.len(), namespace);
        }
        self.inputs.push(act);
    }

    /// Adds a refusal: its text, and exit code 1.
    fn fail(&mut self, failure: &Failure) {
        self.stderr.push_str(&failure.line());
        self.exit_code = failure.exit_code;
    }

    /// With `--dry-run` nothing is carried out, and each line says so.
    fn unless_dry(mut self, args: &Args) -> Output {
        let dry_run = apply::dry_run(args);
        if dry_run != DryRun::No {
            self.inputs.clear();
        }
        // What is listed is no success line.
        if dry_run != DryRun::No && !args.is_on("list") {
            let lines = self.stdout.lines();
            self.stdout = lines
                .map(|line| [line, dry_run.suffix(), "\n"].concat())
                .collect();
        }
        self
    }

    /// Adds what another part of the command printed and does.
    fn join(&mut self, other: Output) {
        self.stdout.push_str(&other.stdout);
        self.stderr.push_str(&other.stderr);
        self.exit_code = self.exit_code.max(other.exit_code);
        self.inputs.extend(other.inputs);
    }
}

/// A verb, or a sub-command such as `rollout status`.
struct Verb {
    /// Words that select it: `get`, `rollout status`.
    name: &'static str,
    /// One line for `kubectl help`.
    summary: &'static str,
    flags: Flags,
    run: fn(&View, &Args) -> Result<Output, Failure>,
}

impl Verb {
    const fn new(
        name: &'static str,
        summary: &'static str,
        flags: Flags,
        run: fn(&View, &Args) -> Result<Output, Failure>,
    ) -> Verb {
        Verb {
            name,
            summary,
            flags,
            run,
        }
    }
}

/// The verb of a command line: its first word, whatever flags stand before it; empty without one.
pub fn verb(args: &[String]) -> &'static str {
    let found = find(args).map_or("", |(found, _)| found.name());
    found.split(' ').next().unwrap_or("")
}

/// All verbs, in the order of `kubectl help`.
const VERBS: &[&[Verb]] = &[
    create::VERBS,
    set::VERBS,
    set_env::VERBS,
    set_other::VERBS,
    explain::VERBS,
    get::VERBS,
    edit::VERBS,
    delete::VERBS,
    rollout::VERBS,
    scale::VERBS,
    autoscale::VERBS,
    top::VERBS,
    cordon::VERBS,
    drain::VERBS,
    taint::VERBS,
    describe::VERBS,
    logs::VERBS,
    exec::VERBS,
    port_forward::VERBS,
    diff::VERBS,
    apply::VERBS,
    patch::VERBS,
    replace::VERBS,
    wait::VERBS,
    label::VERBS,
    annotate::VERBS,
    events::VERBS,
    api_resources::VERBS,
    version::VERBS,
    auth::VERBS,
    config::VERBS,
    help::VERBS,
];

fn verbs() -> impl Iterator<Item = &'static Verb> {
    VERBS.iter().flat_map(|group| group.iter())
}

/// Words that may follow `kubectl`, or its verb `before`, for completion.
pub fn verb_words(before: &str) -> Vec<String> {
    let word = |verb: &Verb| match (before, verb.name.split_once(' ')) {
        ("", Some((first, _))) => Some(first.to_owned()),
        ("", None) => Some(verb.name.to_owned()),
        (before, Some((first, second))) if first == before => Some(second.to_owned()),
        _ => None,
    };
    verbs().filter_map(word).collect()
}

/// Resources that people ask for, for completion.
pub const RESOURCE_NAMES: &[&str] = &[
    "pods",
    "deployments",
    "services",
    "endpointslices",
    "events",
    "nodes",
    "replicasets",
    "configmaps",
    "secrets",
    "namespaces",
    "jobs",
    "all",
];

/// The kind that a word such as `po` or `deployments` names.
pub fn kind_of(word: &str) -> Option<&'static str> {
    resource::find(word).ok().map(|resource| resource.kind)
}

/// Answers a command line, given without `kubectl`. `namespace` is the current one; `-n` overrides
/// it.
pub fn run(cluster: &Cluster, now: Instant, namespace: &str, args: &[String]) -> Output {
    run_with_input(cluster, now, namespace, args, None)
}

/// The same with a text on standard input (`-f -`).
pub fn run_with_input(
    cluster: &Cluster,
    now: Instant,
    namespace: &str,
    args: &[String],
    stdin: Option<&str>,
) -> Output {
    let view = View {
        cluster,
        now,
        namespace: namespace.to_owned(),
        stdin: stdin.map(str::to_owned),
    };
    match answer(view, args) {
        Ok(output) => output,
        Err(failure) => {
            let mut output = Output::default();
            output.fail(&failure);
            output
        }
    }
}

/// Verbs for which the words behind `--` are another program's.
const COMMANDED: [&str; 5] = [
    "create cronjob",
    "create deployment",
    "create job",
    "exec",
    "run",
];

/// Takes the arguments of what was found apart.
fn parse(found: Found, rest: &[String]) -> Result<Args, Failure> {
    let mut parsed = Args::parse(found.name(), found.flags(), rest)?;
    if !COMMANDED.contains(&found.name()) {
        parsed
            .names
            .extend(parsed.command.take().unwrap_or_default());
    }
    Ok(parsed)
}

fn answer(mut view: View, args: &[String]) -> Result<Output, Failure> {
    let (found, rest) = find(args)?;
    if let Found::Absent(name) = found {
        let text = format!("\"kubectl {name}\" is not simulated");
        return Err(Failure::client(text));
    }
    let parsed = parse(found, &rest)?;
    if parsed.is_on("help") {
        return Ok(Output::printed(help::about(found)));
    }
    let verb = match found {
        Found::Verb(verb) => verb,
        Found::Group(group) => return help::of_group(group, &parsed),
        _ => return Ok(Output::printed(help::about(found))),
    };
    parsed.check(verb.flags)?;
    flags::check(&parsed)?;
    config::check(verb.name, &parsed)?;
    if let Some(namespace) = parsed.get("namespace") {
        view.namespace = namespace.to_owned();
    }
    let mut output = (verb.run)(&view, &parsed).unwrap_or_else(|failure| {
        let mut output = Output::default();
        output.fail(&failure);
        output
    });
    // Whatever a verb makes of `--dry-run`, nothing is carried out.
    if apply::dry_run(&parsed) != DryRun::No {
        output.inputs.clear();
    }
    deprecated::warn(&view, verb.name, &parsed, &mut output);
    Ok(Output {
        namespace: view.namespace,
        ..output
    })
}
