//! The events of a description (DSC-05).

use super::Text;
use crate::events::{field_path, render, Object, StoredEvent};
use crate::kubectl::get::{event_stamp, interval};
use crate::kubectl::item::{self, Item, Thing};
use crate::kubectl::resource::of_kind;
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

/// Whether an Event is about an object. Endpoints and slices have none.
fn is_about(item: &Item, object: Object) -> bool {
    match (&item.thing, object) {
        (Thing::Pod(a), Object::Pod(b)) => *a == b,
        (Thing::Deployment(a), Object::Deployment(b)) => *a == b,
        (Thing::ReplicaSet(a), Object::ReplicaSet(b)) => *a == b,
        (Thing::Service(a), Object::Service(b)) => *a == b,
        (Thing::Node(a), Object::Node(b)) => *a == b,
        _ => false,
    }
}

/// The moment by which events are sorted: `lastTimestamp`, which the newer kind lacks.
fn event_order(event: &StoredEvent) -> Option<Stamp> {
    (!event.is_series).then(|| event_stamp(event, event.last))
}

/// The last part of a description.
pub fn table(view: &View, item: &Item, text: &mut Text) {
    let listed = item::list(view, of_kind("Event"), None);
    let found = listed.iter().filter_map(|event| match event.thing {
        Thing::Event(id) => view.cluster.events.get(id),
        _ => None,
    });
    let mut events: Vec<&StoredEvent> = found
        .filter(|event| is_about(item, event.emission.object))
        .collect();
    if events.is_empty() {
        return text.field(0, "Events", "<none>");
    }
    events.sort_by_key(|event| event_order(event));
    text.flush();
    text.line(0, "Events:");
    text.line(1, "Type\tReason\tAge\tFrom\tMessage");
    // The rule under Age is wider than its title.
    text.line(1, "----\t------\t----\t----\t-------");
    for event in events {
        let emission = &event.emission;
        let path = field_path(view.cluster, emission);
        let colon = if path.is_empty() { "" } else { ": " };
        let message = render(view.cluster, event);
        let whole = format!("{path}{colon}{message}");
        let row = [
            emission.event_type.name(),
            emission.reason,
            &interval(view, event),
            emission.source.component(),
            whole.trim(),
        ];
        text.line(1, row.join("\t"));
    }
}
