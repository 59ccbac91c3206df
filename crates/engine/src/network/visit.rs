//! Who answers for a URL that is typed outside of the Pods: a Pod's address, a Service's address,
//! name or node port.

use super::{pick, written, Backend};
use crate::api::{ServicePort, ServiceType};
use crate::cluster::Cluster;
use crate::container::shell::applet::wget::DEPENDENCY_ADDRESS;
use crate::container::{
    Ask, AskAnswer, HttpAnswer, HttpReply, HttpRequest, Page, PodWorld, TcpReply, Want,
};
use crate::controllers::ServiceState;
use crate::go_format;
use crate::ids::{NodeId, PodId, RecordId, ServiceId};
use crate::record::EndpointState;
use crate::rng::Draws;
use crate::time::Instant;

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
    /// The endpoints are on other nodes, and the rules are for their own only (SVC-02).
    Dropped,
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

    /// The Pods that may be asked from a namespace, each equally likely. `from`: the client's node,
    /// if it is in the cluster.
    pub fn backends(
        &self,
        cluster: &Cluster,
        namespace: &str,
        from: Option<NodeId>,
    ) -> Result<Vec<Backend>, Nobody> {
        if self.host == "localhost" || self.host.starts_with("127.") {
            return Err(Nobody::Refused);
        }
        let mut known = false;
        if let Some(target) = canonical(cluster, self.host, namespace) {
            if is_full(target) {
                let url = Url {
                    host: target,
                    port: self.port,
                    path: self.path,
                };
                return url.backends(cluster, "", from);
            }
            return Err(Nobody::NoHost);
        }
        let address = ipv4(self.host);
        if let Some(pod) = address.and_then(|address| pod_at(cluster, address, self.port)) {
            return Ok(vec![self.to(pod, 0)]);
        }
        let node = cluster
            .nodes
            .iter()
            .position(|node| Some(node.address) == address || *node.name == *self.host)
            .map(NodeId::at);
        let is_node = node.is_some();
        known |= is_node;
        for (id, state) in cluster.controllers.live_services() {
            let asked = match address {
                Some(address) => state.cluster_ip == Some(address),
                None => names(self.host, &state.name, &state.namespace, namespace),
            };
            known |= asked;
            if asked && state.object.headless {
                // The addresses of the Pods themselves (SVC-05): ports stay as they are.
                let pods = resolved_pods(state);
                let mut found: Vec<Backend> = pods.map(|pod| self.to(pod, 0)).collect();
                let written = written::addresses(cluster, state).into_iter();
                let written = written.filter(|(_, state)| state.ready);
                found.extend(written.map(|(at, _)| self.to(PodId::NONE, at.address)));
                return match found.is_empty() {
                    true => Err(Nobody::NoHost),
                    false => Ok(found),
                };
            }
            let place = state.object.ports.iter().position(|port: &ServicePort| {
                (asked && port.port == self.port)
                    || (is_node && port.node_port != 0 && port.node_port == self.port)
            });
            if let Some(place) = place {
                // Clients within the cluster reach a node port by the rules for those within.
                let only = match asked || from.is_some() {
                    true => from.filter(|_| state.object.is_internal_local),
                    false => node.filter(|_| state.object.is_external_local),
                };
                return endpoints(cluster, id, place, only);
            }
            if let Some(pod) = named_pod(cluster, state, self.host, namespace) {
                return Ok(vec![self.to(pod, 0)]);
            }
        }
        Err(match (known, address) {
            (true, _) => Nobody::Refused,
            (false, Some(_)) => Nobody::NoRoute,
            (false, None) => Nobody::NoHost,
        })
    }

    /// One of them, and who answers there (SVC-01).
    pub fn backend(
        &self,
        cluster: &Cluster,
        draws: &mut Draws,
        namespace: &str,
        from: Option<NodeId>,
    ) -> Result<Backend, Nobody> {
        let all = self.backends(cluster, namespace, from)?;
        written::resolved(cluster, pick(draws, &all))
    }

    fn to(&self, pod: PodId, address: u32) -> Backend {
        Backend {
            pod,
            address,
            port: self.port,
            node: None,
            cause: RecordId::NONE,
        }
    }

    /// The address that a client connects to, as text.
    fn address(&self, cluster: &Cluster, namespace: &str) -> Option<String> {
        if ipv4(self.host).is_some() {
            return Some(self.host.to_string());
        }
        let target = canonical(cluster, self.host, namespace);
        let (host, namespace) = target.map_or((self.host, namespace), |target| (target, ""));
        let mut live = cluster.controllers.live_services();
        let own = live.find(|(_, s)| names(host, &s.name, &s.namespace, namespace));
        own.and_then(|(_, state)| state.cluster_ip)
            .map(go_format::ipv4)
    }
}

