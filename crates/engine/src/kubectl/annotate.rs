//! `kubectl annotate`.

use super::args::Args;
use super::attempt::{attempt, parse_changes, split_changes, targets};
use super::failure::Failure;
use super::label::{listing, FLAGS};
use super::object::is_other;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::scenario::Act;

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "annotate",
    summary: "Update the annotations on a resource",
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
    if changes.is_empty() && !args.is_on("list") {
        return Err(Failure::client(
            "at least one annotation update is required",
        ));
    }
    let changes = parse_changes(&changes)?;
    let overwrite = args.is_on("overwrite");
    let (items, failures) = targets(view, args, &words)?;
    let mut output = Output::default();
    let is_single = items.len() == 1;
    for item in items {
        if args.is_on("list") {
            let listed = listing(view, &item, "annotations", &changes, is_single);
            output.stdout.push_str(&listed);
            if changes.is_empty() {
                continue;
            }
        }
        let kind = item.resource.singular();
        if is_other(view, &item, args.get("resource-version")) {
            output.fail(&Failure::conflict(&item));
            continue;
        }
        let (name, namespace) = (&item.name, &view.namespace);
        let put = |overwrite: bool| {
            attempt(view, |cx| {
                controllers::annotate(cx, &kind, namespace, name, &changes, overwrite)
            })
        };
        if put(overwrite).is_err() {
            // Overwriting is the only thing that can be refused of an object that exists.
            put(true)?;
            let keys: Vec<&str> = changes.iter().map(|(key, _)| key.as_str()).collect();
            output.fail(&Failure::client(format!(
                "--overwrite is false but found the following declared annotation(s): '{}' already \
                 has a value",
                keys.join("', '")
            )));
            continue;
        }
        let act = Act::Annotate {
            kind,
            name: item.name.clone(),
            changes: changes.clone(),
            overwrite,
        };
        match args.is_on("list") {
            true => output.inputs.push(act),
            false => output.done(&format!("{} annotated", item.path()), act),
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output.unless_dry(args))
}
