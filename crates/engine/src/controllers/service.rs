//! Services: addresses and ports (API-09).

use super::state::Objects;
use super::{endpoint_slice, endpoints, names, ApiError, EndpointSlice, ServiceState};
use crate::api::{Service, ServiceType};
use crate::cluster::{Cluster, Cx, Versioned};
use crate::go_format;
use crate::ids::ServiceId;
use crate::network;
use crate::record::What;
use crate::rng::Purpose;
use crate::time::Instant;
use core::net::Ipv4Addr;
use std::sync::Arc;

/// 10.96.0.0/12, as kubeadm and the recorded cluster have it.
const SERVICE_NETWORK: u32 = u32::from_be_bytes([10, 96, 0, 0]);
const SERVICE_NETWORK_SIZE: u32 = 1 << 20;
/// Automatic addresses come from above these first ones.
const KEPT_ADDRESSES: u32 = 256;
/// Valid node ports; automatic ones come from above the first 86.
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30000..=32767;
const KEPT_NODE_PORTS: u16 = 86;

/// Creates a Service with its addresses.
pub(super) fn create(cx: &mut Cx, mut object: Service) -> Result<ServiceId, ApiError> {
    let cluster_ip = cluster_ip(cx.cluster, &object)?;
    fill_node_ports(cx.cluster, &mut object, None)?;
    let id = ServiceId::at(cx.cluster.controllers.services.len());
    let state = ServiceState {
        name: object.metadata.name.as_str().into(),
        namespace: super::lookup::or_default(cx.cluster, &object.metadata.namespace),
        uid: names::uid(&mut cx.cluster.draws),
        created_at: cx.now,
        removed_at: None,
        object: Arc::new(object),
        cluster_ip,
        slice: EndpointSlice::default(),
        sync_at: Instant::NEVER,
    };
    cx.cluster.controllers.services.push(Arc::new(state));
    cx.versions().write(Versioned::Service(id));
    cx.record_as_cause(What::ServiceChanged { service: id });
    network::service_added(cx, id);
    endpoint_slice::service_changed(cx, id);
    endpoints::service_changed(cx, id);
    Ok(id)
}

/// Replaces a Service's spec. Whether that changed anything.
pub(super) fn replace(cx: &mut Cx, id: ServiceId, mut object: Service) -> Result<bool, ApiError> {
    let old = &cx.service(id).object;
    if object.cluster_ip.is_empty() {
        object.cluster_ip.clone_from(&old.cluster_ip);
    } else if object.cluster_ip != address_text(cx.service(id)) {
        let detail = format!(
            "spec.clusterIPs[0]: Invalid value: [\"{}\"]: may not change once set",
            object.cluster_ip
        );
        return Err(invalid(&object, &detail));
    } else {
        object.cluster_ip.clone_from(&old.cluster_ip);
    }
    for port in &mut object.ports {
        let kept = old
            .ports
            .iter()
            .find(|p| (p.port, p.protocol) == (port.port, port.protocol));
        if let (0, Some(kept)) = (port.node_port, kept) {
            port.node_port = kept.node_port;
        }
    }
    fill_node_ports(cx.cluster, &mut object, Some(id))?;
    if *cx.service(id).object == object {
        return Ok(false);
    }
    cx.service_mut(id).object = Arc::new(object);
    cx.versions().write(Versioned::Service(id));
    cx.record_as_cause(What::ServiceChanged { service: id });
    endpoint_slice::service_changed(cx, id);
    endpoints::service_changed(cx, id);
    Ok(true)
}

/// Deletes a Service.
pub(super) fn remove(cx: &mut Cx, id: ServiceId) {
    let now = cx.now;
    cx.service_mut(id).removed_at = Some(now);
    cx.versions().write(Versioned::Service(id));
    cx.record_as_cause(What::ServiceChanged { service: id });
    endpoint_slice::service_removed(cx, id);
    endpoints::service_changed(cx, id);
}

/// The cluster IP as the API prints it; `None` for a headless Service.
fn address_text(service: &ServiceState) -> String {
    service
        .cluster_ip
        .map_or_else(|| "None".to_owned(), go_format::ipv4)
}

