//! Labels and annotations of any object.

use super::nodes::change;
use super::pods;
use super::state::{Objects, Store};
use super::{
    deployment, find_deployment, find_node, find_pod, find_replica_set, find_service, workload,
    ApiError,
};
use crate::api::{Metadata, StringMap};
use crate::cluster::{Cx, Versioned};
use crate::ids::{NodeId, PodId};
use crate::manifest::{label_value, qualified_name};
use crate::scenario::workload_kind;
use std::sync::Arc;

/// Changes of labels or annotations: a value sets, None removes.
type Changes = [(String, Option<String>)];

fn changed_map(
    have: &StringMap,
    changes: &Changes,
    overwrite: bool,
) -> Result<StringMap, ApiError> {
    let mut map = have.clone();
    for (key, value) in changes {
        match (value, have.get(key)) {
            (Some(new), Some(old)) if new != old && !overwrite => {
                return Err(ApiError::bad_request(format!(
                    "'{key}' already has a value ({old}), and --overwrite is false"
                )));
            }
            (Some(new), _) => {
                map.insert(key.clone(), new.clone());
            }
            (None, _) => {
                map.remove(key);
            }
        }
    }
    Ok(map)
}

/// An object whose metadata can be changed.
enum Target {
    Pod(PodId),
    Node(NodeId),
    Deployment(crate::ids::DeploymentId),
    ReplicaSet(crate::ids::ReplicaSetId),
    Workload(crate::ids::WorkloadId),
    Service(crate::ids::ServiceId),
    /// Endpoints or an EndpointSlice.
    Endpoints {
        is_slice: bool,
    },
    /// One that only waits to be looked up, by its kind.
    Stored(&'static str),
}

/// Kinds of those objects: as a verb names them, as the API does, and their resources.
const STORED: [(&str, &str, &str); 6] = [
    ("configmap", "ConfigMap", "configmaps"),
    ("namespace", "Namespace", "namespaces"),
    (
        "persistentvolumeclaim",
        "PersistentVolumeClaim",
        "persistentvolumeclaims",
    ),
    (
        "poddisruptionbudget",
        "PodDisruptionBudget",
        "poddisruptionbudgets.policy",
    ),
    (
        "priorityclass",
        "PriorityClass",
        "priorityclasses.scheduling.k8s.io",
    ),
    ("secret", "Secret", "secrets"),
];

/// The metadata of such an object.
fn stored<'s>(
    store: &'s mut Store,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Option<&'s mut Metadata> {
    let key = (namespace.to_owned(), name.to_owned());
    match kind {
        "ConfigMap" => {
            let data = store.config_maps.get_mut(&key)?;
            Some(&mut Arc::make_mut(data).metadata)
        }
        "Secret" => {
            let data = store.secrets.get_mut(&key)?;
            Some(&mut Arc::make_mut(data).metadata)
        }
        "Namespace" => store.namespaces.get_mut(name),
        "PersistentVolumeClaim" => Some(&mut store.claims.get_mut(&key)?.object.metadata),
        "PodDisruptionBudget" => Some(&mut store.budgets.get_mut(&key)?.object.metadata),
        _ => Some(&mut store.priority_classes.get_mut(name)?.metadata),
    }
}

fn target(cx: &mut Cx, kind: &str, namespace: &str, name: &str) -> Result<Target, ApiError> {
    let lower = kind.to_ascii_lowercase();
    let cluster = &mut *cx.cluster;
    let (resource, found) = match workload_kind(&lower).unwrap_or(lower.as_str()) {
        "pod" => ("pods", find_pod(cluster, namespace, name).map(Target::Pod)),
        "node" | "nodes" | "no" => ("nodes", find_node(cluster, name).map(Target::Node)),
        "deployment" => (
            "deployments.apps",
            find_deployment(cluster, namespace, name).map(Target::Deployment),
        ),
        "replicaset" => (
            "replicasets.apps",
            find_replica_set(cluster, namespace, name).map(Target::ReplicaSet),
        ),
        workload @ ("statefulset" | "daemonset" | "job") => (
            super::delete::resource_of(workload),
            super::find_workload(cluster, workload, namespace, name).map(Target::Workload),
        ),
        "service" | "services" | "svc" => (
            "services",
            find_service(cluster, namespace, name).map(Target::Service),
        ),
        "endpoints" | "ep" => ("endpoints", Some(Target::Endpoints { is_slice: false })),
        "endpointslice" | "endpointslices" => (
            "endpointslices.discovery.k8s.io",
            Some(Target::Endpoints { is_slice: true }),
        ),
        other => {
            let Some((_, kind, resource)) = STORED.iter().find(|(word, ..)| *word == other) else {
                return Err(ApiError::not_simulated(format!(
                    "readyz cannot label or annotate objects of kind {kind}"
                )));
            };
            let store = Arc::make_mut(&mut cluster.controllers.store);
            let found = stored(store, kind, namespace, name);
            (*resource, found.map(|_| Target::Stored(kind)))
        }
    };
    found.ok_or_else(|| ApiError::not_found(resource, name))
}

/// `kubectl label`. Whether that changed anything.
pub fn label(
    cx: &mut Cx,
    kind: &str,
    namespace: &str,
    name: &str,
    changes: &Changes,
    overwrite: bool,
) -> Result<bool, ApiError> {
    let edit = Edit {
        part: Part::Labels,
        changes,
        overwrite,
    };
    change_map(cx, kind, namespace, name, edit)
}

/// `kubectl annotate`. Whether that changed anything.
pub fn annotate(
    cx: &mut Cx,
    kind: &str,
    namespace: &str,
    name: &str,
    changes: &Changes,
    overwrite: bool,
) -> Result<bool, ApiError> {
    let edit = Edit {
        part: Part::Annotations,
        changes,
        overwrite,
    };
    change_map(cx, kind, namespace, name, edit)
}

/// A map of an object's metadata.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Labels,
    Annotations,
}

