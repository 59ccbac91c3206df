//! A node's kubelet stops, starts or restarts.

use super::{hold, node_named, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::ids::{NodeId, PodId};
use crate::kubelet;
use crate::scenario::KubeletAction;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "kubelet",
    subject: Subject::AtNode,
    parameters: &[Parameter::words("action", &["restart", "stop", "start"])],
    lasts: true,
    does: "The node's kubelet stops or restarts; its containers keep running. Back-offs, event \
           counts and probe results are forgotten.",
    unseen: "While it is stopped nobody probes: nothing on the node is found out, restarted or \
             taken out of Services until the node's lease has been missed for 50 s.",
};

pub(super) fn apply(
    cx: &mut Cx,
    input: u32,
    node: &str,
    action: KubeletAction,
) -> Result<(), String> {
    let node = node_named(cx, node)?;
    kubelet::act(cx, node, action);
    if action == KubeletAction::Stop {
        hold(cx, input, PodId::NONE, None, Undo::Kubelet { node });
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, node: NodeId) {
    kubelet::act(cx, node, KubeletAction::Start);
}
