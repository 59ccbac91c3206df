//! `kubectl patch`.

use super::args::{Args, Flags};
use super::attempt::{attempt, targets};
use super::failure::Failure;
use super::flags::{switch, value, NONE, NO_FILES, PRINT, WRITE};
use super::item::Thing;
use super::patched::patch as patched;
use super::pod_update::with_patch;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::manifest::patched_conditions;
use crate::scenario::{Act, PatchType};

const FLAGS: Flags = &[
    PRINT,
    NO_FILES,
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
    let Some(patch) = args.get("patch") else {
        let text = "must specify --patch or --patch-file containing the contents of the patch";
        return Err(Failure::client(text));
    };
    let way = args.get("type").unwrap_or("strategic");
    let Some(way) = PatchType::WORDS.iter().position(|word| *word == way) else {
        let text = format!("--type must be one of [json merge strategic], not \"{way}\"");
        return Err(Failure::client(text));
    };
    let way = PatchType::at(way);
    let subresource = args.get("subresource").unwrap_or("");
    let (items, failures) = targets(view, args, &args.names)?;
    let mut output = Output::default();
    for item in items {
        let kind = item.resource.singular();
        let name = item.name.clone();
        let is_changed = attempt(view, |cx| {
            if subresource == "status" && kind == "pod" {
                let conditions = patched_conditions(patch);
                return controllers::patch_status(cx, &view.namespace, &name, &conditions);
            }
            patched(cx, (&kind, &view.namespace, &name), patch, way)
        });
        let is_changed = is_changed.map_err(|refusal| match item.thing {
            Thing::Pod(id) => with_patch(view, refusal, id, patch),
            _ => refusal,
        })?;
        let note = if is_changed { "" } else { " (no change)" };
        let act = Act::Patch {
            kind,
            name,
            subresource: subresource.to_owned(),
            patch: patch.to_owned(),
            way,
        };
        output.done(&format!("{} patched{note}", item.path()), act);
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}
