//! `kubectl config`: one cluster, one user, one context. There is no file that could be changed.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::find::find;
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
        set_context,
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
    if let Some(path) = args.given("kubeconfig") {
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
    let format = args.get("output").unwrap_or("");
    if !matches!(format, "" | "name") {
        return Err(Failure::client(format!(
            "--output {format} is not available in kubectl config get-contexts; resetting to \
             default output format"
        )));
    }
    let is_meant = args.names.is_empty() || args.names.iter().any(|name| name == NAME);
    let mut output = Output::printed(match format {
        "name" if is_meant => [NAME, "\n"].concat(),
        "name" => String::new(),
        _ => context_table(view, args, is_meant),
    });
    let unknown: Vec<&String> = args.names.iter().filter(|name| *name != NAME).collect();
    for name in &unknown {
        let text = format!("context {name} not found");
        // Only a single complaint is called an error.
        output.fail(&match unknown.len() {
            1 => Failure::client(text),
            _ => Failure::plain(text),
        });
    }
    Ok(output)
}

fn context_table(view: &View, args: &Args, is_meant: bool) -> String {
    let titles = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"];
    if !is_meant && !args.is_on("no-headers") {
        return [&titles.join("   "), "\n"].concat();
    }
    let mut table = Table::new(&titles.map(str::to_owned));
    if args.is_on("no-headers") {
        table.without_titles();
    }
    let cells = ["*", NAME, NAME, NAME, namespace(view).unwrap_or("")];
    if is_meant {
        table.row(cells.map(str::to_owned).to_vec());
    }
    table.print()
}

/// Words that a command does not take: it shows its help, too.
fn unexpected(verb: &str, args: &Args) -> Output {
    let line: Vec<String> = verb.split(' ').map(str::to_owned).collect();
    let about = find(&line).map(|(found, _)| super::help::about(found));
    let mut output = Output::printed(about.unwrap_or_default());
    let text = format!("Unexpected args: [{}]", args.names.join(" "));
    output.fail(&Failure::client(text));
    output
}

fn set_context(_: &View, args: &Args) -> Result<Output, Failure> {
    let current = args.is_on("current");
    match args.names.as_slice() {
        [] if !current => {
            let text = "you must specify a non-empty context name or --current";
            Err(Failure::client(text))
        }
        [_] if current => {
            let text = "you cannot specify both a context name and --current";
            Err(Failure::client(text))
        }
        [] | [_] => Err(unchangeable()),
        _ => Ok(unexpected("config set-context", args)),
    }
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
        _ => Ok(unexpected("config use-context", args)),
    }
}

fn show(view: &View, args: &Args) -> Result<Output, Failure> {
    if !args.names.is_empty() {
        let text = format!("unexpected arguments: [{}]", args.names.join(" "));
        return Err(Failure::usage("config view", text));
    }
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