/// Whether a host name is a Service's (SVC-05): `web`, `web.shop`, `web.shop.svc`, or in full; the
/// first form in the client's own namespace only.
fn names(host: &str, service: &str, of: &str, namespace: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let host = host.strip_suffix(".cluster.local").unwrap_or(host);
    match host.split_once('.') {
        None => host == service && of == namespace,
        Some((name, rest)) => name == service && rest.strip_suffix(".svc").unwrap_or(rest) == of,
    }
}

/// The Pod that has a name of its own within a headless Service, as those of a StatefulSet have,
/// while the Service has it (SVC-05): `web-0.web`, and so on as the Service's own.
fn named_pod(
    cluster: &Cluster,
    service: &ServiceState,
    host: &str,
    namespace: &str,
) -> Option<PodId> {
    let (own, rest) = host.split_once('.')?;
    if !service.object.headless || !names(rest, &service.name, &service.namespace, namespace) {
        return None;
    }
    let has_it = |pod: &PodId| service.hostname(&cluster.pods[pod.index()]) == own;
    resolved_pods(service).find(has_it)
}

/// The Pods whose addresses the cluster's DNS tells for a headless Service: the ready ones, as its
/// slice has them (SVC-05).
fn resolved_pods(service: &ServiceState) -> impl Iterator<Item = PodId> + '_ {
    let ready = service.slice.endpoints.iter().filter(|e| e.state.ready);
    ready.map(|endpoint| endpoint.pod)
}

/// Whether it is a name in the cluster's own domain, in full.
fn is_full(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.ends_with(".svc.cluster.local")
}

/// How many names that stand for others are followed.
const ALIASES_MAX: u32 = 8;

/// What an ExternalName Service's name stands for (SVC-05), through others of its kind; a name that
/// is no such Service's has none.
fn canonical<'c>(cluster: &'c Cluster, host: &str, namespace: &str) -> Option<&'c str> {
    let alias = |host: &str, namespace: &str| {
        let mut live = cluster.controllers.live_services();
        let found = live.find(|(_, s)| {
            s.object.service_type == ServiceType::ExternalName
                && names(host, &s.name, &s.namespace, namespace)
        });
        found.map(|(_, state)| &*state.object.external_name)
    };
    let mut target = alias(host, namespace)?;
    for _ in 0..ALIASES_MAX {
        // The target is a whole name: no domain is tried after it.
        match alias(target, "").filter(|_| is_full(target)) {
            Some(next) => target = next,
            None => break,
        }
    }
    Some(target)
}

/// The Pod with an address. Those on their node's network share it, each with its own ports.
pub(super) fn pod_at(cluster: &Cluster, address: u32, port: u16) -> Option<PodId> {
    let mut live = cluster.live_pods();
    live.find(|pod| {
        let state = &cluster.pods[pod.index()];
        let has_port = || {
            let mut listeners = state.world.listeners().iter();
            listeners.any(|l| l.port == port)
        };
        state.status.pod_ip == Some(address) && (!state.spec.host_network || has_port())
    })
}

