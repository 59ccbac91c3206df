//! What a refused update of a Pod would change, as the server adds it to its refusal (VAL-25).

use super::failure::Failure;
use super::internal_spec::internal_spec;
use super::item::{Item, Thing};
use super::object::{bare_spec, spec_with};
use super::output::Value;
use super::unified;
use super::view::View;
use super::{patched, pod_volume};
use crate::api::{Pod, PodSpec};
use crate::controllers::{self, find_pod};
use crate::ids::PodId;
use crate::manifest::yaml::{self, Node};
use crate::scenario::PatchType;

/// How a refusal begins that shows a difference.
const REFUSED: &str = "pod updates may not change fields";

/// A refusal of `apply` with the difference after it, if it is one of a changed spec.
pub fn with_difference(view: &View, refusal: String, pod: &Pod, file: &Node) -> String {
    let found = find(view, pod).filter(|_| refusal.contains(REFUSED));
    let Some(id) = found else {
        return refusal;
    };
    let mut spec = pod.spec.clone();
    crate::manifest::admit(&mut spec);
    let mut wanted = spec_with(view, id, &spec);
    keep_empty_lists(&mut wanted, file);
    [refusal, difference(view, id, wanted)].concat()
}

/// What the server says of a Pod that is replaced by a file: what admission had added is gone, and
/// may not go.
pub fn replaced(view: &View, pod: &Pod, file: &Node) -> Result<(), String> {
    let Some(id) = find(view, pod) else {
        return Ok(());
    };
    let mut wanted = bare_spec(&pod.spec);
    let account = file
        .at("spec")
        .and_then(|spec| spec.get("serviceAccountName"));
    if account.is_none() {
        put(&mut wanted, "serviceAccountName", None);
    }
    keep_empty_lists(&mut wanted, file);
    let difference = difference(view, id, wanted);
    if difference.trim().is_empty() {
        return Ok(());
    }
    let refusal = controllers::changed_pod(&pod.metadata.name);
    Err(format!("{refusal}\n{difference}"))
}

fn find(view: &View, pod: &Pod) -> Option<PodId> {
    let namespace = match pod.metadata.namespace.as_str() {
        "" => view.namespace.as_str(),
        own => own,
    };
    find_pod(view.cluster, namespace, &pod.metadata.name)
}

/// The same for a patch.
pub fn with_patch(
    view: &View,
    refusal: Failure,
    item: &Item,
    patch: &str,
    way: PatchType,
) -> Failure {
    let text = refusal.line();
    let Thing::Pod(id) = item.thing else {
        return refusal;
    };
    match patched::pod_after(view, item, patch, way).filter(|_| text.contains(REFUSED)) {
        Some(pod) => {
            let mut spec = pod.spec.clone();
            without_token(view, id, &mut spec);
            let mut wanted = spec_with(view, id, &spec);
            let node = Some(pod.spec.node_name.as_str()).filter(|node| !node.is_empty());
            put(&mut wanted, "nodeName", node.map(Value::from));
            let difference = difference(view, id, wanted);
            Failure::plain([&text, difference.trim_end_matches('\n'), "\n"].concat())
        }
        None => refusal,
    }
}

/// Takes out the token's volume, which every printed spec of the Pod gets again.
fn without_token(view: &View, id: PodId, spec: &mut PodSpec) {
    let token = pod_volume::name(&view.pod(id).uid);
    spec.volumes.retain(|volume| volume.name != token);
    for container in spec.init_containers.iter_mut().chain(&mut spec.containers) {
        container.volume_mounts.retain(|mount| mount.name != token);
    }
}

fn difference(view: &View, id: PodId, mut wanted: Value) -> String {
    let live = spec_with(view, id, &view.pod(id).spec);
    // What may change is not compared.
    for key in ["activeDeadlineSeconds", "tolerations"] {
        put(&mut wanted, key, live.get(key).cloned());
    }
    for list in ["containers", "initContainers"] {
        let Some(Value::List(have)) = live.get(list) else {
            continue;
        };
        for (index, container) in have.iter().enumerate() {
            if let Some(wanted) = element(&mut wanted, list, index) {
                put(wanted, "image", container.get("image").cloned());
            }
        }
    }
    // The server's message ends with the difference's last line break, and kubectl adds its own.
    unified::hunks(&internal_spec(&live), &internal_spec(&wanted)) + "\n"
}

/// An empty list in the file is sent as one; the server keeps none.
fn keep_empty_lists(spec: &mut Value, file: &Node) {
    for list in ["containers", "initContainers"] {
        let written = file.get("spec").and_then(|spec| spec.get(list));
        let written = written.map_or(&[][..], Node::items);
        for (index, container) in written.iter().enumerate() {
            for entry in container.entries() {
                let is_empty =
                    matches!(&entry.value.value, yaml::Value::List(items) if items.is_empty());
                if let Some(wanted) = element(spec, list, index).filter(|_| is_empty) {
                    put(wanted, &entry.key, Some(Value::List(Vec::new())));
                }
            }
        }
    }
}

fn element<'v>(spec: &'v mut Value, list: &str, index: usize) -> Option<&'v mut Value> {
    let Value::Map(fields) = spec else {
        return None;
    };
    match fields.get_mut(list)? {
        Value::List(items) => items.get_mut(index),
        _ => None,
    }
}

fn put(map: &mut Value, key: &str, value: Option<Value>) {
    if let Value::Map(fields) = map {
        match value {
            Some(value) => fields.insert(key.to_owned(), value),
            None => fields.remove(key),
        };
    }
}
