//! `kubectl label`.

use super::args::{switch, value, Args, Flag, NONE};
use super::attempt::{attempt, parse_changes, split_changes, targets};
use super::failure::Failure;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::scenario::Act;

/// Also those of `annotate`.
pub const FLAGS: &[Flag] = &[
    switch("overwrite", NONE),
    value("selector", 'l'),
    switch("all", NONE),
    switch("list", NONE),
    switch("local", NONE),
    value("resource-version", NONE),
    value("output", 'o'),
    value("filename", 'f'),
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "label",
    summary: "Update the labels on a resource",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let (words, changes) = split_changes(&args.names);
    if words.is_empty() {
        let text =
            "one or more resources must be specified as <resource> <name> or <resource>/<name>";
        return Err(Failure::client(text));
    }
    if changes.is_empty() {
        return Err(Failure::client("at least one label update is required"));
    }
    let changes = parse_changes(&changes)?;
    let overwrite = args.is_on("overwrite");
    let (items, failures) = targets(view, args, &words)?;
    let mut output = Output::default();
    for item in items {
        let kind = item.resource.singular();
        let done = attempt(view, |cx| {
            controllers::label(cx, &kind, &view.namespace, &item.name, &changes, overwrite)
        });
        let is_changed = match done {
            Ok(is_changed) => is_changed,
            Err(failure) => {
                output.fail(&failure);
                continue;
            }
        };
        for (key, _) in changes.iter().filter(|(_, value)| value.is_none()) {
            if !item.labels.contains_key(key) {
                output
                    .stdout
                    .push_str(&format!("label \"{key}\" not found.\n"));
            }
        }
        let word = match is_changed {
            false => "not labeled",
            true if changes.iter().all(|(_, value)| value.is_none()) => "unlabeled",
            true => "labeled",
        };
        output.stdout.push_str(&format!("{} {word}\n", item.path()));
        if is_changed {
            output.inputs.push(Act::Label {
                kind,
                name: item.name,
                changes: changes.clone(),
                overwrite,
            });
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}
