//! Endpoints and EndpointSlices (EPS-06).

use super::container::port_protocol;
use super::{metadata, port_number, string_map, texts};
use crate::api::{EndpointPort, Endpoints, Subset, WrittenEndpoint, WrittenSlice};
use crate::manifest::field::Field;

/// Endpoints.
#[inline(never)]
pub fn endpoints(root: &Field) -> Endpoints {
    let subset = |subset: Field| {
        let of = |name, ready| {
            let addresses = subset.key(name);
            let all = addresses.items().map(|address| WrittenEndpoint {
                addresses: vec![address.key("ip").text().into()],
                ready: Some(ready),
                hostname: address.key("hostname").text().into(),
                node_name: address.key("nodeName").text().into(),
                target: string_map(&address.key("targetRef")),
                ..WrittenEndpoint::default()
            });
            all.collect::<Vec<_>>()
        };
        let mut endpoints = of("addresses", true);
        endpoints.extend(of("notReadyAddresses", false));
        Subset {
            endpoints,
            ports: ports(&subset),
        }
    };
    Endpoints {
        metadata: metadata(root),
        subsets: root.key("subsets").items().map(subset).collect(),
    }
}

/// An EndpointSlice.
#[inline(never)]
pub fn slice(root: &Field) -> WrittenSlice {
    WrittenSlice {
        metadata: metadata(root),
        address_type: root.key("addressType").text().into(),
        endpoints: root.key("endpoints").items().map(endpoint).collect(),
        ports: ports(root),
    }
}

fn endpoint(field: Field) -> WrittenEndpoint {
    let conditions = field.key("conditions");
    let condition = |name| {
        let field = conditions.key(name);
        field.is_set().then(|| field.bool())
    };
    WrittenEndpoint {
        addresses: texts(&field.key("addresses")).unwrap_or_default(),
        ready: condition("ready"),
        serving: condition("serving"),
        terminating: condition("terminating"),
        hostname: field.key("hostname").text().into(),
        node_name: field.key("nodeName").text().into(),
        zone: field.key("zone").text().into(),
        target: string_map(&field.key("targetRef")),
    }
}

fn ports(of: &Field) -> Vec<EndpointPort> {
    let port = |port: Field| EndpointPort {
        name: port.key("name").text().into(),
        protocol: port_protocol(&port.key("protocol")),
        port: port_number(&port.key("port")),
        app_protocol: port.key("appProtocol").text().into(),
    };
    of.key("ports").items().map(port).collect()
}
