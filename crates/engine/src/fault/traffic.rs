//! Another rate of requests.

use super::{hold, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::controllers::ApiError;
use crate::ids::{PodId, ServiceId};
use crate::network;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "traffic",
    subject: Subject::Service,
    parameters: &[Parameter::free("rate", &["50"])],
    lasts: true,
    does: "The Service's clients send this many requests a second.",
    unseen: "Probes see it only if the work piles up: where a CPU limit is too low for the rate, \
             answers come later than timeoutSeconds.",
};

pub(super) fn apply(cx: &mut Cx, input: u32, service: &str, rate_milli: u32) -> Result<(), String> {
    let before: Vec<(ServiceId, u32)> = cx
        .cluster
        .controllers
        .live_services()
        .filter(|(_, state)| *state.name == *service)
        .map(|(id, _)| (id, cx.cluster.network.rate_milli(id)))
        .collect();
    if !network::set_traffic(cx, service, rate_milli) {
        return Err(ApiError::not_found("services", service).text);
    }
    for (service, rate_milli) in before {
        let undo = Undo::Traffic {
            service,
            rate_milli,
        };
        hold(cx, input, PodId::NONE, None, undo);
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, service: ServiceId, rate_milli: u32) {
    network::set_rate(cx, service, rate_milli);
}
