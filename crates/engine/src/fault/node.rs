//! A node is cut off, loses its power, or runs out of memory or disk.

use super::{hold, node_named, FaultKind, Parameter, Subject, Undo};
use crate::cluster::{Cluster, Cx};
use crate::ids::{NodeId, PodId};
use crate::kubelet::{self, eviction};
use crate::scenario::{KubeletAction, NodeState};

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "node",
    subject: Subject::Node,
    parameters: &[Parameter::words(
        "state",
        &[
            "unreachable",
            "down",
            "memoryPressure",
            "diskPressure",
            "ready",
        ],
    )],
    lasts: true,
    does: "The network to the node is cut, or its power; or something outside the Pods takes its \
           memory or disk, and the kubelet evicts one Pod every 10 s.",
    unseen: "No probe sees a node that is cut off: its kubelet goes on probing on the spot. The \
             control plane misses the node's lease after 50 s, and only then takes its Pods out \
             of Services.",
};

/// What a node is short of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    Memory,
    Disk,
}

impl Pressure {
    pub const ALL: [Pressure; 2] = [Pressure::Memory, Pressure::Disk];

    /// The key of the taint that stands as long as it lasts (RES-05).
    pub fn taint(self) -> &'static str {
        match self {
            Pressure::Memory => "node.kubernetes.io/memory-pressure",
            Pressure::Disk => "node.kubernetes.io/disk-pressure",
        }
    }
}

pub(super) fn apply(cx: &mut Cx, input: u32, name: &str, state: NodeState) -> Result<(), String> {
    let node = node_named(cx, name)?;
    let held = match state {
        NodeState::Ready => {
            let inputs: Vec<u32> = cx
                .cluster
                .faults
                .iter()
                .filter(|fault| is_of(&fault.undo, node))
                .map(|fault| fault.input)
                .collect();
            inputs.into_iter().for_each(|input| super::undo(cx, input));
            return Ok(());
        }
        NodeState::Unreachable => {
            kubelet::cut_off(cx, node);
            Undo::Unreachable { node }
        }
        NodeState::Down => {
            go_down(cx, node);
            Undo::Down { node }
        }
        NodeState::MemoryPressure | NodeState::DiskPressure => {
            eviction::begin(cx, node);
            let pressure = if state == NodeState::MemoryPressure {
                Pressure::Memory
            } else {
                Pressure::Disk
            };
            Undo::Pressure { node, pressure }
        }
    };
    hold(cx, input, PodId::NONE, None, held);
    Ok(())
}

fn is_of(undo: &Undo, wanted: NodeId) -> bool {
    match undo {
        Undo::Unreachable { node } | Undo::Down { node } | Undo::Pressure { node, .. } => {
            *node == wanted
        }
        _ => false,
    }
}

/// Everything on the node ends at once, and nobody is left to tell.
fn go_down(cx: &mut Cx, node: NodeId) {
    kubelet::act(cx, node, KubeletAction::Stop);
    kubelet::cut_off(cx, node);
    let now = cx.now;
    for pod in cx.node(node).pods.clone() {
        let count = cx.pod(pod).spec.container_count() as u32;
        // The sandboxes are gone, too: all is made anew (RUN-03).
        let worker = cx.pod_mut(pod).worker.as_mut();
        if let Some(sandbox) = worker.and_then(|worker| worker.truth.sandbox.as_mut()) {
            sandbox.ready = false;
        }
        kubelet::with_world(cx, pod, |world| {
            for container in 0..count {
                if world.is_running(container) {
                    world.exit_process(now, container, 1, POWER_LOST);
                }
            }
        });
    }
}

/// The exit code that the runtime makes up for containers it finds dead after a start.
const POWER_LOST: i32 = 255;

pub(super) fn undo_unreachable(cx: &mut Cx, node: NodeId) {
    kubelet::reconnect(cx, node);
}

pub(super) fn undo_down(cx: &mut Cx, node: NodeId) {
    kubelet::reconnect(cx, node);
    kubelet::act(cx, node, KubeletAction::Start);
}

pub(super) fn undo_pressure(cx: &mut Cx, node: NodeId) {
    eviction::end(cx, node);
}

/// Whether a node is short of something now.
pub fn is_short(cluster: &Cluster, node: NodeId, pressure: Pressure) -> bool {
    let short = Undo::Pressure { node, pressure };
    cluster.faults.iter().any(|fault| fault.undo == short)
}
