//! A full disk.

use super::{hold, FaultKind, Parameter, Subject, Undo};
use crate::cluster::{Cluster, Cx};
use crate::ids::{NodeId, PodId};
use crate::kubelet::with_world;
use crate::scenario::DiskPlace;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "disk",
    subject: Subject::PodOrNode,
    parameters: &[Parameter::words("full", &["true", "false"])],
    lasts: true,
    does:
        "No room for new bytes: every write in the Pod's containers, or in all Pods of the node, \
           fails with \"No space left on device\".",
    unseen:
        "A probe that only reads, connects or asks a server does not see it; one that writes a \
             file does.",
};

pub(super) fn apply(cx: &mut Cx, input: u32, place: &DiskPlace, full: bool) -> Result<(), String> {
    match place {
        DiskPlace::Pod(name) => {
            let pods = crate::controllers::resolve(cx.cluster, name);
            if pods.is_empty() {
                return Err(format!("no Pod matches {name}"));
            }
            for pod in pods {
                end(cx, |fault| fault.pod == pod && fault.undo == Undo::Disk);
                if full {
                    hold(cx, input, pod, None, Undo::Disk);
                }
                settle(cx, pod);
            }
        }
        DiskPlace::Node(name) => {
            let node = super::node_named(cx, name)?;
            end(cx, |fault| fault.undo == Undo::NodeDisk { node });
            if full {
                hold(cx, input, PodId::NONE, None, Undo::NodeDisk { node });
            }
            settle_node(cx, node);
        }
    }
    Ok(())
}

/// Ends what an earlier input has filled.
fn end(cx: &mut Cx, matches: impl Fn(&super::ActiveFault) -> bool) {
    cx.cluster.faults.retain(|fault| !matches(fault));
}

/// Whether a Pod has no room, by a fault of its own or of its node.
pub fn is_full(cluster: &Cluster, pod: PodId) -> bool {
    let node = cluster.pods[pod.index()].node;
    cluster.faults.iter().any(|fault| match fault.undo {
        Undo::Disk => fault.pod == pod,
        Undo::NodeDisk { node: full } => node == Some(full),
        _ => false,
    })
}

/// Brings a Pod's disk in line with the faults in force.
pub(super) fn settle(cx: &mut Cx, pod: PodId) {
    let full = is_full(cx.cluster, pod);
    with_world(cx, pod, |world| world.set_disk_full(full));
}

pub(super) fn settle_node(cx: &mut Cx, node: NodeId) {
    let pods: Vec<PodId> = cx.cluster.live_pods().collect();
    for pod in pods {
        if cx.pod(pod).node == Some(node) {
            settle(cx, pod);
        }
    }
}
