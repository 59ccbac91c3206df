//! `kubectl describe` (DSC-*).

mod container;
mod deployment;
mod disruption;
mod endpoints;
mod event_table;
mod node;
mod other;
mod pod;
mod probe;
mod replica_set;
mod service;
mod storage;
mod template;
mod volume;
mod workload;

pub use template::pod_template;

use super::args::{Args, Flags};
use super::builder::{find, meant, Meant};
use super::failure::Failure;
use super::flags::{switch, value, whole, FILES, NONE};
use super::item::{self, Item};
use super::selector::Query;
use super::table::{align, DESCRIPTION};
use super::view::View;
use super::{Output, Verb};
use crate::api::{StringMap, LAST_APPLIED};
use std::fmt::Write;

const FLAGS: Flags = &[
    FILES,
    &[
        switch("all-namespaces", 'A'),
        whole("chunk-size", NONE),
        value("selector", 'l'),
        switch("show-events", NONE),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "describe",
    summary: "Show details of a specific resource or group of resources",
    flags: FLAGS,
    run,
}];

/// A description under construction: cells are ended by tabs, and aligned at the end.
#[derive(Default)]
pub struct Text {
    aligned: String,
    cells: String,
}

impl Text {
    /// Adds a line, indented by `level` steps.
    pub fn line(&mut self, level: usize, line: impl AsRef<str>) {
        self.cells.extend(std::iter::repeat_n("  ", level));
        self.cells.push_str(line.as_ref());
        self.cells.push('\n');
    }

    /// Adds `NAME:` and a value.
    pub fn field(&mut self, level: usize, name: &str, value: impl std::fmt::Display) {
        self.line(level, format!("{name}:\t{value}"));
    }

    /// Ends the alignment: what follows is aligned anew.
    pub fn flush(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        self.aligned.push_str(&align(&cells, DESCRIPTION));
    }

    /// Adds `NAME:` and one `key=value` a line.
    pub fn labels(&mut self, name: &str, labels: &StringMap) {
        let pairs = labels.iter().map(|(key, value)| format!("{key}={value}"));
        self.lines(name, pairs.collect());
    }

    /// Adds `NAME:` and one value a line, or `<none>`.
    pub fn lines(&mut self, name: &str, values: Vec<String>) {
        if values.is_empty() {
            return self.field(0, name, "<none>");
        }
        for (index, value) in values.iter().enumerate() {
            let name = if index == 0 {
                format!("{name}:")
            } else {
                String::new()
            };
            self.line(0, format!("{name}\t{value}"));
        }
    }

    /// DSC-04.
    pub fn annotations(&mut self, name: &str, annotations: &StringMap) {
        const WIDTH_MAX: usize = 140;
        let mut lines = Vec::new();
        for (key, value) in annotations.iter().filter(|(key, _)| *key != LAST_APPLIED) {
            let value = value.strip_suffix('\n').unwrap_or(value);
            if value.len() + key.len() + 2 <= WIDTH_MAX && !value.contains('\n') {
                lines.push(format!("{key}: {value}"));
                continue;
            }
            lines.push(format!("{key}:"));
            for part in value.split('\n') {
                let cut = (0..=WIDTH_MAX - 2)
                    .rev()
                    .find(|end| part.is_char_boundary(*end));
                lines.push(match cut {
                    Some(end) if part.len() > WIDTH_MAX - 2 => format!("  {}...", &part[..end]),
                    _ => format!("  {part}"),
                });
            }
        }
        self.lines(name, lines);
    }

    fn finish(mut self) -> String {
        self.flush();
        self.aligned
    }
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    if args.names.is_empty() && args.get("filename").is_none() {
        return Err(Failure::client(
            "You must specify the type of resource to describe. Use \"kubectl api-resources\" for \
             a complete list of supported resources.",
        ));
    }
    let mut output = Output::default();
    let mut items: Vec<Item> = Vec::new();
    match meant(view, args, &args.names, true)? {
        Meant::Objects(objects) => {
            for (resource, name) in objects {
                match find(view, resource, &name) {
                    Ok(item) => items.push(item),
                    Err(failure) if name.is_empty() => output.fail(&failure),
                    Err(failure) => {
                        // A name that matches nothing is tried as a beginning (DSC-11).
                        let all = item::list(view, resource, Some(&view.namespace));
                        let before = items.len();
                        items.extend(all.into_iter().filter(|i| i.name.starts_with(&name)));
                        if items.len() == before {
                            output.fail(&failure);
                        }
                    }
                }
            }
        }
        Meant::Types(resources) => {
            let namespace = (!args.is_on("all-namespaces")).then_some(view.namespace.as_str());
            let (found, failures) = Query::of(args).list_all(view, &resources, namespace);
            items = found;
            failures.iter().for_each(|failure| output.fail(failure));
            if items.is_empty() && failures.is_empty() {
                let in_namespace = namespace.is_some() && resources.iter().any(|r| r.namespaced);
                output.stderr = match in_namespace {
                    true => format!("No resources found in {} namespace.\n", view.namespace),
                    false => "No resources found\n".to_owned(),
                };
            }
        }
    }
    // Events are shown of a single object, unless asked for.
    let events = match args.get("show-events") {
        Some(_) => args.is_on("show-events"),
        None => items.len() == 1,
    };
    let descriptions: Vec<String> = items
        .iter()
        .map(|item| describe(view, item, events))
        .collect();
    output.stdout = descriptions.join("\n\n");
    Ok(output)
}

/// One object.
fn describe(view: &View, item: &Item, events: bool) -> String {
    let mut text = Text::default();
    let describer = match item.resource.kind {
        "Pod" => pod::describe,
        "Deployment" => deployment::describe,
        "ReplicaSet" => replica_set::describe,
        "StatefulSet" | "DaemonSet" | "Job" => workload::describe,
        "Service" => service::describe,
        "EndpointSlice" => endpoints::describe_slice,
        "Endpoints" => endpoints::describe_endpoints,
        "Node" => node::describe,
        "PodDisruptionBudget" => disruption::describe,
        "PersistentVolumeClaim" => storage::claim,
        "PersistentVolume" => storage::volume,
        "StorageClass" => storage::class,
        "PriorityClass" => other::priority_class,
        _ => other::describe,
    };
    describer(view, item, &mut text);
    // Of these kubectl asks for none.
    if events && !matches!(item.resource.kind, "Secret" | "Namespace") {
        event_table::table(view, item, &mut text);
    }
    text.finish()
}

/// `Name`, `Namespace`.
fn heading(item: &Item, text: &mut Text) {
    text.field(0, "Name", &item.name);
    if item.resource.namespaced {
        text.field(0, "Namespace", &item.namespace);
    }
}

/// `True` or `False`.
const fn truth(value: bool) -> &'static str {
    if value {
        "True"
    } else {
        "False"
    }
}

/// Rows of cells, tab-ended, under titles underlined by dashes.
fn ruled(level: usize, titles: &[&str], text: &mut Text) {
    text.line(level, titles.join("\t"));
    let rules: Vec<String> = titles.iter().map(|title| "-".repeat(title.len())).collect();
    text.line(level, rules.join("\t"));
}

/// Joins texts into one.
fn joined(items: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for (index, item) in items.enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        let _ = write!(out, "{comma}{item}");
    }
    out
}
