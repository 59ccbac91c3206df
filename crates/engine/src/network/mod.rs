//! Services as clients see them: forwarding rules, requests and their ledger (SVC-*).
//!
//! Clients of a Service send at a steady rate to its first port. Every request ends in exactly
//! one way and is counted once; while it is under way it is counted in `in_flight`.

mod cut;
mod ledger;
mod local;
#[cfg(test)]
mod local_tests;
#[cfg(test)]
mod rollout_tests;
mod route;
#[cfg(test)]
mod tests;
mod visit;
pub mod written;

pub use cut::{Cut, Side};
pub use ledger::Ledger;
use route::InFlight;
pub use route::{Backend, Route};
pub use visit::{answer_copy, Nobody, Url};

use crate::cluster::Cx;
use crate::container::{HttpAnswer, HttpReply, HttpRequest, Peer};
use crate::ids::{PodId, RecordId, ServiceId};
use crate::kubelet;
use crate::latency;
use crate::record::{RequestOutcome, What};
use crate::rng::{Draws, Purpose};
use crate::sorted::Map;
use crate::time::{Duration, Instant};
use crate::timer::Timer;

use std::sync::Arc;

/// How long a client waits for an answer.
pub const CLIENT_TIMEOUT: Duration = Duration::from_secs(2);

/// State of the cluster network.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Indexed by [`ServiceId`].
    pub routes: Vec<Arc<Route>>,
    /// Rates asked for before there was a Service of that name.
    expected: Vec<(String, u32)>,
    /// Requests under way, over all Services.
    in_flight: u32,
    /// What last went wrong in a Pod: an end of a container, a fault.
    troubles: Arc<Map<PodId, RecordId>>,
    /// Partitions in force.
    pub cuts: Vec<Cut>,
}

/// Timers of the clients of a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrafficTimer {
    /// The next request is sent.
    Request,
    /// A request under way ends: its slot.
    End(u32),
    /// The nodes' forwarding rules follow the EndpointSlice.
    Rules,
}

/// A client's timer is due.
pub fn traffic_timer(cx: &mut Cx, service: ServiceId, timer: TrafficTimer) {
    match timer {
        TrafficTimer::Request => send(cx, service),
        TrafficTimer::End(slot) => end(cx, service, slot),
        TrafficTimer::Rules => follow_slice(cx, service),
    }
}

fn route<'a>(cx: &'a Cx, service: ServiceId) -> &'a Route {
    &cx.cluster.network.routes[service.index()]
}

fn route_mut<'a>(cx: &'a mut Cx, service: ServiceId) -> &'a mut Route {
    Arc::make_mut(&mut cx.cluster.network.routes[service.index()])
}

/// Sets the rate of the clients of the Services of a name, in requests in a thousand seconds.
/// A Service that does not exist yet gets it when it is created. Whether there is one.
pub fn set_traffic(cx: &mut Cx, service: &str, rate_milli: u32) -> bool {
    let expected = &mut cx.cluster.network.expected;
    expected.retain(|(name, _)| name != service);
    expected.push((service.to_owned(), rate_milli));
    let found: Vec<ServiceId> = cx
        .cluster
        .controllers
        .live_services()
        .filter(|(_, state)| *state.name == *service)
        .map(|(id, _)| id)
        .collect();
    for id in &found {
        set_rate(cx, *id, rate_milli);
    }
    !found.is_empty()
}

/// Sets the rate of a Service's clients; the first request comes one interval later.
pub fn set_rate(cx: &mut Cx, service: ServiceId, rate_milli: u32) {
    let now = cx.now;
    let route = route_mut(cx, service);
    if route.rate_milli == rate_milli {
        return;
    }
    route.set_rate(now, rate_milli);
    let at = route.next_at();
    if at != Instant::NEVER {
        let timer = TrafficTimer::Request;
        cx.at(at, Timer::Traffic { service, timer });
    }
}

/// A Service was created.
pub(crate) fn service_added(cx: &mut Cx, service: ServiceId) {
    let routes = &mut cx.cluster.network.routes;
    while routes.len() <= service.index() {
        routes.push(Arc::default());
    }
    let name = &cx.cluster.controllers.service(service).name;
    let expected = &cx.cluster.network.expected;
    let rate = expected.iter().find(|(wanted, _)| **wanted == **name);
    if let Some(rate_milli) = rate.map(|(_, rate)| *rate) {
        set_rate(cx, service, rate_milli);
    }
}

/// The EndpointSlice of a Service was written: the nodes' rules follow (SVC-03).
pub(crate) fn slice_changed(cx: &mut Cx, service: ServiceId) {
    if route(cx, service).rules_at == Instant::NEVER {
        let at = cx.now + latency::PROXY_RULES;
        route_mut(cx, service).rules_at = at;
        let timer = TrafficTimer::Rules;
        cx.at(at, Timer::Traffic { service, timer });
    }
}

