//! The network between a node and everything else: while it is cut, the kubelet and its containers
//! go on, and neither side hears of the other (RES-08, NOD-06, NOD-07).

use super::status_manager;
use crate::cluster::Cx;
use crate::controllers;
use crate::ids::{NodeId, PodId};
use crate::record::What;

/// Nothing goes to the node or comes from it any more.
pub fn cut_off(cx: &mut Cx, node: NodeId) {
    if cx.node(node).is_reachable {
        cx.node_mut(node).is_reachable = false;
        cx.record(What::NodeChanged { node });
        controllers::node_silent(cx, node);
    }
}

/// The network is back: the kubelet posts its node, hears what was missed, and sends what it knows.
pub fn reconnect(cx: &mut Cx, node: NodeId) {
    if cx.node(node).is_reachable {
        return;
    }
    cx.node_mut(node).is_reachable = true;
    if !cx.node(node).is_running {
        return;
    }
    cx.record_as_cause(What::NodeChanged { node });
    controllers::node_posted(cx, node);
    let live: Vec<PodId> = cx.cluster.live_pods().collect();
    for pod in live {
        if cx.pod(pod).node == Some(node) && cx.pod(pod).worker.is_none() {
            super::pod_added(cx, pod);
        }
    }
    for pod in cx.node(node).pods.clone() {
        if cx.pod(pod).removed_at.is_some() {
            super::pod_removed(cx, pod);
        } else {
            if cx.pod(pod).deletion.is_some() {
                super::pod_changed(cx, pod);
            }
            status_manager::send_again(cx, pod);
        }
    }
}
