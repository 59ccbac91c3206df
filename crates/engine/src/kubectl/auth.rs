//! `kubectl auth can-i`. Everybody is the cluster's administrator here.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, NONE};
use super::view::View;
use super::{Output, Verb};

const FLAGS: Flags = &[&[
    switch("all-namespaces", 'A'),
    switch("list", NONE).absent(),
    switch("no-headers", NONE),
    switch("quiet", 'q'),
    value("subresource", NONE),
]];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "auth can-i",
    summary: "Check whether an action is allowed",
    flags: FLAGS,
    run,
}];

fn run(_: &View, args: &Args) -> Result<Output, Failure> {
    if args.names.len() < 2 {
        return Err(Failure::client(
            "you must specify two arguments: verb resource or verb resource/resourceName.\n\
             See 'kubectl auth can-i -h' for help and examples.",
        ));
    }
    let quiet = args.is_on("quiet");
    Ok(Output::printed(if quiet { "" } else { "yes\n" }))
}