fn follow_slice(cx: &mut Cx, service: ServiceId) {
    if route(cx, service).rules_at != cx.now {
        return;
    }
    let cause = cx.cause;
    let cluster = &mut *cx.cluster;
    let state = cluster.controllers.service(service);
    let written = written::of_port(cluster, state, 0);
    let route = Arc::make_mut(&mut cluster.network.routes[service.index()]);
    route.rules_at = Instant::NEVER;
    route.rules_cause = cause;
    route.follow(
        &state.slice.endpoints,
        &written,
        state.object.affinity_seconds,
    );
}

/// Sends one request and sets the timer of the next.
fn send(cx: &mut Cx, service: ServiceId) {
    let now = cx.now;
    if route(cx, service).next_at() != now {
        return;
    }
    let cause = cx.cause;
    let route = route_mut(cx, service);
    route.sent += 1;
    let next = route.next_at();
    if next != Instant::NEVER {
        let timer = TrafficTimer::Request;
        cx.at(next, Timer::Traffic { service, timer });
    }
    let (pod, (outcome, after, container)) = match choose(cx, service) {
        Ok(backend) => {
            let told = ask(cx, service, backend);
            cx.cause = trouble(cx, backend);
            (backend.pod, told)
        }
        Err(outcome) => {
            cx.cause = self::route(cx, service).rules_cause;
            let is_dropped = outcome == RequestOutcome::TimedOut;
            let after = if is_dropped {
                CLIENT_TIMEOUT
            } else {
                Duration::ZERO
            };
            (PodId::NONE, (outcome, after, None))
        }
    };
    if after == Duration::ZERO {
        finish(cx, service, pod, outcome);
    } else {
        let ends_at = now + after;
        let request = InFlight {
            pod,
            container,
            ends_at,
            outcome,
            cause: cx.cause,
        };
        let slot = route_mut(cx, service).begin(request);
        cx.cluster.network.in_flight += 1;
        let timer = TrafficTimer::End(slot);
        cx.at(ends_at, Timer::Traffic { service, timer });
    }
    cx.cause = cause;
}

/// A uniformly random endpoint among the ready ones; without any among those that still serve
/// while they terminate (SVC-01). Err: what becomes of the request.
fn choose(cx: &mut Cx, service: ServiceId) -> Result<Backend, RequestOutcome> {
    let now = cx.now;
    let chosen = if let Some(kept) = route(cx, service).kept(now) {
        kept
    } else if local::is_local(&cx.cluster.controllers.service(service).object) {
        local::choose(cx, service)?
    } else {
        let count = route(cx, service).candidates().len() as u64;
        if count == 0 {
            return Err(RequestOutcome::NoEndpoint);
        }
        let index = cx.cluster.draws.below(Purpose::Choice, count) as usize;
        route(cx, service).candidates()[index]
    };
    if route(cx, service).sticky.is_some() {
        route_mut(cx, service).last = Some((chosen.address, chosen.port, now));
    }
    written::resolved(cx.cluster, chosen).map_err(|nobody| match nobody {
        Nobody::Refused => RequestOutcome::Refused,
        _ => RequestOutcome::TimedOut,
    })
}

/// One of several, each equally likely. There is at least one.
pub fn pick(draws: &mut Draws, backends: &[Backend]) -> Backend {
    match backends.len() {
        1 => backends[0],
        count => backends[draws.below(Purpose::Choice, count as u64) as usize],
    }
}

/// A request from outside of the Pods, for its effects.
pub fn visit(cx: &mut Cx, text: &str) -> Result<(), String> {
    let url = Url::parse(text).ok_or("this is no address")?;
    let mut draws = cx.cluster.draws.clone();
    let chosen = url
        .backend(cx.cluster, &mut draws, &cx.cluster.namespace, None)
        .map_err(|_| "nobody answers for this address")?;
    cx.cluster.draws = draws;
    let now = cx.now;
    let request = get(url.path);
    kubelet::with_world(cx, chosen.pod, |world| {
        world.http(now, chosen.port, &request)
    });
    Ok(())
}

/// Answers what programs of a Pod ask of others (SVC-01, SVC-05).
pub fn answer_asks(cx: &mut Cx, pod: PodId) {
    let now = cx.now;
    for asking in cx.pod_mut(pod).world.take_asks() {
        let mut draws = cx.cluster.draws.clone();
        let found = visit::find(cx.cluster, &mut draws, pod, &asking.2);
        cx.cluster.draws = draws;
        let answer = found.map_or_else(
            |told| told,
            |(to, address)| {
                kubelet::with_world(cx, to.pod, |world| {
                    visit::reply(world, now, &to, &asking.2, address)
                })
            },
        );
        cx.pod_mut(pod).world.answer(now, &asking, answer);
    }
}

