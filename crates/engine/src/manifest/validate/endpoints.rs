//! Endpoints and EndpointSlices (EPS-06). Sources: pkg/apis/core/validation/validation.go
//! (`ValidateEndpoints`), pkg/apis/discovery/validation/validation.go.

use super::address::{ipv4, is_address, is_ipv6, no_address};
use super::metadata::{validate_metadata, NameRule};
use super::names;
use super::probe::validate_port_number;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;
use crate::sorted::Set;

const RULE: &str = "EPS-06";
const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const ADDRESS_TYPES: [&str; 3] = ["FQDN", "IPv4", "IPv6"];

/// What the API server says of every request about Endpoints.
pub const DEPRECATED: &str =
    "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

/// Checks Endpoints.
#[inline(never)]
pub fn validate_endpoints(root: &Field, errors: &mut Errors) {
    errors.warn_text(RULE, &root.key("kind"), DEPRECATED.to_owned());
    validate_metadata(root, NameRule::Subdomain, errors);
    for subset in root.key("subsets").items() {
        let lists = ["addresses", "notReadyAddresses"];
        if lists.iter().all(|list| subset.key(list).count() == 0) {
            let detail = "must specify `addresses` or `notReadyAddresses`";
            errors.required(RULE, &subset, detail);
        }
        for list in lists {
            for address in subset.key(list).items() {
                validate_address(&address, errors);
            }
        }
        let ports = subset.key("ports");
        for port in ports.items() {
            let name = port.key("name");
            match name.text() {
                "" if ports.count() > 1 => {
                    errors.required(RULE, &name, "");
                }
                "" => {}
                text => errors.each(RULE, &name, text, &names::label(text)),
            }
            let number = port.key("port");
            validate_port_number(RULE, &number, number.int(), errors);
            validate_rest(&port, errors);
        }
    }
}

fn validate_address(address: &Field, errors: &mut Errors) {
    let ip = address.key("ip");
    if !is_address(ip.text()) {
        errors.invalid_text(RULE, &ip, ip.text(), no_address(ip.text()));
    }
    let hostname = address.key("hostname");
    errors.optional_name(RULE, &hostname, names::label);
    validate_node_name(&address.key("nodeName"), errors);
    validate_special(&ip, errors);
}

fn validate_node_name(node: &Field, errors: &mut Errors) {
    if node.is_set() {
        errors.each(RULE, node, node.text(), &names::subdomain(node.text()));
    }
}

/// Addresses that are nobody's on the cluster's network.
fn validate_special(ip: &Field, errors: &mut Errors) {
    let text = ip.text();
    let v6 = is_ipv6(text);
    let Some(bits) = ipv4(text).or(v6.then_some(0)) else {
        errors.invalid_text(RULE, ip, text, "must be a valid IP address");
        return;
    };
    let lower = text.to_ascii_lowercase();
    let begins = |v6_heads: &[&str]| v6 && v6_heads.iter().any(|head| lower.starts_with(head));
    if (!v6 && bits == 0) || text == "::" {
        errors.invalid_text(RULE, ip, text, &format!("may not be unspecified ({text})"));
    }
    let details = [
        (
            (!v6 && bits >> 24 == 127) || text == "::1",
            "may not be in the loopback range (127.0.0.0/8, ::1/128)",
        ),
        (
            (!v6 && bits >> 16 == 0xa9fe) || begins(&["fe8", "fe9", "fea", "feb"]),
            "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
        ),
        (
            (!v6 && bits >> 8 == 0x00e0_0000) || begins(&["ff02"]),
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
        ),
    ];
    for (_, detail) in details.iter().filter(|(is_in, _)| *is_in) {
        errors.invalid_text(RULE, ip, text, detail);
    }
}

fn validate_rest(port: &Field, errors: &mut Errors) {
    let protocol = port.key("protocol");
    super::pod::one_of(RULE, &protocol, &PROTOCOLS, errors);
    let app = port.key("appProtocol");
    if app.is_set() {
        errors.name(RULE, &app, names::qualified_name);
    }
}

/// Checks an EndpointSlice.
#[inline(never)]
pub fn validate_slice(root: &Field, errors: &mut Errors) {
    validate_metadata(root, NameRule::Subdomain, errors);
    let kind = root.key("addressType");
    match kind.text() {
        "" => {
            errors.required(RULE, &kind, "");
        }
        text if !ADDRESS_TYPES.contains(&text) => {
            errors.unsupported(RULE, &kind, text, &ADDRESS_TYPES);
        }
        "FQDN" => {
            let text = "spec.addressType: FQDN endpoints are deprecated";
            errors.warn_text(RULE, &kind, text.to_owned());
        }
        _ => {}
    }
    for endpoint in root.key("endpoints").items() {
        let addresses = endpoint.key("addresses");
        if addresses.count() == 0 {
            errors.required(RULE, &addresses, "must contain at least 1 address");
        }
        for address in addresses.items() {
            let text = address.text();
            match kind.text() {
                "IPv4" if ipv4(text).is_none() => {
                    errors.invalid_text(RULE, &address, text, "must be a valid IPv4 address");
                }
                "IPv6" if !is_ipv6(text) => {
                    errors.invalid_text(RULE, &address, text, "must be a valid IPv6 address");
                }
                "IPv4" | "IPv6" => validate_special(&address, errors),
                _ => {}
            }
        }
        validate_node_name(&endpoint.key("nodeName"), errors);
        let hostname = endpoint.key("hostname");
        if hostname.is_set() {
            errors.name(RULE, &hostname, names::label);
        }
    }
    let mut taken = Set::new();
    for port in root.key("ports").items() {
        let name = port.key("name");
        errors.optional_name(RULE, &name, names::label);
        if !taken.insert(name.text().to_owned()) {
            errors.duplicate(RULE, &name, &quote(name.text()));
        }
        validate_rest(&port, errors);
    }
}
