//! Nodes, ConfigMaps, Secrets, and objects that are known by name only.

use super::namespace::end_conditions;
use super::pod::effect_name;
use super::quantity::{capacity, capacity_text, milli_text, node_others, other_text};
use super::{made_uid, metadata};
use crate::api::{ConfigData, StringMap, SYSTEM_CLASSES};
use crate::go_format::ipv4;
use crate::ids::NodeId;
use crate::kubectl::get::{
    CONTAINER_RUNTIME, DEFAULT_CLASS, KERNEL_VERSION, KUBELET_VERSION, OS_IMAGE,
};
use crate::kubectl::item::Item;
use crate::kubectl::node_condition::node_conditions;
use crate::kubectl::output::{list, map, Map};
use crate::kubectl::stamp::Stamp;
use crate::kubectl::view::View;
use crate::manifest::yaml::Node;

/// Where a kubelet listens.
const KUBELET_PORT: i64 = 10_250;

pub fn node(view: &View, item: &Item, id: NodeId) -> Map {
    let node = &view.cluster.nodes[id.index()];
    let object = &node.object;
    let taints = object.taints.iter().map(|taint| {
        map()
            .set("effect", effect_name(taint.effect))
            .set("key", &taint.key)
            .some("value", &taint.value)
    });
    let spec = map()
        .some("taints", list(taints))
        .some("unschedulable", object.unschedulable);
    let amounts = |[memory, disk]: [u64; 2]| {
        let mut amounts = map()
            .set("cpu", milli_text(object.cpu_milli))
            .set("ephemeral-storage", capacity_text(disk))
            .set("memory", capacity_text(memory))
            .set("pods", object.pods.to_string());
        for (name, amount) in node_others(object) {
            amounts = amounts.set(&name, other_text(&name, amount));
        }
        amounts
    };
    let allocatable = amounts([object.memory_bytes, object.ephemeral_bytes]);
    let address = |kind: &str, address: &str| map().set("address", address).set("type", kind);
    let addresses = [
        address("InternalIP", &ipv4(node.address)),
        address("Hostname", &item.name),
    ];
    let date = view.date(item.created);
    let conditions = node_conditions(view, id).map(|known| {
        map()
            .set("lastHeartbeatTime", date.as_str())
            .set("lastTransitionTime", date.as_str())
            .set("message", known.message)
            .set("reason", known.reason)
            .set("status", known.status)
            .set("type", known.kind)
    });
    let number = |what: &str| made_uid(what, "", &item.name);
    let info = map()
        .set("architecture", "amd64")
        .set("bootID", number("boot"))
        .set("containerRuntimeVersion", CONTAINER_RUNTIME)
        .set("kernelVersion", KERNEL_VERSION)
        .set("kubeProxyVersion", "")
        .set("kubeletVersion", KUBELET_VERSION)
        .set("machineID", number("machine").replace('-', ""))
        .set("operatingSystem", "linux")
        .set("osImage", OS_IMAGE)
        .set("systemUUID", number("system"));
    let endpoint = map().set("Port", KUBELET_PORT);
    let status = map()
        .set("addresses", list(addresses))
        .set("allocatable", allocatable)
        .set("capacity", amounts(capacity(object)))
        .set("conditions", list(conditions))
        .set("daemonEndpoints", map().set("kubeletEndpoint", endpoint))
        .set("nodeInfo", info);
    let meta = metadata(view, item, "").some("annotations", &object.metadata.annotations);
    map()
        .set("metadata", meta)
        .set("spec", spec)
        .set("status", status)
}

pub fn config(view: &View, item: &Item, data: &ConfigData) -> Map {
    let meta = metadata(view, item, "").some(
        "annotations",
        &view.annotations(item, &data.metadata.annotations),
    );
    let object = map().set("metadata", meta);
    if item.resource.kind == "Secret" {
        let encode = |(key, value): (&String, &String)| (key.clone(), base64(value.as_bytes()));
        let encoded: StringMap = data.data.iter().map(encode).collect();
        object.some("data", &encoded).set("type", "Opaque")
    } else {
        object.some("data", &data.data)
    }
}

/// What a cluster has for volumes, if nothing else is said (GET-01).
fn storage_class(meta: Map) -> Map {
    let annotations = map().set("storageclass.kubernetes.io/is-default-class", "true");
    map()
        .set("metadata", meta.set("annotations", annotations))
        .set("provisioner", "rancher.io/local-path")
        .set("reclaimPolicy", "Delete")
        .set("volumeBindingMode", "Immediate")
}

fn priority_class(view: &View, item: &Item, meta: Map) -> Map {
    let own = view
        .cluster
        .controllers
        .store
        .priority_classes
        .get(&item.name);
    let system = SYSTEM_CLASSES.iter().find(|(name, _)| *name == item.name);
    let value = own
        .map(|class| class.value)
        .or(system.map(|(_, value)| *value));
    let never_preempts = own.is_some_and(|class| class.never_preempts);
    let manifest = view.manifest("priorityclass", "", &item.name);
    let description = manifest.and_then(|manifest| manifest.source.root().at("description"));
    let description = description.and_then(Node::text).unwrap_or("");
    map()
        .some("description", description)
        .some(
            "globalDefault",
            own.is_some_and(|class| class.global_default),
        )
        .set("metadata", meta.set("generation", 1_i64))
        .set(
            "preemptionPolicy",
            match never_preempts {
                true => "Never",
                false => "PreemptLowerPriority",
            },
        )
        .set("value", value.unwrap_or(0))
}

pub fn named(view: &View, item: &Item) -> Map {
    let mut meta = metadata(view, item, "");
    match item.resource.kind {
        "Namespace" => {}
        "PriorityClass" => {
            let classes = &view.cluster.controllers.store.priority_classes;
            let none = StringMap::new();
            let own = classes
                .get(&item.name)
                .map(|class| &class.metadata.annotations);
            let annotations = view.annotations(item, own.unwrap_or(&none));
            return priority_class(view, item, meta.some("annotations", &annotations));
        }
        "StorageClass" if item.name == DEFAULT_CLASS => return storage_class(meta),
        _ => {
            let annotations = view.annotations(item, &StringMap::new());
            return map().set("metadata", meta.some("annotations", &annotations));
        }
    }
    let namespaces = &view.cluster.controllers.store.namespaces;
    if let Some(own) = namespaces.get(&item.name) {
        meta = meta.some("annotations", &view.annotations(item, &own.annotations));
    }
    let ending = view.ending_namespace(&item.name);
    if let Some(ending) = ending {
        meta = meta.set("deletionTimestamp", view.date(Stamp::of(ending.since)));
    }
    let conditions = end_conditions(&item.name, ending)
        .into_iter()
        .map(|condition| {
            map()
                .set("lastTransitionTime", view.date(condition.since))
                .set("message", condition.message)
                .set("reason", condition.reason)
                .set("status", if condition.is_true { "True" } else { "False" })
                .set("type", condition.kind)
        });
    let object = map().set("metadata", meta);
    let spec = map().set("finalizers", list(["kubernetes"]));
    object.set("spec", spec).set(
        "status",
        map()
            .some("conditions", list(conditions))
            .set("phase", view.phase_of_namespace(&item.name)),
    )
}

/// As Secrets hold their data.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            text.push(if digit <= chunk.len() {
                char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize])
            } else {
                '='
            });
        }
    }
    text
}
