//! `kubectl label`.

use super::args::{Args, Flags};
use super::attempt::{attempt, parse_changes, split_changes, targets};
use super::failure::Failure;
use super::flags::{switch, value, NONE, NO_FILES, PICK, PRINT, WRITE};
use super::item::Item;
use super::object::{is_other, object};
use super::output::Value;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::manifest::label_value;
use crate::scenario::Act;

/// Also those of `annotate`.
pub const FLAGS: Flags = &[
    PRINT,
    NO_FILES,
    PICK,
    WRITE,
    &[
        switch("all-namespaces", 'A').absent(),
        value("field-selector", NONE).absent(),
        switch("list", NONE),
        switch("local", NONE).absent(),
        switch("overwrite", NONE),
        value("resource-version", NONE),
    ],
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
    if changes.is_empty() && !args.is_on("list") {
        return Err(Failure::client("at least one label update is required"));
    }
    changes.iter().try_for_each(|word| valid(word))?;
    let changes = parse_changes(&changes)?;
    let overwrite = args.is_on("overwrite");
    let (items, failures) = targets(view, args, &words)?;
    let mut output = Output::default();
    let is_single = items.len() == 1;
    for item in items {
        if args.is_on("list") {
            let listed = listing(view, &item, "labels", &changes, is_single);
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
            if args.is_on("list") {
                break;
            }
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
        if !args.is_on("list") {
            output.stdout.push_str(&format!("{} {word}\n", item.path()));
        }
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
    Ok(output.unless_dry(args))
}

/// A label whose value the server would refuse is refused at once.
fn valid(word: &str) -> Result<(), Failure> {
    let Some((_, value)) = word.split_once('=') else {
        return Ok(());
    };
    if value.contains('=') {
        return Err(Failure::client(format!("invalid label spec: {word}")));
    }
    let wrong = label_value(value);
    if wrong.is_empty() {
        return Ok(());
    }
    let wrong = wrong.join("; ");
    Err(Failure::client(format!(
        "invalid label value: \"{word}\": {wrong}"
    )))
}

/// `--list`: the labels or annotations of an object as they are after the changes.
pub fn listing(
    view: &View,
    item: &Item,
    field: &str,
    changes: &[(String, Option<String>)],
    is_single: bool,
) -> String {
    let whole = object(view, item);
    let have = whole.get("metadata").and_then(|m| m.get(field));
    let mut pairs = match have {
        Some(Value::Map(pairs)) => pairs.clone(),
        _ => Default::default(),
    };
    for (key, value) in changes {
        match value {
            Some(value) => pairs.insert(key.clone(), value.into()),
            None => pairs.remove(key),
        };
    }
    let (mut text, indent) = match is_single {
        true => (String::new(), ""),
        false => {
            let Item { resource, name, .. } = item;
            let (kind, group) = (resource.kind, resource.group());
            (format!("Listing {field} for {kind}.{group}/{name}:\n"), " ")
        }
    };
    for (key, value) in &pairs {
        text.push_str(&format!("{indent}{key}={}\n", value.plain()));
    }
    text
}
