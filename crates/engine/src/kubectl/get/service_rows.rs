//! `kubectl get services`, `endpoints` and `endpointslices`.

use super::{endpoint_rows, labels_text, none_if_empty};
use crate::api::{Protocol, Service, ServiceType};
use crate::controllers::{written_slices, Endpoint, ServiceState};
use crate::go_format::{fnv_128a, ipv4};
use crate::kubectl::api_service;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::view::View;

pub const SERVICE: &[&str] = &[
    "NAME",
    "TYPE",
    "CLUSTER-IP",
    "EXTERNAL-IP",
    "PORT(S)",
    "AGE",
    "+SELECTOR",
];
pub const ENDPOINTS: &[&str] = &["NAME", "ENDPOINTS", "AGE"];
pub const SLICE: &[&str] = &["NAME", "ADDRESSTYPE", "PORTS", "ENDPOINTS", "AGE"];

/// Lists are cut after this many entries.
const SHOWN_MAX: usize = 3;

pub fn service(view: &View, item: &Item) -> Vec<String> {
    let Some(state) = view.service(&item.thing) else {
        return Vec::new();
    };
    let service = &state.object;
    vec![
        item.name.clone(),
        type_name(service.service_type).to_owned(),
        none_if_empty(cluster_ip(state)),
        external_address(service),
        none_if_empty(port_summary(service)),
        item.created.age(view.now),
        labels_text(&service.selector),
    ]
}

/// `spec.type`.
pub const fn type_name(service_type: ServiceType) -> &'static str {
    match service_type {
        ServiceType::ClusterIp => "ClusterIP",
        ServiceType::NodePort => "NodePort",
        ServiceType::LoadBalancer => "LoadBalancer",
        ServiceType::ExternalName => "ExternalName",
    }
}

/// The API's word for a protocol.
pub const fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    }
}

/// `spec.clusterIP`: an address, `None`, or nothing.
pub fn cluster_ip(state: &ServiceState) -> String {
    match state.cluster_ip {
        Some(address) => ipv4(address),
        None if state.object.service_type == ServiceType::ExternalName => String::new(),
        None => "None".to_owned(),
    }
}

/// Column EXTERNAL-IP.
pub fn external_address(service: &Service) -> String {
    match service.service_type {
        ServiceType::LoadBalancer => "<pending>".to_owned(),
        ServiceType::ExternalName => service.external_name.clone(),
        _ => "<none>".to_owned(),
    }
}

/// `80/TCP,443:30443/TCP`.
pub fn port_summary(service: &Service) -> String {
    let ports = service.ports.iter().map(|port| {
        let protocol = protocol_name(port.protocol);
        match port.node_port {
            0 => format!("{}/{protocol}", port.port),
            node_port => format!("{}:{node_port}/{protocol}", port.port),
        }
    });
    ports.collect::<Vec<_>>().join(",")
}

pub fn endpoints(view: &View, item: &Item) -> Vec<String> {
    if let Thing::WrittenEndpoints(state) = &item.thing {
        return endpoint_rows::endpoints(view, item, &state.object);
    }
    let Thing::Endpoints(id) = item.thing else {
        return Vec::new();
    };
    let service = view.cluster.controllers.service(id);
    let listed = subset(service);
    let shown = if listed.is_empty() {
        "<none>".to_owned()
    } else {
        let ready = |endpoint: &&&Endpoint| is_ready_address(service, endpoint);
        let mut addresses = Vec::new();
        for port in port_order(service) {
            for endpoint in listed.iter().filter(ready) {
                if let Some(number) = endpoint.ports.get(port).filter(|number| **number != 0) {
                    addresses.push(format!("{}:{number}", ipv4(endpoint.address)));
                }
            }
        }
        cut(&addresses)
    };
    vec![item.name.clone(), shown, item.created.age(view.now)]
}

/// The places of the Service's ports in the order in which an Endpoints object has them: by a hash
/// of each (FNV-1a of 128 bits over how Go dumps it), so that the same ports never change places.
pub fn port_order(service: &ServiceState) -> Vec<usize> {
    let endpoint = service.slice.endpoints.first();
    let hash = |place: &usize| {
        let port = &service.object.ports[*place];
        let number = endpoint.and_then(|endpoint| endpoint.ports.get(*place));
        let dump = format!(
            "(v1.EndpointPort){{Name:(string){} Port:(int32){} Protocol:(v1.Protocol){} \
             AppProtocol:(*string)<nil>}}",
            port.name,
            number.copied().unwrap_or(0),
            protocol_name(port.protocol)
        );
        fnv_128a(&dump)
    };
    let mut places: Vec<usize> = (0..service.object.ports.len()).collect();
    places.sort_by_cached_key(hash);
    places
}

