//! Acts upon nodes, and labels and annotations of any object.

use super::pods;
use super::scheduler::{self, Change};
use super::state::Objects;
use super::{
    deployment, disruption, find_deployment, find_node, find_pod, find_replica_set, find_service,
    node_lifecycle, workload, ApiError, ControllerTimer, Kept,
};
use crate::api::{Metadata, Node, StringMap, Taint, TaintEffect, WorkloadKind};
use crate::cluster::{Cluster, Cx, Owner, PodState, Versioned};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId};
use crate::kubelet;
use crate::latency;
use crate::manifest::{label_value, qualified_name};
use crate::record::What;
use crate::scenario::{workload_kind, TaintRemoval};
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// The taint that goes with `spec.unschedulable` (NOD-09).
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// Changes of labels or annotations: a value sets, None removes.
type Changes = [(String, Option<String>)];

/// Changes a node; the scheduler hears of it. Whether anything changed.
pub(super) fn change(cx: &mut Cx, id: NodeId, edit: impl FnOnce(&mut Node)) -> bool {
    let mut object = (*cx.node(id).object).clone();
    edit(&mut object);
    if *cx.node(id).object == object {
        return false;
    }
    let is_tainted = object.taints != cx.node(id).object.taints;
    cx.node_mut(id).object = Arc::new(object);
    cx.record_as_cause(What::NodeChanged { node: id });
    scheduler::cluster_changed(cx, Change::Node);
    workload::nodes_changed(cx);
    if is_tainted {
        node_lifecycle::node_changed(cx, id);
    }
    true
}

fn node_named(cx: &Cx, name: &str) -> Result<NodeId, ApiError> {
    find_node(cx.cluster, name).ok_or_else(|| ApiError::not_found("nodes", name))
}

/// `kubectl cordon` or `uncordon`. Whether that changed anything.
pub fn cordon(cx: &mut Cx, name: &str, cordoned: bool) -> Result<bool, ApiError> {
    let id = node_named(cx, name)?;
    let changed = change(cx, id, |node| node.unschedulable = cordoned);
    if changed {
        let timer = Timer::Controller(ControllerTimer::TaintCordoned(id));
        cx.after(latency::CORDON_TAINT, timer);
        // The kubelet notices when it next computes its node's status.
        let at = kubelet::node_report(cx, id)
            .unwrap_or_else(|| cx.cluster.controllers.nodes.report_after(id, cx.now));
        cx.at(at, Timer::Controller(ControllerTimer::ReportCordon(id)));
    }
    Ok(changed)
}

/// The node controller brings the taint in line with `spec.unschedulable` (NOD-09).
#[inline(never)]
pub(super) fn taint_cordoned(cx: &mut Cx, id: NodeId) {
    change(cx, id, |node| {
        node.taints.retain(|t| t.key != UNSCHEDULABLE);
        if node.unschedulable {
            node.taints.push(Taint {
                key: UNSCHEDULABLE.to_owned(),
                value: String::new(),
                effect: TaintEffect::NoSchedule,
            });
        }
    });
}

/// The kubelet's Event about a cordon (NOD-09).
#[inline(never)]
pub(super) fn report_cordon(cx: &mut Cx, node: NodeId) {
    let cordoned = cx.node(node).object.unschedulable;
    let reported = &mut node_lifecycle::health(cx, node).reported_cordon;
    if std::mem::replace(reported, cordoned) == cordoned {
        return;
    }
    let reason = if cordoned {
        "NodeNotSchedulable"
    } else {
        "NodeSchedulable"
    };
    let text = format!("Node {} status is now: {reason}", cx.node(node).name);
    let message = Message::Text(cx.intern(&text));
    events::emit(
        cx,
        Emission {
            source: Source::Kubelet(node),
            object: Object::Node(node),
            container: None,
            event_type: EventType::Normal,
            reason,
            message,
        },
    );
}

/// `kubectl delete node`: the object goes, its kubelet and containers do not. Pod garbage collection
/// takes the Pods (NOD-08); the next start of the kubelet brings the Node back (NOD-06).
pub(super) fn remove(cx: &mut Cx, id: NodeId) {
    cx.node_mut(id).has_object = false;
    cx.record_as_cause(What::NodeChanged { node: id });
    workload::nodes_changed(cx);
    let at = cx.cluster.controllers.nodes.pod_gc_after(cx.now);
    for pod in node_lifecycle::pods_on(cx, id) {
        cx.at(at, Timer::Controller(ControllerTimer::CollectPod(pod)));
    }
}

