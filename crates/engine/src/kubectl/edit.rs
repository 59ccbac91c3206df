//! `kubectl edit`: the page opens its editor; without one, what there would be to edit.

use super::args::{Args, Flags};
use super::attempt::all_targets;
use super::failure::Failure;
use super::flags::{switch, value, FILES, NONE, PRINT, SAVE_CONFIG, VALIDATE};
use super::view::View;
use super::{Output, Verb};

const FLAGS: Flags = &[
    PRINT,
    FILES,
    &[
        VALIDATE,
        SAVE_CONFIG,
        value("field-manager", NONE),
        switch("output-patch", NONE),
        value("subresource", NONE),
        switch("windows-line-endings", NONE),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "edit",
    summary: "Edit a resource on the server",
    flags: FLAGS,
    run,
}];

/// KRN-01. Whoever leaves the editor as it opened has changed nothing.
fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let format = args.get("output").unwrap_or("");
    if !matches!(format, "" | "json" | "yaml" | "kyaml") {
        return Err(Failure::client(format!(
            "unable to match a printer suitable for the output format \"{format}\", allowed formats \
             are: json,kyaml,yaml"
        )));
    }
    if !matches!(args.get("subresource").unwrap_or(""), "" | "status") {
        let text = "the server could not find the requested resource";
        return Err(Failure::server("NotFound", text));
    }
    let (items, failures) = all_targets(view, args, &args.names)?;
    let mut output = Output::default();
    if !items.is_empty() {
        output.edits = true;
        output.stderr.push_str("Edit cancelled, no changes made.\n");
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}
