//! `kubectl label`.

use super::api_service;
use super::args::{Args, Flags};
use super::attempt::{attempt_kept, in_conflict, parse_changes, split_changes, targets};
use super::failure::Failure;
use super::flags::{switch, value, FILES, NONE, PICK, PRINT, WRITE};
use super::item::Item;
use super::object::{is_other, object};
use super::output::Value;
use super::shown::Shown;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::manifest::label_value;
use crate::scenario::Act;

/// Also those of `annotate`.
pub const FLAGS: Flags = &[
    PRINT,
    FILES,
    PICK,
    WRITE,
    &[
        switch("all-namespaces", 'A'),
        value("field-selector", NONE),
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
    let (words, changes) = split_changes(&args.names, "label")?;
    changes.iter().try_for_each(|word| valid(word))?;
    let changes = parse_changes(&changes);
    if !in_conflict(&changes).is_empty() {
        let text = "can not both modify and remove a label in the same command";
        return Err(Failure::client(text));
    }
    check(args, &words, &changes, "label")?;
    let overwrite = args.is_on("overwrite");
    let shown = Shown::of(args)?.sorted();
    let (items, failures) = targets(view, args, &words)?;
    let mut output = Output::default();
    let is_single = items.len() == 1;
    let is_list = args.is_on("list");
    for item in items {
        if is_list {
            let listed = listing(view, &item, "labels", &changes, is_single);
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
        let done = attempt_kept(view, |cx| {
            let place = item.place(view);
            controllers::label(cx, &kind, place, &item.name, &changes, overwrite)
        });
        let (is_changed, after) = match done {
            Ok(done) => done,
            Err(failure) => {
                output.fail(&failure);
                continue;
            }
        };
        let act = is_changed.then(|| Act::Label {
            kind,
            name: item.name.clone(),
            changes: changes.clone(),
            overwrite,
        });
        if is_list {
            act.into_iter().for_each(|act| output.act(&item, act));
            continue;
        }
        let gone = changes
            .iter()
            .filter(|(key, value)| value.is_none() && !item.labels.contains_key(key));
        for (key, _) in gone {
            output
                .stdout
                .push_str(&format!("label \"{key}\" not found.\n"));
        }
        let word = match is_changed {
            false => "not labeled",
            true if changes.iter().all(|(_, value)| value.is_none()) => "unlabeled",
            true => "labeled",
        };
        shown.done(view, &item, word, &after, act, &mut output);
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

/// What `label` and `annotate` refuse; `what` names the changes.
pub fn check(
    args: &Args,
    words: &[String],
    changes: &[(String, Option<String>)],
    what: &str,
) -> Result<(), Failure> {
    let selector = ["selector", "field-selector"]
        .into_iter()
        .find(|flag| args.get(flag).is_some_and(|text| !text.is_empty()));
    if let Some(flag) = selector.filter(|_| args.is_on("all")) {
        let text = format!("cannot set --all and --{flag} at the same time");
        return Err(Failure::client(text));
    }
    if words.is_empty() && args.get("filename").is_none() {
        let text =
            "one or more resources must be specified as <resource> <name> or <resource>/<name>";
        return Err(Failure::client(text));
    }
    if changes.is_empty() && !args.is_on("list") {
        let text = format!("at least one {what} update is required");
        return Err(Failure::client(text));
    }
    Ok(())
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