fn invalid(service: &Service, detail: &str) -> ApiError {
    ApiError::invalid("Service", &service.metadata.name, detail)
}

fn cluster_ip(cluster: &mut Cluster, service: &Service) -> Result<Option<u32>, ApiError> {
    if service.headless || service.service_type == ServiceType::ExternalName {
        return Ok(None);
    }
    let text = service.cluster_ip.as_str();
    let refuse = |why: &str| {
        let detail = format!(
            "spec.clusterIPs: Invalid value: [\"{text}\"]: failed to allocate IP {text}: {why}"
        );
        Err(invalid(service, &detail))
    };
    let is_taken = |cluster: &Cluster, address: u32| {
        let mut services = cluster.controllers.live_services();
        services.any(|(_, other)| other.cluster_ip == Some(address))
    };
    if text.is_empty() {
        for _ in 0..64 {
            let span = u64::from(SERVICE_NETWORK_SIZE - 1 - KEPT_ADDRESSES);
            let offset = cluster.draws.below(Purpose::Name, span) as u32;
            let address = SERVICE_NETWORK + KEPT_ADDRESSES + offset;
            if !is_taken(cluster, address) {
                return Ok(Some(address));
            }
        }
        return refuse("range is full");
    }
    let Ok(address) = text.parse::<Ipv4Addr>().map(u32::from) else {
        return refuse("the provided network does not match the current range");
    };
    if address.wrapping_sub(SERVICE_NETWORK) >= SERVICE_NETWORK_SIZE {
        return refuse("the provided network does not match the current range");
    }
    if is_taken(cluster, address) {
        return refuse("provided IP is already allocated");
    }
    Ok(Some(address))
}

fn has_node_ports(service: &Service) -> bool {
    matches!(
        service.service_type,
        ServiceType::NodePort | ServiceType::LoadBalancer
    )
}

/// A recorded run's draws.
#[cfg(feature = "scripted")]
fn play_node_ports(cluster: &Cluster, service: &mut Service) {
    let drawn = cluster.recorded.node_ports.get(&service.metadata.name);
    for (port, drawn) in service.ports.iter_mut().zip(drawn.into_iter().flatten()) {
        if port.node_port == 0 {
            port.node_port = *drawn;
        }
    }
}

#[cfg(not(feature = "scripted"))]
fn play_node_ports(_cluster: &Cluster, _service: &mut Service) {}

fn fill_node_ports(
    cluster: &mut Cluster,
    service: &mut Service,
    own: Option<ServiceId>,
) -> Result<(), ApiError> {
    if !has_node_ports(service) {
        for port in &mut service.ports {
            port.node_port = 0;
        }
        return Ok(());
    }
    let mut taken: Vec<u16> = cluster
        .controllers
        .live_services()
        .filter(|(id, _)| Some(*id) != own)
        .flat_map(|(_, s)| s.object.ports.iter().map(|p| p.node_port))
        .collect();
    for (index, port) in service.ports.iter().enumerate() {
        if port.node_port == 0 {
            continue;
        }
        let why = if !NODE_PORTS.contains(&port.node_port) {
            "provided port is not in the valid range. The range of valid ports is 30000-32767"
        } else if taken.contains(&port.node_port) {
            "provided port is already allocated"
        } else {
            continue;
        };
        let number = port.node_port;
        let detail = format!("spec.ports[{index}].nodePort: Invalid value: {number}: {why}");
        return Err(invalid(service, &detail));
    }
    play_node_ports(cluster, service);
    taken.extend(service.ports.iter().map(|p| p.node_port));
    for port in &mut service.ports {
        while port.node_port == 0 {
            let first = NODE_PORTS.start() + KEPT_NODE_PORTS;
            let span = u64::from(NODE_PORTS.end() - first) + 1;
            let candidate = first + cluster.draws.below(Purpose::Name, span) as u16;
            if !taken.contains(&candidate) {
                taken.push(candidate);
                port.node_port = candidate;
            } else if taken.len() >= usize::from(NODE_PORTS.end() - first) {
                let detail = "spec.ports[0].nodePort: Internal error: range is full";
                let name = service.metadata.name.clone();
                return Err(ApiError::invalid("Service", &name, detail));
            }
        }
    }
    Ok(())
}
