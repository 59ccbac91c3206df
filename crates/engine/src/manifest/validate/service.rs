//! Services (SRV rules).

use super::address::{ipv4, is_address, is_range, NO_ADDRESS};
use super::container::validate_protocol;
use super::metadata::{validate_labels, validate_metadata, NameRule};
use super::names;
use super::pod::one_of;
use super::probe::{validate_port, validate_port_number};
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;
use crate::sorted::Set;

/// Cluster addresses come from 10.96.0.0/12 (API-09).
const SERVICE_RANGE: u32 = 0x0a60_0000;
const SERVICE_RANGE_MASK: u32 = 0xfff0_0000;

/// Checks a Service.
#[inline(never)]
pub fn validate_service(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Label, errors);
    let spec = root.key("spec");
    let kind = spec.key("type");
    let type_name = kind.text_or("ClusterIP");
    let address = spec.key("clusterIP");
    let headless = address.text() == "None";
    let ports = spec.key("ports");
    if ports.count() == 0 && !headless && type_name != "ExternalName" {
        errors.required("SRV-01", &ports, "");
    }
    match type_name {
        "NodePort" | "LoadBalancer" if headless => {
            let detail = format!("may not be set to 'None' for {type_name} services");
            at_first_address(&spec, &address, "\"None\"", &detail, errors);
        }
        "ExternalName" => validate_external_name(&spec.key("externalName"), errors),
        _ => {}
    }
    validate_ports(&ports, errors);
    validate_labels(&spec.key("selector"), errors);
    validate_affinity(&spec, errors);
    let automatic = matches!(address.text(), "" | "None");
    if !automatic && !is_address(address.text()) {
        at_first_address(&spec, &address, &quote(address.text()), NO_ADDRESS, errors);
    }
    for address in spec.key("externalIPs").items() {
        if !is_address(address.text()) {
            errors.invalid_text("SRV-08", &address, address.text(), NO_ADDRESS);
        }
    }
    let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    one_of("SRV-04", &kind, &types, errors);
    validate_uniqueness(&ports, type_name, errors);
    if spec.key("loadBalancerSourceRanges").is_set() {
        validate_ranges(&spec, type_name, errors);
    }
    let external = spec.key("externalTrafficPolicy");
    if external.is_set() && !matches!(type_name, "NodePort" | "LoadBalancer") {
        let detail = "may only be set for externally-accessible services";
        errors.invalid_text("SRV-07", &external, external.text(), detail);
    } else {
        one_of("SRV-07", &external, &["Cluster", "Local"], errors);
    }
    let health = spec.key("healthCheckNodePort");
    let has_health = type_name == "LoadBalancer" && external.text() == "Local";
    if health.int() != 0 && !has_health {
        let detail =
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is \
                      'Local'";
        errors.invalid_int("SRV-07", &health, health.int(), detail);
    }
    let internal = spec.key("internalTrafficPolicy");
    one_of("SRV-07", &internal, &["Cluster", "Local"], errors);
    if !errors.any_refused() {
        check_allocation(&spec, &ports, &address, errors);
    }
    if headless && spec.key("sessionAffinity").text() == "ClientIP" {
        let affinity = spec.key("sessionAffinity");
        let text = "spec.SessionAffinity is ignored for headless services";
        errors.warn_text("SRV-06", &affinity, text.into());
    }
}

/// The API server writes the field's name with a capital.
#[inline(never)]
fn validate_ranges(spec: &Field, type_name: &str, errors: &mut Errors) {
    let ranges = spec.key("loadBalancerSourceRanges");
    let shown = spec.key("LoadBalancerSourceRanges").shown_at(ranges.span);
    if type_name != "LoadBalancer" {
        let detail = "may only be used when `type` is 'LoadBalancer'";
        errors.forbidden("SRV-07", &shown, detail);
    }
    for (number, range) in ranges.items().enumerate() {
        if !is_range(range.text().trim()) {
            let at = shown.index(number).shown_at(range.span);
            let detail = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
            errors.invalid_text("SRV-07", &at, range.text(), detail);
        }
    }
}

/// An error that the API server reports at `spec.clusterIPs[0]`.
fn at_first_address(spec: &Field, address: &Field, value: &str, detail: &str, errors: &mut Errors) {
    let list = spec.key("clusterIPs");
    let at = list.index(0).shown_at(address.span);
    errors.invalid("SRV-08", &at, value, detail);
}

