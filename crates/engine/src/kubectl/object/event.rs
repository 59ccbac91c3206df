//! Events.

use super::{made_uid, metadata};
use crate::events::{field_path, render, Object, Source};
use crate::ids::EventId;
use crate::kubectl::get::event_stamp;
use crate::kubectl::item::{involved, Item};
use crate::kubectl::output::{map, Map, Value};
use crate::kubectl::resource::of_kind;
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;

/// The uid of what an Event is about.
fn uid(view: &View, object: Object, namespace: &str, name: &str) -> String {
    let controllers = &view.cluster.controllers;
    match object {
        Object::Pod(id) => view.pod(id).uid.to_string(),
        Object::Deployment(id) => controllers.deployment(id).uid.to_string(),
        Object::ReplicaSet(id) => controllers.replica_set(id).uid.to_string(),
        Object::Service(id) => controllers.service(id).uid.to_string(),
        Object::Workload(id, _) => controllers.workloads[id.index()].uid.to_string(),
        // The kubelet knows its node by its name.
        Object::Node(_) => name.to_owned(),
        Object::Budget(_) => made_uid(object.kind(), namespace, name),
    }
}

pub fn event(view: &View, item: &Item, id: EventId) -> Map {
    let Some(event) = view.cluster.events.get(id) else {
        return map();
    };
    let emission = &event.emission;
    let (namespace, name) = involved(view.cluster, emission.object);
    let kind = emission.object.kind();
    let involved = map()
        .set("apiVersion", of_kind(kind).api_version)
        .some("fieldPath", field_path(view.cluster, emission))
        .set("kind", kind)
        .some("uid", uid(view, emission.object, &namespace, &name))
        .set("name", name)
        .set("namespace", namespace);
    let component = emission.source.component();
    let host = match emission.source {
        Source::Kubelet(node) => Some(view.cluster.nodes[node.index()].name.to_string()),
        _ => None,
    };
    let source = if event.is_series {
        map()
    } else {
        map()
            .set("component", component)
            .maybe("host", host.clone())
    };
    let start = view.cluster.start_unix_secs;
    let micros = |stamp: Stamp| Value::from(stamp.rfc3339_digits(start, 6));
    let times = if event.is_series {
        let series = (event.count > 1).then(|| {
            map()
                .set("count", event.count)
                .set("lastObservedTime", micros(Stamp::exact(event.last)))
        });
        map()
            .set("action", "Binding")
            .set("eventTime", micros(Stamp::exact(event.first)))
            .set("firstTimestamp", Value::Null)
            .set("lastTimestamp", Value::Null)
            .maybe("series", series)
    } else {
        map()
            .set("count", event.count)
            .set("eventTime", Value::Null)
            .set("firstTimestamp", view.date(event_stamp(event, event.first)))
            .set("lastTimestamp", view.date(event_stamp(event, event.last)))
    };
    times
        .set("involvedObject", involved)
        .set("message", render(view.cluster, event))
        .set("metadata", metadata(view, item, ""))
        .set("reason", emission.reason)
        .set("reportingComponent", component)
        .set("reportingInstance", host.unwrap_or_default())
        .set("source", source)
        .set("type", emission.event_type.name())
}
