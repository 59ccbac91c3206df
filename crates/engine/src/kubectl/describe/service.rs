//! `kubectl describe service` (DSC-06).

use super::{heading, Text};
use crate::api::{PortRef, ServiceType};
use crate::kubectl::get::{
    cluster_ip, endpoint_summary, labels_text, none_if_empty, protocol_name, type_name,
};
use crate::kubectl::item::Item;
use crate::kubectl::view::View;

pub fn describe(view: &View, item: &Item, text: &mut Text) {
    let Some(state) = view.service(&item.thing) else {
        return;
    };
    let service = &state.object;
    heading(item, text);
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &service.metadata.annotations);
    text.field(0, "Selector", labels_text(&service.selector));
    text.field(0, "Type", type_name(service.service_type));
    let is_external = service.service_type == ServiceType::ExternalName;
    if !is_external {
        text.field(0, "IP Family Policy", "SingleStack");
    }
    let families = if is_external { "<none>" } else { "IPv4" };
    text.field(0, "IP Families", families);
    let address = cluster_ip(state);
    text.field(0, "IP", &address);
    text.field(0, "IPs", none_if_empty(address));
    if is_external {
        text.field(0, "External Name", &service.external_name);
    }
    for (index, port) in service.ports.iter().enumerate() {
        let name = if port.name.is_empty() {
            "<unset>"
        } else {
            &port.name
        };
        let protocol = protocol_name(port.protocol);
        text.line(0, format!("Port:\t{name}\t{}/{protocol}", port.port));
        match &port.target_port {
            PortRef::Number(number) => text.field(0, "TargetPort", format!("{number}/{protocol}")),
            PortRef::Name(target) => text.field(0, "TargetPort", format!("{target}/{protocol}")),
        }
        if port.node_port != 0 {
            text.line(
                0,
                format!("NodePort:\t{name}\t{}/{protocol}", port.node_port),
            );
        }
        text.field(0, "Endpoints", endpoint_summary(view, state, index));
    }
    let affinity = if service.affinity_seconds.is_some() {
        "ClientIP"
    } else {
        "None"
    };
    text.field(0, "Session Affinity", affinity);
    if matches!(
        service.service_type,
        ServiceType::NodePort | ServiceType::LoadBalancer
    ) {
        text.field(0, "External Traffic Policy", service.external_policy());
    }
    if !is_external {
        text.field(0, "Internal Traffic Policy", service.internal_policy());
    }
}