fn validate_external_name(name: &Field, errors: &mut Errors) {
    let text = name.text().strip_suffix('.').unwrap_or(name.text());
    match text {
        "" => {
            errors.required("SRV-09", name, "");
        }
        text => errors.each("SRV-09", name, text, &names::subdomain(text)),
    }
}

fn validate_ports(ports: &Field, errors: &mut Errors) {
    let mut taken = Set::new();
    for port in ports.items() {
        let name = port.key("name");
        match name.text() {
            "" if ports.count() > 1 => {
                errors.required("SRV-02", &name, "");
            }
            "" => {}
            text => {
                errors.each("SRV-03", &name, text, &names::label(text));
                if !taken.insert(text.to_string()) {
                    errors.duplicate("SRV-03", &name, &quote(text));
                }
            }
        }
        let number = port.key("port");
        validate_port_number("SRV-03", &number, number.int(), errors);
        validate_protocol("SRV-03", &port.key("protocol"), errors);
        let target = port.key("targetPort");
        let defaulted = !target.is_set()
            || target.node.and_then(|node| node.text()) == Some("")
            || target.node.and_then(|node| node.int()) == Some(0);
        match defaulted {
            true => validate_port_number("SRV-03", &target, number.int(), errors),
            false => validate_port("SRV-03", &target, errors),
        }
    }
}

fn validate_affinity(spec: &Field, errors: &mut Errors) {
    let affinity = spec.key("sessionAffinity");
    one_of("SRV-06", &affinity, &["ClientIP", "None"], errors);
    let config = spec.key("sessionAffinityConfig");
    let client = config.key("clientIP");
    let timeout = client.key("timeoutSeconds");
    if timeout.is_set() && !(1..=86_400).contains(&timeout.int()) {
        let detail = "must be greater than 0 and less than 86400";
        errors.invalid_int("SRV-06", &timeout, timeout.int(), detail);
    }
}

/// Ports of the node that are not allowed or taken twice, ports that are there twice.
fn validate_uniqueness(ports: &Field, type_name: &str, errors: &mut Errors) {
    for port in ports.items() {
        let node_port = port.key("nodePort");
        if type_name == "ClusterIP" && node_port.int() != 0 {
            let detail = "may not be used when `type` is 'ClusterIP'";
            errors.forbidden("SRV-05", &node_port, detail);
            errors.suggest("set type: NodePort");
        }
    }
    let mut node_ports = Set::new();
    for port in ports.items() {
        let node_port = port.key("nodePort");
        let protocol = port.key("protocol").text_or("TCP").to_string();
        if node_port.int() != 0 && !node_ports.insert((protocol, node_port.int())) {
            let value = node_port.int().to_string();
            errors.duplicate("SRV-03", &node_port, &value);
        }
    }
    let mut numbers = Set::new();
    for port in ports.items() {
        let protocol = port.key("protocol").text_or("TCP").to_string();
        let number = port.key("port").int();
        if !numbers.insert((protocol.clone(), number)) {
            let value = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{number},\
                 \"TargetPort\":0,\"NodePort\":0}}",
                quote(&protocol)
            );
            errors.duplicate("SRV-03", &port, &value);
        }
    }
}

/// What the allocators refuse after validation (API-09).
fn check_allocation(spec: &Field, ports: &Field, address: &Field, errors: &mut Errors) {
    let ip = address.text();
    if ipv4(ip).is_some_and(|bits| bits & SERVICE_RANGE_MASK != SERVICE_RANGE) {
        let at = spec.key("clusterIPs").shown_at(address.span);
        let detail = format!(
            "failed to allocate IP {ip}: the provided network does not match the current range"
        );
        errors.invalid("API-09", &at, &format!("[\"{ip}\"]"), &detail);
    }
    for port in ports.items() {
        let node_port = port.key("nodePort");
        if node_port.int() != 0 && !(30_000..=32_767).contains(&node_port.int()) {
            let detail = "provided port is not in the valid range. The range of valid ports is \
                          30000-32767";
            errors.invalid_int("API-09", &node_port, node_port.int(), detail);
        }
    }
}
