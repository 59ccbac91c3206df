//! Addresses and ports that a new Service gets (SRV-08, API-09). The API server allocates them
//! before it validates the rest.

use super::address::{ipv4, is_address, is_ipv6, no_address};
use super::errors::json_of;
use super::pod::one_of;
use super::Errors;
use crate::manifest::field::Field;
use crate::manifest::yaml::quote;
use crate::sorted::{Map, Set};

/// Cluster addresses come from 10.96.0.0/12 (API-09).
const RANGE: u32 = 0x0a60_0000;
const MASK: u32 = 0xfff0_0000;
/// The address of the Service `kubernetes`.
const TAKEN: u32 = RANGE + 1;

/// What the allocators refuse; nothing more is looked at then.
#[inline(never)]
pub fn allocate(spec: &Field, errors: &mut Errors) {
    let kind = spec.key("type").text_or("ClusterIP");
    if kind != "ExternalName" {
        validate_addresses(spec, errors);
        if errors.any_refused() {
            return;
        }
        validate_families(spec, errors);
        if errors.any_refused() {
            return;
        }
        allocate_address(spec, errors);
    }
    if matches!(kind, "NodePort" | "LoadBalancer") && !errors.any_refused() {
        let ports = spec.key("ports");
        allocate_ports(&ports, errors);
    }
    let local = spec.key("externalTrafficPolicy").text() == "Local";
    if kind == "LoadBalancer" && local && !errors.any_refused() {
        allocate_health_port(spec, errors);
    }
}

/// The port of the node that tells a load balancer whether there are Pods.
fn allocate_health_port(spec: &Field, errors: &mut Errors) {
    let (health, ports) = (spec.key("healthCheckNodePort"), spec.key("ports"));
    let port = health.int();
    let is_taken = ports
        .items()
        .any(|other| other.key("nodePort").int() == port);
    let fault = match port {
        0 => return,
        30_000..=32_767 if is_taken => "provided port is already allocated",
        30_000..=32_767 => return,
        _ => "provided port is not in the valid range. The range of valid ports is 30000-32767",
    };
    let text = format!("failed to allocate requested HealthCheck NodePort {port}: {fault}");
    errors.told("SRV-08", &health, text);
    errors.is_internal = true;
}

/// An error that the API server reports at `spec.clusterIPs[0]`.
pub fn at_first_address(
    spec: &Field,
    address: &Field,
    value: &str,
    detail: &str,
    errors: &mut Errors,
) {
    let list = spec.key("clusterIPs");
    let at = list.index(0).shown_at(address.span);
    errors.invalid("SRV-08", &at, value, detail);
}

fn validate_addresses(spec: &Field, errors: &mut Errors) {
    let (one, list) = (spec.key("clusterIP"), spec.key("clusterIPs"));
    let all = json_of(list.node);
    let first = list.index(0);
    let detail = match (one.text(), first.text()) {
        (_, "") => "",
        ("", _) => "must be empty when `clusterIP` is not specified",
        (one, first) if one != first => "first value must match `clusterIP`",
        _ => "",
    };
    if !detail.is_empty() {
        errors.invalid("SRV-08", &list, &all, detail);
    }
    let mut seen = Set::new();
    let known = ["IPv4", "IPv6"];
    for family in spec.key("ipFamilies").items() {
        if !known.contains(&family.text()) {
            errors.unsupported("SRV-08", &family, family.text(), &known);
        }
        if !seen.insert(family.text().to_string()) {
            errors.duplicate("SRV-08", &family, &quote(family.text()));
        }
    }
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    one_of("SRV-08", &spec.key("ipFamilyPolicy"), &policies, errors);
    let headless = one.text() == "None";
    if first.is_set() {
        for (number, address) in list.items().enumerate() {
            match address.text() {
                "None" if number == 0 && list.count() == 1 => {}
                "None" if number == 0 => {
                    let detail = "'None' must be the first and only value";
                    errors.invalid("SRV-08", &list, &all, detail);
                }
                text if !is_address(text) => {
                    errors.invalid_text("SRV-08", &address, text, no_address(text));
                }
                _ => {}
            }
        }
    } else if !headless && !one.text().is_empty() && !is_address(one.text()) {
        let text = one.text();
        at_first_address(spec, &one, &quote(text), no_address(text), errors);
    }
    let detail = match list.count() {
        0 | 1 => return,
        2 if errors.any_refused() => return,
        2 => {
            let families = list.items().filter(|address| is_ipv6(address.text()));
            if families.count() == 1 {
                return;
            }
            "may specify no more than one IP for each IP family"
        }
        _ => "may only hold up to 2 values",
    };
    errors.invalid("SRV-08", &list, &all, detail);
}

