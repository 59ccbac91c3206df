//! What kubectl would print (semantics/kubectl.md), and which acts a command stands for.
//!
//! [`run`] reads a command line against the cluster of one moment. A verb is one file and one line
//! in `VERBS`; nothing here changes the cluster: a command that would answers with the
//! [`Act`]s to be carried out.

mod annotate;
mod api_resources;
mod apply;
mod args;
mod attempt;
mod auth;
mod autoscale;
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
mod follow;
mod get;
mod go_sort;
mod help;
mod internal_spec;
mod item;
mod label;
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
mod sorting;
mod stamp;
mod table;
mod taint;
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
use args::{Args, Flag};
use failure::Failure;
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
}

impl Output {
    /// A command that printed this and did nothing else.
    fn printed(stdout: impl Into<String>) -> Output {
        Output {
            stdout: stdout.into(),
            ..Output::default()
        }
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

    /// Adds a success line and the act behind it.
    fn done(&mut self, line: &str, act: Act) {
        self.stdout.push_str(line);
        self.stdout.push('\n');
        self.inputs.push(act);
    }
}

/// A verb, or a sub-command such as `rollout status`.
struct Verb {
    /// Words that select it: `get`, `rollout status`.
    name: &'static str,
    /// One line for `kubectl help`.
    summary: &'static str,
    flags: &'static [Flag],
    run: fn(&View, &Args) -> Result<Output, Failure>,
}

impl Verb {
    const fn new(
        name: &'static str,
        summary: &'static str,
        flags: &'static [Flag],
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
pub fn verb(args: &[String]) -> String {
    let words = args::verb_words(args);
    words.into_iter().next().unwrap_or_default()
}

/// All verbs, in the order of `kubectl help`.
const VERBS: &[&[Verb]] = &[
    create::VERBS,
    set::VERBS,
    set_env::VERBS,
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

fn answer(mut view: View, args: &[String]) -> Result<Output, Failure> {
    let words = args::verb_words(args);
    if let Some(output) = help::asked(&words, args) {
        return Ok(output);
    }
    let (verb, rest) = find(&words, args)?;
    let parsed = Args::parse(verb.name, verb.flags, &rest)?;
    if let Some(namespace) = parsed.get("namespace") {
        view.namespace = namespace.to_owned();
    }
    let mut output = (verb.run)(&view, &parsed).unwrap_or_else(|failure| {
        let mut output = Output::default();
        output.fail(&failure);
        output
    });
    deprecated::warn(&view, verb.name, &parsed, &mut output);
    Ok(Output {
        namespace: view.namespace,
        ..output
    })
}

/// The verb, and the arguments without its words.
fn find(words: &[String], args: &[String]) -> Result<(&'static Verb, Vec<String>), Failure> {
    let mut full: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["create", second, ..] = full.as_mut_slice() {
        *second = create::full_name(second);
    }
    for count in (1..=full.len()).rev() {
        let name = full[..count].join(" ");
        if let Some(verb) = verbs().find(|verb| verb.name == name) {
            return Ok((verb, args::without_words(args, &words[..count])));
        }
    }
    let word = |at: usize| full.get(at).copied().unwrap_or("");
    Err(help::unknown(word(0), word(1)))
}
