//! `kubectl describe endpointslice` and `endpoints` (DSC-07).

use super::{heading, ruled, Text};
use crate::api::Protocol;
use crate::go_format::ipv4;
use crate::kubectl::get::{
    is_ready_address, none_if_empty, protocol_name, slice_ports, subset, subset_ports,
};
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::view::View;

fn port_rows(level: usize, ports: &[(&str, u16, Protocol)], text: &mut Text) {
    ruled(level, &["Name", "Port", "Protocol"], text);
    for (name, number, protocol) in ports {
        let name = if name.is_empty() { "<unset>" } else { name };
        text.line(
            level,
            format!("{name}\t{number}\t{}", protocol_name(*protocol)),
        );
    }
}

pub fn describe_slice(view: &View, item: &Item, text: &mut Text) {
    let Thing::EndpointSlice(id) = item.thing else {
        return;
    };
    let service = view.cluster.controllers.service(id);
    heading(item, text);
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &view.slice_annotations(id));
    text.field(0, "AddressType", "IPv4");
    let ports = slice_ports(service);
    if ports.is_empty() {
        text.line(0, "Ports: <unset>");
    } else {
        text.line(0, "Ports:");
        port_rows(1, &ports, text);
    }
    if service.slice.endpoints.is_empty() {
        return text.line(0, "Endpoints: <none>");
    }
    text.line(0, "Endpoints:");
    for endpoint in &service.slice.endpoints {
        text.line(1, format!("- Addresses:\t{}", ipv4(endpoint.address)));
        text.line(2, "Conditions:\t");
        text.field(3, "Ready", endpoint.state.ready);
        text.field(2, "Hostname", "<unset>");
        text.field(
            2,
            "TargetRef",
            format!("Pod/{}", view.pod(endpoint.pod).name),
        );
        if let Some(node) = endpoint.node {
            text.field(2, "NodeName", &view.cluster.nodes[node.index()].name);
        }
        let zone = match view.zone(endpoint.node) {
            "" => "<unset>",
            zone => zone,
        };
        text.field(2, "Zone", zone);
    }
}

pub fn describe_endpoints(view: &View, item: &Item, text: &mut Text) {
    let Thing::Endpoints(id) = item.thing else {
        return;
    };
    let service = view.cluster.controllers.service(id);
    heading(item, text);
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &view.slice_annotations(id));
    text.line(0, "Subsets:");
    let listed = subset(service);
    if !listed.is_empty() {
        let addresses = |ready: bool| {
            let chosen = listed
                .iter()
                .filter(|e| is_ready_address(service, e) == ready);
            none_if_empty(
                chosen
                    .map(|e| ipv4(e.address))
                    .collect::<Vec<_>>()
                    .join(","),
            )
        };
        text.field(1, "Addresses", addresses(true));
        text.field(1, "NotReadyAddresses", addresses(false));
        let ports = subset_ports(service);
        if !ports.is_empty() {
            text.line(1, "Ports:");
            port_rows(2, &ports, text);
        }
        text.line(0, "");
    }
}
