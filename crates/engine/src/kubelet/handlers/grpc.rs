//! Handler grpc (HDL-30): always the Pod's address, plaintext; connecting and asking share the
//! timeout.

use super::{address, ProbeOutput, ProbeStart};
use crate::api::Handler;
use crate::cluster::Cx;
use crate::container::GrpcAnswer;
use crate::ids::PodId;
use crate::kubelet::pod_worker::container_spec;
use crate::kubelet::probes::SlotId;
use crate::kubelet::runtime;
use crate::time::Duration;
use std::sync::Arc;

/// Asks the health service.
pub fn start(cx: &mut Cx, pod: PodId, slot: SlotId, timeout: Duration, port: u16) -> ProbeStart {
    let now = cx.now;
    let address = address(cx, pod);
    let spec = Arc::clone(&cx.pod(pod).spec);
    let spec = container_spec(&spec, slot.container());
    let Some(Handler::Grpc { service, .. }) = spec.probe(slot.kind()).map(|p| &p.handler) else {
        return ProbeStart::success(Duration::ZERO);
    };
    let asked = runtime::port_owner(cx, pod, port);
    let reply = cx
        .pod_for_probe(asked)
        .world
        .grpc_health(now, port, service);
    let after = reply.after;
    if reply.what == GrpcAnswer::Refused {
        return ProbeStart::failure(timeout, ProbeOutput::GrpcNoConnection { address });
    }
    if reply.what == GrpcAnswer::NoAnswer || after >= timeout {
        return ProbeStart::failure(timeout, ProbeOutput::GrpcLate);
    }
    let output = match reply.what {
        GrpcAnswer::Serving => return ProbeStart::success(after),
        GrpcAnswer::NotServing => ProbeOutput::GrpcStatus("NOT_SERVING"),
        GrpcAnswer::Unknown => ProbeOutput::GrpcStatus("UNKNOWN"),
        GrpcAnswer::UnknownService => ProbeOutput::GrpcUnknownService,
        _ => ProbeOutput::GrpcNoHealthService,
    };
    ProbeStart::failure(after, output)
}
