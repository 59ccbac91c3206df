//! Images (IMG-*): policy, serial pulls, the back-off of failed pulls.

use super::pod_worker::{container_spec, StartProblem};
use super::{played, runtime};
use crate::api::PullPolicy;
use crate::cluster::Cx;
use crate::events::{emit_pod, EventType, Message};
use crate::ids::{PodId, TextId};
use crate::record::What;
use crate::status::WaitingReason;
use crate::time::Instant;

/// A pull under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pull {
    pub asked_at: Instant,
    /// When its turn came (SYN-11).
    pub began_at: Instant,
    /// None: it will succeed; else the runtime's text.
    pub error: Option<TextId>,
    /// Bytes.
    pub size: u64,
}

/// What became of the need for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Image {
    Ready,
    Pulling { due: Instant },
    Failed(StartProblem),
}

/// Makes sure that a container's image is on the node (IMG-01).
pub fn ensure(cx: &mut Cx, pod: PodId, container: u16) -> Image {
    let spec = cx.pod(pod).spec.clone();
    let policy = container_spec(&spec, container).image_pull_policy;
    let Some(worker) = cx.pod(pod).worker.as_ref() else {
        return Image::Ready;
    };
    let image = worker.containers[usize::from(container)].image;
    if let Some(message) = runtime::image_name_error(cx, pod, container) {
        emit(
            cx,
            pod,
            container,
            EventType::Warning,
            "InspectFailed",
            Message::Text(message),
        );
        return failed(cx, pod, container, WaitingReason::InvalidImageName, message);
    }
    let present = runtime::image_present(cx, pod, container);
    match (policy, present) {
        (PullPolicy::IfNotPresent | PullPolicy::Never, true) => {
            let message = Message::Present { image };
            emit(cx, pod, container, EventType::Normal, "Pulled", message);
            Image::Ready
        }
        (PullPolicy::Never, false) => {
            let message = Message::NeverPull { image };
            emit(
                cx,
                pod,
                container,
                EventType::Warning,
                "ErrImageNeverPull",
                message,
            );
            let text = format!(
                "Container image \"{}\" is not present with pull policy of Never",
                container_spec(&spec, container).image
            );
            let text = cx.intern(&text);
            failed(cx, pod, container, WaitingReason::ErrImageNeverPull, text)
        }
        _ => pull(cx, pod, container, image),
    }
}

fn emit(
    cx: &mut Cx,
    pod: PodId,
    container: u16,
    event_type: EventType,
    reason: &'static str,
    message: Message,
) {
    emit_pod(cx, pod, Some(container), event_type, reason, message);
}

/// The start fails: event `Failed` with the reason (IMG-04, IMG-06, IMG-09).
fn failed(
    cx: &mut Cx,
    pod: PodId,
    container: u16,
    reason: WaitingReason,
    message: TextId,
) -> Image {
    let text = Message::ErrorReason(reason);
    emit(cx, pod, container, EventType::Warning, "Failed", text);
    Image::Failed(StartProblem { reason, message })
}

/// Containers of one Pod that share an image share its back-off (IMG-05): the first one keeps it.
fn backoff_owner(cx: &Cx, pod: PodId, image: TextId) -> usize {
    cx.pod(pod)
        .worker
        .as_ref()
        .and_then(|w| w.containers.iter().position(|c| c.image == image))
        .unwrap_or(0)
}

fn pull(cx: &mut Cx, pod: PodId, container: u16, image: TextId) -> Image {
    let now = cx.now;
    let owner = backoff_owner(cx, pod, image);
    let Some(worker) = cx.pod(pod).worker.as_ref() else {
        return Image::Ready;
    };
    let entry = &worker.containers[owner];
    if entry.pull_backoff.refuses_pull(now) {
        let error = entry.pull_error;
        let message = Message::PullBackOff { image };
        emit(cx, pod, container, EventType::Normal, "BackOff", message);
        let text = format!(
            "Back-off pulling image \"{}\": ErrImagePull: {}",
            cx.cluster.texts.get(image),
            cx.cluster.texts.get(error)
        );
        let text = cx.intern(&text);
        return failed(cx, pod, container, WaitingReason::ImagePullBackOff, text);
    }
    let Some(node) = cx.pod(pod).node else {
        return Image::Ready;
    };
    let message = Message::Pulling { image };
    emit(cx, pod, container, EventType::Normal, "Pulling", message);
    let began_at = now.max(cx.node(node).pull_until);
    let outcome = runtime::pull(cx, pod, container, began_at);
    let due = played::pull(cx, pod, container).unwrap_or(began_at + outcome.takes);
    cx.node_mut(node).pull_until = due;
    cx.record(What::PullBegan { pod, container });
    if let Some(sync) = super::sync::current(cx, pod) {
        sync.pull = Some(Pull {
            asked_at: now,
            began_at,
            error: outcome.error,
            size: outcome.size,
        });
    }
    Image::Pulling { due }
}

/// A pull has ended; None: the image is there.
pub fn pulled(cx: &mut Cx, pod: PodId, container: u16) -> Option<StartProblem> {
    let now = cx.now;
    let pull = super::sync::current(cx, pod)?.pull.take()?;
    let image = cx.pod(pod).worker.as_ref()?.containers[usize::from(container)].image;
    runtime::note_pulled(cx, pod, container, &pull);
    let Some(error) = pull.error else {
        runtime::image_arrived(cx, pod, container);
        let message = Message::Pulled {
            image,
            pull_millis: now.since(pull.began_at).as_millis() as u32,
            total_millis: now.since(pull.asked_at).as_millis() as u32,
            size: pull.size,
        };
        emit(cx, pod, container, EventType::Normal, "Pulled", message);
        return None;
    };
    let owner = backoff_owner(cx, pod, image);
    let entry = &mut cx.pod_mut(pod).worker.as_mut()?.containers[owner];
    entry.pull_backoff.advance(now, now);
    entry.pull_error = error;
    let message = Message::PullFailed { image, error };
    emit(cx, pod, container, EventType::Warning, "Failed", message);
    match failed(cx, pod, container, WaitingReason::ErrImagePull, error) {
        Image::Failed(problem) => Some(problem),
        _ => None,
    }
}
