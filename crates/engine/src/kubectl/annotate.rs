//! `kubectl annotate`.

use super::api_service;
use super::args::Args;
use super::attempt::{attempt_kept, in_conflict, parse_changes, split_changes, targets};
use super::failure::Failure;
use super::item::Item;
use super::label::{check, listing, FLAGS};
use super::object::{is_other, object};
use super::shown::Shown;
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
    let (words, changes) = split_changes(&args.names, "annotation")?;
    let changes = parse_changes(&changes);
    check(args, &words, &changes, "annotation")?;
    let both = in_conflict(&changes);
    if !both.is_empty() {
        return Err(Failure::client(format!(
            "can not both modify and remove the following annotation(s) in the same command: {}",
            both.join(", ")
        )));
    }
    let overwrite = args.is_on("overwrite");
    let shown = Shown::of(args)?.sorted();
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
        if let Some(failure) = api_service::refusal(&item) {
            output.fail(&failure);
            continue;
        }
        if is_other(view, &item, args.get("resource-version")) {
            output.fail(&Failure::conflict(&item));
            continue;
        }
        let held = held(view, &item, &changes);
        if !overwrite && !held.is_empty() {
            output.fail(&Failure::client(format!(
                "--overwrite is false but found the following declared annotation(s): {}",
                held.join("; ")
            )));
            continue;
        }
        let (name, namespace) = (&item.name, item.place(view));
        let done = attempt_kept(view, |cx| {
            controllers::annotate(cx, &kind, namespace, name, &changes, true)
        });
        let after = match done {
            Ok((_, after)) => after,
            Err(failure) => {
                output.fail(&failure);
                continue;
            }
        };
        let act = Act::Annotate {
            kind,
            name: item.name.clone(),
            changes: changes.clone(),
            overwrite,
        };
        match args.is_on("list") {
            true => output.act(&item, act),
            false => shown.done(view, &item, "annotated", &after, [act], &mut output),
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

/// The annotations that hold other values than those they are to get, as they are told.
fn held(view: &View, item: &Item, changes: &[(String, Option<String>)]) -> Vec<String> {
    let whole = object(view, item);
    let have = whole
        .get("metadata")
        .and_then(|meta| meta.get("annotations"));
    let held = changes.iter().filter_map(|(key, value)| {
        let old = have?.get(key)?.plain();
        (value.as_ref().is_some_and(|value| *value != old))
            .then(|| format!("'{key}' already has a value ({old})"))
    });
    held.collect()
}
