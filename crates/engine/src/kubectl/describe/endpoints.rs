//! `kubectl describe endpointslice` and `endpoints` (DSC-07).

use super::{heading, ruled, Text};
use crate::api::{EndpointPort, Endpoints, Protocol, WrittenSlice};
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
    if let Thing::WrittenSlice(state) = &item.thing {
        return describe_written(view, item, &state.object, text);
    }
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
        text.line(2, "Conditions:");
        text.field(3, "Ready", endpoint.state.ready);
        let hostname = service.hostname(view.pod(endpoint.pod));
        text.field(2, "Hostname", or_unset(hostname));
        text.field(
            2,
            "TargetRef",
            format!("Pod/{}", view.pod(endpoint.pod).name),
        );
        if let Some(node) = endpoint.node {
            text.field(2, "NodeName", &view.cluster.nodes[node.index()].name);
        }
        text.field(2, "Zone", or_unset(view.zone(endpoint.node)));
    }
}

fn or_unset(text: &str) -> &str {
    match text {
        "" => "<unset>",
        text => text,
    }
}

/// A slice that somebody wrote (EPS-06).
fn describe_written(view: &View, item: &Item, slice: &WrittenSlice, text: &mut Text) {
    heading(item, text);
    text.labels("Labels", &item.labels);
    let annotations = view.annotations(item, &slice.metadata.annotations);
    text.annotations("Annotations", &annotations);
    text.field(0, "AddressType", &slice.address_type);
    if slice.ports.is_empty() {
        text.line(0, "Ports: <unset>");
    } else {
        text.line(0, "Ports:");
        written_ports(1, &slice.ports, text);
    }
    if slice.endpoints.is_empty() {
        return text.line(0, "Endpoints: <none>");
    }
    text.line(0, "Endpoints:");
    for endpoint in &slice.endpoints {
        text.line(
            1,
            format!("- Addresses:\t{}", endpoint.addresses.join(", ")),
        );
        text.line(2, "Conditions:");
        let ready = endpoint.ready.map_or("<unset>", |ready| match ready {
            true => "true",
            false => "false",
        });
        text.field(3, "Ready", ready);
        text.field(2, "Hostname", or_unset(&endpoint.hostname));
        let target = |field: &str| endpoint.target.get(field).map_or("", String::as_str);
        if !endpoint.target.is_empty() {
            let shown = [target("kind"), "/", target("name")].concat();
            text.field(2, "TargetRef", shown);
        }
        text.field(2, "NodeName", or_unset(&endpoint.node_name));
        text.field(2, "Zone", or_unset(&endpoint.zone));
    }
}

fn written_ports(level: usize, ports: &[EndpointPort], text: &mut Text) {
    ruled(level, &["Name", "Port", "Protocol"], text);
    for port in ports {
        let number = match port.port {
            0 => "<unset>".to_owned(),
            number => number.to_string(),
        };
        let name = or_unset(&port.name);
        let protocol = protocol_name(port.protocol);
        text.line(level, format!("{name}\t{number}\t{protocol}"));
    }
}

/// Endpoints that somebody wrote (EPS-06).
fn describe_subsets(view: &View, item: &Item, object: &Endpoints, text: &mut Text) {
    heading(item, text);
    text.labels("Labels", &item.labels);
    let annotations = view.annotations(item, &object.metadata.annotations);
    text.annotations("Annotations", &annotations);
    text.line(0, "Subsets:");
    for subset in &object.subsets {
        let addresses = |ready: bool| {
            let all = subset.endpoints.iter().filter(|e| e.is_ready() == ready);
            let all: Vec<&str> = all
                .flat_map(|endpoint| &endpoint.addresses)
                .map(String::as_str)
                .collect();
            none_if_empty(all.join(","))
        };
        text.field(1, "Addresses", addresses(true));
        text.field(1, "NotReadyAddresses", addresses(false));
        if !subset.ports.is_empty() {
            text.line(1, "Ports:");
            written_ports(2, &subset.ports, text);
        }
        text.line(0, "");
    }
}

pub fn describe_endpoints(view: &View, item: &Item, text: &mut Text) {
    if let Thing::WrittenEndpoints(state) = &item.thing {
        return describe_subsets(view, item, &state.object, text);
    }
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
