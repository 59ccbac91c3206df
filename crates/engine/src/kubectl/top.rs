//! `kubectl top`: what containers use, as a metrics server would have it. The recorded cluster has
//! none.

use super::args::Args;
use super::failure::Failure;
use super::flags::{switch, value, Flag, NONE};
use super::label_selector::Selector;
use super::view::View;
use super::{Output, Verb};
use crate::container::Registry;
use crate::ids::{NodeId, PodId};
use crate::metrics::{self, Usage};

const COMMON: &[Flag] = &[
    switch("no-headers", NONE),
    value("selector", 'l'),
    switch("show-swap", NONE).absent(),
    value("sort-by", NONE),
    switch("use-protocol-buffers", NONE),
];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb::new(
        "top pod",
        "Display resource (CPU/memory) usage of pods",
        &[
            COMMON,
            &[
                switch("all-namespaces", 'A'),
                switch("containers", NONE),
                value("field-selector", NONE).absent(),
                switch("sum", NONE).absent(),
            ],
        ],
        pods,
    ),
    Verb::new(
        "top node",
        "Display resource (CPU/memory) usage of nodes",
        &[COMMON, &[switch("show-capacity", NONE).absent()]],
        nodes,
    ),
];

fn unavailable() -> Failure {
    Failure::client("Metrics API not available")
}

/// One line: its cells, and what it is sorted by.
struct Line {
    cells: Vec<String>,
    used: Usage,
}

fn check(verb: &str, args: &Args) -> Result<(), Failure> {
    if !matches!(args.get("sort-by").unwrap_or(""), "" | "cpu" | "memory") {
        let text = "--sort-by accepts only cpu or memory";
        return Err(Failure::client(text));
    }
    match args.names.len() {
        1 if !args.get("selector").unwrap_or("").is_empty() => {
            let text = "only one of NAME or selector can be provided";
            Err(Failure::client(text))
        }
        0 | 1 => Ok(()),
        _ => {
            let usage = format!("{verb} [NAME | -l label]");
            Err(Failure::usage(&["top ", verb].concat(), usage))
        }
    }
}

fn pods(view: &View, args: &Args) -> Result<Output, Failure> {
    check("pod", args)?;
    if view.cluster.registry == Registry::Recorded {
        return Err(unavailable());
    }
    let labels = Selector::parse(args.get("selector").unwrap_or("")).map_err(Failure::client)?;
    let (all, each) = (args.is_on("all-namespaces"), args.is_on("containers"));
    let mut lines = Vec::new();
    for id in view.cluster.live_pods() {
        let pod = view.pod(id);
        let is_named = args.names.is_empty() || args.names.iter().any(|n| **n == *pod.name);
        let is_here = all || *pod.namespace == *view.namespace;
        if is_named && is_here && labels.matches(&pod.labels) {
            pod_lines(view, id, (all, each), &mut lines);
        }
    }
    if lines.is_empty() {
        return Err(match args.names.first() {
            Some(name) => {
                let text = ["pods \"", name, "\" not found"].concat();
                Failure::server("NotFound", text)
            }
            None => {
                Failure::plain(["No resources found in ", &view.namespace, " namespace."].concat())
            }
        });
    }
    let mut titles = vec!["NAME", "CPU(cores)", "MEMORY(bytes)"];
    if each {
        titles.splice(0..1, ["POD", "NAME"]);
    }
    if all {
        titles.insert(0, "NAMESPACE");
    }
    Ok(print(&titles, lines, args))
}

fn pod_lines(view: &View, id: PodId, (all, each): (bool, bool), lines: &mut Vec<Line>) {
    let pod = view.pod(id);
    let mut add = |names: &[&str], used: Usage| {
        let mut cells: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        if all {
            cells.insert(0, pod.namespace.to_string());
        }
        cells.extend(figures(used));
        lines.push(Line { cells, used });
    };
    let used = metrics::usages(view.cluster, id, view.now);
    let running = used.into_iter().enumerate();
    let running: Vec<(usize, Usage)> = running.filter_map(|(n, used)| Some((n, used?))).collect();
    if running.is_empty() {
        return;
    }
    if !each {
        return add(
            &[&pod.name],
            metrics::sum(running.into_iter().map(|(_, used)| used)),
        );
    }
    for (number, used) in running {
        let name = pod.spec.container(number).map_or("", |c| c.name.as_str());
        add(&[&pod.name, name], used);
    }
}

/// What the Pods of each node use together.
fn nodes(view: &View, args: &Args) -> Result<Output, Failure> {
    check("node", args)?;
    if view.cluster.registry == Registry::Recorded {
        return Err(unavailable());
    }
    let mut lines = Vec::new();
    for (number, node) in view.cluster.nodes.iter().enumerate() {
        if !(args.names.is_empty() || args.names.iter().any(|n| **n == *node.name)) {
            continue;
        }
        let used = metrics::node_usage(view.cluster, NodeId::at(number), view.now);
        let share = |used: u64, of: u64| [&(used * 100 / of.max(1)).to_string(), "%"].concat();
        let [cpu, memory] = figures(used);
        let cells = vec![
            node.name.to_string(),
            cpu,
            share(u64::from(used.cpu_milli), node.object.cpu_milli),
            memory,
            share(used.memory_bytes, node.object.memory_bytes),
        ];
        lines.push(Line { cells, used });
    }
    let titles = ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"];
    Ok(print(&titles, lines, args))
}

/// `3m` and `64Mi`.
fn figures(used: Usage) -> [String; 2] {
    [
        [&used.cpu_milli.to_string(), "m"].concat(),
        [&(used.memory_bytes >> 20).to_string(), "Mi"].concat(),
    ]
}

/// Columns as wide as their longest cell and three blanks, the last one, too.
fn print(titles: &[&str], mut lines: Vec<Line>, args: &Args) -> Output {
    match args.get("sort-by") {
        Some("cpu") => lines.sort_by_key(|line| std::cmp::Reverse(line.used.cpu_milli)),
        Some("memory") => lines.sort_by_key(|line| std::cmp::Reverse(line.used.memory_bytes)),
        _ => lines.sort_by(|a, b| a.cells.cmp(&b.cells)),
    }
    let mut rows: Vec<Vec<String>> = lines.into_iter().map(|line| line.cells).collect();
    if !args.is_on("no-headers") {
        rows.insert(0, titles.iter().map(|title| title.to_string()).collect());
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let mut stdout = String::new();
    for row in &rows {
        for (cell, width) in row.iter().zip(&widths) {
            stdout.push_str(cell);
            stdout.push_str(&" ".repeat(width + 3 - cell.len()));
        }
        stdout.push('\n');
    }
    Output {
        stdout,
        ..Output::default()
    }
}
