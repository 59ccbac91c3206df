//! Acts upon nodes.

use super::scheduler::{self, Change};
use super::{disruption, find_node, node_lifecycle, workload, ApiError, ControllerTimer, Kept};
use crate::api::{Node, Taint, TaintEffect, WorkloadKind};
use crate::cluster::{Cluster, Cx, Owner, PodState};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId};
use crate::kubelet;
use crate::latency;
use crate::record::What;
use crate::scenario::TaintRemoval;
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// The taint that goes with `spec.unschedulable` (NOD-09).
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

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
