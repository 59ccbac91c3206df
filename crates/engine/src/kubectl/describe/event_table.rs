//! The events of a description (DSC-05).

use super::Text;
use crate::events::{field_path, render, Object, StoredEvent};
use crate::kubectl::get::{event_stamp, interval};
use crate::kubectl::go_sort;
use crate::kubectl::item::{self, Item, Thing};
use crate::kubectl::resource::of_kind;
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::time::Duration;

/// Whether an Event is about an object. Endpoints and slices have none.
fn is_about(item: &Item, object: Object) -> bool {
    match (&item.thing, object) {
        (Thing::Pod(a), Object::Pod(b)) => *a == b,
        (Thing::Deployment(a), Object::Deployment(b)) => *a == b,
        (Thing::ReplicaSet(a), Object::ReplicaSet(b)) => *a == b,
        (Thing::Workload(a), Object::Workload(b, _)) => *a == b,
        (Thing::Service(a), Object::Service(b)) => *a == b,
        (Thing::Node(a), Object::Node(b)) => *a == b,
        (Thing::Budget(a), Object::Budget(b)) => a.id == b,
        _ => false,
    }
}

/// The moment by which events are sorted: `lastTimestamp`, which the newer kind lacks.
fn event_order(event: &StoredEvent) -> Option<Stamp> {
    (!event.is_series).then(|| event_stamp(event, event.last))
}

/// The node controller's Event about a node that came, as long as the API server keeps it: older
/// than the run, so nobody emitted it.
fn registered(view: &View, item: &Item) -> Option<String> {
    const KEPT: Duration = Duration::from_secs(3600);
    let Thing::Node(_) = item.thing else {
        return None;
    };
    // Registered a second after it was created.
    let at = item.created.plus_secs(1);
    let is_kept = at.plus_secs(KEPT.as_secs() as i64) > Stamp::exact(view.now);
    is_kept.then(|| {
        let (name, age) = (&item.name, at.age(view.now));
        format!(
            "Normal\tRegisteredNode\t{age}\tnode-controller\tNode {name} event: Registered Node \
             {name} in Controller"
        )
    })
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
    // Kubelets report about their nodes by name, and are looked for by UID: not found.
    if let Thing::Node(_) = item.thing {
        events.retain(|event| event.emission.source.component() != "kubelet");
    }
    let registered = registered(view, item);
    if events.is_empty() && registered.is_none() {
        return text.field(0, "Events", "<none>");
    }
    go_sort::sort_by_key(&mut events, |event| event_order(event));
    text.flush();
    text.line(0, "Events:");
    text.line(1, "Type\tReason\tAge\tFrom\tMessage");
    // The rule under Age is wider than its title.
    text.line(1, "----\t------\t----\t----\t-------");
    if let Some(row) = registered {
        text.line(1, row);
    }
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