/// A client's request, as `curl` sends it.
pub fn get(path: &str) -> HttpRequest<'_> {
    HttpRequest {
        method: "GET",
        path,
        headers: &[],
        user_agent: "curl/8.5.0",
        host: "",
        port: 0,
        from: Peer::Network,
    }
}

/// What becomes of a request to an endpoint, when, and the container that accepted it.
fn ask(
    cx: &mut Cx,
    service: ServiceId,
    backend: Backend,
) -> (RequestOutcome, Duration, Option<u32>) {
    let now = cx.now;
    let node = cx.pod(backend.pod).node;
    let is_cut_off = node.is_some_and(|node| !cx.node(node).is_reachable);
    if is_cut_off || cx.cluster.network.is_cut(service, backend.pod, node) {
        return (RequestOutcome::TimedOut, CLIENT_TIMEOUT, None);
    }
    if cx.pod(backend.pod).removed_at.is_some() {
        // Nobody answers for the address any more.
        return (RequestOutcome::TimedOut, CLIENT_TIMEOUT, None);
    }
    let request = get("/");
    let alike = cx.pod(backend.pod).world.answers_alike(backend.port, "/");
    let state = if alike.is_some() {
        kubelet::steady::pay(cx.cluster, backend.pod);
        cx.pod_for_probe(backend.pod)
    } else {
        cx.pod_mut(backend.pod)
    };
    let world = &mut state.world;
    let before = world.poll_at();
    let reply = world.http(now, backend.port, &request);
    if world.poll_at() != before {
        kubelet::world_changed(cx, backend.pod);
    }
    let outcome = outcome(&reply);
    if reply.after > CLIENT_TIMEOUT || outcome == RequestOutcome::TimedOut {
        return (RequestOutcome::TimedOut, CLIENT_TIMEOUT, reply.container);
    }
    (outcome, reply.after, reply.container)
}

fn outcome(reply: &HttpReply) -> RequestOutcome {
    match &reply.what {
        HttpAnswer::Status { status, .. } if *status >= 500 => RequestOutcome::ServerError,
        HttpAnswer::Status { .. } | HttpAnswer::NotHttp(_) => RequestOutcome::Served,
        HttpAnswer::Refused => RequestOutcome::Refused,
        HttpAnswer::Dropped | HttpAnswer::NoAnswer | HttpAnswer::BodyStalls => {
            RequestOutcome::TimedOut
        }
        HttpAnswer::Reset | HttpAnswer::Empty | HttpAnswer::BodyCut => RequestOutcome::Reset,
    }
}

/// A request under way has its answer, or none in time.
fn end(cx: &mut Cx, service: ServiceId, slot: u32) {
    let now = cx.now;
    if let Some(request) = route_mut(cx, service).take(slot, now) {
        cx.cluster.network.in_flight -= 1;
        cx.cause = request.cause;
        finish(cx, service, request.pod, request.outcome);
    }
}

/// What explains that an endpoint does not serve: the last trouble in its Pod; without any, that
/// it became an endpoint (too early, then).
fn trouble(cx: &Cx, backend: Backend) -> RecordId {
    let troubles = &cx.cluster.network.troubles;
    troubles.get(&backend.pod).copied().unwrap_or(backend.cause)
}

/// Something went wrong in a Pod: the present cause explains what its clients will see.
pub(crate) fn note_trouble(cx: &mut Cx, pod: PodId) {
    let cause = cx.cause;
    Arc::make_mut(&mut cx.cluster.network.troubles).insert(pod, cause);
}

/// A container's process has ended: its connections are cut.
pub(crate) fn container_ended(cx: &mut Cx, pod: PodId, container: u32) {
    note_trouble(cx, pod);
    if cx.cluster.network.in_flight == 0 {
        return;
    }
    for index in 0..cx.cluster.network.routes.len() {
        let service = ServiceId::at(index);
        while route(cx, service).has_request_at(pod, container) {
            if route_mut(cx, service).cut(pod, container) {
                cx.cluster.network.in_flight -= 1;
                finish(cx, service, pod, RequestOutcome::Reset);
            }
        }
    }
}

fn finish(cx: &mut Cx, service: ServiceId, pod: PodId, outcome: RequestOutcome) {
    let route = route_mut(cx, service);
    route.ledger.count(outcome);
    route.ended = Some((pod, outcome));
    let cause = cx.cause;
    if outcome == RequestOutcome::Served {
        // Nothing needs explaining.
        cx.cause = RecordId::NONE;
    }
    cx.record(What::Request {
        service,
        pod,
        outcome,
    });
    cx.cause = cause;
}
