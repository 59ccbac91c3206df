//! `kubectl delete` (DEL-01).

use super::args::{Args, Flags};
use super::attempt::chosen;
use super::builder::{meant, named_in};
use super::failure::Failure;
use super::flags::{switch, truth, value, DELETION, DRY_RUN, FILES, NONE, PICK};
use super::item::Item;
use super::selector::Query;
use super::view::View;
use super::{item, Output, Verb};
use crate::scenario::{Act, Cascade, DeleteTarget};
use crate::time::Duration;

const FLAGS: Flags = &[
    FILES,
    PICK,
    DELETION,
    &[
        DRY_RUN,
        switch("all-namespaces", 'A').absent(),
        value("field-selector", NONE).absent(),
        switch("ignore-not-found", NONE),
        switch("interactive", 'i').absent(),
        switch("now", NONE),
        value("output", 'o'),
        value("raw", NONE).absent(),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "delete",
    summary:
        "Delete resources by file names, stdin, resources and names, or by resources and label \
              selector",
    flags: FLAGS,
    run,
}];

const IMMEDIATE: &str =
    "Warning: Immediate deletion does not wait for confirmation that the running \
                         resource has been terminated. The resource may continue to run on the \
                         cluster indefinitely.\n";

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let (items, failures) = match args.get("filename") {
        Some(file) => from_text(view, file)?,
        None => picked(view, args)?,
    };
    let mut output = Output::default();
    let grace = match args.number("grace-period") {
        _ if args.is_on("now") => Some(1),
        Some(seconds) if seconds >= 0 => Some(seconds as u64),
        _ if args.is_on("force") => Some(0),
        _ => None,
    };
    let cascade = cascade(args, &mut output);
    let is_forced = args.is_on("force") && grace == Some(0);
    if is_forced {
        output.stderr.push_str(IMMEDIATE);
    }
    let ignore = args.is_on("ignore-not-found") || args.is_on("all");
    if items.is_empty() && failures.is_empty() {
        output.stdout.push_str("No resources found\n");
    }
    let dry_run = args.get("dry-run").is_some_and(|value| value != "none");
    for item in items {
        let forced = if is_forced { "force " } else { "" };
        let place = match item.namespace.as_str() {
            "" => String::new(),
            namespace => format!(" from {namespace} namespace"),
        };
        let line = if args.get("output") == Some("name") {
            item.path()
        } else {
            format!(
                "{} \"{}\" {forced}deleted{place}",
                item.resource.prefix(),
                item.name
            )
        };
        if dry_run {
            output.stdout.push_str(&format!("{line} (dry run)\n"));
            continue;
        }
        let act = Act::Delete {
            target: DeleteTarget::Object {
                kind: item.resource.singular(),
                name: item.name,
            },
            grace: grace.map(Duration::from_secs),
            force: is_forced,
            cascade,
        };
        output.done(&line, act);
    }
    for failure in failures.iter().filter(|_| !ignore) {
        output.fail(failure);
    }
    Ok(output)
}

/// `--cascade`; truth values are what it took long ago.
fn cascade(args: &Args, output: &mut Output) -> Cascade {
    let word = args.get("cascade").unwrap_or("background");
    let old = truth(word).map(|is_on| match is_on {
        true => Cascade::Background,
        false => Cascade::Orphan,
    });
    if let Some(way) = old {
        let new = Cascade::WORDS[way as usize];
        output.stderr.push_str(&format!(
            "warning: --cascade={word} is deprecated (boolean value) and can be replaced with \
             --cascade={new}.\n"
        ));
        return way;
    }
    let place = Cascade::WORDS.iter().position(|known| *known == word);
    place.map_or(Cascade::Background, Cascade::at)
}

type Found = (Vec<Item>, Vec<Failure>);

fn picked(view: &View, args: &Args) -> Result<Found, Failure> {
    if args.is_on("all") && Query::of(args).is_given() {
        let text = "setting 'all' parameter but found a non empty selector.";
        return Err(Failure::client(text));
    }
    chosen(view, meant(view, args, &args.names, false)?, args)
}

fn from_text(view: &View, file: &str) -> Result<Found, Failure> {
    let shown = if file == "-" { "STDIN" } else { file };
    let mut found = Found::default();
    for (resource, name) in named_in(view, file)? {
        match item::find(view, resource, &name) {
            Ok(item) => found.0.push(item),
            Err(_) => found.1.push(Failure::server(
                "NotFound",
                format!(
                    "error when deleting \"{shown}\": {} \"{name}\" not found",
                    resource.qualified(),
                ),
            )),
        }
    }
    Ok(found)
}
