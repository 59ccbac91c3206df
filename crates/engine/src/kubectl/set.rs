//! `kubectl set image` and `set resources`.

use super::apply::dry_run;
use super::args::{Args, Flags};
use super::attempt::{attempt, split_changes, targets, workload_ref};
use super::failure::Failure;
use super::flags::{switch, value, NONE, NO_FILES, PICK, PRINT, WRITE};
use super::item::{Item, Thing};
use super::output::{compact_json, list, map, Map, Value};
use super::patched::patch as patched;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::manifest::{DryRun, Quantity};
use crate::scenario::{Act, PatchType};

const FLAGS: Flags = &[
    PRINT,
    NO_FILES,
    PICK,
    WRITE,
    &[switch("local", NONE).absent()],
];

const RESOURCES: Flags = &[
    PRINT,
    NO_FILES,
    PICK,
    WRITE,
    &[
        value("containers", 'c'),
        value("limits", NONE),
        switch("local", NONE).absent(),
        value("requests", NONE),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "set resources",
        summary: "Update resource requests/limits on objects with pod templates",
        flags: RESOURCES,
        run: resources,
    },
    Verb {
        name: "set image",
        summary: "Update the image of a pod template",
        flags: FLAGS,
        run: image,
    },
];

fn image(view: &View, args: &Args) -> Result<Output, Failure> {
    let (words, changes) = split_changes(&args.names);
    if words.is_empty() {
        return Err(Failure::client(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>",
        ));
    }
    if changes.is_empty() {
        return Err(Failure::client("at least one image update is required"));
    }
    let (items, failures) = targets(view, args, &words)?;
    let mut output = Output::default();
    for item in items {
        let workload = workload_ref(&item);
        let mut is_changed = false;
        for change in &changes {
            let (container, image) = change.split_once('=').unwrap_or((change, ""));
            let done = attempt(view, |cx| {
                controllers::set_image(cx, &view.namespace, &workload, container, image)
            });
            match done {
                Ok(changed) => is_changed |= changed,
                Err(failure) => {
                    output.fail(&failure);
                    continue;
                }
            }
            output.inputs.push(Act::SetImage {
                workload: workload.clone(),
                container: container.to_owned(),
                image: image.to_owned(),
            });
        }
        if is_changed {
            output
                .stdout
                .push_str(&format!("{} image updated\n", item.path()));
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

fn resources(view: &View, args: &Args) -> Result<Output, Failure> {
    let lists = ["limits", "requests"];
    if lists.iter().all(|list| args.get(list).is_none()) {
        let text = "you must specify an update to requests or limits (in the form of \
                    --requests/--limits)";
        return Err(Failure::client(text));
    }
    let mut amounts = map();
    for list in lists {
        if let Some(text) = args.get(list) {
            amounts = amounts.set(list, quantities(text)?);
        }
    }
    let (items, failures) = targets(view, args, &args.names)?;
    let dry_run = dry_run(args);
    let mut output = Output::default();
    for item in items {
        let patch = resources_patch(view, &item, args, &amounts)?;
        let kind = item.resource.singular();
        let name = item.name.clone();
        let way = PatchType::Strategic;
        let tried = attempt(view, |cx| {
            patched(cx, (&kind, &view.namespace, &name), &patch, way)
        });
        match tried {
            Ok(_) => {
                let path = item.path();
                let line = format!("{path} resource requirements updated{}\n", dry_run.suffix());
                output.stdout.push_str(&line);
                if dry_run == DryRun::No {
                    let subresource = String::new();
                    output.inputs.push(Act::Patch {
                        kind,
                        name,
                        subresource,
                        patch,
                        way,
                    });
                }
            }
            Err(failure) => output.fail(&failure),
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

/// `cpu=200m,memory=512Mi`.
fn quantities(text: &str) -> Result<Map, Failure> {
    let mut amounts = map();
    for pair in text.split(',') {
        let Some((name, amount)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            let text = format!("invalid argument syntax {pair}, expected <resource>=<value>");
            return Err(Failure::client(text));
        };
        Quantity::parse(amount).map_err(Failure::client)?;
        amounts = amounts.set(name, amount);
    }
    Ok(amounts)
}

/// A patch of the containers that `-c` names, or of all.
fn resources_patch(
    view: &View,
    item: &Item,
    args: &Args,
    amounts: &Map,
) -> Result<String, Failure> {
    let wanted = args.get("containers").unwrap_or("*");
    let containers = view.containers(&item.thing);
    let chosen = containers
        .iter()
        .filter(|container| wanted == "*" || container.name == wanted);
    let entries: Vec<Map> = chosen
        .map(|container| {
            map()
                .set("name", &container.name)
                .set("resources", amounts.clone())
        })
        .collect();
    if entries.is_empty() {
        let text = format!("unable to find container named {wanted}");
        return Err(Failure::client(text));
    }
    let spec = map().set("spec", map().set("containers", list(entries)));
    let whole = match item.thing {
        Thing::Pod(_) => spec,
        _ => map().set("spec", map().set("template", spec)),
    };
    Ok(compact_json(&Value::from(whole)))
}
