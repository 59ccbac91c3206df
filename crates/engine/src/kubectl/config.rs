//! `kubectl config`: one cluster, one user, one context. There is no file that could be changed.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, NONE, PRINT};
use super::output::{json, list, map, yaml, Value};
use super::table::Table;
use super::view::View;
use super::{Output, Verb};
use crate::go_format::parse_duration;

/// The cluster, its user and the context.
const NAME: &str = "readyz";
const SERVER: &str = "https://127.0.0.1:6443";

const VIEW: Flags = &[
    PRINT,
    &[
        switch("minify", NONE),
        switch("flatten", NONE),
        switch("merge", NONE),
        switch("raw", NONE),
    ],
];
const CONTEXTS: Flags = &[&[switch("no-headers", NONE), value("output", 'o')]];
const CHANGE: Flags = &[&[switch("current", NONE)]];

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
        "config get-users",
        "Display users defined in the kubeconfig",
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

/// Verbs that ask for the namespace before they ask for the cluster: kubectl then says otherwise
/// that a context is missing.
const NAMESPACE_FIRST: &[&str] = &[
    "annotate",
    "delete",
    "describe",
    "edit",
    "events",
    "exec",
    "get",
    "label",
    "logs",
    "patch",
    "port-forward",
    "rollout",
    "scale",
    "set image",
    "set resources",
    "taint",
    "top pod",
];

/// What the flags of every command name must be there.
pub fn check(verb: &str, args: &Args) -> Result<(), Failure> {
    let is_local = verb.starts_with("config ") || matches!(verb, "help" | "options");
    if is_local || args.is_on("client") {
        return Ok(());
    }
    let unknown = |flag: &str| args.get(flag).filter(|name| !matches!(*name, "" | NAME));
    if let Some(path) = args.get("kubeconfig").filter(|path| !path.is_empty()) {
        let text = format!("stat {path}: no such file or directory");
        return Err(Failure::client(text));
    }
    if let Some(name) = unknown("context") {
        let is_first = |first: &&str| verb == *first || verb.split(' ').next() == Some(first);
        return Err(match NAMESPACE_FIRST.iter().any(is_first) {
            true => Failure::plain(format!(
                "Error in configuration: context was not found for specified context: {name}"
            )),
            false => Failure::client(format!("context \"{name}\" does not exist")),
        });
    }
    if let Some(name) = unknown("cluster") {
        let text = format!("no server found for cluster \"{name}\"");
        return Err(Failure::client(text));
    }
    if let Some(name) = unknown("user") {
        return Err(Failure::client(format!(
            "auth info \"{name}\" does not exist"
        )));
    }
    let span = args.get("request-timeout").unwrap_or("0");
    if span.parse::<i64>().is_err() && parse_duration(span).is_none() {
        return Err(Failure::client(
            "Invalid timeout value. Timeout must be a single integer in seconds, or an integer \
             followed by a corresponding time unit (e.g. 1s | 2m | 3h)",
        ));
    }
    Ok(())
}

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
