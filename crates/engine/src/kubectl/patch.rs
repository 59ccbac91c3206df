//! `kubectl patch`.

use super::args::{Args, Flags};
use super::attempt::{targets, tried};
use super::failure::Failure;
use super::flags::{switch, value, FILES, NONE, PRINT, WRITE};
use super::item::Item;
use super::patched::patch_warned;
use super::pod_update::with_patch;
use super::shown::Shown;
use super::view::View;
use super::{Output, Verb};
use crate::cluster::Cluster;
use crate::controllers::{self, ApiError};
use crate::manifest::patched_conditions;
use crate::scenario::{Act, PatchType};

const FLAGS: Flags = &[
    PRINT,
    FILES,
    WRITE,
    &[
        switch("local", NONE).absent(),
        value("patch", 'p'),
        value("patch-file", NONE),
        value("subresource", NONE),
        value("type", NONE),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "patch",
    summary: "Update fields of a resource",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let patch = text(view, args)?;
    let way = args.get("type").unwrap_or("strategic").to_ascii_lowercase();
    let Some(way) = PatchType::WORDS.iter().position(|word| *word == way) else {
        let given = args.get("type").unwrap_or("");
        let text = format!("--type must be one of [json merge strategic], not \"{given}\"");
        return Err(Failure::client(text));
    };
    let way = PatchType::at(way);
    let subresource = args.get("subresource").unwrap_or("");
    // A dry run is not told.
    let shown = Shown::of(args)?.sorted().without_suffix();
    let (items, failures) = targets(view, args, &args.names)?;
    let mut output = Output::default();
    for item in items {
        if !matches!(subresource, "" | "status") {
            let text = "the server could not find the requested resource";
            output.fail(&Failure::server("NotFound", text));
            continue;
        }
        let ((is_changed, warnings), after) = match done(view, &item, patch, way, subresource) {
            Ok(done) => done,
            Err(error) => {
                let refusal = Failure::plain(error.to_string());
                output.fail(&with_patch(view, refusal, &item, patch, way));
                continue;
            }
        };
        for warning in warnings {
            let line = format!("Warning: {warning}\n");
            if !output.stderr.contains(&line) {
                output.stderr.push_str(&line);
            }
        }
        let act = Act::Patch {
            kind: item.resource.singular(),
            name: item.name.clone(),
            subresource: subresource.to_owned(),
            patch: patch.to_owned(),
            way,
        };
        let word = match is_changed {
            true => "patched",
            false => "patched (no change)",
        };
        shown.done(view, &item, word, &after, [act], &mut output);
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

/// The patch itself.
fn text<'a>(view: &'a View, args: &'a Args) -> Result<&'a str, Failure> {
    let inline = args.given("patch");
    let refused = match (inline, args.get("patch-file")) {
        (Some(patch), None) => return Ok(patch),
        (Some(_), Some(_)) => "cannot specify --patch and --patch-file together".to_owned(),
        (None, None) => {
            "must specify --patch or --patch-file containing the contents of the patch".to_owned()
        }
        (None, Some(file)) => match view.file(file) {
            Some(text) => return Ok(text),
            None => format!("unable to read patch file: open {file}: no such file or directory"),
        },
    };
    Err(Failure::client(refused))
}

/// Whether the patch changes anything, what the server warns of, and the cluster after it.
fn done(
    view: &View,
    item: &Item,
    patch: &str,
    way: PatchType,
    subresource: &str,
) -> Result<((bool, Vec<String>), Cluster), ApiError> {
    let (kind, namespace, name) = (item.resource.singular(), &item.namespace, &item.name);
    tried(view, |cx| {
        if subresource == "status" && kind == "pod" {
            let conditions = patched_conditions(patch);
            let done = controllers::patch_status(cx, namespace, name, &conditions);
            return done.map(|is_changed| (is_changed, Vec::new()));
        }
        patch_warned(cx, (&kind, namespace, name), patch, way)
    })
}
