//! `kubectl get events` (GET-02).

use crate::events::{field_path, render, Source, StoredEvent};
use crate::kubectl::item::{involved, Item, Thing};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::time::Instant;

pub const TITLES: &[&str] = &[
    "LAST SEEN",
    "TYPE",
    "REASON",
    "OBJECT",
    "+SUBOBJECT",
    "+SOURCE",
    "MESSAGE",
    "+FIRST SEEN",
    "+COUNT",
    "+NAME",
];

pub fn cells(view: &View, item: &Item) -> Vec<String> {
    let event = match item.thing {
        Thing::Event(id) => view.cluster.events.get(id),
        _ => None,
    };
    let Some(event) = event else {
        return Vec::new();
    };
    let emission = &event.emission;
    let (_, name) = involved(view.cluster, emission.object);
    vec![
        stamp(event, event.last).age(view.now),
        emission.event_type.name().to_owned(),
        emission.reason.to_owned(),
        format!("{}/{name}", emission.object.kind().to_ascii_lowercase()),
        field_path(view.cluster, emission),
        source_text(view, emission.source),
        render(view.cluster, event).trim().to_owned(),
        stamp(event, event.first).age(view.now),
        event.count.to_string(),
        item.name.clone(),
    ]
}

/// A moment of an Event: whole seconds, but for the newer kind.
pub fn stamp(event: &StoredEvent, at: Instant) -> Stamp {
    if event.is_series {
        Stamp::exact(at)
    } else {
        Stamp::of(at)
    }
}

fn source_text(view: &View, source: Source) -> String {
    let component = source.component();
    match source {
        Source::Kubelet(node) => {
            let node = &view.cluster.nodes[node.index()].name;
            format!("{component}, {node}")
        }
        Source::Scheduler => format!("{component}, {component}-control-plane"),
        _ => component.to_owned(),
    }
}

/// Age of an Event as `describe` and `kubectl events` print it (DSC-05).
pub fn interval(view: &View, event: &StoredEvent) -> String {
    let first = stamp(event, event.first).age(view.now);
    if event.count > 1 {
        let last = stamp(event, event.last).age(view.now);
        format!("{last} (x{} over {first})", event.count)
    } else {
        first
    }
}