/// The endpoints that the Endpoints object lists: Pods that terminate are left out (EPS-06), and
/// those without any of the ports (EPS-03).
pub fn subset(service: &ServiceState) -> Vec<&Endpoint> {
    let publish = service.object.publish_not_ready_addresses;
    let wanted = |endpoint: &&Endpoint| {
        let has_port = service.object.ports.is_empty() || endpoint.ports.iter().any(|p| *p != 0);
        (!endpoint.state.terminating || publish) && has_port
    };
    service.slice.endpoints.iter().filter(wanted).collect()
}

/// Whether an entry of [`subset`] stands under `addresses`, not `notReadyAddresses`.
pub fn is_ready_address(service: &ServiceState, endpoint: &Endpoint) -> bool {
    endpoint.state.serving || service.object.publish_not_ready_addresses
}

/// At most three, then how many more.
pub(super) fn cut(texts: &[String]) -> String {
    let shown = texts[..texts.len().min(SHOWN_MAX)].join(",");
    match texts.len().saturating_sub(SHOWN_MAX) {
        0 => shown,
        more => format!("{shown} + {more} more..."),
    }
}

pub fn slice(view: &View, item: &Item) -> Vec<String> {
    if let Thing::WrittenSlice(state) = &item.thing {
        return endpoint_rows::slice(view, item, &state.object);
    }
    let Thing::EndpointSlice(id) = item.thing else {
        return Vec::new();
    };
    let service = view.cluster.controllers.service(id);
    let addresses: Vec<String> = service
        .slice
        .endpoints
        .iter()
        .map(|endpoint| ipv4(endpoint.address))
        .collect();
    let ports: Vec<String> = slice_ports(service)
        .iter()
        .map(|(_, port, _)| port.to_string())
        .collect();
    let unset = |texts: &[String]| match texts {
        [] => "<unset>".to_owned(),
        texts => cut(texts),
    };
    vec![
        item.name.clone(),
        "IPv4".to_owned(),
        unset(&ports),
        unset(&addresses),
        item.created.age(view.now),
    ]
}

/// Ports of a slice: name, number, protocol. The first endpoint's stand for all (EPS-03).
pub fn slice_ports(service: &ServiceState) -> Vec<(&str, u16, Protocol)> {
    ports_in(service, 0..service.object.ports.len())
}

/// The same of an Endpoints object.
pub fn subset_ports(service: &ServiceState) -> Vec<(&str, u16, Protocol)> {
    ports_in(service, port_order(service))
}

fn ports_in(
    service: &ServiceState,
    places: impl IntoIterator<Item = usize>,
) -> Vec<(&str, u16, Protocol)> {
    let Some(endpoint) = service.slice.endpoints.first() else {
        return Vec::new();
    };
    let ports = places.into_iter().filter_map(|place| {
        let port = service.object.ports.get(place)?;
        let number = *endpoint.ports.get(place)?;
        (number != 0).then_some((port.name.as_str(), number, port.protocol))
    });
    ports.collect()
}

/// What `describe service` says of a port's endpoints: ready ones, at most three (DSC-06).
pub fn endpoint_summary(view: &View, service: &ServiceState, port: usize) -> String {
    if std::ptr::eq(service, api_service::state()) {
        return format!("{}:{}", api_service::ADDRESS, api_service::PORT);
    }
    let slice = &service.slice;
    let mut slices = written_slices(view.cluster, service).peekable();
    if slice.name.is_empty() && slices.peek().is_none() {
        // A slice without endpoints prints nothing; no slice at all prints so.
        return "<none>".to_owned();
    }
    let ready = slice
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.state.ready);
    let mut addresses: Vec<String> = ready
        .map(|endpoint| match endpoint.ports.get(port) {
            Some(number) if *number != 0 => format!("{}:{number}", ipv4(endpoint.address)),
            _ => ipv4(endpoint.address),
        })
        .collect();
    let name = service.object.ports.get(port);
    let name = name.map_or("", |port| &port.name);
    addresses.extend(endpoint_rows::ready_addresses(slices, name));
    cut(&addresses)
}
