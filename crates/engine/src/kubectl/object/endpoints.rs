//! Endpoints and EndpointSlices that somebody wrote (EPS-06).

use super::{metadata, owner};
use crate::api::{EndpointPort, WrittenEndpoint};
use crate::controllers::{EndpointsState, SliceState};
use crate::kubectl::get::protocol_name;
use crate::kubectl::item::Item;
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::view::View;

pub fn endpoints(view: &View, item: &Item, state: &EndpointsState) -> Map {
    let object = &state.object;
    let address = |endpoint: &&WrittenEndpoint| {
        let ip = endpoint.addresses.first().map_or("", String::as_str);
        map()
            .some("hostname", &endpoint.hostname)
            .set("ip", ip)
            .some("nodeName", &endpoint.node_name)
            .some("targetRef", &endpoint.target)
    };
    let subsets = object.subsets.iter().map(|subset| {
        let of = |ready: bool| {
            let all = subset.endpoints.iter().filter(|e| e.is_ready() == ready);
            list(all.map(|endpoint| address(&endpoint)))
        };
        map()
            .some("addresses", of(true))
            .some("notReadyAddresses", of(false))
            .some("ports", ports(&subset.ports, false))
    });
    let annotations = view.annotations(item, &object.metadata.annotations);
    let meta = metadata(view, item, &state.uid).some("annotations", &annotations);
    map().set("metadata", meta).some("subsets", list(subsets))
}

fn ports(ports: &[EndpointPort], is_slice: bool) -> Value {
    list(ports.iter().map(|port| {
        let entry = map()
            .some("appProtocol", &port.app_protocol)
            .some("port", port.port)
            .set("protocol", protocol_name(port.protocol));
        match is_slice {
            true => entry.set("name", &port.name),
            false => entry.some("name", &port.name),
        }
    }))
}

pub fn slice(view: &View, item: &Item, state: &SliceState) -> Map {
    let object = &state.object;
    let endpoints = object.endpoints.iter().map(|endpoint| {
        let conditions = map()
            .maybe("ready", endpoint.ready)
            .maybe("serving", endpoint.serving)
            .maybe("terminating", endpoint.terminating);
        map()
            .set("addresses", list(&endpoint.addresses))
            .set("conditions", conditions)
            .some("hostname", &endpoint.hostname)
            .some("nodeName", &endpoint.node_name)
            .some("targetRef", &endpoint.target)
            .some("zone", &endpoint.zone)
    });
    let annotations = view.annotations(item, &object.metadata.annotations);
    let mut meta = metadata(view, item, &state.uid)
        .some("annotations", &annotations)
        .some("generateName", &object.metadata.generate_name)
        .set("generation", state.generation);
    let key = (item.namespace.clone(), object.service().to_owned());
    let store = &view.cluster.controllers.store;
    let source = store.endpoints.get(&key).filter(|_| state.is_mirror);
    if let Some(source) = source {
        let owner = owner("v1", "Endpoints", &key.1, &source.uid);
        meta = meta.set("ownerReferences", owner);
    }
    let ports = match object.ports.is_empty() {
        true => Value::Null,
        false => ports(&object.ports, true),
    };
    map()
        .set("addressType", &object.address_type)
        .set("endpoints", list(endpoints))
        .set("metadata", meta)
        .set("ports", ports)
}
