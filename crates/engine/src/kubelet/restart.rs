//! A kubelet's process stops and starts again (RES-08, RES-10): containers go on, what it knew is
//! gone.

use super::pod_worker::{PodWorker, Work};
use super::runtime::Runtime;
use super::{deadline, played, requests, NodeTimer, Starts};
use crate::api::{Projection, VolumeSource};
use crate::cluster::Cx;
use crate::controllers::{self, names};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId};
use crate::latency;
use crate::record::What;
use crate::scenario::KubeletAction;
use crate::time::Duration;
use crate::timer::Timer;

/// Events of a start, in order: when after the process's begin, type, reason, text. Without a text
/// it tells a condition of the node.
const START_EVENTS: [(u64, EventType, &str, &str); 7] = [
    (305, EventType::Normal, "Starting", "Starting kubelet."),
    (311, EventType::Warning, "CgroupV1", CGROUP_V1),
    (
        332,
        EventType::Warning,
        "InvalidDiskCapacity",
        "invalid capacity 0 on image filesystem",
    ),
    (
        348,
        EventType::Normal,
        "NodeAllocatableEnforced",
        "Updated Node Allocatable limit across pods",
    ),
    (450, EventType::Normal, "NodeHasSufficientMemory", ""),
    (453, EventType::Normal, "NodeHasNoDiskPressure", ""),
    (454, EventType::Normal, "NodeHasSufficientPID", ""),
];

const CGROUP_V1: &str =
    "cgroup v1 detected. cgroup v1 support is deprecated and will be removed in \
     a future release. Please migrate to cgroup v2. More information at \
     https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1";

/// The first update of a node that was lost is made twice: the second works on what the node was
/// before the first.
const REPORTS_AGAIN: Duration = Duration::from_millis(25);

/// Volumes of Pods that are ending are tried this long after the first sync, then as any other
/// that cannot be set up.
fn remount_after(tries: u8) -> Duration {
    let pauses = (1_u64 << tries.min(8)) - 1;
    latency::KUBELET_SYNCS + Duration::from_millis(40 + 500 * pauses)
}

/// Stops, starts or restarts a node's kubelet.
pub fn act(cx: &mut Cx, node: NodeId, action: KubeletAction) {
    let runs = cx.node(node).is_running;
    if runs && action != KubeletAction::Start {
        stop(cx, node);
    }
    if action == KubeletAction::Restart || (!runs && action == KubeletAction::Start) {
        start(cx, node);
    }
}

/// Everything in the process's memory goes; containers and the API server's objects stay.
fn stop(cx: &mut Cx, node: NodeId) {
    let kubelet = cx.node_mut(node);
    kubelet.is_running = false;
    kubelet.syncs_pods = false;
    for pod in cx.node(node).pods.clone() {
        let Some(old) = cx.pod_mut(pod).worker.take() else {
            continue;
        };
        let mut worker = super::new_worker(cx, pod, old.runtime);
        worker.truth = old.truth;
        worker.object_gone = old.object_gone;
        cx.pod_mut(pod).worker = Some(worker);
    }
    cx.cluster.events.restart_source(Source::Kubelet(node));
    cx.record(What::NodeChanged { node });
    controllers::node_silent(cx, node);
}

fn start(cx: &mut Cx, node: NodeId) {
    let now = cx.now;
    let kubelet = cx.node_mut(node);
    kubelet.is_running = true;
    kubelet.restarted_at = Some(now);
    kubelet.starts = Starts::default();
    let loops = now + latency::KUBELET_LOOPS;
    for periodic in [
        &mut kubelet.relist,
        &mut kubelet.look,
        &mut kubelet.housekeeping,
    ] {
        periodic.phase = Duration(loops.0 % periodic.period.0.max(1));
    }
    for (index, (after, ..)) in START_EVENTS.iter().enumerate() {
        let timer = NodeTimer::Report(index as u8);
        cx.after(Duration::from_millis(*after), Timer::Node { node, timer });
    }
    for (after, timer) in [
        (latency::KUBELET_POSTS, NodeTimer::Post),
        (
            latency::KUBELET_POSTS + REPORTS_AGAIN,
            NodeTimer::ReportAgain,
        ),
        (latency::KUBELET_SYNCS, NodeTimer::SyncPods),
        (remount_after(0), NodeTimer::Remount(0)),
    ] {
        cx.after(after, Timer::Node { node, timer });
    }
}

