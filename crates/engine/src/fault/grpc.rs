//! Makes a gRPC health service answer otherwise.

use super::{hold, targets, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::container::{GrpcAnswer, GrpcOverride};
use crate::ids::PodId;
use crate::kubelet::with_world;
use crate::scenario::{ContainerRef, GrpcStatus};

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "grpc",
    subject: Subject::Container,
    parameters: &[
        Parameter::words(
            "status",
            &["NOT_SERVING", "SERVING", "UNKNOWN", "SERVICE_UNKNOWN"],
        ),
        Parameter::free("service", &["liveness"]),
        Parameter::free("port", &["9090"]),
    ],
    lasts: true,
    does: "The gRPC health service answers with this status.",
    unseen: "Only a gRPC probe of that service sees it; HTTP, TCP and exec probes do not ask the \
             health service.",
};

pub(super) fn apply(
    cx: &mut Cx,
    input: u32,
    target: &ContainerRef,
    port: Option<u16>,
    service: Option<&str>,
    status: GrpcStatus,
) -> Result<(), String> {
    for (pod, container) in targets(cx, target)? {
        with_world(cx, pod, |world| {
            world.set_grpc(GrpcOverride {
                id: input,
                port,
                service: service.map(Into::into),
                answer: match status {
                    GrpcStatus::Serving => GrpcAnswer::Serving,
                    GrpcStatus::NotServing => GrpcAnswer::NotServing,
                    GrpcStatus::Unknown => GrpcAnswer::Unknown,
                    GrpcStatus::ServiceUnknown => GrpcAnswer::UnknownService,
                },
            });
        });
        hold(cx, input, pod, Some(container), Undo::Grpc);
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, pod: PodId, input: u32) {
    with_world(cx, pod, |world| world.clear_grpc(input));
}
