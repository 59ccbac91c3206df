//! `kubectl cordon`, `uncordon` and `drain`.

use super::args::{switch, value, Args, Flag, NONE};
use super::failure::Failure;
use super::item::{self, Item, Thing};
use super::resource::of_kind;
use super::view::View;
use super::{Output, Verb};
use crate::cluster::Owner;
use crate::scenario::Act;
use crate::time::Duration;

const FLAGS: &[Flag] = &[value("selector", 'l')];
const DRAIN: &[Flag] = &[
    value("selector", 'l'),
    switch("force", NONE),
    switch("ignore-daemonsets", NONE),
    switch("delete-emptydir-data", NONE),
    switch("disable-eviction", NONE),
    value("grace-period", NONE),
    value("timeout", NONE),
    value("pod-selector", NONE),
];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "cordon",
        summary: "Mark node as unschedulable",
        flags: FLAGS,
        run: cordon,
    },
    Verb {
        name: "uncordon",
        summary: "Mark node as schedulable",
        flags: FLAGS,
        run: uncordon,
    },
    Verb {
        name: "drain",
        summary: "Drain node in preparation for maintenance",
        flags: DRAIN,
        run: drain,
    },
];

fn cordon(view: &View, args: &Args) -> Result<Output, Failure> {
    mark(view, args, "cordon", true)
}

fn uncordon(view: &View, args: &Args) -> Result<Output, Failure> {
    mark(view, args, "uncordon", false)
}

/// The nodes that are named.
fn nodes(view: &View, args: &Args, verb: &str) -> Result<Vec<Item>, Failure> {
    if args.names.is_empty() {
        return Err(Failure::usage(verb, format!("USAGE: {verb} NODE [flags]")));
    }
    let names = args
        .names
        .iter()
        .map(|name| name.strip_prefix("node/").unwrap_or(name));
    names
        .map(|name| item::find(view, of_kind("Node"), name))
        .collect()
}

fn is_cordoned(view: &View, item: &Item) -> bool {
    match item.thing {
        Thing::Node(id) => view.cluster.nodes[id.index()].object.unschedulable,
        _ => false,
    }
}

fn mark(view: &View, args: &Args, verb: &str, cordoned: bool) -> Result<Output, Failure> {
    let mut output = Output::default();
    for node in nodes(view, args, verb)? {
        let already = if is_cordoned(view, &node) == cordoned {
            "already "
        } else {
            ""
        };
        output
            .stdout
            .push_str(&format!("{} {already}{verb}ed\n", node.path()));
        output.inputs.push(Act::Cordon {
            node: node.name,
            cordoned,
        });
    }
    Ok(output)
}

fn drain(view: &View, args: &Args) -> Result<Output, Failure> {
    let mut output = Output::default();
    let force = args.is_on("force");
    let grace = args
        .number("drain", "grace-period")?
        .and_then(|grace| u64::try_from(grace).ok());
    let grace = grace.map(Duration::from_secs);
    for node in nodes(view, args, "drain")? {
        let Thing::Node(id) = node.thing else {
            continue;
        };
        let already = if is_cordoned(view, &node) {
            "already "
        } else {
            ""
        };
        output
            .stdout
            .push_str(&format!("{} {already}cordoned\n", node.path()));
        let pods = item::list(view, of_kind("Pod"), None).into_iter();
        let here: Vec<Item> = pods.filter(|pod| pod_is_on(view, pod, id)).collect();
        let paths = |bare: bool| {
            let chosen = here.iter().filter(|pod| !bare || is_bare(view, pod));
            chosen
                .map(|pod| format!("{}/{}", pod.namespace, pod.name))
                .collect::<Vec<_>>()
        };
        let bare = paths(true).join(", ");
        let name = &node.name;
        if !bare.is_empty() && !force {
            let why = format!(
                "cannot delete Pods that declare no controller (use --force to override): {bare}"
            );
            output.fail(&Failure::client(format!(
                "unable to drain node \"{name}\" due to error: {why}, continuing command...\nThere \
                 are pending nodes to be drained:\n {name}\n{why}"
            )));
        } else {
            if !bare.is_empty() {
                let warning = "Warning: deleting Pods that declare no controller:";
                output.stderr.push_str(&format!("{warning} {bare}\n"));
            }
            for path in paths(false) {
                output.stdout.push_str(&format!("evicting pod {path}\n"));
            }
            for pod in &here {
                output
                    .stdout
                    .push_str(&format!("pod/{} evicted\n", pod.name));
            }
            output
                .stdout
                .push_str(&format!("{} drained\n", node.path()));
        }
        output.inputs.push(Act::Drain {
            node: node.name,
            force,
            ignore_daemon_sets: args.is_on("ignore-daemonsets"),
            timeout: None,
            grace,
        });
    }
    Ok(output)
}

fn pod_is_on(view: &View, pod: &Item, node: crate::ids::NodeId) -> bool {
    matches!(pod.thing, Thing::Pod(id) if view.pod(id).node == Some(node))
}

fn is_bare(view: &View, pod: &Item) -> bool {
    let Thing::Pod(id) = pod.thing else {
        return false;
    };
    let pod = view.pod(id);
    pod.owner == Owner::None && !pod.status.phase.is_terminal()
}
