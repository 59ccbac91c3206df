//! Objects as the API returns them, for `-o yaml`, `json`, `jsonpath` and custom columns.

mod claims;
mod cluster_objects;
mod container;
mod disruption;
mod endpoints;
mod event;
mod namespace;
mod other_workload;
mod placement;
mod pod;
mod pod_status;
mod quantity;
mod service;
mod volume;
mod workload;

pub use crate::go_format::bytes_text;
pub use claims::{claim_namespace, CLAIM_FINALIZER, VOLUME_FINALIZER};
pub use cluster_objects::base64;
pub use namespace::end_conditions;
pub use other_workload::{job_labels, workload_annotations, workload_template};
pub use pod::{bare_spec, effect_name, spec_with, template};
pub use pod_status::{container_id, pod_amount, qos_class, Ids};
pub use quantity::{capacity, capacity_text, milli_text, node_others, other_text};
pub use workload::{conditions, deployment_annotations, replica_set_annotations};

use super::item::{Item, Thing};
use super::output::{list, map, Map, Value};
use super::stamp::Stamp;
use super::view::View;
use crate::cluster::Versioned;
use crate::go_format::fnv_128a;
use crate::time::Instant;

/// The whole object.
pub fn object(view: &View, item: &Item) -> Value {
    let object = match &item.thing {
        Thing::Pod(id) => pod::pod(view, item, *id),
        Thing::Deployment(id) => workload::deployment(view, item, *id),
        Thing::ReplicaSet(id) => workload::replica_set(view, item, *id),
        Thing::Workload(id) => other_workload::workload(view, item, *id),
        Thing::Service(_) | Thing::ApiServer => match view.service(&item.thing) {
            Some(state) => service::service(view, item, state),
            None => map(),
        },
        Thing::Endpoints(id) => service::endpoints(view, item, *id),
        Thing::EndpointSlice(id) => service::slice(view, item, *id),
        Thing::WrittenEndpoints(state) => endpoints::endpoints(view, item, state),
        Thing::WrittenSlice(state) => endpoints::slice(view, item, state),
        Thing::Node(id) => cluster_objects::node(view, item, *id),
        Thing::Event(id) => event::event(view, item, *id),
        Thing::Config(data) => cluster_objects::config(view, item, data),
        Thing::Claim(claim) if item.resource.kind == "PersistentVolume" => {
            claims::volume(view, item, claim)
        }
        Thing::Claim(claim) => claims::claim(view, item, claim),
        Thing::Budget(budget) => disruption::budget(view, item, budget),
        Thing::Named => cluster_objects::named(view, item),
    };
    object
        .set("apiVersion", item.resource.api_version)
        .set("kind", item.resource.kind)
        .into()
}

/// `metadata.resourceVersion` (API-01).
pub fn version(view: &View, item: &Item) -> String {
    let object = match item.thing {
        Thing::Pod(id) => Versioned::Pod(id),
        Thing::Deployment(id) => Versioned::Deployment(id),
        Thing::ReplicaSet(id) => Versioned::ReplicaSet(id),
        Thing::Workload(id) => Versioned::Workload(id),
        Thing::Service(id) => Versioned::Service(id),
        Thing::Endpoints(id) | Thing::EndpointSlice(id) => Versioned::Slice(id),
        Thing::Node(id) => Versioned::Node(id),
        _ => {
            let kind = item.resource.kind;
            let versions = &view.cluster.versions;
            return versions
                .of_named(kind, &item.namespace, &item.name)
                .to_string();
        }
    };
    view.cluster.versions.of(object).to_string()
}

/// Whether a version that somebody names is not the object's any more.
pub fn is_other(view: &View, item: &Item, named: Option<&str>) -> bool {
    named.is_some_and(|named| !named.is_empty() && named != version(view, item))
}

/// The uid of an object of which nothing else asks for one: always the same.
pub fn made_uid(kind: &str, namespace: &str, name: &str) -> String {
    let hash = format!("{:032x}", fnv_128a(&[kind, namespace, name].join("/")));
    let parts = [
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..],
    ];
    let [first, second, third, fourth, fifth] = parts;
    format!("{first}-{second}-4{third}-a{fourth}-{fifth}")
}

/// `metadata`, with what every object has. Without a uid it gets one.
fn metadata(view: &View, item: &Item, uid: &str) -> Map {
    let uid = match uid {
        "" => made_uid(item.resource.kind, &item.namespace, &item.name),
        uid => uid.to_owned(),
    };
    map()
        .set("creationTimestamp", view.date(item.created))
        .some("labels", &item.labels)
        .set("name", &item.name)
        .some("namespace", item.namespace.as_str())
        .set("resourceVersion", version(view, item))
        .set("uid", uid)
}

/// What an object says that waits for its dependents before it goes (API-07).
fn going(view: &View, meta: Map, since: Option<Instant>) -> Map {
    let Some(at) = since else { return meta };
    meta.set("deletionGracePeriodSeconds", 0_u32)
        .set("deletionTimestamp", view.date(Stamp::of(at)))
        .set("finalizers", list(["foregroundDeletion"]))
}

/// A reference to the controller that owns an object.
fn owner(api_version: &str, kind: &str, name: &str, uid: &str) -> Value {
    let owner = map()
        .set("apiVersion", api_version)
        .set("blockOwnerDeletion", true)
        .set("controller", true)
        .set("kind", kind)
        .set("name", name)
        .set("uid", uid);
    vec![owner.into()].into()
}
