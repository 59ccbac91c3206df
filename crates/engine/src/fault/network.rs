//! A partition between the clients of a Service and Pods or a node.

use super::{hold, node_named, FaultKind, Parameter, Subject, Undo};
use crate::cluster::Cx;
use crate::controllers::{find_service, resolve};
use crate::ids::PodId;
use crate::network::{Cut, Side};
use crate::scenario::PodRef;

/// Registry line.
pub const KIND: FaultKind = FaultKind {
    id: "network",
    subject: Subject::Between,
    parameters: &[Parameter::words("state", &["cut", "ok"])],
    lasts: true,
    does: "Packets between the Service's clients and the Pods, or all Pods of the node, are lost: \
           requests that are sent there time out.",
    unseen: "Probes do not see it: the kubelet asks from the Pod's own node. The endpoints stay \
             ready and keep getting their share of the requests.",
};

pub(super) fn apply(cx: &mut Cx, input: u32, between: &[String], cut: bool) -> Result<(), String> {
    let [one, other] = between else {
        return Err("between names two parties: service/NAME and pod/NAME or a node".into());
    };
    let (service, other) =
        match (service_of(one), service_of(other)) {
            (Some(service), None) => (service, other),
            (None, Some(service)) => (service, one),
            _ => return Err(
                "one of the two must be service/NAME: only the clients of Services send requests"
                    .into(),
            ),
        };
    let found = find_service(cx.cluster, "", service)
        .ok_or_else(|| format!("there is no Service {service}"))?;
    let side = side_of(cx, other)?;
    let wanted = Cut {
        input,
        service: found,
        side,
    };
    if cut {
        cx.cluster.network.cuts.push(wanted);
        hold(cx, input, PodId::NONE, None, Undo::Network);
    } else {
        cx.cluster
            .network
            .cuts
            .retain(|cut| (cut.service, &cut.side) != (wanted.service, &wanted.side));
    }
    Ok(())
}

pub(super) fn undo(cx: &mut Cx, input: u32) {
    cx.cluster.network.cuts.retain(|cut| cut.input != input);
}

fn service_of(party: &str) -> Option<&str> {
    ["service/", "svc/", "services/"]
        .iter()
        .find_map(|kind| party.strip_prefix(kind))
}

fn side_of(cx: &Cx, party: &str) -> Result<Side, String> {
    if let Some(name) = party.strip_prefix("node/") {
        return Ok(Side::Node(node_named(cx, name)?));
    }
    if let Ok(node) = node_named(cx, party) {
        return Ok(Side::Node(node));
    }
    let pods = PodRef::parse(party).map_or_else(Vec::new, |wanted| resolve(cx.cluster, &wanted));
    if pods.is_empty() {
        return Err(format!("neither a node nor a Pod is called {party}"));
    }
    Ok(Side::Pods(pods))
}
