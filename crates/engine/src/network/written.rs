//! Endpoints of slices that somebody wrote (EPS-06): addresses that may be a Pod's or nobody's.

use super::{visit, Backend, Nobody};
use crate::api::{Protocol, WrittenEndpoint};
use crate::cluster::Cluster;
use crate::controllers::{written_slices, ServiceState};
use crate::ids::{NodeId, PodId, RecordId};
use crate::record::EndpointState;

/// What the rules take of an endpoint's conditions: what nobody wrote counts as serving.
fn state(endpoint: &WrittenEndpoint) -> EndpointState {
    EndpointState {
        present: true,
        ready: endpoint.is_ready(),
        serving: endpoint.serving != Some(false),
        terminating: endpoint.terminating == Some(true),
    }
}

/// Adds the endpoints of a Service's port; of all ports, each address once, without a name.
fn collect(
    cluster: &Cluster,
    service: &ServiceState,
    port: Option<(&str, Protocol)>,
    add: &mut dyn FnMut(Backend, EndpointState),
) {
    let mut known: Vec<(u32, u16)> = Vec::new();
    for slice in written_slices(cluster, service) {
        let slice = &slice.object;
        let number = match port {
            None => Some(0),
            Some((name, protocol)) => {
                let mut ports = slice.ports.iter();
                let found = ports.find(|port| port.name == name && port.protocol == protocol);
                found.map(|port| port.port).filter(|number| *number != 0)
            }
        };
        let Some(number) = number.filter(|_| slice.address_type == "IPv4") else {
            continue;
        };
        for endpoint in &slice.endpoints {
            // Only the first address is used.
            let text = endpoint.addresses.first();
            let Some(address) = text.and_then(|text| visit::ipv4(text)) else {
                continue;
            };
            if known.contains(&(address, number)) {
                continue;
            }
            known.push((address, number));
            let mut nodes = cluster.nodes.iter();
            let node = nodes.position(|node| *node.name == *endpoint.node_name);
            let backend = Backend {
                pod: PodId::NONE,
                address,
                port: number,
                node: node.map(NodeId::at),
                cause: RecordId::NONE,
            };
            add(backend, state(endpoint));
        }
    }
}

/// The endpoints of a Service's port, by its place.
#[inline(never)]
pub fn of_port(
    cluster: &Cluster,
    service: &ServiceState,
    place: usize,
) -> Vec<(Backend, EndpointState)> {
    let mut found = Vec::new();
    let port = service.object.ports.get(place);
    if let Some(port) = port.filter(|_| !cluster.controllers.store.slices.is_empty()) {
        let port = Some((&*port.name, port.protocol));
        collect(cluster, service, port, &mut |backend, state| {
            found.push((backend, state));
        });
    }
    found
}

/// Every address, whatever its ports.
#[inline(never)]
pub fn addresses(cluster: &Cluster, service: &ServiceState) -> Vec<(Backend, EndpointState)> {
    let mut found = Vec::new();
    collect(cluster, service, None, &mut |backend, state| {
        found.push((backend, state));
    });
    found
}

/// Who answers at an endpoint now: a machine refuses where no Pod listens, and packets to nobody are
/// lost.
pub fn resolved(cluster: &Cluster, backend: Backend) -> Result<Backend, Nobody> {
    if backend.pod != PodId::NONE {
        return Ok(backend);
    }
    if let Some(pod) = visit::pod_at(cluster, backend.address, backend.port) {
        let node = cluster.pods[pod.index()].node;
        return Ok(Backend {
            pod,
            node,
            ..backend
        });
    }
    let mut nodes = cluster.nodes.iter();
    match nodes.any(|node| node.address == backend.address) {
        true => Err(Nobody::Refused),
        false => Err(Nobody::Dropped),
    }
}