/// Who is asked by a program in a Pod, at which address; or what it is told.
pub fn find(
    cluster: &Cluster,
    draws: &mut Draws,
    pod: PodId,
    ask: &Ask,
) -> Result<(Backend, String), AskAnswer> {
    let namespace = &cluster.pods[pod.index()].namespace;
    let (host, port, path) = (ask.host.as_str(), ask.port, ask.path.as_str());
    let url = Url { host, port, path };
    let target = canonical(cluster, host, namespace);
    let (host, of) = target.map_or((host, &**namespace), |target| (target, ""));
    let mut found = None;
    if !is_full(host) && target.is_some() {
        found = Some(outside(cluster, host, ask));
    } else if ask.want == Want::Addresses {
        found = Some(addresses(cluster, of, host).unwrap_or(AskAnswer::NoHost));
    }
    if let Some(mut found) = found {
        if let (AskAnswer::Addresses(_, _, alias), true) = (&mut found, target.is_some()) {
            *alias = full_name(cluster, &ask.host, namespace);
        }
        return Err(found);
    }
    let from = cluster.pods[pod.index()].node;
    let backend = url.backend(cluster, draws, namespace, from);
    let address = url.address(cluster, namespace).unwrap_or_default();
    let says = |what| AskAnswer::Reply {
        address: address.clone(),
        reply: HttpReply::of(what),
        page: Page::default(),
    };
    let chosen = match backend {
        Ok(chosen) => chosen,
        Err(Nobody::Refused) => return Err(says(HttpAnswer::Refused)),
        Err(Nobody::NoHost) => return Err(AskAnswer::NoHost),
        Err(Nobody::NoRoute) => return Err(AskAnswer::NoRoute),
        Err(Nobody::Dropped) => return Err(says(HttpAnswer::Dropped)),
    };
    let on = |pod: PodId| cluster.pods[pod.index()].node;
    let reachable = |node: &NodeId| cluster.nodes[node.index()].is_reachable;
    if on(chosen.pod) != on(pod) && !(on(chosen.pod).iter().chain(&on(pod))).all(reachable) {
        return Err(says(HttpAnswer::Dropped));
    }
    let address = match address.is_empty() {
        true => cluster.pods[chosen.pod.index()]
            .status
            .pod_ip
            .map(go_format::ipv4),
        false => Some(address),
    };
    Ok((chosen, address.unwrap_or_default()))
}

/// What answers by a name outside the cluster: a dependency of the Scenario, which is there or not.
#[inline(never)]
fn outside(cluster: &Cluster, target: &str, ask: &Ask) -> AskAnswer {
    let target = target.strip_suffix('.').unwrap_or(target);
    let mut all = cluster.dependencies.iter();
    let Some(dependency) = all.find(|dependency| dependency.name == target) else {
        return AskAnswer::NoHost;
    };
    let address = DEPENDENCY_ADDRESS.to_owned();
    match (ask.want, dependency.up) {
        (Want::Addresses, _) => AskAnswer::Addresses(target.to_owned(), vec![address], None),
        (Want::Connection, true) => AskAnswer::Connected(address),
        (Want::Page, true) => AskAnswer::Reply {
            address,
            reply: HttpReply::status(200),
            page: Page {
                body: "ok\n".to_owned(),
                ..Page::default()
            },
        },
        (_, false) => AskAnswer::Reply {
            address,
            reply: HttpReply::of(HttpAnswer::Refused),
            page: Page::default(),
        },
    }
}

/// The answer of a Pod's machines.
pub fn reply(
    world: &mut PodWorld,
    now: Instant,
    to: &Backend,
    ask: &Ask,
    address: String,
) -> AskAnswer {
    if ask.want == Want::Connection {
        let refused = match world.connect(now, to.port) {
            TcpReply::Accepted => return AskAnswer::Connected(address),
            TcpReply::Refused => HttpAnswer::Refused,
            TcpReply::Dropped => HttpAnswer::Dropped,
        };
        return AskAnswer::Reply {
            address,
            reply: HttpReply::of(refused),
            page: Page::default(),
        };
    }
    let request = HttpRequest {
        user_agent: &ask.agent,
        ..super::get(&ask.path)
    };
    let reply = world.http(now, to.port, &request);
    let page = world.http_page(now, to.port, &request, &reply);
    AskAnswer::Reply {
        address,
        reply,
        page,
    }
}

/// A Service's name in full.
fn full_name(cluster: &Cluster, host: &str, namespace: &str) -> Option<String> {
    let mut live = cluster.controllers.live_services();
    let found = live.find(|(_, s)| names(host, &s.name, &s.namespace, namespace));
    found.map(|(_, state)| in_full(state))
}

