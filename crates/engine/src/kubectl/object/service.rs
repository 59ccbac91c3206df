//! Services, Endpoints and EndpointSlices.

use super::{container, metadata, owner};
use crate::api::{Protocol, Service, ServiceType};
use crate::controllers::{Endpoint, ServiceState};
use crate::go_format::ipv4;
use crate::ids::ServiceId;
use crate::kubectl::get::{
    cluster_ip, is_ready_address, protocol_name, slice_ports, subset, subset_ports, type_name,
};
use crate::kubectl::item::Item;
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::view::View;

pub fn service(view: &View, item: &Item, state: &ServiceState) -> Map {
    let object = &state.object;
    let meta = metadata(view, item, &state.uid).some(
        "annotations",
        &view.annotations(item, &object.metadata.annotations),
    );
    let address = cluster_ip(state);
    let is_external = object.service_type == ServiceType::ExternalName;
    let in_cluster = !is_external;
    let outside = matches!(
        object.service_type,
        ServiceType::NodePort | ServiceType::LoadBalancer
    );
    let affinity = match object.affinity_seconds {
        Some(_) => "ClientIP",
        None => "None",
    };
    let timeout = object.affinity_seconds.map(|seconds| {
        let timeout = map().set("timeoutSeconds", seconds);
        map().set("clientIP", timeout)
    });
    let spec = map()
        .some("clusterIP", &address)
        .some("clusterIPs", list(Some(&address).filter(|a| !a.is_empty())))
        .some("externalName", &object.external_name)
        .maybe(
            "externalTrafficPolicy",
            outside.then(|| object.external_policy()),
        )
        .maybe(
            "internalTrafficPolicy",
            in_cluster.then(|| object.internal_policy()),
        )
        .maybe("ipFamilies", in_cluster.then(|| list(["IPv4"])))
        .maybe("ipFamilyPolicy", in_cluster.then_some("SingleStack"))
        .some("ports", ports(object))
        .some(
            "publishNotReadyAddresses",
            object.publish_not_ready_addresses,
        )
        .some("selector", &object.selector)
        .set("sessionAffinity", affinity)
        .maybe("sessionAffinityConfig", timeout)
        .set("type", type_name(object.service_type));
    let status = map().set("loadBalancer", map());
    map()
        .set("metadata", meta)
        .set("spec", spec)
        .set("status", status)
}

/// The UID of what a controller made for a Service, which is nobody's draw.
fn dependent_uid(uid: &str, which: char) -> String {
    let rest = uid.chars().skip(1);
    std::iter::once(which).chain(rest).collect()
}

fn ports(service: &Service) -> Value {
    list(service.ports.iter().map(|port| {
        map()
            .some("name", &port.name)
            .some("nodePort", port.node_port)
            .set("port", port.port)
            .set("protocol", protocol_name(port.protocol))
            .set("targetPort", container::port(&port.target_port))
    }))
}

fn target(view: &View, endpoint: &Endpoint) -> Map {
    let pod = view.pod(endpoint.pod);
    map()
        .set("kind", "Pod")
        .set("name", &*pod.name)
        .set("namespace", &*pod.namespace)
        .set("uid", &*pod.uid)
}

fn node_name(view: &View, endpoint: &Endpoint) -> Option<String> {
    let node = endpoint.node?;
    Some(view.cluster.nodes[node.index()].name.to_string())
}

fn port_list(ports: &[(&str, u16, Protocol)], with_empty_names: bool) -> Value {
    list(ports.iter().map(|(name, number, protocol)| {
        let port = map()
            .set("port", *number)
            .set("protocol", protocol_name(*protocol));
        if with_empty_names {
            port.set("name", *name)
        } else {
            port.some("name", *name)
        }
    }))
}

pub fn endpoints(view: &View, item: &Item, id: ServiceId) -> Map {
    let state = view.cluster.controllers.service(id);
    let listed = subset(state);
    let addresses = |ready: bool| {
        let chosen = listed
            .iter()
            .filter(|e| is_ready_address(state, e) == ready);
        list(chosen.map(|endpoint| {
            map()
                .some("hostname", state.hostname(view.pod(endpoint.pod)))
                .set("ip", ipv4(endpoint.address))
                .maybe("nodeName", node_name(view, endpoint))
                .set("targetRef", target(view, endpoint))
        }))
    };
    let subset = map()
        .some("addresses", addresses(true))
        .some("notReadyAddresses", addresses(false))
        .some("ports", port_list(&subset_ports(state), false));
    let subsets: Vec<Value> = if listed.is_empty() {
        Vec::new()
    } else {
        vec![subset.into()]
    };
    let mut annotations = state.object.metadata.annotations.clone();
    annotations.extend(view.slice_annotations(id));
    let meta =
        metadata(view, item, &dependent_uid(&state.uid, 'e')).some("annotations", &annotations);
    map().set("metadata", meta).some("subsets", subsets)
}

pub fn slice(view: &View, item: &Item, id: ServiceId) -> Map {
    let state: &ServiceState = view.cluster.controllers.service(id);
    let endpoints = state.slice.endpoints.iter().map(|endpoint| {
        let conditions = map()
            .set("ready", endpoint.state.ready)
            .set("serving", endpoint.state.serving)
            .set("terminating", endpoint.state.terminating);
        map()
            .set("addresses", list([ipv4(endpoint.address)]))
            .set("conditions", conditions)
            .some("hostname", state.hostname(view.pod(endpoint.pod)))
            .maybe("nodeName", node_name(view, endpoint))
            .set("targetRef", target(view, endpoint))
            .some("zone", view.zone(endpoint.node))
    });
    let meta = metadata(view, item, &dependent_uid(&state.uid, '5'))
        .set("generateName", format!("{}-", state.name))
        .some("annotations", &view.slice_annotations(id))
        .set("generation", state.slice.generation)
        .set(
            "ownerReferences",
            owner("v1", "Service", &state.name, &state.uid),
        );
    let ports = port_list(&slice_ports(state), true);
    let ports = if state.slice.endpoints.is_empty() {
        Value::Null
    } else {
        ports
    };
    map()
        .set("addressType", "IPv4")
        .set("endpoints", list(endpoints))
        .set("metadata", meta)
        .set("ports", ports)
}