/// What is to become of it.
#[derive(Clone, Copy)]
struct Edit<'a> {
    part: Part,
    changes: &'a Changes,
    overwrite: bool,
}

impl Edit<'_> {
    fn map(self, have: &StringMap) -> Result<StringMap, ApiError> {
        changed_map(have, self.changes, self.overwrite)
    }

    /// Keys and values that the server refuses, as it tells them.
    fn refusal(self) -> Option<String> {
        let mut wrong = Vec::new();
        for (key, value) in self.changes {
            let Some(value) = value else { continue };
            let (field, keys, values) = match self.part {
                Part::Labels => ("labels", qualified_name(key), label_value(value)),
                // Keys of annotations may have capitals everywhere.
                Part::Annotations => {
                    let key = key.to_lowercase();
                    ("annotations", qualified_name(&key), Vec::new())
                }
            };
            for (given, messages) in [(key, keys), (value, values)] {
                let tell = |why| format!("metadata.{field}: Invalid value: {given:?}: {why}");
                wrong.extend(messages.into_iter().map(tell));
            }
        }
        match wrong.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            all => Some(format!("[{}]", all.join(", "))),
        }
    }

    /// The metadata with that part changed.
    fn metadata(self, have: &Metadata) -> Result<Metadata, ApiError> {
        let mut metadata = have.clone();
        let map = match self.part {
            Part::Labels => &mut metadata.labels,
            Part::Annotations => &mut metadata.annotations,
        };
        *map = self.map(map)?;
        Ok(metadata)
    }
}

