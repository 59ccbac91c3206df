//! Rules about probes.

use super::{Found, Subject};
use crate::api::{Handler, PortRef, Probe, ProbeKind};
use crate::container::image;
use crate::manifest::nearest;

/// From this delay on a startup probe is the better way.
const LONG_DELAY_SECONDS: u32 = 15;
/// An exec probe more often than this costs more than it tells.
const EXEC_PERIOD_SECONDS_MIN: u32 = 5;

impl Subject<'_> {
    fn probes(&self) -> impl Iterator<Item = (ProbeKind, &Probe)> {
        let kinds = ProbeKind::ALL.into_iter();
        kinds.filter_map(|kind| Some((kind, self.container.probe(kind)?)))
    }

    fn field(&self, kind: ProbeKind, field: &str) -> String {
        let dot = if field.is_empty() { "" } else { "." };
        [&self.path, ".", kind.field(), dot, field].concat()
    }
}

/// Failures at once until the verdict, in seconds.
fn budget(probe: &Probe) -> u64 {
    u64::from(probe.failure_threshold) * u64::from(probe.period_seconds)
}

/// RZ001: runs that hang follow each other without a pause (PRB-03).
pub(super) fn timeout(subject: &Subject) -> Vec<Found> {
    let slow = subject.probes().filter(|(_, probe)| {
        probe.timeout_seconds > 1 && probe.timeout_seconds >= probe.period_seconds
    });
    slow.map(|(kind, probe)| {
        let (timeout, period) = (probe.timeout_seconds, probe.period_seconds);
        let found = Found::new(
            subject.field(kind, "timeoutSeconds"),
            format!(
                "a run may take {timeout} s and the period is {period} s: while the server hangs, \
                 runs follow each other without a pause"
            ),
            "keep the timeout below the period",
        );
        match period {
            0 | 1 => found,
            period => found.with_value(period - 1),
        }
    })
    .collect()
}

/// RZ002: what should only leave rotation is restarted instead.
pub(super) fn same_question(subject: &Subject) -> Vec<Found> {
    let container = subject.container;
    let (Some(live), Some(ready)) = (&container.liveness_probe, &container.readiness_probe) else {
        return Vec::new();
    };
    if live.handler != ready.handler || budget(live) > budget(ready) {
        return Vec::new();
    }
    vec![Found::new(
        subject.field(ProbeKind::Liveness, ""),
        "liveness asks what readiness asks and gives up as early: an overloaded container is \
         restarted where leaving rotation would do"
            .into(),
        "ask a cheaper question, or give liveness a higher failureThreshold",
    )]
}

/// RZ003: a delay is too long for the fast starts and too short for the slow ones.
pub(super) fn initial_delay(subject: &Subject) -> Vec<Found> {
    let delayed = |probe: &&Probe| probe.initial_delay_seconds >= LONG_DELAY_SECONDS;
    let live = subject.container.liveness_probe.as_ref().filter(delayed);
    let (Some(live), None) = (live, &subject.container.startup_probe) else {
        return Vec::new();
    };
    let delay = live.initial_delay_seconds;
    let runs = delay.div_ceil(live.period_seconds.max(1)) + live.failure_threshold;
    let message = format!(
        "for {delay} s after every start nothing is noticed, and a start that takes longer is cut \
         off"
    );
    let suggestion = format!(
        "a startupProbe of the same kind with failureThreshold: {runs} waits exactly as long as \
         the start takes"
    );
    let path = subject.field(ProbeKind::Liveness, "initialDelaySeconds");
    vec![Found::new(path, message, &suggestion)]
}

/// RZ004: the image is known to start more slowly than liveness allows.
pub(super) fn slow_start(subject: &Subject) -> Vec<Found> {
    let container = subject.container;
    let (Some(live), None) = (&container.liveness_probe, &container.startup_probe) else {
        return Vec::new();
    };
    let (image, _) = image::resolve_with(subject.images, &container.image);
    let described = image.overlay.as_ref().and_then(|over| over.startup);
    let known = image.behaviour.as_ref().map(|known| known.startup);
    let startup = described.or(known).unwrap_or_default().0 / 1_000_000_000;
    let allowed = u64::from(live.initial_delay_seconds) + budget(live);
    if startup < allowed {
        return Vec::new();
    }
    let message = format!(
        "the start takes {startup} s, and liveness gives up after {allowed} s: the container will \
         be restarted for ever"
    );
    let path = subject.field(ProbeKind::Liveness, "");
    vec![Found::new(
        path,
        message,
        "add a startupProbe that allows for the start",
    )]
}

/// RZ006: each run makes a process in the container.
pub(super) fn costly_exec(subject: &Subject) -> Vec<Found> {
    let often = subject.probes().filter(|(_, probe)| {
        matches!(probe.handler, Handler::Exec { .. })
            && (1..EXEC_PERIOD_SECONDS_MIN).contains(&probe.period_seconds)
    });
    often
        .map(|(kind, probe)| {
            let runs = 60 / probe.period_seconds;
            let message = format!("{runs} processes a minute in every such container");
            let path = subject.field(kind, "periodSeconds");
            let suggestion = "httpGet, tcpSocket and grpc cost no process";
            Found::new(path, message, suggestion).with_value(10)
        })
        .collect()
}

