//! `kubectl events` (KEV-01).

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, whole, NONE, PRINT};
use super::get::{event_stamp, interval};
use super::go_sort;
use super::item::{self, involved, Item, Thing};
use super::object::object;
use super::output::{list, map, Value};
use super::resource::{find, of_kind};
use super::shown::Shown;
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
    let shown = Shown::of(args)?;
    let events = wanted(view, args)?;
    let mut output = Output::default();
    match shown.is_line() {
        true => output.stdout = table(view, args, &events),
        false if events.is_empty() => {}
        false => shown.print("", "", &|| listed(view, &events), &mut output),
    }
    output.unfinished = args.is_on("watch");
    if events.is_empty() {
        output.stderr = match args.is_on("all-namespaces") {
            true => "No events found.\n".to_owned(),
            false => format!("No events found in {} namespace.\n", view.namespace),
        };
    }
    Ok(output)
}

/// The Events as one object, which is all that `-o` prints.
fn listed(view: &View, events: &[Wanted]) -> Value {
    map()
        .set("apiVersion", "v1")
        .set(
            "items",
            list(events.iter().map(|(item, _)| object(view, item))),
        )
        .set("kind", "EventList")
        .set("metadata", map())
        .into()
}

/// The table of one Event; empty if it is not asked for.
pub fn event(view: &View, args: &Args, id: EventId) -> Result<String, Failure> {
    let mut events = wanted(view, args)?;
    let event = view.cluster.events.get(id);
    events.retain(|(_, other)| event.is_some_and(|event| std::ptr::eq(*other, event)));
    Ok(table(view, args, &events))
}

/// An Event that is asked for.
type Wanted<'v> = (Item, &'v StoredEvent);

/// The Events that are asked for, in order of time.
fn wanted<'v>(view: &'v View, args: &Args) -> Result<Vec<Wanted<'v>>, Failure> {
    let everywhere = args.is_on("all-namespaces");
    let namespace = (!everywhere).then_some(view.namespace.as_str());
    let about = match args.given("for") {
        // Without a name it asks for all.
        Some(word) => Some(about(word)?).filter(|(_, name)| !name.is_empty()),
        None => None,
    };
    let types: Vec<&str> = args
        .given("types")
        .map(|t| t.split(',').collect())
        .unwrap_or_default();
    let is_known = |word: &&str| ["normal", "warning"].contains(&word.to_lowercase().as_str());
    if !types.iter().all(is_known) {
        return Err(Failure::client("valid --types are Normal or Warning"));
    }
    let mut events: Vec<Wanted> = Vec::new();
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
            events.push((item, event));
        }
    }
    go_sort::sort_by_key(&mut events, |(_, event)| event_stamp(event, event.last));
    Ok(events)
}

/// The kind and the name in `--for`.
fn about(word: &str) -> Result<(&'static str, &str), Failure> {
    match word.split_once('/') {
        None => Err(Failure::client("--for must be in resource/name form")),
        Some((_, name)) if name.contains('/') => Err(Failure::client(
            "arguments in resource/name form may not have more than one slash",
        )),
        Some(("", _)) => Err(Failure::client(
            "a resource must be present, got: /, Resource=",
        )),
        Some((kind, name)) => Ok((find(kind).map_err(|unknown| unknown.bare())?.kind, name)),
    }
}

fn table(view: &View, args: &Args, events: &[Wanted]) -> String {
    let everywhere = args.is_on("all-namespaces");
    let mut titles = vec!["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
    if everywhere {
        titles.insert(0, "NAMESPACE");
    }
    let mut table = Table::new(&titles);
    if args.is_on("no-headers") {
        table.without_titles();
    }
    for (item, event) in events {
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
            row.insert(0, item.namespace.clone());
        }
        table.row(row);
    }
    table.print()
}
