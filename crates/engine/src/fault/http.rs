//! Makes an HTTP server answer otherwise: a status, slowly, never, or by dropping the connection.

use super::{hold, targets, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::container::{HttpAnswer, HttpOverride};
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::{self, HttpFault};
use crate::time::Duration;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "http",
    subject: Subject::Container,
    parameters: &[
        Parameter::free("path", &["/healthz"]),
        Parameter::free("status", &["500", "503", "404", "302"]),
        Parameter::free("latency", &["3s"]),
        Parameter::words("answer", &["hang", "reset", "empty", "refuse"]),
        Parameter::free("port", &["8080"]),
        Parameter::free("body", &["broken"]),
    ],
    lasts: true,
    does: "The HTTP server answers with another status, slowly, never, or drops the connection.",
    unseen: "A TCP probe sees only a refusal; an exec probe sees nothing unless it asks the \
             server; a probe of another path or port sees nothing.",
};

pub(super) fn apply(cx: &mut Cx, input: u32, fault: &HttpFault) -> Result<(), String> {
    for (pod, container) in targets(cx, &fault.target)? {
        let answer = match fault.answer {
            scenario::HttpAnswer::Normal => fault.status.map(|status| HttpAnswer::Status {
                status,
                location: None,
            }),
            scenario::HttpAnswer::Refuse => Some(HttpAnswer::Refused),
            scenario::HttpAnswer::Reset => Some(HttpAnswer::Reset),
            scenario::HttpAnswer::Hang => Some(HttpAnswer::NoAnswer),
            scenario::HttpAnswer::Empty => Some(HttpAnswer::Empty),
        };
        with_world(cx, pod, |world| {
            world.set_http(HttpOverride {
                id: input,
                container: Some(container),
                port: fault.port,
                path: fault.path.as_deref().map(Into::into),
                answer,
                latency: fault.latency.unwrap_or(Duration::ZERO),
                body: fault.body.as_deref().map(Into::into),
            });
        });
        hold(
            cx,
            input,
            pod,
            Some(container),
            Undo::Http {
                status: fault.status,
                path: fault.path.clone().unwrap_or_default(),
            },
        );
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, pod: PodId, input: u32) {
    with_world(cx, pod, |world| world.clear_http(input));
}
