//! `kubectl set image` and `set env`.

use super::args::{switch, value, Args, Flag, Takes, NONE};
use super::attempt::{attempt, parse_changes, split_changes, targets, workload_ref};
use super::failure::Failure;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::scenario::Act;

const FLAGS: &[Flag] = &[
    value("selector", 'l'),
    switch("all", NONE),
    switch("local", NONE),
    switch("overwrite", NONE),
    value("containers", 'c'),
    value("output", 'o'),
    value("filename", 'f'),
    Flag {
        long: "dry-run",
        short: NONE,
        takes: Takes::Default("client"),
    },
];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "set image",
        summary: "Update the image of a pod template",
        flags: FLAGS,
        run: image,
    },
    Verb {
        name: "set env",
        summary: "Update environment variables on a pod template",
        flags: FLAGS,
        run: env,
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

fn env(view: &View, args: &Args) -> Result<Output, Failure> {
    let (words, changes) = split_changes(&args.names);
    let changes = parse_changes(&changes)?;
    let (items, failures) = targets(view, args, &words)?;
    let mut output = Output::default();
    for item in items {
        let workload = workload_ref(&item);
        let is_changed = attempt(view, |cx| {
            controllers::set_env(cx, &view.namespace, &workload, &changes)
        })?;
        if is_changed {
            let env = changes.clone();
            output.done(
                &format!("{} env updated", item.path()),
                Act::SetEnv { workload, env },
            );
        }
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}
