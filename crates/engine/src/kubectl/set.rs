//! `kubectl set image` and `set resources`.

use super::args::{Args, Flags};
use super::attempt::{split_changes, targets, workload_ref};
use super::failure::Failure;
use super::flags::{switch, value, FILES, NONE, PICK, PRINT, WRITE};
use super::item::Item;
use super::output::{list, map, Map};
use super::selector::Query;
use super::shown::Shown;
use super::template_change::{change_template, matches, no_template, single_refusal};
use super::view::View;
use super::{Output, Verb};
use crate::api::Container;
use crate::manifest::Quantity;
use crate::scenario::Act;

const FLAGS: Flags = &[PRINT, FILES, PICK, WRITE, &[switch("local", NONE).absent()]];

const RESOURCES: Flags = &[
    PRINT,
    FILES,
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

/// The objects that are named, or picked.
fn chosen(
    view: &View,
    args: &Args,
    words: &[String],
) -> Result<(Vec<Item>, Vec<Failure>), Failure> {
    if args.is_on("all") && Query::of(args).is_given() {
        let text = "cannot set --all and --selector at the same time";
        return Err(Failure::client(text));
    }
    targets(view, args, words)
}

/// KIM-01.
fn image(view: &View, args: &Args) -> Result<Output, Failure> {
    let (words, changes) = split_changes(&args.names, "image")?;
    if let Some(word) = changes.iter().find(|change| !change.contains('=')) {
        return Err(Failure::client(format!("invalid image format: {word}")));
    }
    let pairs: Vec<(&str, &str)> = changes.iter().filter_map(|c| c.split_once('=')).collect();
    let shown = Shown::of(args)?;
    let (items, failures) = chosen(view, args, &words)?;
    if changes.is_empty() {
        return Err(Failure::client("at least one image update is required"));
    }
    let mut output = Output::default();
    for item in items {
        let Some(spec) = view.pod_spec(&item.thing) else {
            output.fail(&no_template(&item));
            continue;
        };
        let fits = |name: &str, container: &Container| name == "*" || name == container.name;
        let exists = |name: &str| {
            let mut all = spec.containers.iter().chain(&spec.init_containers);
            all.any(|container| fits(name, container))
        };
        let (found, missing): (Vec<_>, Vec<_>) = pairs.iter().partition(|(name, _)| exists(name));
        for (name, _) in missing {
            let text = format!("unable to find container named \"{name}\"");
            output.fail(&Failure::client(text));
        }
        // The last that fits holds.
        let images = |containers: &[Container]| -> Vec<Map> {
            let entry = |container: &Container| {
                let (_, image) = found.iter().rev().find(|(name, _)| fits(name, container))?;
                Some(map().set("image", *image).set("name", &container.name))
            };
            containers.iter().filter_map(entry).collect()
        };
        let fields = map()
            .some("containers", list(images(&spec.containers)))
            .some("initContainers", list(images(&spec.init_containers)));
        let failed = "failed to patch image update to pod template: ";
        let after = match change_template(view, &item, fields, failed) {
            Ok(Some((_, after))) => after,
            Ok(None) => continue,
            Err(failure) => {
                output.fail(&failure);
                continue;
            }
        };
        let workload = workload_ref(&item);
        let acts = found.iter().map(|(container, image)| Act::SetImage {
            workload: workload.clone(),
            container: container.to_string(),
            image: image.to_string(),
        });
        shown.done(view, &item, "image updated", &after, acts, &mut output);
    }
    failures.iter().for_each(|failure| output.fail(failure));
    single_refusal(&mut output);
    Ok(output)
}

fn resources(view: &View, args: &Args) -> Result<Output, Failure> {
    let lists = ["limits", "requests"].map(|list| (list, args.get(list).unwrap_or("")));
    let shown = Shown::of(args)?;
    let (items, failures) = chosen(view, args, &args.names)?;
    if lists.iter().all(|(_, text)| text.is_empty()) {
        let text = "you must specify an update to requests or limits (in the form of \
                    --requests/--limits)";
        return Err(Failure::client(text));
    }
    let mut amounts = map();
    for (list, text) in lists.into_iter().filter(|(_, text)| !text.is_empty()) {
        amounts = amounts.set(list, quantities(text)?);
    }
    let mut output = Output::default();
    for item in items {
        let changed = resources_of(view, &item, args, &amounts).and_then(|fields| {
            let failed = "failed to patch resources update to pod template ";
            change_template(view, &item, fields, failed)
        });
        match changed {
            Ok(Some((act, after))) => {
                let word = "resource requirements updated";
                shown.done(view, &item, word, &after, [act], &mut output);
            }
            Ok(None) => {}
            Err(failure) => output.fail(&failure),
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    single_refusal(&mut output);
    Ok(output)
}

/// `cpu=200m,memory=512Mi`.
fn quantities(text: &str) -> Result<Map, Failure> {
    let mut amounts = map();
    for pair in text.split(',') {
        let Some((name, amount)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            let text = format!("Invalid argument syntax {pair}, expected <resource>=<value>");
            return Err(Failure::client(text));
        };
        Quantity::parse(amount).map_err(Failure::client)?;
        amounts = amounts.set(name, amount);
    }
    Ok(amounts)
}

/// The resources of the containers that `-c` names, or of all.
fn resources_of(view: &View, item: &Item, args: &Args, amounts: &Map) -> Result<Map, Failure> {
    let wanted = args.get("containers").unwrap_or("*");
    let Some(spec) = view.pod_spec(&item.thing) else {
        return Err(no_template(item));
    };
    let chosen = spec
        .containers
        .iter()
        .filter(|container| matches(wanted, &container.name));
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
    Ok(map().set("containers", list(entries)))
}
