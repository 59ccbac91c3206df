//! Event objects: recorder, correlator, store (EVT-*).
//!
//! A component calls [`emit`] (or [`emit_series`], the newer kind that the scheduler uses). The
//! text of an event is made by [`render`] when somebody looks.

mod correlator;
mod message;
mod store;

pub use correlator::{Correlation, Correlator};
pub use message::{KillText, Message};
pub use store::{EventStore, StoredEvent};

use crate::cluster::{Cluster, Cx};
use crate::ids::{
    DeploymentId, EventId, NodeId, PodId, ReplicaSetId, ServiceId, TextId, WorkloadId,
};
use crate::record::What;

/// `type` of an Event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventType {
    Normal,
    Warning,
}

impl EventType {
    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            EventType::Normal => "Normal",
            EventType::Warning => "Warning",
        }
    }
}

/// What an Event is about (`involvedObject` or `regarding`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    Pod(PodId),
    Node(NodeId),
    Deployment(DeploymentId),
    ReplicaSet(ReplicaSetId),
    Service(ServiceId),
    /// A StatefulSet, DaemonSet or Job, and which of them.
    Workload(WorkloadId, &'static str),
    /// A PodDisruptionBudget: `namespace/name`.
    Budget(TextId),
}

impl Object {
    /// The API's kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Object::Pod(_) => "Pod",
            Object::Node(_) => "Node",
            Object::Deployment(_) => "Deployment",
            Object::ReplicaSet(_) => "ReplicaSet",
            Object::Service(_) => "Service",
            Object::Workload(_, kind) => kind,
            Object::Budget(_) => "PodDisruptionBudget",
        }
    }
}

/// Who reports (`source.component`, with the node as `source.host` for a kubelet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Kubelet(NodeId),
    Scheduler,
    DeploymentController,
    ReplicaSetController,
    StatefulSetController,
    DaemonSetController,
    JobController,
    EndpointSliceController,
    NodeController,
    TaintEvictionController,
    PersistentVolumeController,
    DisruptionController,
}

impl Source {
    /// `source.component`.
    pub const fn component(self) -> &'static str {
        match self {
            Source::Kubelet(_) => "kubelet",
            Source::Scheduler => "default-scheduler",
            Source::DeploymentController => "deployment-controller",
            Source::ReplicaSetController => "replicaset-controller",
            Source::StatefulSetController => "statefulset-controller",
            Source::DaemonSetController => "daemonset-controller",
            Source::JobController => "job-controller",
            Source::EndpointSliceController => "endpoint-slice-controller",
            Source::NodeController => "node-controller",
            Source::TaintEvictionController => "taint-eviction-controller",
            Source::PersistentVolumeController => "persistentvolume-controller",
            Source::DisruptionController => "controllermanager",
        }
    }
}

/// An event as a component reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emission {
    pub source: Source,
    pub object: Object,
    /// The container that `fieldPath` names (init containers first, then regular ones).
    pub container: Option<u16>,
    pub event_type: EventType,
    pub reason: &'static str,
    pub message: Message,
}

/// Reports an event through the source's correlator (EVT-03). The stored object, unless the budget
/// is used up (EVT-07).
pub fn emit(cx: &mut Cx, emission: Emission) -> Option<EventId> {
    let now = cx.now;
    let cluster = &mut *cx.cluster;
    let (id, count) = cluster.events.report(&mut cluster.draws, now, emission)?;
    cx.record(What::Event { event: id, count });
    Some(id)
}

/// Reports an event of the newer kind: `eventTime` is set, and repeats within six minutes raise
/// `series.count` of the same object. An event about another `version` of its object is another
/// Event (SCH-04).
pub fn emit_series(cx: &mut Cx, emission: Emission, version: u32) -> Option<EventId> {
    let (id, count) = cx.cluster.events.report_series(cx.now, emission, version)?;
    cx.record(What::Event { event: id, count });
    Some(id)
}

/// Reports an event of a kubelet about a Pod or one of its containers.
pub fn emit_pod(
    cx: &mut Cx,
    pod: PodId,
    container: Option<u16>,
    event_type: EventType,
    reason: &'static str,
    message: Message,
) {
    let node = cx.pod(pod).node;
    let Some(node) = node.filter(|node| cx.node(*node).is_reachable) else {
        return;
    };
    emit(
        cx,
        Emission {
            source: Source::Kubelet(node),
            object: Object::Pod(pod),
            container,
            event_type,
            reason,
            message,
        },
    );
}

/// The `message` of a stored Event.
pub fn render(cluster: &Cluster, event: &StoredEvent) -> String {
    let text = message::text(
        cluster,
        event.emission.object,
        event.emission.container,
        event.emission.message,
    );
    if event.combined {
        format!("(combined from similar events): {text}")
    } else {
        text
    }
}

/// The `message` of an event as it was reported.
pub fn render_emission(cluster: &Cluster, emission: &Emission) -> String {
    message::text(
        cluster,
        emission.object,
        emission.container,
        emission.message,
    )
}

/// `involvedObject.fieldPath`; empty if the Event is about the whole object (EVT-02).
pub fn field_path(cluster: &Cluster, emission: &Emission) -> String {
    let (Object::Pod(pod), Some(container)) = (emission.object, emission.container) else {
        return String::new();
    };
    let Some(pod) = cluster.pods.get(pod.index()) else {
        return String::new();
    };
    let inits = pod.spec.init_containers.len();
    let index = usize::from(container);
    let (list, found) = if index < inits {
        ("initContainers", pod.spec.init_containers.get(index))
    } else {
        ("containers", pod.spec.containers.get(index - inits))
    };
    found.map_or_else(String::new, |c| format!("spec.{list}{{{}}}", c.name))
}

/// `pod/web-0`: kind in lower case, a slash, name.
pub fn object_name(cluster: &Cluster, object: Object) -> String {
    let name = match object {
        Object::Pod(id) => &cluster.pods[id.index()].name,
        Object::Node(id) => &cluster.nodes[id.index()].name,
        Object::Deployment(id) => &cluster.controllers.deployment(id).name,
        Object::ReplicaSet(id) => &cluster.controllers.replica_set(id).name,
        Object::Service(id) => &cluster.controllers.service(id).name,
        Object::Workload(id, _) => &cluster.controllers.workloads[id.index()].name,
        Object::Budget(id) => {
            let text = cluster.texts.get(id);
            text.split_once('/').map_or(text, |(_, name)| name)
        }
    };
    format!("{}/{name}", object.kind().to_ascii_lowercase())
}
