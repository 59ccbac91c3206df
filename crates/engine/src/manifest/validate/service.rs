//! Services (SRV rules).

use super::address::{ipv4, is_address, is_range, no_address};
use super::allocation::{allocate, at_first_address};
use super::container::validate_protocol;
use super::metadata::{validate_labels, validate_metadata, NameRule};
use super::names;
use super::pod::one_of;
use super::probe::{validate_port, validate_port_number};
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;
use crate::sorted::Set;

/// Checks a Service. Addresses and ports of the node are allocated first: what they are refused
/// for hides the rest.
#[inline(never)]
pub fn validate_service(root: &Field, errors: &mut Errors) {
    let spec = root.key("spec");
    allocate(&spec, errors);
    if errors.any_refused() {
        return;
    }
    validate_metadata(root, NameRule::Label, errors);
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
        "ExternalName" => validate_external_name(&spec, errors),
        _ => {}
    }
    validate_ports(&ports, errors);
    validate_labels(&spec.key("selector"), errors);
    validate_affinity(&spec, errors);
    validate_external_addresses(&spec.key("externalIPs"), errors);
    let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    one_of("SRV-04", &kind, &types, errors);
    validate_uniqueness(&ports, type_name, errors);
    validate_balancer(&spec, type_name, errors);
    validate_policies(&spec, type_name, errors);
    warn_about_ignored(&spec, type_name, headless, errors);
}

/// What only a load balancer has.
fn validate_balancer(spec: &Field, type_name: &str, errors: &mut Errors) {
    if spec.key("loadBalancerSourceRanges").count() > 0 {
        validate_ranges(spec, type_name, errors);
    }
    let class = spec.key("loadBalancerClass");
    let of_balancers = [&spec.key("allocateLoadBalancerNodePorts"), &class];
    if type_name == "LoadBalancer" {
        if class.is_set() {
            let wrong = names::qualified_name(class.text());
            errors.each("SRV-07", &class, class.text(), &wrong);
        }
        return;
    }
    for field in of_balancers.into_iter().filter(|field| field.is_set()) {
        let detail = "may only be used when `type` is 'LoadBalancer'";
        errors.forbidden("SRV-07", field, detail);
    }
}

/// Where requests may go.
fn validate_policies(spec: &Field, type_name: &str, errors: &mut Errors) {
    let external = spec.key("externalTrafficPolicy");
    let from_outside = matches!(type_name, "NodePort" | "LoadBalancer")
        || type_name == "ClusterIP" && spec.key("externalIPs").count() > 0;
    if from_outside {
        one_of("SRV-07", &external, &["Cluster", "Local"], errors);
    } else if !external.text().is_empty() {
        let detail = "may only be set for externally-accessible services";
        errors.invalid_text("SRV-07", &external, external.text(), detail);
    }
    let health = spec.key("healthCheckNodePort");
    let has_health = type_name == "LoadBalancer" && external.text() == "Local";
    if health.int() != 0 && !has_health {
        let detail =
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is \
                      'Local'";
        errors.invalid_int("SRV-07", &health, health.int(), detail);
    }
    let distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
    let of_names: [(&str, &[&str]); 2] = [
        ("internalTrafficPolicy", &["Cluster", "Local"]),
        ("trafficDistribution", &distributions),
    ];
    for (name, known) in of_names {
        let field = spec.key(name);
        if field.is_set() && !known.contains(&field.text()) {
            errors.unsupported("SRV-07", &field, field.text(), known);
        }
    }
}

/// What is accepted and has no effect, or soon none.
fn warn_about_ignored(spec: &Field, type_name: &str, headless: bool, errors: &mut Errors) {
    if errors.any_refused() {
        return;
    }
    let mut warn = |rule, name: &str, text: &str| {
        errors.warn_text(rule, &spec.key(name), ["spec.", text].concat());
    };
    let has_addresses = spec.key("externalIPs").count() > 0;
    if headless {
        if !spec.key("loadBalancerIP").text().is_empty() {
            let text = "loadBalancerIP is ignored for headless services";
            warn("SRV-07", "loadBalancerIP", text);
        }
        if has_addresses {
            let text = "externalIPs is ignored for headless services";
            warn("SRV-08", "externalIPs", text);
        }
        if spec.key("sessionAffinity").text() == "ClientIP" {
            let text = "SessionAffinity is ignored for headless services";
            warn("SRV-06", "sessionAffinity", text);
        }
    }
    if has_addresses {
        let text = "externalIPs is deprecated and may no longer be implemented in some clusters";
        warn("SRV-08", "externalIPs", text);
    }
    let is_name = type_name == "ExternalName";
    if is_name && has_addresses {
        let text = "externalIPs is ignored when spec.type is \"ExternalName\"";
        warn("SRV-08", "externalIPs", text);
    }
    if !is_name && !spec.key("externalName").text().is_empty() {
        let text = "externalName is ignored when spec.type is not \"ExternalName\"";
        warn("SRV-09", "externalName", text);
    }
    if spec.key("trafficDistribution").text() == "PreferClose" {
        let text = "trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"";
        warn("SRV-07", "trafficDistribution", text);
    }
}

fn validate_external_addresses(addresses: &Field, errors: &mut Errors) {
    for address in addresses.items() {
        let text = address.text();
        let detail = match ipv4(text) {
            _ if !is_address(text) => no_address(text),
            None => continue,
            Some(0) => "may not be unspecified (0.0.0.0)",
            Some(bits) => match (bits >> 24, bits >> 16, bits >> 8) {
                (127, ..) => "may not be in the loopback range (127.0.0.0/8, ::1/128)",
                (_, 0xa9fe, _) => "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
                (_, _, 0xe0_0000) => {
                    "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
                }
                _ => continue,
            },
        };
        errors.invalid_text("SRV-08", &address, text, detail);
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

fn validate_external_name(spec: &Field, errors: &mut Errors) {
    let has_address = !spec.key("clusterIP").text().is_empty();
    let of_addresses = [
        (
            "clusterIPs",
            has_address || spec.key("clusterIPs").count() > 0,
        ),
        ("ipFamilies", spec.key("ipFamilies").count() > 0),
        ("ipFamilyPolicy", spec.key("ipFamilyPolicy").is_set()),
    ];
    for (name, _) in of_addresses.iter().filter(|(_, given)| *given) {
        let detail = "may not be set for ExternalName services";
        errors.forbidden("SRV-09", &spec.key(name), detail);
    }
    let name = spec.key("externalName");
    let text = name.text().strip_suffix('.').unwrap_or(name.text());
    match text {
        "" => {
            errors.required("SRV-09", &name, "");
        }
        text => errors.each("SRV-09", &name, text, &names::subdomain(text)),
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
        let protocol = port.key("appProtocol");
        if protocol.is_set() {
            let wrong = names::qualified_name(protocol.text());
            errors.each("SRV-03", &protocol, protocol.text(), &wrong);
        }
    }
}

fn validate_affinity(spec: &Field, errors: &mut Errors) {
    let affinity = spec.key("sessionAffinity");
    one_of("SRV-06", &affinity, &["ClientIP", "None"], errors);
    let config = spec.key("sessionAffinityConfig");
    let client = config.key("clientIP");
    let timeout = client.key("timeoutSeconds");
    // Without affinity the rest is dropped.
    if affinity.text() == "ClientIP" && timeout.is_set() && !(1..=86_400).contains(&timeout.int()) {
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
