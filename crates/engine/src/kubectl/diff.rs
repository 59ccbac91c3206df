//! `kubectl diff`: what `apply` would change, object by object.

use super::apply::{self, no_words, File};
use super::args::{Args, Flags};
use super::attempt::attempt_kept;
use super::failure::Failure;
use super::flags::{switch, value, whole, FILES, NONE};
use super::item::{self, Item};
use super::object::object;
use super::output::yaml;
use super::view::View;
use super::{resource, unified, update_error, Output, Verb};
use crate::controllers;
use crate::manifest::{self, answer_as, object_name, DryRun};
use crate::time::Instant;

const FLAGS: Flags = &[
    FILES,
    &[
        whole("concurrency", NONE),
        value("field-manager", NONE),
        switch("force-conflicts", NONE),
        switch("prune", NONE).absent(),
        value("prune-allowlist", NONE).absent(),
        value("selector", 'l').absent(),
        switch("server-side", NONE),
        switch("show-managed-fields", NONE).absent(),
        switch("show-secrets", NONE).absent(),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "diff",
    summary: "Diff the live version against a would-be applied version",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    if let Err(failure) = no_words("diff", args) {
        return Ok(failed(failure.line()));
    }
    let file = match File::read(view, args) {
        Ok(file) => file,
        Err(failure) => return Ok(failed(failure.line())),
    };
    let checked = answer_as(
        &[(file.name, &file.stream)],
        manifest::Verb::Apply,
        DryRun::No,
        Some(&view.namespace),
        Some(&|document, fault| update_error::of_document(view, document, fault)),
    );
    if checked.exit != 0 {
        return Ok(failed(checked.stderr));
    }
    let mut output = Output {
        stderr: checked.stderr,
        ..Output::default()
    };
    for located in &file.stream.objects {
        let (kind, name) = object_name(&located.object);
        let Ok(resource) = resource::find(kind) else {
            continue;
        };
        let shown = |view: &View| {
            let found = item::find(view, resource, name).ok();
            found.map(|item| (yaml(&object(view, &item)), item))
        };
        let live = shown(view);
        let after = attempt_kept(view, |cx| controllers::apply(cx, &located.object));
        let cluster = match after {
            Ok((_, mut cluster)) => {
                // What is only tried has no version of its own.
                cluster.versions = view.cluster.versions.clone();
                cluster
            }
            Err(failure) => {
                // Nothing is compared then.
                let text = apply::refusal(view, file.name, located, &failure);
                return Ok(failed(output.stderr + &text));
            }
        };
        let merged = shown(&view.of(&cluster));
        let Some((merged, item)) = merged else {
            continue;
        };
        let hunks = unified::hunks(&live.map_or_else(String::new, |(text, _)| text), &merged);
        if !hunks.is_empty() {
            output.stdout.push_str(&files(view, &item, view.now));
            output.stdout.push_str(&hunks);
            output.exit_code = 1;
        }
    }
    Ok(output)
}

/// An error: 1 is the exit code of a difference, so that of an error is higher.
fn failed(stderr: String) -> Output {
    Output {
        stderr,
        exit_code: 2,
        ..Output::default()
    }
}

/// The lines that name both files, as `diff -u -N` prints them.
fn files(view: &View, item: &Item, now: Instant) -> String {
    let version = item.resource.api_version.replace('/', ".");
    let name = [&version, item.resource.kind, &item.namespace, &item.name].join(".");
    let date = super::stamp::Stamp::exact(now).rfc3339_digits(view.cluster.start_unix_secs, 9);
    let date = date.replace('T', " ").replace('Z', " +0000");
    let [live, merged] = ["LIVE", "MERGED"].map(|side| format!("/tmp/{side}-0000000000/{name}"));
    format!("diff -u -N {live} {merged}\n--- {live}\t{date}\n+++ {merged}\t{date}\n")
}
