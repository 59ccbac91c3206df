//! `kubectl cordon` and `uncordon`.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{value, DRY_RUN};
use super::item::{self, Item, Thing};
use super::resource::{self, of_kind};
use super::selector::Query;
use super::view::View;
use super::{Output, Verb};
use crate::scenario::Act;

const FLAGS: Flags = &[&[value("selector", 'l'), DRY_RUN]];

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
];

fn cordon(view: &View, args: &Args) -> Result<Output, Failure> {
    mark(view, args, "cordon", true)
}

fn uncordon(view: &View, args: &Args) -> Result<Output, Failure> {
    mark(view, args, "uncordon", false)
}

/// The nodes that are named, or that `-l` picks.
pub fn nodes(view: &View, args: &Args, verb: &str) -> Result<Vec<Item>, Failure> {
    if Query::of(args).is_given() {
        if !args.names.is_empty() {
            let text = "cannot specify both a node name and a --selector option";
            return Err(Failure::usage(verb, text));
        }
        return Query::of(args).list(view, of_kind("Node"), None);
    }
    if args.names.is_empty() {
        return Err(Failure::usage(verb, format!("USAGE: {verb} NODE [flags]")));
    }
    let mut nodes = Vec::new();
    for word in &args.names {
        let (resource, name) = match word.split_once('/') {
            Some((kind, name)) => (resource::find(kind)?, name),
            None => (of_kind("Node"), word.as_str()),
        };
        let item = item::find(view, resource, name)?;
        if resource.kind != "Node" {
            let (version, plural) = (resource.group_version(), resource.plural);
            return Err(Failure::client(format!(
                "expected resource of type node, got \"{version}, Resource={plural}\""
            )));
        }
        nodes.push(item);
    }
    Ok(nodes)
}

pub fn is_cordoned(view: &View, item: &Item) -> bool {
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
    Ok(output.unless_dry(args))
}
