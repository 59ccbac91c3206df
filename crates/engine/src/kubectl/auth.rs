//! `kubectl auth can-i`. Everybody is the cluster's administrator here.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, NONE};
use super::resource;
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

/// What can be done to a resource, and to a path that is none. kubectl only warns of others.
const RESOURCE_VERBS: &str = "get list watch create update patch delete deletecollection use bind \
                              impersonate * approve sign escalate attest";
const PATH_VERBS: &str = "get put post head options delete patch *";

fn run(_: &View, args: &Args) -> Result<Output, Failure> {
    let [verb, what] = args.names.as_slice() else {
        return Err(Failure::client(
            "you must specify two arguments: verb resource or verb resource/resourceName.\n\
             See 'kubectl auth can-i -h' for help and examples.",
        ));
    };
    let mut warnings = Vec::new();
    let is_path = what.starts_with('/');
    if is_path && args.get("subresource").is_some_and(|part| !part.is_empty()) {
        let text = "--subresource can not be used with NonResourceURL";
        return Err(Failure::client(text));
    }
    if !is_path {
        warnings.extend(about(what, args.is_on("all-namespaces")));
    }
    let known = if is_path { PATH_VERBS } else { RESOURCE_VERBS };
    let is_checked = is_path || !args.is_on("all-namespaces");
    if is_checked && !known.split(' ').any(|known| known == verb) {
        warnings.push(format!("verb '{verb}' is not a known verb"));
    }
    if args.is_on("no-headers") {
        let text = "--no-headers cannot be set without --list specified";
        return Err(Failure::client(text));
    }
    let warnings = warnings
        .iter()
        .map(|text| ["Warning: ", text, "\n\n"].concat());
    Ok(Output {
        stdout: String::from(if args.is_on("quiet") { "" } else { "yes\n" }),
        stderr: warnings.collect(),
        ..Output::default()
    })
}

/// What kubectl warns of about a resource's name.
fn about(what: &str, everywhere: bool) -> Option<String> {
    let word = what.split('/').next().unwrap_or("").to_lowercase();
    let in_group = |before: String, group: &str| match group {
        "" => before,
        group => format!("{before} in group '{group}'"),
    };
    let (name, group) = word.split_once('.').unwrap_or((&word, ""));
    match resource::find(&word) {
        // Known to the server only, or everything.
        Err(_) if matches!(&*word, "*" | "users" | "groups") => None,
        Err(_) => {
            let text = format!("the server doesn't have a resource type '{name}'");
            Some(in_group(text, group))
        }
        Ok(found) if found.namespaced || everywhere => None,
        Ok(found) => {
            let text = format!("resource '{}' is not namespace scoped", found.plural);
            Some(in_group(text, found.group()))
        }
    }
}
