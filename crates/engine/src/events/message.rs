//! Texts of events, as small data; the characters are made when somebody looks.

use super::Object;
use crate::api::{Container, ProbeKind};
use crate::cluster::Cluster;
use crate::go_format::go_duration;
use crate::ids::{NodeId, TextId};
pub use crate::kubelet::handlers::ProbeOutput;
use crate::status::WaitingReason;
use crate::time::Duration;

/// The text of an event. `X` in a comment is the container that the event's fieldPath names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Message {
    Fixed(&'static str),
    Text(TextId),
    /// `Successfully assigned <namespace>/<pod> to <node>` (SCH-05).
    Assigned(NodeId),
    /// Reason Killing (RUN-06).
    Killing(KillText),
    /// `Back-off restarting failed container X in pod …` (BKO-07).
    BackOff,
    /// `Error: <text>`.
    Error(TextId),
    /// `Error: ErrImagePull` and its kin.
    ErrorReason(WaitingReason),
    /// IMG-02; the image as written.
    Pulling {
        image: TextId,
    },
    /// IMG-02: times in milliseconds, the second with queueing; size in bytes.
    Pulled {
        image: TextId,
        pull_millis: u32,
        total_millis: u32,
        size: u64,
    },
    /// IMG-03.
    Present {
        image: TextId,
    },
    /// IMG-04.
    PullFailed {
        image: TextId,
        error: TextId,
    },
    /// IMG-06.
    PullBackOff {
        image: TextId,
    },
    /// IMG-09.
    NeverPull {
        image: TextId,
    },
    /// PRB-27.
    ProbeFailed {
        kind: ProbeKind,
        output: ProbeOutput,
    },
    /// A handler error; state `unknown`, else `failure` (PRB-10).
    ProbeErrored {
        kind: ProbeKind,
        unknown: bool,
        output: ProbeOutput,
    },
    /// HDL-05.
    ProbeWarning {
        kind: ProbeKind,
        output: ProbeOutput,
    },
}

/// Texts of reason Killing (RUN-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KillText {
    /// `Stopping container X`.
    Stopping,
    /// `Container X failed liveness probe, will be restarted` and its kin; sidecars `Init
    /// container X failed …` without suffix.
    FailedProbe { kind: ProbeKind, will_restart: bool },
    /// `Container X definition changed, will be restarted`.
    DefinitionChanged { will_restart: bool },
    /// `FailedPostStartHook`.
    FailedPostStartHook,
    /// `killing` (RST-08).
    RestartAll,
}

/// A container by its position, and whether it stands among the init containers.
fn container_at(
    cluster: &Cluster,
    object: Object,
    container: Option<u16>,
) -> Option<(&Container, bool)> {
    let Object::Pod(pod) = object else {
        return None;
    };
    let spec = &cluster.pods.get(pod.index())?.spec;
    let index = usize::from(container?);
    let inits = spec.init_containers.len();
    if index < inits {
        return Some((&spec.init_containers[index], true));
    }
    Some((spec.containers.get(index - inits)?, false))
}

/// The characters of a message.
pub(super) fn text(
    cluster: &Cluster,
    object: Object,
    container: Option<u16>,
    message: Message,
) -> String {
    let texts = &cluster.texts;
    let place = container_at(cluster, object, container);
    let name = place.map_or("", |(c, _)| c.name.as_str());
    let probe = |kind: ProbeKind, output: ProbeOutput| {
        place.map_or_else(String::new, |(c, _)| output.text(texts, c, kind))
    };
    match message {
        Message::Fixed(text) => text.to_owned(),
        Message::Text(text) => texts.get(text).to_owned(),
        Message::Assigned(node) => {
            let node = cluster.nodes.get(node.index()).map_or("", |n| &n.name);
            format!(
                "Successfully assigned {} to {node}",
                pod_path(cluster, object)
            )
        }
        Message::Killing(kill) => killing(kill, name, place.is_some_and(|(_, init)| init)),
        Message::BackOff => format!(
            "Back-off restarting failed container {name} in pod {}",
            pod_full_name(cluster, object)
        ),
        Message::Error(error) => format!("Error: {}", texts.get(error)),
        Message::ErrorReason(reason) => format!("Error: {}", reason.name()),
        Message::Pulling { image } => format!("Pulling image \"{}\"", texts.get(image)),
        Message::Pulled {
            image,
            pull_millis,
            total_millis,
            size,
        } => format!(
            "Successfully pulled image \"{}\" in {} ({} including waiting). Image size: {size} \
             bytes.",
            texts.get(image),
            go_duration(Duration::from_millis(u64::from(pull_millis))),
            go_duration(Duration::from_millis(u64::from(total_millis))),
        ),
        Message::Present { image } => format!(
            "Container image \"{}\" already present on machine and can be accessed by the pod",
            texts.get(image)
        ),
        Message::PullFailed { image, error } => format!(
            "Failed to pull image \"{}\": {}",
            texts.get(image),
            texts.get(error)
        ),
        Message::PullBackOff { image } => {
            format!("Back-off pulling image \"{}\"", texts.get(image))
        }
        Message::NeverPull { image } => format!(
            "Container image \"{}\" is not present with pull policy of Never",
            texts.get(image)
        ),
        Message::ProbeFailed { kind, output } => {
            format!("{} probe failed: {}", kind.title(), probe(kind, output))
        }
        Message::ProbeErrored {
            kind,
            unknown,
            output,
        } => format!(
            "{} probe errored and resulted in {} state: {}",
            kind.title(),
            if unknown { "unknown" } else { "failure" },
            probe(kind, output)
        ),
        Message::ProbeWarning { kind, output } => {
            format!("{} probe warning: {}", kind.title(), probe(kind, output))
        }
    }
}

fn killing(kill: KillText, name: &str, init: bool) -> String {
    let what = match kill {
        KillText::Stopping => return format!("Stopping container {name}"),
        KillText::FailedPostStartHook => return "FailedPostStartHook".to_owned(),
        KillText::RestartAll => return "killing".to_owned(),
        KillText::FailedProbe { kind, .. } => format!("failed {} probe", kind.name()),
        KillText::DefinitionChanged { .. } => "definition changed".to_owned(),
    };
    let will_restart = match kill {
        KillText::FailedProbe { will_restart, .. }
        | KillText::DefinitionChanged { will_restart } => will_restart,
        _ => false,
    };
    match (init, will_restart) {
        (true, _) => format!("Init container {name} {what}"),
        (false, true) => format!("Container {name} {what}, will be restarted"),
        (false, false) => format!("Container {name} {what}"),
    }
}

/// `namespace/name`.
fn pod_path(cluster: &Cluster, object: Object) -> String {
    match object {
        Object::Pod(pod) => cluster
            .pods
            .get(pod.index())
            .map_or_else(String::new, |p| format!("{}/{}", p.namespace, p.name)),
        _ => String::new(),
    }
}

/// `name_namespace(uid)`, as the kubelet's texts name a Pod.
fn pod_full_name(cluster: &Cluster, object: Object) -> String {
    match object {
        Object::Pod(pod) => cluster
            .pods
            .get(pod.index())
            .map_or_else(String::new, |p| p.full_name()),
        _ => String::new(),
    }
}
