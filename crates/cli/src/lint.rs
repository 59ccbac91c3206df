//! Advice about probes that are valid and probably not meant: each sentence says what will happen,
//! from the manifest's own numbers and the rules of `semantics/kubelet.md`.

use readyz_engine::api::{Container, Handler, Object, PodSpec, Probe, ProbeKind};

/// Advice about every probe of a stream.
pub fn probes(objects: &[Object]) -> Vec<String> {
    let mut advice = Vec::new();
    for object in objects {
        let (name, spec) = match object {
            Object::Pod(pod) => (["pod/", &pod.metadata.name].concat(), &pod.spec),
            Object::Deployment(d) => {
                let name = ["deployment/", &d.metadata.name].concat();
                (name, &d.template.spec)
            }
            Object::ReplicaSet(set) => {
                let name = ["replicaset/", &set.metadata.name].concat();
                (name, &set.template.spec)
            }
            _ => continue,
        };
        for container in spec.containers.iter().chain(&spec.init_containers) {
            let place = format!("{name} container {}", container.name);
            of_container(spec, container, &place, &mut advice);
        }
    }
    advice
}

fn of_container(spec: &PodSpec, container: &Container, place: &str, advice: &mut Vec<String>) {
    for kind in ProbeKind::ALL {
        let Some(probe) = container.probe(kind) else {
            continue;
        };
        let word = match kind {
            ProbeKind::Startup => "startupProbe",
            ProbeKind::Readiness => "readinessProbe",
            ProbeKind::Liveness => "livenessProbe",
        };
        let place = format!("{place} {word}");
        of_probe(spec, kind, probe, &place, advice);
    }
    let (liveness, readiness) = (
        container.probe(ProbeKind::Liveness),
        container.probe(ProbeKind::Readiness),
    );
    if let (Some(liveness), Some(readiness)) = (liveness, readiness) {
        let no_later = reaction(liveness) <= reaction(readiness);
        if liveness.handler == readiness.handler && no_later {
            advice.push(format!(
                "{place}: livenessProbe and readinessProbe ask the same and liveness gives up \
                 first (after {} s, readiness after {} s): the container is restarted instead of \
                 taken out of its Services",
                reaction(liveness),
                reaction(readiness)
            ));
        }
    }
    let delay = container
        .probe(ProbeKind::Liveness)
        .map_or(0, |p| p.initial_delay_seconds);
    if delay >= 60 && container.probe(ProbeKind::Startup).is_none() {
        advice.push(format!(
            "{place} livenessProbe: initialDelaySeconds {delay} leaves the container unwatched for \
             {delay} s after every restart; a startupProbe ends as soon as the application is up"
        ));
    }
}

/// Seconds from the first failure to the verdict.
fn reaction(probe: &Probe) -> u32 {
    (probe.failure_threshold.saturating_sub(1)) * probe.period_seconds
}

fn of_probe(spec: &PodSpec, kind: ProbeKind, probe: &Probe, place: &str, advice: &mut Vec<String>) {
    let (timeout, period) = (probe.timeout_seconds, probe.period_seconds);
    if timeout > period {
        advice.push(format!(
            "{place}: timeoutSeconds {timeout} is longer than periodSeconds {period}: a probe that \
             hangs delays the next one"
        ));
    }
    if kind == ProbeKind::Liveness {
        if probe.failure_threshold == 1 {
            advice.push(format!(
                "{place}: failureThreshold 1 restarts the container at the first slow or lost \
                 answer"
            ));
        }
        if matches!(probe.handler, Handler::TcpSocket { .. }) {
            advice.push(format!(
                "{place}: tcpSocket does not see a deadlock: the kernel accepts the connection \
                 though the process never answers"
            ));
        }
    }
    let host = match &probe.handler {
        Handler::HttpGet(get) => get.host.as_str(),
        Handler::TcpSocket { host, .. } => host.as_str(),
        _ => "",
    };
    if !host.is_empty() {
        advice.push(format!(
            "{place}: host {host} is asked instead of the Pod; localhost there is the node's, not \
             the container's"
        ));
    }
    let grace = spec.termination_grace_period_seconds;
    if probe
        .termination_grace_period_seconds
        .is_some_and(|own| own > grace)
    {
        advice.push(format!(
            "{place}: terminationGracePeriodSeconds is longer than the Pod's {grace} s"
        ));
    }
}