fn in_full(service: &ServiceState) -> String {
    [&service.name, ".", &service.namespace, ".svc.cluster.local"].concat()
}

/// What the cluster's DNS knows of a name (SVC-05): a Service's address even without endpoints, of
/// a headless one those of its ready Pods.
#[inline(never)]
fn addresses(cluster: &Cluster, namespace: &str, host: &str) -> Option<AskAnswer> {
    let mut live = cluster.controllers.live_services();
    let address = |pod: PodId| cluster.pods[pod.index()].status.pod_ip;
    let found = live.find(|(_, s)| names(host, &s.name, &s.namespace, namespace));
    let Some((_, state)) = found else {
        let mut live = cluster.controllers.live_services();
        return live.find_map(|(_, s)| {
            let pod = named_pod(cluster, s, host, namespace)?;
            let full = [s.hostname(&cluster.pods[pod.index()]), ".", &in_full(s)].concat();
            Some(AskAnswer::Addresses(
                full,
                vec![go_format::ipv4(address(pod)?)],
                None,
            ))
        });
    };
    let full = in_full(state);
    let of_pods = || {
        let pods = resolved_pods(state).map(address);
        let written = written::addresses(cluster, state).into_iter();
        let written = written
            .filter(|(_, state)| state.ready)
            .map(|(at, _)| at.address);
        let all = pods.flatten().chain(written);
        all.map(go_format::ipv4).collect()
    };
    let found: Vec<String> = match state.cluster_ip {
        Some(address) => vec![go_format::ipv4(address)],
        None => of_pods(),
    };
    (!found.is_empty()).then_some(AskAnswer::Addresses(full, found, None))
}

/// Answers what a copy of a Pod's world asks, from copies of the others'.
pub fn answer_copy(cluster: &Cluster, now: Instant, pod: Option<PodId>, world: &mut PodWorld) {
    for asking in world.take_asks() {
        let found = match pod {
            Some(pod) => find(cluster, &mut cluster.draws.clone(), pod, &asking.2),
            None => Err(AskAnswer::NoHost),
        };
        let answer = found.map_or_else(
            |told| told,
            |(backend, address)| {
                let mut other = cluster.pods[backend.pod.index()].world.clone();
                reply(&mut other, now, &backend, &asking.2, address)
            },
        );
        world.answer(now, &asking, answer);
    }
}

/// An IPv4 address in host order.
pub fn ipv4(text: &str) -> Option<u32> {
    let mut bytes = text.split('.').map(str::parse::<u8>);
    let mut address = 0;
    for _ in 0..4 {
        address = address << 8 | u32::from(bytes.next()?.ok()?);
    }
    bytes.next().is_none().then_some(address)
}

/// The ready endpoints of a port; without any those that still serve (SVC-01). `only`: the rules
/// know those of this node; if there are others, packets are dropped (SVC-02).
fn endpoints(
    cluster: &Cluster,
    id: ServiceId,
    place: usize,
    only: Option<NodeId>,
) -> Result<Vec<Backend>, Nobody> {
    let state = cluster.controllers.service(id);
    let own = state.slice.endpoints.iter().filter_map(|endpoint| {
        let port = *endpoint.ports.get(place)?;
        let backend = Backend {
            pod: endpoint.pod,
            address: endpoint.address,
            port,
            node: endpoint.node,
            cause: endpoint.record,
        };
        (port != 0).then_some((backend, endpoint.state))
    });
    let mut all: Vec<(Backend, EndpointState)> = own.collect();
    all.extend(written::of_port(cluster, state, place));
    let pick = |only: Option<NodeId>, wanted: fn(&EndpointState) -> bool| {
        all.iter()
            .filter(|(backend, state)| wanted(state) && (only.is_none() || backend.node == only))
            .map(|(backend, _)| *backend)
            .collect::<Vec<Backend>>()
    };
    let usable = |only| {
        let ready = pick(only, |state| state.ready);
        match ready.is_empty() {
            true => pick(only, |state| state.serving && state.terminating),
            false => ready,
        }
    };
    let found = usable(only);
    match only {
        _ if !found.is_empty() => Ok(found),
        Some(_) if !usable(None).is_empty() => Err(Nobody::Dropped),
        _ => Err(Nobody::Refused),
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
