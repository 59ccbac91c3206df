//! Who answers for a URL that is typed outside of the Pods: a Pod's address, a Service's address,
//! name or node port.

use super::Backend;
use crate::api::ServicePort;
use crate::cluster::Cluster;
use crate::ids::{RecordId, ServiceId};

/// A URL, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    pub host: &'a str,
    pub port: u16,
    /// With the query; begins with `/`.
    pub path: &'a str,
}

/// Why nobody is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    /// The name is not known.
    NoHost,
    /// The rules refuse, because the Service has no endpoint, or nothing listens.
    Refused,
    /// No machine has that address.
    NoRoute,
}

impl<'a> Url<'a> {
    /// Reads `http://host:port/path`; the scheme, port and path may be missing.
    pub fn parse(text: &'a str) -> Option<Url<'a>> {
        let rest = text.strip_prefix("http://").unwrap_or(text);
        if rest.contains("://") {
            return None;
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (authority, 80),
        };
        (!host.is_empty()).then_some(Url { host, port, path })
    }

    /// The Pods that may be asked, each equally likely.
    pub fn backends(&self, cluster: &Cluster) -> Result<Vec<Backend>, Nobody> {
        if self.host == "localhost" || self.host.starts_with("127.") {
            return Err(Nobody::Refused);
        }
        let address = ipv4(self.host);
        let found = cluster.live_pods().find(|pod| {
            let status = &cluster.pods[pod.index()].status;
            address.is_some() && status.pod_ip == address
        });
        if let Some(pod) = found {
            let port = self.port;
            let cause = RecordId::NONE;
            return Ok(vec![Backend { pod, port, cause }]);
        }
        let is_node = cluster
            .nodes
            .iter()
            .any(|node| Some(node.address) == address || *node.name == *self.host);
        let name = self.host.split('.').next().unwrap_or(self.host);
        let mut known = is_node;
        for (id, state) in cluster.controllers.live_services() {
            let asked = state.cluster_ip.is_some() && state.cluster_ip == address
                || address.is_none() && *state.name == *name;
            known |= asked;
            let place = state.object.ports.iter().position(|port: &ServicePort| {
                (asked && port.port == self.port)
                    || (is_node && port.node_port != 0 && port.node_port == self.port)
            });
            if let Some(place) = place {
                return endpoints(cluster, id, place);
            }
        }
        Err(match (known, address) {
            (true, _) => Nobody::Refused,
            (false, Some(_)) => Nobody::NoRoute,
            (false, None) => Nobody::NoHost,
        })
    }
}

/// An IPv4 address in host order.
fn ipv4(text: &str) -> Option<u32> {
    let mut bytes = text.split('.').map(str::parse::<u8>);
    let mut address = 0;
    for _ in 0..4 {
        address = address << 8 | u32::from(bytes.next()?.ok()?);
    }
    bytes.next().is_none().then_some(address)
}

/// The ready endpoints of a port; without any those that still serve (SVC-01).
fn endpoints(cluster: &Cluster, id: ServiceId, place: usize) -> Result<Vec<Backend>, Nobody> {
    let all = &cluster.controllers.service(id).slice.endpoints;
    let pick = |wanted: fn(&crate::record::EndpointState) -> bool| {
        all.iter()
            .filter(|endpoint| wanted(&endpoint.state))
            .filter_map(|endpoint| {
                let port = *endpoint.ports.get(place)?;
                let pod = endpoint.pod;
                let cause = endpoint.record;
                (port != 0).then_some(Backend { pod, port, cause })
            })
            .collect::<Vec<Backend>>()
    };
    let mut found = pick(|state| state.ready);
    if found.is_empty() {
        found = pick(|state| state.serving && state.terminating);
    }
    if found.is_empty() {
        Err(Nobody::Refused)
    } else {
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_as_curl_reads_it() {
        let url = |host, port, path| Some(Url { host, port, path });
        assert_eq!(Url::parse("http://web/"), url("web", 80, "/"));
        assert_eq!(
            Url::parse("10.1.2.3:8080/a?b=c"),
            url("10.1.2.3", 8080, "/a?b=c")
        );
        assert_eq!(Url::parse("web"), url("web", 80, "/"));
        assert_eq!(Url::parse("ftp://web"), None);
        assert_eq!(Url::parse("web:x"), None);
    }
}
