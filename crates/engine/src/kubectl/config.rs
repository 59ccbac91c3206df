//! `kubectl config`: one cluster, one user, one context. There is no file that could be changed.

use super::args::{switch, value, Args, Flag, NONE};
use super::failure::Failure;
use super::output::{json, list, map, yaml, Value};
use super::table::Table;
use super::view::View;
use super::{Output, Verb};

/// The cluster, its user and the context.
const NAME: &str = "readyz";
const SERVER: &str = "https://127.0.0.1:6443";

const VIEW: &[Flag] = &[
    value("output", 'o'),
    switch("minify", NONE),
    switch("flatten", NONE),
    switch("raw", NONE),
];
const CONTEXTS: &[Flag] = &[switch("no-headers", NONE), value("output", 'o')];
const CHANGE: &[Flag] = &[switch("current", NONE), value("cluster", NONE)];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb::new(
        "config current-context",
        "Display the current-context",
        &[],
        |_, _| Ok(Output::printed([NAME, "\n"].concat())),
    ),
    Verb::new(
        "config get-clusters",
        "Display clusters defined in the kubeconfig",
        &[],
        |_, _| Ok(Output::printed(["NAME\n", NAME, "\n"].concat())),
    ),
    Verb::new(
        "config get-contexts",
        "Describe one or many contexts",
        CONTEXTS,
        contexts,
    ),
    Verb::new(
        "config set-context",
        "Set a context entry in kubeconfig",
        CHANGE,
        |_, _| Err(unchangeable()),
    ),
    Verb::new(
        "config use-context",
        "Set the current-context in a kubeconfig file",
        &[],
        use_context,
    ),
    Verb::new(
        "config view",
        "Display merged kubeconfig settings or a specified kubeconfig file",
        VIEW,
        show,
    ),
];

fn unchangeable() -> Failure {
    Failure::client("readyz keeps no kubeconfig; give -n NAMESPACE with each command")
}

/// The namespace that commands mean, unless it is `default`.
fn namespace<'v>(view: &'v View) -> Option<&'v str> {
    let namespace = &*view.cluster.namespace;
    (namespace != "default").then_some(namespace)
}

fn contexts(view: &View, args: &Args) -> Result<Output, Failure> {
    if let Some(unknown) = args.names.iter().find(|name| *name != NAME) {
        return Err(Failure::client(format!("context {unknown} not found")));
    }
    if args.get("output") == Some("name") {
        return Ok(Output::printed([NAME, "\n"].concat()));
    }
    let titles = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"];
    let mut table = Table::new(&titles.map(str::to_owned));
    if args.is_on("no-headers") {
        table.without_titles();
    }
    let cells = ["*", NAME, NAME, NAME, namespace(view).unwrap_or("")];
    table.row(cells.map(str::to_owned).to_vec());
    Ok(Output::printed(table.print()))
}

fn use_context(_: &View, args: &Args) -> Result<Output, Failure> {
    match args.names.as_slice() {
        [name] if name == NAME => {
            let text = format!("Switched to context \"{NAME}\".\n");
            Ok(Output::printed(text))
        }
        [name] => {
            let text = format!("no context exists with the name: \"{name}\"");
            Err(Failure::client(text))
        }
        _ => {
            let text = format!("Unexpected args: {:?}", args.names);
            Err(Failure::usage("config use-context", text))
        }
    }
}

fn show(view: &View, args: &Args) -> Result<Output, Failure> {
    let cluster = map()
        .set("cluster", map().set("server", SERVER))
        .set("name", NAME);
    let context = map()
        .set("cluster", NAME)
        .maybe("namespace", namespace(view))
        .set("user", NAME);
    let context = map().set("context", context).set("name", NAME);
    let user = map().set("name", NAME).set("user", map());
    let whole = Value::from(
        map()
            .set("apiVersion", "v1")
            .set("clusters", list([cluster]))
            .set("contexts", list([context]))
            .set("current-context", NAME)
            .set("kind", "Config")
            .set("users", list([user])),
    );
    match args.get("output").unwrap_or("yaml") {
        "yaml" => Ok(Output::printed(yaml(&whole))),
        "json" => Ok(Output::printed(json(&whole))),
        other => Err(super::get::unsimulated(other)),
    }
}
