//! `kubectl delete` (DEL-01).

use super::apply::dry_run;
use super::args::{Args, Flags};
use super::attempt::chosen;
use super::builder::{meant, named_in, Meant};
use super::failure::Failure;
use super::flags::{switch, truth, value, DELETION, DRY_RUN, FILES, NONE, PICK};
use super::item::{Item, Thing};
use super::resource::Resource;
use super::selector::Query;
use super::view::View;
use super::{item, Output, Verb};
use crate::manifest::DryRun;
use crate::scenario::{Act, Cascade, DeleteTarget};
use crate::time::Duration;

const FLAGS: Flags = &[
    FILES,
    PICK,
    DELETION,
    &[
        DRY_RUN,
        switch("all-namespaces", 'A'),
        value("field-selector", NONE),
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

const NOT_SCOPED: &str =
    "Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n";

const IMMEDIATE: &str =
    "Warning: Immediate deletion does not wait for confirmation that the running \
                         resource has been terminated. The resource may continue to run on the \
                         cluster indefinitely.\n";

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let grace = grace(args)?;
    let is_named = match args.get("output").unwrap_or("") {
        "" => false,
        "name" => true,
        other => {
            let text = format!("unexpected -o output mode: {other}. We only support '-o name'");
            return Err(Failure::client(text));
        }
    };
    let dry_run = dry_run(args);
    let Found {
        items,
        failures,
        is_wide,
    } = match args.get("filename") {
        Some(file) => from_text(view, file)?,
        None => picked(view, args, dry_run)?,
    };
    let mut output = Output::default();
    let cascade = cascade(args, &mut output);
    let is_forced = args.is_on("force") && grace == Some(0);
    if is_forced {
        output.stderr.push_str(IMMEDIATE);
    }
    if is_wide && args.get("namespace").is_some() {
        output.stderr.push_str(NOT_SCOPED);
    }
    let ignore = args.is_on("ignore-not-found") || args.is_on("all");
    if items.is_empty() && failures.is_empty() {
        output.stdout.push_str("No resources found\n");
    }
    for item in items {
        let forced = if is_forced { "force " } else { "" };
        let place = match item.namespace.as_str() {
            "" => String::new(),
            namespace => format!(" from {namespace} namespace"),
        };
        let line = match is_named {
            true => item.path(),
            false => {
                let (kind, name) = (item.resource.prefix(), &item.name);
                format!(
                    "{kind} \"{name}\" {forced}deleted{place}{}",
                    dry_run.suffix()
                )
            }
        };
        output.stdout.push_str(&line);
        output.stdout.push('\n');
        // The API server makes its own Service anew.
        if matches!(item.thing, Thing::ApiServer) {
            continue;
        }
        let act = Act::Delete {
            target: DeleteTarget::Object {
                kind: item.resource.singular(),
                name: item.name.clone(),
            },
            grace: grace.map(Duration::from_secs),
            force: is_forced,
            cascade,
        };
        output.act(&item, act);
    }
    for failure in failures.iter().filter(|_| !ignore) {
        output.fail(failure);
    }
    Ok(output)
}

/// Seconds that Pods get; None: those of their own.
fn grace(args: &Args) -> Result<Option<u64>, Failure> {
    let seconds = args
        .number("grace-period")
        .and_then(|s| u64::try_from(s).ok());
    let (is_now, is_forced) = (args.is_on("now"), args.is_on("force"));
    if is_now && seconds.is_some() {
        let text = "--now and --grace-period cannot be specified together";
        return Err(Failure::client(text));
    }
    let grace = if is_now { Some(1) } else { seconds };
    if is_forced && grace.is_some_and(|seconds| seconds > 0) {
        let text = "--force and --grace-period greater than 0 cannot be specified together";
        return Err(Failure::client(text));
    }
    Ok(if is_forced { Some(0) } else { grace })
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

/// What is to be deleted.
#[derive(Default)]
struct Found {
    items: Vec<Item>,
    failures: Vec<Failure>,
    /// Something that is in no namespace is asked for.
    is_wide: bool,
}

fn picked(view: &View, args: &Args, dry_run: DryRun) -> Result<Found, Failure> {
    if args.is_on("all") && Query::of(args).is_given() {
        // With the space behind it.
        let text = "setting 'all' parameter but found a non empty selector. ";
        return Err(Failure::client(text));
    }
    let meant = meant(view, args, &args.names, false)?;
    if let (Meant::Objects(objects), DryRun::Client) = (&meant, dry_run) {
        // Nothing asks the server whether they are there.
        let unseen =
            |(resource, name): &(&'static Resource, String)| item::unseen(view, resource, name);
        let items: Vec<Item> = objects.iter().map(unseen).collect();
        return Ok(Found {
            is_wide: items.iter().any(|item| item.namespace.is_empty()),
            items,
            ..Found::default()
        });
    }
    let named = match &meant {
        Meant::Objects(objects) => objects.as_slice(),
        Meant::Types(_) => &[],
    };
    let is_wide = named.iter().any(|(resource, _)| !resource.namespaced);
    let (items, failures) = chosen(view, meant, args)?;
    let is_wide = is_wide || items.iter().any(|item| item.namespace.is_empty());
    Ok(Found {
        items,
        failures,
        is_wide,
    })
}

fn from_text(view: &View, file: &str) -> Result<Found, Failure> {
    let shown = if file == "-" { "STDIN" } else { file };
    let mut found = Found::default();
    for (resource, name) in named_in(view, file)? {
        match item::find(view, resource, &name) {
            Ok(item) => found.items.push(item),
            Err(_) => found.failures.push(Failure::server(
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
