//! `kubectl get endpoints` and `endpointslices` of those that somebody wrote (EPS-06).

use super::service_rows::cut;
use crate::api::{Endpoints, WrittenSlice};
use crate::controllers::SliceState;
use crate::kubectl::item::Item;
use crate::kubectl::view::View;
use std::sync::Arc;

/// The cells of Endpoints.
pub fn endpoints(view: &View, item: &Item, object: &Endpoints) -> Vec<String> {
    let mut all = Vec::new();
    for subset in &object.subsets {
        let ready = || subset.endpoints.iter().filter(|e| e.is_ready());
        let addresses = || ready().flat_map(|endpoint| &endpoint.addresses);
        match subset.ports.is_empty() {
            true => all.extend(addresses().cloned()),
            false => {
                for port in &subset.ports {
                    all.extend(addresses().map(|address| joined(address, port.port)));
                }
            }
        }
    }
    let shown = match object.subsets.is_empty() {
        true => "<none>".to_owned(),
        false => cut(&all),
    };
    vec![item.name.clone(), shown, item.created.age(view.now)]
}

/// `10.0.0.1:80`; an IPv6 address in brackets.
fn joined(address: &str, port: u16) -> String {
    match address.contains(':') {
        true => format!("[{address}]:{port}"),
        false => format!("{address}:{port}"),
    }
}

/// The cells of an EndpointSlice.
pub fn slice(view: &View, item: &Item, object: &WrittenSlice) -> Vec<String> {
    let ports = object.ports.iter().map(|port| match port.port {
        0 => port.name.clone(),
        number => number.to_string(),
    });
    let addresses = object.endpoints.iter().flat_map(|e| &e.addresses);
    let listed = |texts: Vec<String>| match texts.is_empty() {
        true => "<unset>".to_owned(),
        false => cut(&texts),
    };
    vec![
        item.name.clone(),
        object.address_type.clone(),
        listed(ports.collect()),
        listed(addresses.cloned().collect()),
        item.created.age(view.now),
    ]
}

/// What `describe service` says of a port's endpoints in slices that somebody wrote: the ready ones.
pub fn ready_addresses<'s>(
    slices: impl Iterator<Item = &'s Arc<SliceState>>,
    port: &str,
) -> Vec<String> {
    let mut all = Vec::new();
    for slice in slices.map(|slice| &slice.object) {
        let ready = || slice.endpoints.iter().filter(|e| e.is_ready());
        let addresses = || ready().filter_map(|endpoint| endpoint.addresses.first());
        if slice.ports.is_empty() {
            all.extend(addresses().cloned());
        }
        for own in slice.ports.iter().filter(|own| own.name == port) {
            all.extend(addresses().map(|address| joined(address, own.port)));
        }
    }
    all
}