/// The cluster has addresses of one family, IPv4.
fn validate_families(spec: &Field, errors: &mut Errors) {
    let (one, list) = (spec.key("clusterIP"), spec.key("clusterIPs"));
    let (families, policy) = (spec.key("ipFamilies"), spec.key("ipFamilyPolicy"));
    let bare = one.text() == "None" && spec.key("selector").count() == 0;
    let default = if bare {
        "RequireDualStack"
    } else {
        "SingleStack"
    };
    let policy_name = policy.text_or(default);
    if policy_name == "SingleStack" {
        for (field, what) in [(&list, "cluster IPs"), (&families, "IP families")] {
            if field.count() == 2 {
                let detail = [
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple ",
                    what,
                    " are specified",
                ];
                errors.invalid_text("SRV-08", &policy, policy_name, &detail.concat());
            }
        }
    }
    if families.count() == 0 && is_ipv6(one.text()) {
        let all = ["[", &quote(one.text()), "]"].concat();
        let detail = "IPv6 is not configured on this cluster";
        at_first_address(spec, &one, &all, detail, errors);
    }
    if errors.any_refused() || bare {
        return;
    }
    if policy_name == "RequireDualStack" {
        let detail = "this cluster is not configured for dual-stack services";
        errors.invalid_text("SRV-08", &policy, policy_name, detail);
    }
    for family in families.items() {
        if family.text() == "IPv6" {
            let detail = "not configured on this cluster";
            errors.invalid_text("SRV-08", &family, "IPv6", detail);
        }
    }
}

fn allocate_address(spec: &Field, errors: &mut Errors) {
    let address = spec.key("clusterIP");
    let ip = address.text();
    let Some(bits) = ipv4(ip) else { return };
    let ends = bits == RANGE || bits == RANGE | !MASK;
    let why = match bits & MASK {
        RANGE if bits == TAKEN => "provided IP is already allocated",
        RANGE if !ends => return,
        _ => "the provided network does not match the current range",
    };
    let at = spec.key("clusterIPs").shown_at(address.span);
    let detail = format!("failed to allocate IP {ip}: {why}");
    errors.invalid("API-09", &at, &format!("[\"{ip}\"]"), &detail);
}

/// Ports of the node, until one is refused. Ports of one number share theirs.
fn allocate_ports(ports: &Field, errors: &mut Errors) {
    let mut shared: Map<i64, i64> = Map::new();
    let mut taken = Set::new();
    for port in ports.items() {
        let number = port.key("port").int();
        let own = port.key("nodePort");
        let wanted = match shared.get(&number) {
            Some(given) if own.int() == *given => continue,
            Some(_) => own.int(),
            None => {
                let mut alike = ports
                    .items()
                    .filter(|other| other.key("port").int() == number);
                let asked = alike.find_map(|other| {
                    let asked = other.key("nodePort").int();
                    (asked != 0).then_some(asked)
                });
                shared.insert(number, asked.unwrap_or(0));
                asked.unwrap_or(0)
            }
        };
        let detail = match wanted {
            0 => continue,
            30_000..=32_767 if taken.insert(wanted) => continue,
            30_000..=32_767 => "provided port is already allocated",
            _ => {
                "provided port is not in the valid range. The range of valid ports is \
                          30000-32767"
            }
        };
        errors.invalid_int("API-09", &own, wanted, detail);
        return;
    }
}
