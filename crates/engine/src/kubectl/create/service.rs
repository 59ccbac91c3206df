//! `kubectl create service`.

use super::{made, name, Made};
use crate::go_format::number_fault;
use crate::kubectl::args::Args;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{value, whole, Flag, GENERATE, NONE};
use crate::kubectl::output::{list, map, Map, Value};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};
use crate::manifest::{port_name, subdomain};

const TCP: Flag = value("tcp", NONE);

pub const CLUSTER_IP: Verb = Verb::new(
    "create service clusterip",
    "Create a ClusterIP service",
    &[GENERATE, &[TCP, value("clusterip", NONE)]],
    |view, args| service(view, args, "clusterip", "ClusterIP"),
);

pub const NODE_PORT: Verb = Verb::new(
    "create service nodeport",
    "Create a NodePort service",
    &[GENERATE, &[TCP, whole("node-port", NONE)]],
    |view, args| service(view, args, "nodeport", "NodePort"),
);

pub const LOAD_BALANCER: Verb = Verb::new(
    "create service loadbalancer",
    "Create a LoadBalancer service",
    &[GENERATE, &[TCP]],
    |view, args| service(view, args, "loadbalancer", "LoadBalancer"),
);

pub const EXTERNAL_NAME: Verb = Verb::new(
    "create service externalname",
    "Create an ExternalName service",
    &[GENERATE, &[TCP, value("external-name", NONE).required()]],
    |view, args| service(view, args, "externalname", "ExternalName"),
);

fn service(
    view: &View,
    args: &Args,
    word: &str,
    service_type: &'static str,
) -> Result<Output, Failure> {
    let name = name(&["create service ", word].concat(), args)?;
    let external = args.get("external-name");
    if let Some(external) = external.filter(|name| !subdomain(name).is_empty()) {
        let text = format!("invalid service external name {external}");
        return Err(Failure::client(text));
    }
    let address = args.get("clusterip");
    let node_port = args.number("node-port");
    let texts = args.all("tcp").flat_map(|ports| ports.split(','));
    let ports = texts
        .map(|text| port(text, node_port))
        .collect::<Result<Vec<Map>, Failure>>()?;
    let needs_ports = service_type != "ExternalName" && address != Some("None");
    if ports.is_empty() && needs_ports {
        let text = "at least one tcp port specifier must be provided";
        return Err(Failure::client(text));
    }
    let labels = || map().set("app", name);
    let spec = map()
        .maybe("clusterIP", address)
        .maybe("externalName", external)
        .some("ports", list(ports))
        .set("selector", labels())
        .set("type", service_type);
    let object = Made {
        kind: "Service",
        name,
        word: "created",
        dry_word: "created",
        before: format!("failed to create {service_type} service: "),
        object: map()
            .set("metadata", map().set("labels", labels()).set("name", name))
            .set("spec", spec)
            .set("status", map().set("loadBalancer", map())),
    };
    made(view, args, object)
}

/// `80`, `80:8080`, `80:http`.
fn port(text: &str, node_port: Option<i64>) -> Result<Map, Failure> {
    let (outer, inner) = text.split_once(':').unwrap_or((text, text));
    let inner = inner.split(':').next().unwrap_or("");
    let port: u16 = outer.parse().map_err(|_| {
        let fault = number_fault(outer);
        let quoted = crate::go_format::quote(outer);
        Failure::client(format!("strconv.ParseUint: parsing {quoted}: {fault}"))
    })?;
    let is_target = text.contains(':');
    let target = match inner.parse::<i64>() {
        Ok(number) if is_target && !(1..=65_535).contains(&number) => {
            let text = "must be between 1 and 65535, inclusive";
            return Err(Failure::client(text));
        }
        Ok(number) => Value::from(number),
        Err(_) => {
            let faults = port_name(inner);
            if !faults.is_empty() {
                return Err(Failure::client(faults.join(",")));
            }
            Value::from(inner)
        }
    };
    Ok(map()
        .set("name", text.replace(':', "-"))
        .maybe("nodePort", node_port.filter(|port| *port > 0))
        .set("port", port)
        .set("protocol", "TCP")
        .set("targetPort", target))
}
