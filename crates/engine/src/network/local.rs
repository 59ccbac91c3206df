//! Traffic policy Local: a node's rules know the endpoints of that node only (SVC-02, SVC-04).

use super::{pick, route, Backend};
use crate::api::{Service, ServiceType};
use crate::cluster::Cx;
use crate::ids::{NodeId, ServiceId};
use crate::record::RequestOutcome;
use crate::rng::Purpose;

/// Whether the clients of a Service meet such rules: those of a node port come from outside, all
/// others from within.
pub fn is_local(service: &Service) -> bool {
    match service.service_type {
        ServiceType::NodePort | ServiceType::LoadBalancer => service.is_external_local,
        _ => service.is_internal_local,
    }
}

/// Clients are spread evenly over the nodes: those within live there, those of a node port know
/// all addresses. Only a load balancer asks which nodes have an endpoint, and leaves out the
/// others.
#[inline(never)]
pub fn choose(cx: &mut Cx, service: ServiceId) -> Result<Backend, RequestOutcome> {
    let mut nodes: Vec<NodeId> = cx.cluster.live_nodes().collect();
    let rules = route(cx, service);
    let kind = cx.cluster.controllers.service(service).object.service_type;
    if kind == ServiceType::LoadBalancer {
        nodes.retain(|node| rules.has_on(*node));
    }
    if rules.is_empty() || nodes.is_empty() {
        return Err(RequestOutcome::NoEndpoint);
    }
    let place = cx.cluster.draws.below(Purpose::Choice, nodes.len() as u64);
    let found = route(cx, service).candidates_on(nodes[place as usize]);
    if found.is_empty() {
        // Endpoints elsewhere: the packets are dropped.
        return Err(RequestOutcome::TimedOut);
    }
    Ok(pick(&mut cx.cluster.draws, &found))
}