/// RZ007: the probe errors on every run, and an error changes nothing (PRB-10, HDL-11).
pub(super) fn port_name(subject: &Subject) -> Vec<Found> {
    let mut found = Vec::new();
    for (kind, probe) in subject.probes() {
        let (handler, name) = match &probe.handler {
            Handler::HttpGet(get) => ("httpGet.port", &get.port),
            Handler::TcpSocket { port, .. } => ("tcpSocket.port", port),
            _ => continue,
        };
        let PortRef::Name(name) = name else { continue };
        let ports = || subject.container.ports.iter().map(|port| &*port.name);
        if ports().any(|known| known == name) {
            continue;
        }
        let message = format!(
            "no port of this container is called {name:?}: every run ends in an error, which \
             neither restarts nor unreadies"
        );
        let known = || ports().filter(|name| !name.is_empty());
        let near =
            nearest(name, known()).or_else(|| known().next().filter(|_| known().count() == 1));
        let suggestion = match near {
            Some(near) => ["did you mean ", near, "?"].concat(),
            None => "name the port in ports, or write its number".into(),
        };
        let remark = Found::new(subject.field(kind, handler), message, &suggestion);
        found.push(match near {
            Some(near) => remark.with_value(near),
            None => remark,
        });
    }
    found
}

/// RZ010: a server that answers 500 to everything still accepts connections.
pub(super) fn tcp_on_http(subject: &Subject) -> Vec<Found> {
    let mut found = Vec::new();
    for (kind, probe) in subject.probes() {
        let Handler::TcpSocket { port, .. } = &probe.handler else {
            continue;
        };
        let name = match port {
            PortRef::Name(name) => name.as_str(),
            PortRef::Number(number) => {
                let mut ports = subject.container.ports.iter();
                let named = ports.find(|port| i32::from(port.container_port) == *number);
                named.map_or("", |port| &port.name)
            }
        };
        if name == "http" || name == "web" || name.starts_with("http-") {
            found.push(Found::new(
                subject.field(kind, "tcpSocket"),
                "a TCP connection says nothing about HTTP: it succeeds while every request fails"
                    .into(),
                "use httpGet",
            ));
        }
    }
    found
}

/// RZ011: readiness is the Pod's, so a helper takes the whole Pod out of every Service (EPS-02).
pub(super) fn sidecar_readiness(subject: &Subject) -> Vec<Found> {
    if !subject.is_sidecar || subject.container.readiness_probe.is_none() {
        return Vec::new();
    }
    vec![Found::new(
        subject.field(ProbeKind::Readiness, ""),
        "when this sidecar is not ready the whole Pod gets no traffic".into(),
        "leave it out if the Pod can serve without the sidecar",
    )]
}

/// RZ016: one lost packet, one restart.
pub(super) fn hair_trigger(subject: &Subject) -> Vec<Found> {
    let live = subject.container.liveness_probe.as_ref();
    if live.is_none_or(|live| live.failure_threshold > 1) {
        return Vec::new();
    }
    let path = subject.field(ProbeKind::Liveness, "failureThreshold");
    let message = "a single failure, a pause of the node included, restarts the container";
    vec![Found::new(path, message.into(), "3 is the default").with_value(3)]
}

/// RZ017: the kubelet asks from the node: `localhost` is the node, not the container.
pub(super) fn other_host(subject: &Subject) -> Vec<Found> {
    let mut found = Vec::new();
    for (kind, probe) in subject.probes() {
        let (field, host) = match &probe.handler {
            Handler::HttpGet(get) => ("httpGet.host", &get.host),
            Handler::TcpSocket { host, .. } => ("tcpSocket.host", host),
            _ => continue,
        };
        if host.is_empty() || subject.spec.host_network {
            continue;
        }
        let message = match host.as_str() {
            "localhost" | "127.0.0.1" | "::1" => {
                "the kubelet asks from the node: this is the node itself, not the container"
            }
            _ => "the probe asks another host: its failures restart or unready this container",
        };
        let suggestion = "leave host out: then it is the Pod's address";
        found.push(Found::new(
            subject.field(kind, field),
            message.into(),
            suggestion,
        ));
    }
    found
}

/// RZ018: requests are still coming when the container is killed.
pub(super) fn restart_first(subject: &Subject) -> Vec<Found> {
    let container = subject.container;
    let (Some(live), Some(ready)) = (&container.liveness_probe, &container.readiness_probe) else {
        return Vec::new();
    };
    let (killed, out) = (budget(live), budget(ready));
    if live.handler == ready.handler || killed >= out {
        return Vec::new();
    }
    let message = format!(
        "readiness needs {out} s to take the Pod out of rotation, liveness kills after {killed} s"
    );
    let path = subject.field(ProbeKind::Readiness, "");
    vec![Found::new(path, message, "let readiness be the faster one")]
}
