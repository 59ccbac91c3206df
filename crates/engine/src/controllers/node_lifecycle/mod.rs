//! The node lifecycle controller: leases, Ready, the taints of a lost node (NOD-01 to NOD-04).
//!
//! Leases that are renewed change nothing and set no timer: a timer is set when a kubelet falls
//! silent, for the look that will miss it.

mod taint_eviction;
mod zones;

pub(super) use taint_eviction::{evict, node_changed, pod_placed};

use super::nodes;
use super::pods;
use super::ControllerTimer;
use crate::api::{Taint, TaintEffect};
use crate::cluster::{Cluster, Cx};
use crate::events::{self, Emission, EventType, Message, Object, Source};
use crate::ids::{NodeId, PodId};
use crate::kubelet::{self, Periodic};
use crate::latency;
use crate::record::What;
use crate::rng::{Draws, Purpose};
use crate::sorted::Map;
use crate::time::{Duration, Instant};
use crate::timer::Timer;
use std::sync::Arc;

/// How long a node may be silent, from the look that saw its last renewal (NOD-02).
const GRACE: Duration = Duration::from_secs(50);
/// The controller looks this often (NOD-01).
const MONITOR_PERIOD: Duration = Duration::from_secs(5);
/// A kubelet renews its lease this often (NOD-01).
const LEASE_PERIOD: Duration = Duration::from_secs(10);
/// A kubelet computes its node's status every 10 s and up to 4 % more: the mean.
const REPORT_PERIOD: Duration = Duration::from_millis(10_200);
/// Pods of missing nodes are looked for this often (NOD-08).
const POD_GC_PERIOD: Duration = Duration::from_secs(20);

/// The taint of a node whose kubelet is silent (NOD-04).
pub(super) const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

/// What the control plane knows of the nodes.
#[derive(Clone, Debug)]
pub struct NodeLifecycle {
    monitor: Periodic,
    pod_gc: Periodic,
    /// Indexed by [`NodeId`].
    health: Vec<NodeHealth>,
    /// By zone: its next NoExecute taint comes no earlier (NOD-04).
    no_execute_after: Map<String, Instant>,
    /// Pods that will be evicted, and when (NOD-05).
    evictions: Vec<(PodId, Instant)>,
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeHealth {
    lease: Periodic,
    report: Periodic,
    /// Nothing comes from its kubelet: the look that will miss it. NEVER: all is well.
    missed_at: Instant,
    /// Ready and the other conditions are Unknown since then (NOD-02).
    unknown_since: Option<Instant>,
    /// When Ready last changed.
    transition_at: Instant,
    /// `spec.unschedulable` as the kubelet last reported it (NOD-09).
    pub(super) reported_cordon: bool,
}

impl Default for NodeLifecycle {
    fn default() -> Self {
        let every = |period| Periodic {
            phase: Duration::ZERO,
            period,
        };
        NodeLifecycle {
            monitor: every(MONITOR_PERIOD),
            pod_gc: every(POD_GC_PERIOD),
            health: Vec::new(),
            no_execute_after: Map::new(),
            evictions: Vec::new(),
        }
    }
}

fn drawn(draws: &mut Draws, period: Duration) -> Periodic {
    Periodic {
        phase: Duration::from_millis(draws.part_of(Purpose::Phase, period).as_millis()),
        period,
    }
}

impl NodeLifecycle {
    /// Draws the phases of the controllers.
    pub(super) fn start(&mut self, draws: &mut Draws) {
        self.monitor = drawn(draws, MONITOR_PERIOD);
        self.pod_gc = drawn(draws, POD_GC_PERIOD);
    }

    /// Draws the phases of another node.
    pub(super) fn add_node(&mut self, draws: &mut Draws) {
        self.health.push(NodeHealth {
            lease: drawn(draws, LEASE_PERIOD),
            report: drawn(draws, REPORT_PERIOD),
            missed_at: Instant::NEVER,
            unknown_since: None,
            transition_at: Instant::ZERO,
            reported_cordon: false,
        });
    }

    /// When the kubelet of a node next computes its status.
    pub(super) fn report_after(&self, node: NodeId, now: Instant) -> Instant {
        self.health[node.index()].report.after(now)
    }

    /// When Pod garbage collection takes away what is bound to a missing node now (NOD-08): seen
    /// at the next look, gone at the first one 40 s later.
    pub(super) fn pod_gc_after(&self, now: Instant) -> Instant {
        self.pod_gc.at_or_after(now) + Duration::from_secs(40)
    }
}

fn lifecycle<'a>(cx: &'a mut Cx) -> &'a mut NodeLifecycle {
    Arc::make_mut(&mut cx.cluster.controllers.nodes)
}

pub(super) fn health<'a>(cx: &'a mut Cx, node: NodeId) -> &'a mut NodeHealth {
    &mut lifecycle(cx).health[node.index()]
}

/// Whether a node is Ready for the API server; its kubelet may already be gone.
pub fn node_is_ready(cluster: &Cluster, node: NodeId) -> bool {
    let health = cluster.controllers.nodes.health.get(node.index());
    health.is_none_or(|health| health.unknown_since.is_none())
}

/// When the node's lease was last renewed (NOD-01). A node that is missed was heard of last before
/// the look that its grace counts from.
pub fn node_renewed_at(cluster: &Cluster, node: NodeId, now: Instant) -> Instant {
    let Some(health) = cluster.controllers.nodes.health.get(node.index()) else {
        return Instant::ZERO;
    };
    let until = match health.missed_at {
        Instant::NEVER => now,
        missed_at => missed_at.saturating_sub(GRACE).min(now),
    };
    health.lease.at_or_before(until).unwrap_or(Instant::ZERO)
}

