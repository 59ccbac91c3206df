//! What a registry answers from now on: an image is gone, or the right to pull it.

use super::{hold, FaultKind, Parameter, Subject, Undo};
use crate::cluster::{Cluster, Cx};
use crate::container::image::is_same_name;
use crate::ids::{NodeId, PodId, TextId};
use crate::scenario::PullBehaviour;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "image",
    subject: Subject::Image,
    parameters: &[Parameter::words(
        "pull",
        &["missing", "denied", "refused", "30s", "ok"],
    )],
    lasts: true,
    does: "The registry no longer has the image, no longer lets you pull it, does not answer, or \
           takes its time. A node on which the image has run keeps its copy.",
    unseen: "Running containers and their probes do not notice; neither does a restart on a node \
             that has the image, unless imagePullPolicy is Always.",
};

pub(super) fn apply(
    cx: &mut Cx,
    input: u32,
    image: &str,
    pull: PullBehaviour,
) -> Result<(), String> {
    let before = pull_of(cx.cluster, image);
    if before.is_none() {
        keep_copies(cx, image);
    }
    set(
        cx,
        image,
        Some(pull).filter(|p| *p != PullBehaviour::Present),
    );
    let image = image.to_string();
    hold(cx, input, PodId::NONE, None, Undo::Image { image, before });
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, image: &str, before: Option<PullBehaviour>) {
    set(cx, image, before);
}

fn set(cx: &mut Cx, image: &str, pull: Option<PullBehaviour>) {
    let pulls = &mut cx.cluster.pulls;
    pulls.retain(|(name, _)| !is_same_name(name, image));
    pulls.extend(pull.map(|pull| (image.to_string(), pull)));
}

/// What a step has said about the pull of an image; None: nothing.
pub fn pull_of(cluster: &Cluster, image: &str) -> Option<PullBehaviour> {
    let mut pulls = cluster.pulls.iter();
    pulls
        .find(|(name, _)| is_same_name(name, image))
        .map(|(_, pull)| *pull)
}

/// A node that has run the image has a copy.
fn keep_copies(cx: &mut Cx, image: &str) {
    let mut copies: Vec<(NodeId, TextId)> = Vec::new();
    for pod in &cx.cluster.pods {
        let (Some(node), Some(worker)) = (pod.node, &pod.worker) else {
            continue;
        };
        for (number, entry) in worker.containers.iter().enumerate() {
            let declared = pod.spec.container(number);
            if declared.is_some_and(|c| is_same_name(&c.image, image)) {
                copies.push((node, entry.image));
            }
        }
    }
    let now = cx.now;
    for (node, copy) in copies {
        cx.node_mut(node).keep_image(copy, now);
    }
}
