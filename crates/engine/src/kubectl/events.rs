//! `kubectl events` (KEV-01).

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, whole, NONE, PRINT};
use super::get::{event_stamp, interval};
use super::go_sort;
use super::item::{self, involved, Thing};
use super::resource::{find, of_kind};
use super::table::Table;
use super::view::View;
use super::{Output, Verb};
use crate::events::{render, StoredEvent};
use crate::ids::EventId;

const FLAGS: Flags = &[
    PRINT,
    &[
        switch("all-namespaces", 'A'),
        whole("chunk-size", NONE),
        value("for", NONE),
        switch("no-headers", NONE),
        value("types", NONE),
        switch("watch", 'w'),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "events",
    summary: "List events",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let events = wanted(view, args)?;
    let mut output = Output::printed(table(view, args, &events));
    output.unfinished = args.is_on("watch");
    if events.is_empty() {
        output.stderr = match args.is_on("all-namespaces") {
            true => "No events found.\n".to_owned(),
            false => format!("No events found in {} namespace.\n", view.namespace),
        };
    }
    Ok(output)
}

/// The table of one Event; empty if it is not asked for.
pub fn event(view: &View, args: &Args, id: EventId) -> Result<String, Failure> {
    let mut events = wanted(view, args)?;
    let event = view.cluster.events.get(id);
    events.retain(|(_, other)| event.is_some_and(|event| std::ptr::eq(*other, event)));
    Ok(table(view, args, &events))
}

/// The Events that are asked for, with their namespaces, in order of time.
fn wanted<'v>(view: &'v View, args: &Args) -> Result<Vec<(String, &'v StoredEvent)>, Failure> {
    let everywhere = args.is_on("all-namespaces");
    let namespace = (!everywhere).then_some(view.namespace.as_str());
    let about = match args
        .get("for")
        .map(|word| word.split_once('/').unwrap_or(("pod", word)))
    {
        Some((kind, name)) => Some((find(kind)?.kind, name)),
        None => None,
    };
    let types: Vec<&str> = args
        .get("types")
        .map(|t| t.split(',').collect())
        .unwrap_or_default();
    let mut events: Vec<(String, &StoredEvent)> = Vec::new();
    for item in item::list(view, of_kind("Event"), namespace) {
        let Thing::Event(id) = item.thing else {
            continue;
        };
        let Some(event) = view.cluster.events.get(id) else {
            continue;
        };
        let emission = &event.emission;
        let (_, name) = involved(view.cluster, emission.object);
        let is_meant = about.is_none_or(|(kind, of)| kind == emission.object.kind() && of == name);
        let type_name = emission.event_type.name();
        let is_type = types.is_empty() || types.iter().any(|t| t.eq_ignore_ascii_case(type_name));
        if is_meant && is_type {
            events.push((item.namespace, event));
        }
    }
    go_sort::sort_by_key(&mut events, |(_, event)| event_stamp(event, event.last));
    Ok(events)
}

fn table(view: &View, args: &Args, events: &[(String, &StoredEvent)]) -> String {
    let everywhere = args.is_on("all-namespaces");
    let mut titles = vec!["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
    if everywhere {
        titles.insert(0, "NAMESPACE");
    }
    let mut table = Table::new(&titles);
    if args.is_on("no-headers") {
        table.without_titles();
    }
    for (namespace, event) in events {
        let emission = &event.emission;
        let (_, name) = involved(view.cluster, emission.object);
        let mut row = vec![
            interval(view, event),
            emission.event_type.name().to_owned(),
            emission.reason.to_owned(),
            format!("{}/{name}", emission.object.kind()),
            render(view.cluster, event).trim().to_owned(),
        ];
        if everywhere {
            row.insert(0, namespace.clone());
        }
        table.row(row);
    }
    table.print()
}
