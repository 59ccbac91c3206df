//! `kubectl api-resources` and `api-versions`.

use super::args::{switch, value, Args, Flag, NONE};
use super::failure::Failure;
use super::resource::RESOURCES;
use super::table::Table;
use super::view::View;
use super::{Output, Verb};

const FLAGS: &[Flag] = &[
    value("api-group", NONE),
    value("namespaced", NONE),
    switch("no-headers", NONE),
    value("output", 'o'),
    value("sort-by", NONE),
    value("verbs", NONE),
];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "api-resources",
        summary: "Print the supported API resources on the server",
        flags: FLAGS,
        run,
    },
    Verb {
        name: "api-versions",
        summary: "Print the supported API versions on the server, in the form of \"group/version\"",
        flags: &[],
        run: versions,
    },
];

fn run(_view: &View, args: &Args) -> Result<Output, Failure> {
    let mut table = Table::new(&["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]);
    if args.is_on("no-headers") {
        table.without_titles();
    }
    let wanted = |resource: &&super::resource::Resource| {
        args.get("api-group")
            .is_none_or(|group| group == resource.group())
            && args
                .get("namespaced")
                .is_none_or(|on| (on != "false") == resource.namespaced)
    };
    for resource in RESOURCES.iter().filter(wanted) {
        table.row(vec![
            resource.plural.to_owned(),
            resource.short.to_owned(),
            resource.api_version.to_owned(),
            resource.namespaced.to_string(),
            resource.kind.to_owned(),
        ]);
    }
    Ok(Output::printed(table.print()))
}

fn versions(_view: &View, _args: &Args) -> Result<Output, Failure> {
    let mut versions: Vec<&str> = RESOURCES
        .iter()
        .map(|resource| resource.api_version)
        .collect();
    // Served, though nothing in the list prefers it.
    versions.push("autoscaling/v1");
    versions.sort_unstable();
    versions.dedup();
    Ok(Output::printed(versions.join("\n") + "\n"))
}
