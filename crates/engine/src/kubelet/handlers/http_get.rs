//! Handler httpGet (HDL-01 to HDL-10).

use super::{address, elsewhere, host_or, url, HttpFailure, ProbeOutput, ProbeStart, SocketError};
use crate::api::{Handler, HttpGet, PodSpec};
use crate::cluster::{Cx, PodState};
use crate::container::{HttpAnswer, HttpReply, HttpRequest, Peer};
use crate::ids::PodId;
use crate::kubelet::played;
use crate::kubelet::pod_worker::container_spec;
use crate::kubelet::probes::SlotId;
use crate::kubelet::runtime;
use crate::kubelet::steady;
use crate::latency;
use crate::record::ProbeOutcome;
use crate::rng::Purpose;
use crate::time::{Duration, Instant};
use std::borrow::Cow;
use std::sync::Arc;

/// Redirections that are followed (HDL-06).
const MOST_REDIRECTS: u32 = 10;
/// Client ports that the kernel hands out: first and number.
const CLIENT_PORTS: (u64, u64) = (32_768, 28_232);

/// Sends the request.
pub fn start(
    cx: &mut Cx,
    pod: PodId,
    slot: SlotId,
    timeout: Duration,
    port: u16,
    https: bool,
    is_elsewhere: bool,
) -> ProbeStart {
    let now = cx.now;
    let address = address(cx, pod);
    let state = cx.pod(pod);
    let Some(get) = get_of(&state.spec, slot) else {
        return ProbeStart::success(Duration::ZERO);
    };
    if is_elsewhere {
        let failure = elsewhere(&get.host);
        return socket_failure(failure, timeout, address);
    }
    let asked = runtime::port_owner(cx, pod, port);
    if https && is_plain(state, cx.pod(asked), now, slot, port) {
        let failure = HttpFailure::PlainServer;
        let output = ProbeOutput::HttpFailed { address, failure };
        return ProbeStart::failure(latency::NETWORK_PROBE, output);
    }
    let state = match state.world.answers_alike(port, &path_of(get)) {
        // The other probes of the Pod go on; only their requests come first.
        Some(_) => {
            steady::pay(cx.cluster, pod);
            cx.pod_for_probe(pod)
        }
        None => cx.pod_mut(pod),
    };
    let found = match asked == pod {
        true => ask(state, now, slot, port),
        false => ask_other(cx, pod, asked, slot, port),
    };
    let Some(mut reply) = found else {
        return ProbeStart::success(Duration::ZERO);
    };
    if let HttpAnswer::Status {
        status: 300..=399,
        location: Some(location),
    } = &reply.what
    {
        let spec = Arc::clone(&cx.pod(pod).spec);
        let Some(get) = get_of(&spec, slot) else {
            return ProbeStart::success(Duration::ZERO);
        };
        return follow(cx, pod, get, timeout, (address, port), location.clone());
    }
    if reply.after == timeout && played::answers_first(cx, pod, slot, timeout) {
        reply.after = timeout.saturating_sub(latency::NETWORK_PROBE);
    }
    judge(cx, reply, timeout, |failure| ProbeOutput::HttpFailed {
        address,
        failure,
    })
}

/// Whether a server would answer in plain HTTP: what it is sent is no request to it, so it notices
/// nothing (HDL-07).
#[inline(never)]
fn is_plain(state: &PodState, asked: &PodState, now: Instant, slot: SlotId, port: u16) -> bool {
    let Some(get) = get_of(&state.spec, slot) else {
        return false;
    };
    let reply = asked
        .world
        .clone()
        .http(now, port, &HttpRequest::probe(&path_of(get)));
    matches!(
        reply.what,
        HttpAnswer::Status { .. } | HttpAnswer::NotHttp(_)
    )
}

fn get_of(spec: &PodSpec, slot: SlotId) -> Option<&HttpGet> {
    match &container_spec(spec, slot.container())
        .probe(slot.kind())?
        .handler
    {
        Handler::HttpGet(get) => Some(get),
        _ => None,
    }
}

/// Sends a probe's request to the Pod.
pub fn ask(state: &mut PodState, now: Instant, slot: SlotId, port: u16) -> Option<HttpReply> {
    let spec = Arc::clone(&state.spec);
    send(&spec, state, now, slot, port)
}

/// Sends it to another Pod that has the port on the node.
#[inline(never)]
fn ask_other(cx: &mut Cx, pod: PodId, asked: PodId, slot: SlotId, port: u16) -> Option<HttpReply> {
    let spec = Arc::clone(&cx.pod(pod).spec);
    let now = cx.now;
    send(&spec, cx.pod_mut(asked), now, slot, port)
}

fn send(
    spec: &PodSpec,
    asked: &mut PodState,
    now: Instant,
    slot: SlotId,
    port: u16,
) -> Option<HttpReply> {
    let get = get_of(spec, slot)?;
    let path = path_of(get);
    let request = HttpRequest {
        headers: &get.headers,
        port,
        ..HttpRequest::probe(&path)
    };
    Some(asked.world.http(now, port, &request))
}

/// The path as sent: a missing leading slash is added (HDL-01).
pub fn path_of(get: &HttpGet) -> Cow<'_, str> {
    if get.path.starts_with('/') {
        Cow::Borrowed(get.path.as_str())
    } else {
        Cow::Owned(format!("/{}", get.path))
    }
}