/// Changes a part of an object's metadata. Whether that changed anything.
fn change_map(
    cx: &mut Cx,
    kind: &str,
    namespace: &str,
    name: &str,
    edit: Edit,
) -> Result<bool, ApiError> {
    let target = target(cx, kind, namespace, name)?;
    if let Some(detail) = edit.refusal() {
        let kind = match target {
            Target::Pod(_) => "Pod",
            Target::Node(_) => "Node",
            Target::Deployment(_) => "Deployment",
            Target::ReplicaSet(_) => "ReplicaSet",
            Target::Workload(id) => cx.workload(id).object.kind.name(),
            Target::Service(_) => "Service",
            Target::Endpoints { is_slice: false } => "Endpoints",
            Target::Endpoints { is_slice: true } => "EndpointSlice",
            Target::Stored(kind) => kind,
        };
        return Err(ApiError::invalid(kind, name, &detail));
    }
    let is_changed = match target {
        Target::Pod(id) => change_pod(cx, id, edit)?,
        Target::Node(id) => {
            let metadata = edit.metadata(&cx.node(id).object.metadata)?;
            change(cx, id, |node| node.metadata = metadata)
        }
        Target::Deployment(id) => {
            let metadata = edit.metadata(&cx.deployment(id).object.metadata)?;
            deployment::change(cx, id, |object| object.metadata = metadata)
        }
        Target::ReplicaSet(id) => {
            let metadata = edit.metadata(&cx.replica_set(id).object.metadata)?;
            let object = Arc::make_mut(&mut cx.replica_set_mut(id).object);
            std::mem::replace(&mut object.metadata, metadata.clone()) != metadata
        }
        Target::Workload(id) => {
            let metadata = edit.metadata(&cx.workload(id).object.metadata)?;
            workload::change(cx, id, |object| object.metadata = metadata)
        }
        Target::Service(id) => {
            let metadata = edit.metadata(&cx.service(id).object.metadata)?;
            let object = Arc::make_mut(&mut cx.service_mut(id).object);
            std::mem::replace(&mut object.metadata, metadata.clone()) != metadata
        }
        Target::Endpoints { is_slice } => {
            edit_endpoints(cx, (namespace, name), is_slice, |metadata| {
                *metadata = edit.metadata(metadata)?;
                Ok(())
            })?
        }
        Target::Stored(kind) => {
            let store = Arc::make_mut(&mut cx.cluster.controllers.store);
            let Some(metadata) = stored(store, kind, namespace, name) else {
                return Ok(false);
            };
            let wanted = edit.metadata(metadata)?;
            std::mem::replace(metadata, wanted.clone()) != wanted
        }
    };
    if is_changed {
        note_write(cx, target, namespace, name);
    }
    Ok(is_changed)
}

/// A Pod keeps its maps apart from the rest, and others hear of new labels.
fn change_pod(cx: &mut Cx, id: PodId, edit: Edit) -> Result<bool, ApiError> {
    let pod = cx.pod(id);
    let have = match edit.part {
        Part::Labels => &pod.labels,
        Part::Annotations => &pod.annotations,
    };
    let map = edit.map(have)?;
    let is_changed = map != **have;
    match edit.part {
        Part::Labels if is_changed => pods::set_labels(cx, id, map),
        Part::Labels => {}
        Part::Annotations => cx.pod_mut(id).annotations = Arc::new(map),
    }
    Ok(is_changed)
}

/// Labels or annotations were written. Of Endpoints and their slices `endpoints` notes it.
fn note_write(cx: &mut Cx, target: Target, namespace: &str, name: &str) {
    let object = match target {
        Target::Pod(id) => Versioned::Pod(id),
        Target::Node(id) => Versioned::Node(id),
        Target::Deployment(id) => Versioned::Deployment(id),
        Target::ReplicaSet(id) => Versioned::ReplicaSet(id),
        Target::Workload(id) => Versioned::Workload(id),
        Target::Service(id) => Versioned::Service(id),
        Target::Endpoints { .. } => return,
        Target::Stored(kind) => {
            let is_in_none = matches!(kind, "Namespace" | "PriorityClass");
            let namespace = if is_in_none { "" } else { namespace };
            return cx.versions().write_named(kind, namespace, name);
        }
    };
    cx.versions().write(object);
}

fn edit_endpoints(
    cx: &mut Cx,
    (namespace, name): (&str, &str),
    is_slice: bool,
    edit: impl FnOnce(&mut Metadata) -> Result<(), ApiError>,
) -> Result<bool, ApiError> {
    let namespace = super::lookup::or_default(cx.cluster, namespace);
    let key = (namespace.to_string(), name.to_owned());
    let resource = match is_slice {
        true => "endpointslices.discovery.k8s.io",
        false => "endpoints",
    };
    let done = super::endpoints::edit(cx, &key, is_slice, edit)?;
    done.ok_or_else(|| ApiError::not_found(resource, name))
}
