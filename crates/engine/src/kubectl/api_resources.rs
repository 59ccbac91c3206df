//! `kubectl api-resources` and `api-versions`.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, NONE};
use super::resource::{Resource, ALL, RESOURCES};
use super::table::Table;
use super::view::View;
use super::{Output, Verb};

const FLAGS: Flags = &[&[
    value("api-group", NONE),
    switch("cached", NONE),
    value("categories", NONE),
    switch("namespaced", NONE),
    switch("no-headers", NONE),
    value("output", 'o'),
    switch("show-managed-fields", NONE).absent(),
    value("sort-by", NONE),
    value("verbs", NONE),
]];

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

/// Neither takes words.
fn check(verb: &str, args: &Args) -> Result<(), Failure> {
    match args.names.is_empty() {
        true => Ok(()),
        false => {
            let text = format!("unexpected arguments: [{}]", args.names.join(" "));
            Err(Failure::usage(verb, text))
        }
    }
}

fn run(_view: &View, args: &Args) -> Result<Output, Failure> {
    check("api-resources", args)?;
    let format = args.get("output").unwrap_or("");
    if !matches!(format, "" | "wide" | "name") {
        let text = match format {
            "json" | "yaml" | "kyaml" => format!("readyz does not simulate -o {format}"),
            _ => format!(
                "unable to match a printer suitable for the output format \"{format}\", allowed \
                 formats are: json,kyaml,name,wide,yaml"
            ),
        };
        return Err(Failure::client(text));
    }
    let is_wide = format == "wide";
    let listed = |list: &str, word: &str| list.split(',').any(|known| known == word);
    let all_of = |flag: &str, have: &str| {
        let mut asked = args.all(flag).flat_map(|words| words.split(','));
        asked.all(|word| listed(have, word))
    };
    let mut resources: Vec<&Resource> = RESOURCES
        .iter()
        .filter(|resource| {
            let group = args.get("api-group");
            let scope = args.get("namespaced");
            group.is_none_or(|group| group == resource.group())
                && scope.is_none_or(|on| (on != "false") == resource.namespaced)
                && all_of("verbs", verbs(resource))
                && all_of("categories", categories(resource))
        })
        .collect();
    match args.get("sort-by") {
        Some("name") => resources.sort_by_key(|resource| resource.plural),
        Some("kind") => resources.sort_by_key(|resource| resource.kind),
        None | Some("") => {}
        Some(_) => return Err(Failure::client("--sort-by accepts only name or kind")),
    }
    if format == "name" {
        let names = resources.iter().map(|resource| resource.qualified());
        return Ok(Output::printed(
            names.map(|name| name + "\n").collect::<String>(),
        ));
    }
    let mut titles = vec!["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"];
    if is_wide {
        titles.extend(["VERBS", "CATEGORIES"]);
    }
    let mut table = Table::new(&titles);
    if args.is_on("no-headers") {
        table.without_titles();
    }
    for resource in resources {
        let mut row = vec![
            resource.plural.to_owned(),
            resource.short.to_owned(),
            resource.api_version.to_owned(),
            resource.namespaced.to_string(),
            resource.kind.to_owned(),
        ];
        if is_wide {
            row.extend([verbs(resource).to_owned(), categories(resource).to_owned()]);
        }
        table.row(row);
    }
    Ok(Output::printed(table.print_with_titles()))
}

/// What the server does with a resource, in the order of its discovery document.
fn verbs(resource: &Resource) -> &'static str {
    match resource.plural {
        "componentstatuses" => "get,list",
        "bindings" => "create",
        review if review.ends_with("reviews") => "create",
        "namespaces" => "create,delete,get,list,patch,update,watch",
        _ => "create,delete,deletecollection,get,list,patch,update,watch",
    }
}

/// Which lists of resources, such as `all`, it belongs to.
fn categories(resource: &Resource) -> &'static str {
    match resource.group() {
        "admissionregistration.k8s.io" | "apiextensions.k8s.io" | "apiregistration.k8s.io" => {
            "api-extensions"
        }
        _ if ALL.contains(&resource.plural) => "all",
        _ => "",
    }
}

fn versions(_view: &View, args: &Args) -> Result<Output, Failure> {
    check("api-versions", args)?;
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