fn socket_failure(failure: SocketError, timeout: Duration, address: u32) -> ProbeStart {
    let (after, failure) = match failure {
        SocketError::TimedOut => (timeout, HttpFailure::NoReply),
        other => (latency::NETWORK_PROBE, HttpFailure::Socket(other)),
    };
    ProbeStart::failure(after, ProbeOutput::HttpFailed { address, failure })
}

/// Follows redirections on the same host name, whatever the port (HDL-06).
fn follow(
    cx: &mut Cx,
    pod: PodId,
    get: &HttpGet,
    timeout: Duration,
    (address, mut port): (u32, u16),
    mut location: Arc<str>,
) -> ProbeStart {
    let now = cx.now;
    let own = host_or("", address);
    for _ in 0..MOST_REDIRECTS {
        let target = Target::parse(&location, port);
        if target.host.is_some_and(|host| host != own) {
            return ProbeStart::ends(
                latency::NETWORK_PROBE,
                ProbeOutcome::Warning,
                ProbeOutput::RedirectNotFollowed,
            );
        }
        port = target.port;
        let mut request = HttpRequest::probe(target.path);
        request.headers = &get.headers;
        request.from = Peer::Kubelet;
        let reply = cx.pod_mut(pod).world.http(now, port, &request);
        if let HttpAnswer::Status {
            status: 300..=399,
            location: Some(next),
        } = &reply.what
        {
            location = next.clone();
            continue;
        }
        let mut whole = get.clone();
        whole.path = target.path.to_owned();
        let at = url(&whole, &own, &port.to_string());
        let at = cx.intern(&at);
        return judge(cx, reply, timeout, |failure| ProbeOutput::HttpFailedAt {
            url: at,
            failure,
        });
    }
    let location = cx.intern(&location);
    ProbeStart::failure(latency::NETWORK_PROBE, ProbeOutput::RedirectLoop(location))
}

/// Where a Location points.
struct Target<'a> {
    /// None: the same host.
    host: Option<&'a str>,
    port: u16,
    path: &'a str,
}

impl<'a> Target<'a> {
    fn parse(location: &'a str, port: u16) -> Self {
        let (default, rest) = match location.split_once("://") {
            Some(("https", rest)) => (443, rest),
            Some((_, rest)) => (80, rest),
            None => {
                return Target {
                    host: None,
                    port,
                    path: location,
                }
            }
        };
        let slash = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(slash);
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().unwrap_or(default)),
            None => (authority, default),
        };
        Target {
            host: Some(host),
            port,
            path: if path.is_empty() { "/" } else { path },
        }
    }
}

/// What a final answer means (HDL-05, HDL-10).
fn judge(
    cx: &mut Cx,
    reply: HttpReply,
    timeout: Duration,
    failed: impl Fn(HttpFailure) -> ProbeOutput,
) -> ProbeStart {
    if reply.after >= timeout {
        // Its process may end before the time does (HDL-05).
        return ProbeStart::Ends {
            after: timeout,
            outcome: ProbeOutcome::Failure,
            output: failed(HttpFailure::NoReply),
            server: reply.container.map(|container| container as u16),
        };
    }
    let after = if reply.after == Duration::ZERO {
        latency::NETWORK_PROBE
    } else {
        reply.after
    };
    let server = reply
        .container
        .filter(|_| after > latency::NETWORK_PROBE)
        .map(|container| container as u16);
    let (outcome, output) = match reply.what {
        HttpAnswer::Status {
            status: 200..=299, ..
        } => (ProbeOutcome::Success, ProbeOutput::Empty),
        HttpAnswer::Status {
            status: 300..=399, ..
        } => (ProbeOutcome::Warning, ProbeOutput::RedirectNotFollowed),
        HttpAnswer::Status { status, .. } => {
            (ProbeOutcome::Failure, ProbeOutput::HttpStatus(status))
        }
        HttpAnswer::Refused => (
            ProbeOutcome::Failure,
            failed(HttpFailure::Socket(SocketError::Refused)),
        ),
        HttpAnswer::Dropped | HttpAnswer::NoAnswer => {
            let server = reply.container.map(|container| container as u16);
            return ProbeStart::Ends {
                after: timeout,
                outcome: ProbeOutcome::Failure,
                output: failed(HttpFailure::NoReply),
                server,
            };
        }
        HttpAnswer::Reset => {
            let (first, count) = CLIENT_PORTS;
            let offset = cx.cluster.draws.below(Purpose::Latency, count);
            let source_port = (first + offset) as u16;
            (
                ProbeOutcome::Failure,
                failed(HttpFailure::Reset { source_port }),
            )
        }
        HttpAnswer::Empty => (ProbeOutcome::Failure, failed(HttpFailure::Eof)),
        HttpAnswer::BodyStalls => {
            return ProbeStart::ends(timeout, ProbeOutcome::Error, ProbeOutput::BodyStalls)
        }
        HttpAnswer::BodyCut => (ProbeOutcome::Error, ProbeOutput::BodyCut),
        HttpAnswer::NotHttp(line) => {
            let line = cx.intern(&line);
            (ProbeOutcome::Failure, failed(HttpFailure::NotHttp(line)))
        }
    };
    ProbeStart::Ends {
        after,
        outcome,
        output,
        server,
    }
}
