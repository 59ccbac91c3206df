//! Variables of Services: what a container is told of those that exist when it starts.
//! Source: kubernetes.io/docs/concepts/services-networking/service/#environment-variables, and
//! `enableServiceLinks` of a Pod.

use crate::api::Protocol;
use crate::cluster::Cx;
use crate::go_format;
use crate::ids::PodId;

/// What [`add`] makes of the API server's Service, the first of the Services' network: every
/// container has it, and most have nothing else.
const API_SERVER: [(&str, &str); 8] = [
    ("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
    ("KUBERNETES_SERVICE_PORT", "443"),
    ("KUBERNETES_PORT", "tcp://10.96.0.1:443"),
    ("KUBERNETES_SERVICE_PORT_HTTPS", "443"),
    ("KUBERNETES_PORT_443_TCP", "tcp://10.96.0.1:443"),
    ("KUBERNETES_PORT_443_TCP_PROTO", "tcp"),
    ("KUBERNETES_PORT_443_TCP_PORT", "443"),
    ("KUBERNETES_PORT_443_TCP_ADDR", "10.96.0.1"),
];

/// A port as the variables name it.
type Port<'a> = (&'a str, u16, Protocol);

/// The variables, of the API server's Service always, and of the Services of the Pod's namespace
/// unless it does not want them. Services without an address have none.
pub fn variables(cx: &Cx, pod: PodId) -> Vec<(String, String)> {
    let state = cx.pod(pod);
    let own = API_SERVER.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut env = Vec::from(own);
    if state.spec.service_links == Some(false) {
        return env;
    }
    for service in &cx.cluster.controllers.services {
        let Some(address) = service.cluster_ip else {
            continue;
        };
        if service.removed_at.is_none() && service.namespace == state.namespace {
            let ports = service.object.ports.iter();
            let ports: Vec<Port> = ports
                .map(|port| (port.name.as_str(), port.port, port.protocol))
                .collect();
            add(&mut env, &service.name, address, &ports);
        }
    }
    env
}

/// A name as a part of a variable's.
fn upper(name: &str) -> String {
    name.replace('-', "_").to_ascii_uppercase()
}

/// The variables of one Service: its address and ports, then those of Docker's links.
#[inline(never)]
fn add(env: &mut Vec<(String, String)>, name: &str, address: u32, ports: &[Port]) {
    let prefix = upper(name);
    let host = go_format::ipv4(address);
    let mut set = |parts: &[&str], value: &str| env.push((parts.concat(), value.to_owned()));
    set(&[&prefix, "_SERVICE_HOST"], &host);
    for (index, (name, port, protocol)) in ports.iter().enumerate() {
        let number = port.to_string();
        let protocol = match protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        };
        let url = [protocol, "://", &host, ":", &number].concat();
        if index == 0 {
            set(&[&prefix, "_SERVICE_PORT"], &number);
            set(&[&prefix, "_PORT"], &url);
        }
        if !name.is_empty() {
            set(&[&prefix, "_SERVICE_PORT_", &upper(name)], &number);
        }
        let link = [&prefix, "_PORT_", &number, "_", &upper(protocol)].concat();
        set(&[&link], &url);
        set(&[&link, "_PROTO"], protocol);
        set(&[&link, "_PORT"], &number);
        set(&[&link, "_ADDR"], &host);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_servers_variables_are_those_of_any_service() {
        let mut env = Vec::new();
        let address = u32::from_be_bytes([10, 96, 0, 1]);
        let https = [("https", 443, Protocol::Tcp)];
        add(&mut env, "kubernetes", address, &https);
        let own = API_SERVER.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(env, own);
    }
}