/// A kubelet that starts registers its node, if the API server has none.
pub(super) fn register(cx: &mut Cx, id: NodeId) {
    if std::mem::replace(&mut cx.node_mut(id).has_object, true) {
        return;
    }
    change(cx, id, |node| {
        node.taints.clear();
        node.unschedulable = false;
    });
    scheduler::cluster_changed(cx, Change::Node);
    workload::nodes_changed(cx);
}

/// `kubectl taint`: removals first. Whether that changed anything.
pub fn taint(
    cx: &mut Cx,
    name: &str,
    add: &[Taint],
    remove: &[TaintRemoval],
) -> Result<bool, ApiError> {
    let id = node_named(cx, name)?;
    Ok(change(cx, id, |node| {
        node.taints.retain(|taint| {
            !remove
                .iter()
                .any(|gone| gone.key == taint.key && gone.effect.is_none_or(|e| e == taint.effect))
        });
        for taint in add {
            node.taints
                .retain(|t| (&t.key, t.effect) != (&taint.key, taint.effect));
            node.taints.push(taint.clone());
        }
    }))
}

/// What a drain does at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    pub evicted: Vec<PodId>,
    /// Those that a disruption budget keeps, for now.
    pub kept: Vec<(PodId, Kept)>,
}

/// `kubectl drain`: cordons, then evicts all Pods but those of DaemonSets; what a disruption budget
/// keeps is asked for again until `timeout` is over. Without `force` it refuses when a Pod has no
/// controller; the node stays cordoned.
pub fn drain(
    cx: &mut Cx,
    name: &str,
    force: bool,
    grace: Option<u32>,
    timeout: Option<Duration>,
) -> Result<Drained, ApiError> {
    let id = node_named(cx, name)?;
    cordon(cx, name, true)?;
    let victims: Vec<PodId> = cx
        .cluster
        .live_pods()
        .filter(|pod| cx.pod(*pod).node == Some(id) && !is_daemon(cx.cluster, cx.pod(*pod)))
        .collect();
    let bare: Vec<String> = victims
        .iter()
        .map(|pod| cx.pod(*pod))
        .filter(|pod| is_bare(pod))
        .map(|pod| format!("{}/{}", pod.namespace, pod.name))
        .collect();
    if !force && !bare.is_empty() {
        return Err(ApiError::bad_request(format!(
            "unable to drain node \"{name}\" due to error: cannot delete Pods that declare no \
             controller (use --force to override): {}, continuing command...",
            bare.join(", ")
        )));
    }
    // None and 0 s are for ever, as for kubectl.
    let timeout = timeout.filter(|timeout| *timeout > Duration::ZERO);
    let until = timeout.map_or(Instant::NEVER, |timeout| cx.now + timeout);
    let mut drained = Drained::default();
    for pod in victims {
        match disruption::evict(cx, pod, grace) {
            Ok(()) => drained.evicted.push(pod),
            Err(kept) => {
                drained.kept.push((pod, kept));
                if kept == Kept::Budget {
                    disruption::ask_again(cx, pod, grace, until);
                }
            }
        }
    }
    Ok(drained)
}

/// Whether a Pod is a DaemonSet's: a drain leaves it (DRN-01).
pub fn is_daemon(cluster: &Cluster, pod: &PodState) -> bool {
    let Owner::Workload(id) = pod.owner else {
        return false;
    };
    let owner = &cluster.controllers.workloads[id.index()].object;
    matches!(owner.kind, WorkloadKind::DaemonSet { .. })
}

/// Whether a Pod that has not ended is nobody's: a drain asks for `--force` (DRN-01).
pub fn is_bare(pod: &PodState) -> bool {
    pod.owner == Owner::None && !pod.status.phase.is_terminal()
}

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
}

fn target(cx: &Cx, kind: &str, namespace: &str, name: &str) -> Result<Target, ApiError> {
    let lower = kind.to_ascii_lowercase();
    let cluster = &*cx.cluster;
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
        _ => {
            return Err(ApiError::bad_request(format!(
                "the server doesn't have a resource type \"{kind}\""
            )))
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
    };
    if is_changed {
        note_write(cx, target);
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
fn note_write(cx: &mut Cx, target: Target) {
    let object = match target {
        Target::Pod(id) => Versioned::Pod(id),
        Target::Node(id) => Versioned::Node(id),
        Target::Deployment(id) => Versioned::Deployment(id),
        Target::ReplicaSet(id) => Versioned::ReplicaSet(id),
        Target::Workload(id) => Versioned::Workload(id),
        Target::Service(id) => Versioned::Service(id),
        Target::Endpoints { .. } => return,
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