/// When the node's Ready condition last changed.
pub fn node_transition_at(cluster: &Cluster, node: NodeId) -> Instant {
    let health = cluster.controllers.nodes.health.get(node.index());
    health.map_or(Instant::ZERO, |health| health.transition_at)
}

/// From now on nothing comes from the node's kubelet: it has stopped, or the network is cut.
pub fn node_silent(cx: &mut Cx, node: NodeId) {
    let now = cx.now;
    let monitor = cx.cluster.controllers.nodes.monitor;
    let health = health(cx, node);
    if health.missed_at != Instant::NEVER {
        return;
    }
    // The grace counts from the look that saw the last renewal.
    let renewed = health.lease.at_or_before(now).unwrap_or(Instant::ZERO);
    let at = monitor.at_or_after(renewed) + GRACE;
    health.missed_at = at;
    cx.at(at, Timer::Controller(ControllerTimer::NodeMissed(node)));
}

/// The node's kubelet has posted its status: it is back (NOD-07).
pub fn node_posted(cx: &mut Cx, node: NodeId) {
    let now = cx.now;
    nodes::register(cx, node);
    let health = health(cx, node);
    health.missed_at = Instant::NEVER;
    if health.unknown_since.take().is_none() {
        return;
    }
    health.transition_at = now;
    cx.record_as_cause(What::NodeChanged { node });
    report_conditions(cx, node);
    let timer = |timer| Timer::Controller(timer);
    cx.after(
        latency::NODE_TAINT,
        timer(ControllerTimer::TaintUnreachable(node)),
    );
    // NoExecute is looked at by the monitor only.
    let look = cx.cluster.controllers.nodes.monitor.after(now);
    cx.at(look, timer(ControllerTimer::TaintNoExecute(node)));
    zones::recovered(cx, node, look);
    for pod in pods_on(cx, node) {
        kubelet::status_overwritten(cx, pod);
    }
}

/// All conditions were Unknown, so the kubelet tells each (NOD-07, RES-06).
fn report_conditions(cx: &mut Cx, node: NodeId) {
    for reason in [
        "NodeHasSufficientMemory",
        "NodeHasNoDiskPressure",
        "NodeHasSufficientPID",
        "NodeReady",
    ] {
        report(cx, Source::Kubelet(node), node, reason);
    }
}

/// The same once more, if the node came back so long ago.
pub fn node_reported_again(cx: &mut Cx, node: NodeId, after: Duration) {
    if health(cx, node).transition_at + after == cx.now {
        report_conditions(cx, node);
    }
}

fn report(cx: &mut Cx, source: Source, node: NodeId, reason: &'static str) {
    let text = format!("Node {} status is now: {reason}", cx.node(node).name);
    let message = Message::Text(cx.intern(&text));
    events::emit(
        cx,
        Emission {
            source,
            object: Object::Node(node),
            container: None,
            event_type: EventType::Normal,
            reason,
            message,
        },
    );
}

/// The monitor looks, and the last renewal is too long ago (NOD-02, NOD-03).
#[inline(never)]
pub(super) fn missed(cx: &mut Cx, node: NodeId) {
    let now = cx.now;
    let is_there = cx.node(node).has_object;
    let health = health(cx, node);
    if !is_there || health.missed_at != now || health.unknown_since.is_some() {
        return;
    }
    health.unknown_since = Some(now);
    health.transition_at = now;
    cx.record_as_cause(What::NodeChanged { node });
    report(cx, Source::NodeController, node, "NodeNotReady");
    let cause = cx.cause;
    let timer = |timer| Timer::Controller(timer);
    cx.after(
        latency::NODE_TAINT,
        timer(ControllerTimer::TaintUnreachable(node)),
    );
    zones::queue(cx, node, cx.now + latency::NODE_NO_EXECUTE);
    for pod in pods_on(cx, node) {
        pods::set_not_ready(cx, pod);
        cx.cause = cause;
    }
}

/// The Pods of a node that the API server has.
pub(super) fn pods_on(cx: &Cx, node: NodeId) -> Vec<PodId> {
    let live = cx.cluster.live_pods();
    live.filter(|pod| cx.pod(*pod).node == Some(node)).collect()
}

fn set_taint(cx: &mut Cx, node: NodeId, effect: TaintEffect, present: bool) {
    nodes::change(cx, node, |object| {
        object
            .taints
            .retain(|t| (t.key.as_str(), t.effect) != (UNREACHABLE, effect));
        if present {
            object.taints.push(Taint {
                key: UNREACHABLE.to_owned(),
                value: String::new(),
                effect,
            });
        }
    });
}

/// NoSchedule follows the conditions at once (NOD-04).
#[inline(never)]
pub(super) fn taint_unreachable(cx: &mut Cx, node: NodeId) {
    let is_unknown = health(cx, node).unknown_since.is_some();
    set_taint(cx, node, TaintEffect::NoSchedule, is_unknown);
}

/// NoExecute, unless all nodes are lost: then the trouble is the controller's own, nobody is
/// evicted, and the taints that are there go (NOD-04).
#[inline(never)]
pub(super) fn taint_no_execute(cx: &mut Cx, node: NodeId) {
    let health = &cx.cluster.controllers.nodes.health;
    let mut all = health.iter().zip(&cx.cluster.nodes);
    if all.all(|(health, node)| health.unknown_since.is_some() || !node.has_object) {
        for index in 0..health.len() {
            set_taint(cx, NodeId::at(index), TaintEffect::NoExecute, false);
        }
        return;
    }
    let is_unknown = health[node.index()].unknown_since.is_some();
    if is_unknown && zones::spacing(cx.cluster, node).is_none() {
        return;
    }
    set_taint(cx, node, TaintEffect::NoExecute, is_unknown);
}