/// A timer of a kubelet's start is due, unless the process has stopped since.
pub fn timer(cx: &mut Cx, node: NodeId, timer: NodeTimer) {
    let after = match timer {
        NodeTimer::Report(index) => {
            let event = START_EVENTS.get(usize::from(index));
            Duration::from_millis(event.map_or(0, |event| event.0))
        }
        NodeTimer::Post => latency::KUBELET_POSTS,
        NodeTimer::SyncPods => latency::KUBELET_SYNCS,
        NodeTimer::ReportAgain => latency::KUBELET_POSTS + REPORTS_AGAIN,
        NodeTimer::Remount(tries) => remount_after(tries),
        NodeTimer::Heartbeat => {
            cx.record(What::NodeChanged { node });
            return;
        }
        NodeTimer::Evict | NodeTimer::LocalStorage | NodeTimer::Relieve => return,
    };
    let kubelet = cx.node(node);
    let is_current = kubelet.restarted_at.is_some_and(|at| at + after == cx.now);
    if !kubelet.is_running || !is_current {
        return;
    }
    match timer {
        NodeTimer::Report(index) => report(cx, node, usize::from(index)),
        NodeTimer::Post => {
            cx.record(What::NodeChanged { node });
            controllers::node_posted(cx, node);
        }
        NodeTimer::SyncPods => sync_pods(cx, node),
        NodeTimer::ReportAgain => controllers::node_reported_again(cx, node, REPORTS_AGAIN),
        NodeTimer::Remount(tries) => remount(cx, node, tries),
        NodeTimer::Heartbeat | NodeTimer::Evict | NodeTimer::LocalStorage | NodeTimer::Relieve => {}
    }
}

fn report(cx: &mut Cx, node: NodeId, index: usize) {
    let Some((_, event_type, reason, text)) = START_EVENTS.get(index) else {
        return;
    };
    let message = if text.is_empty() {
        let text = format!("Node {} status is now: {reason}", cx.node(node).name);
        Message::Text(cx.intern(&text))
    } else {
        Message::Fixed(text)
    };
    events::emit(
        cx,
        Emission {
            source: Source::Kubelet(node),
            object: Object::Node(node),
            container: None,
            event_type: *event_type,
            reason,
            message,
        },
    );
}

/// The first sight of the node's Pods: those that run are known from the runtime.
fn sync_pods(cx: &mut Cx, node: NodeId) {
    let now = cx.now;
    let began = cx.node(node).restarted_at;
    cx.node_mut(node).syncs_pods = true;
    let live: Vec<PodId> = cx.cluster.live_pods().collect();
    for pod in live {
        if cx.pod(pod).node == Some(node) && cx.pod(pod).worker.is_none() {
            super::pod_added(cx, pod);
        }
    }
    for pod in cx.node(node).pods.clone() {
        let is_removed = cx.pod(pod).removed_at.is_some();
        let ended = cx.pod(pod).status.phase.is_terminal();
        let Some(worker) = cx.pod_mut(pod).worker.as_mut() else {
            continue;
        };
        worker.began = began;
        see(worker, now);
        if is_removed {
            super::pod_removed(cx, pod);
        } else if ended {
            super::end_known(cx, pod);
        } else if cx.pod(pod).deletion.is_some() {
            super::pod_changed(cx, pod);
        } else {
            requests::request_sync(cx, pod);
            deadline::watch(cx, pod);
        }
    }
}

/// A Pod that is ending when the kubelet starts is never synced, so that nothing asks for the
/// ConfigMaps and Secrets of its volumes; they are mounted again nevertheless (RES-10).
fn remount(cx: &mut Cx, node: NodeId, tries: u8) {
    let mut fails = false;
    for pod in cx.node(node).pods.clone() {
        let state = cx.pod(pod);
        let worker = state.worker.as_ref();
        let is_ending = worker.is_some_and(|w| !w.volumes_ready && w.work == Work::Terminating);
        if state.deletion.is_none() || !is_ending || state.removed_at.is_some() {
            continue;
        }
        fails = true;
        let own = state.spec.volumes.iter();
        let own = own.filter_map(|volume| Some((volume.name.clone(), asks_for(&volume.source)?)));
        let token = played::token_volume(cx, pod);
        let token = token.unwrap_or_else(|| names::token_volume(&state.uid));
        let token = (token, names::ROOT_CERTIFICATE.to_string());
        let namespace = state.namespace.clone();
        for (volume, object) in own.chain([token]).collect::<Vec<_>>() {
            let text = [
                "MountVolume.SetUp failed for volume \"",
                &volume,
                "\" : object \"",
                &namespace,
                "\"/\"",
                &object,
                "\" not registered",
            ];
            let message = Message::Text(cx.intern(&text.concat()));
            events::emit_pod(cx, pod, None, EventType::Warning, "FailedMount", message);
        }
    }
    if fails {
        let after = remount_after(tries + 1).saturating_sub(remount_after(tries));
        let timer = NodeTimer::Remount(tries + 1);
        cx.after(after, Timer::Node { node, timer });
    }
}

/// The ConfigMap or Secret that a volume is filled from, the first if there are several.
fn asks_for(source: &VolumeSource) -> Option<String> {
    if let VolumeSource::Projected(projected) = source {
        let mut sources = projected.sources.iter();
        return sources.find_map(|source| match source {
            Projection::Keys { name, .. } => Some(name.clone()),
            _ => None,
        });
    }
    source.keys().map(|of| of.name.to_owned())
}

/// The first relist shows what runs.
fn see(worker: &mut PodWorker, now: crate::time::Instant) {
    if matches!(worker.runtime, Runtime::Machines(_)) {
        worker.cache = worker.truth.clone();
        worker.seen = worker.truth.clone();
        worker.cache_modified = Some(now);
    }
}
