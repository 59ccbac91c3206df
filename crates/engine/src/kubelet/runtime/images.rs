//! Images on a node's disk and in the registries, for the simulated machines.

use super::PullOutcome;
use crate::cluster::Cx;
use crate::container::image;
use crate::fault;
use crate::go_format;
use crate::ids::{PodId, TextId};
use crate::kubelet::played;
use crate::kubelet::pod_worker::container_spec;
use crate::scenario::ImageSpec;
use std::sync::Arc;

/// The text for an image name that cannot be parsed (IMG-09).
pub fn image_name_error(cx: &mut Cx, pod: PodId, container: u16) -> Option<TextId> {
    let spec = cx.pod(pod).spec.clone();
    let name = &container_spec(&spec, container).image;
    let why = image::reference::fault(name)?;
    let text = format!(
        "Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": {why}"
    );
    Some(cx.intern(&text))
}

/// Whether a container's image is on the node: from the beginning, or pulled since.
pub fn image_present(cx: &mut Cx, pod: PodId, container: u16) -> bool {
    let state = cx.pod(pod);
    let name = &container_spec(&state.spec, container).image;
    let is_told = fault::pull_of(cx.cluster, name).is_some();
    let was_present = || {
        cx.cluster.registry.is_present(&cx.cluster.images, name)
            && played::pull(cx, pod, container).is_none()
    };
    if !is_told && was_present() {
        return true;
    }
    let image = state
        .worker
        .as_ref()
        .map(|w| w.containers[usize::from(container)].image);
    match (state.node, image) {
        (Some(node), Some(image)) => cx.node(node).has_image(image),
        _ => false,
    }
}

/// What a pull will come to.
pub fn pull(cx: &mut Cx, pod: PodId, container: u16) -> PullOutcome {
    // Any free port; it only stands in the text of a lookup that fails.
    let port = 32_768 + (cx.now.as_millis() % 28_000) as u16;
    let state = cx.pod(pod);
    let address = state.node.map_or(0, |node| cx.node(node).address);
    let name = &container_spec(&state.spec, container).image;
    let address = go_format::ipv4(address);
    let images = match fault::pull_of(cx.cluster, name) {
        Some(pull) => Arc::new(vec![ImageSpec {
            image: name.clone(),
            pull,
            ..ImageSpec::default()
        }]),
        None => Arc::clone(&cx.cluster.images),
    };
    let answer = cx.cluster.registry.pull(&images, name, &address, port);
    let (size, error) = match answer.result {
        Ok(size) => (size, None),
        Err(text) => (0, Some(cx.intern(&text))),
    };
    PullOutcome {
        takes: answer.after,
        error,
        size,
    }
}

/// A container's image has arrived.
pub fn image_arrived(cx: &mut Cx, pod: PodId, container: u16) {
    let Some(node) = cx.pod(pod).node else { return };
    let Some(image) = cx
        .pod(pod)
        .worker
        .as_ref()
        .map(|w| w.containers[usize::from(container)].image)
    else {
        return;
    };
    let now = cx.now;
    cx.node_mut(node).keep_image(image, now);
}
