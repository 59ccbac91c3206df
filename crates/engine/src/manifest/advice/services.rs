//! Rules about Services and the Pods behind them.

use super::{namespace, pod_of, Found};
use crate::api::{
    labels_contain, Container, Object, PodSpec, PortRef, RestartPolicy, Service, StringMap,
};
use crate::manifest::{nearest, Located, Stream};

/// The Pods and templates of a Service's namespace.
fn pods<'a>(
    stream: &'a Stream,
    service: &'a Located<Object>,
) -> impl Iterator<Item = (&'a StringMap, &'a PodSpec)> {
    let objects = stream.objects.iter().map(|located| &located.object);
    let near = objects.filter(|object| namespace(object) == namespace(&service.object));
    near.filter_map(|object| pod_of(object).map(|(labels, spec, _)| (labels, spec)))
}

fn with_selector(located: &Located<Object>) -> Option<&Service> {
    match &located.object {
        Object::Service(service) if !service.selector.is_empty() => Some(service),
        _ => None,
    }
}

/// RZ008: a Service without endpoints refuses every connection (SVC-02).
pub(super) fn no_match(stream: &Stream, located: &Located<Object>) -> Vec<Found> {
    let Some(service) = with_selector(located) else {
        return Vec::new();
    };
    let mut candidates = pods(stream, located).peekable();
    // The Pods may be in another file.
    if candidates.peek().is_none() {
        return Vec::new();
    }
    let mut nearest_miss: Option<(usize, &StringMap)> = None;
    for (labels, _) in candidates {
        if labels_contain(labels, &service.selector) {
            return Vec::new();
        }
        let equal = service
            .selector
            .iter()
            .filter(|(key, value)| labels.get(*key) == Some(*value));
        let equal = equal.count();
        if nearest_miss.is_none_or(|(best, _)| equal > best) {
            nearest_miss = Some((equal, labels));
        }
    }
    let message = "no Pod of this text has these labels: every connection is refused";
    let labels = nearest_miss.map(|(_, labels)| labels);
    let differs = |(key, value): &(&String, &String)| {
        labels.and_then(|labels| labels.get(*key)) != Some(*value)
    };
    let Some((key, _)) = service.selector.iter().find(differs) else {
        return Vec::new();
    };
    let path = format!("spec.selector[{key}]");
    let have = labels.and_then(|labels| labels.get(key));
    let found = match have {
        Some(have) => {
            let suggestion = format!("the nearest has {key}: {have}");
            Found::new(path, message.into(), &suggestion).with_value(have)
        }
        None => {
            let suggestion = format!("the nearest has no label {key}");
            Found::new(path, message.into(), &suggestion)
        }
    };
    vec![found]
}

/// An init container that goes on.
fn is_sidecar(container: &&Container) -> bool {
    container.restart_policy == Some(RestartPolicy::Always)
}

/// RZ009: an endpoint whose Pod lacks the named port gets no traffic (EPS-03).
pub(super) fn target_port(stream: &Stream, located: &Located<Object>) -> Vec<Found> {
    let Some(service) = with_selector(located) else {
        return Vec::new();
    };
    let behind: Vec<&PodSpec> = pods(stream, located)
        .filter(|(labels, _)| labels_contain(labels, &service.selector))
        .map(|(_, spec)| spec)
        .collect();
    let mut found = Vec::new();
    for (index, port) in service.ports.iter().enumerate() {
        let PortRef::Name(name) = &port.target_port else {
            continue;
        };
        let names = || {
            let containers = behind.iter().flat_map(|spec| {
                let sidecars = spec.init_containers.iter().filter(is_sidecar);
                spec.containers.iter().chain(sidecars)
            });
            containers.flat_map(|container| container.ports.iter().map(|port| &*port.name))
        };
        if behind.is_empty() || names().any(|known| known == name) {
            continue;
        }
        let message = format!("no container of the selected Pods has a port called {name:?}");
        let near = nearest(name, names().filter(|known| !known.is_empty()));
        let suggestion = match near {
            Some(near) => ["did you mean ", near, "?"].concat(),
            None => "name the port in the container's ports".into(),
        };
        let remark = Found::new(
            format!("spec.ports[{index}].targetPort"),
            message,
            &suggestion,
        );
        found.push(match near {
            Some(near) => remark.with_value(near),
            None => remark,
        });
    }
    found
}

/// RZ015: without a readiness probe a Pod is ready as soon as its processes run (PRB-18).
pub(super) fn no_readiness(stream: &Stream, located: &Located<Object>) -> Vec<Found> {
    let Some((labels, spec, prefix)) = pod_of(&located.object) else {
        return Vec::new();
    };
    let has_probe = spec.containers.iter().any(|c| c.readiness_probe.is_some());
    // Probes are known to the writer: a text without any is about something else.
    let knows_probes = spec.containers.iter().any(|c| c.liveness_probe.is_some());
    let mut services = stream.objects.iter().filter(|other| {
        namespace(&other.object) == namespace(&located.object)
            && with_selector(other).is_some_and(|service| labels_contain(labels, &service.selector))
    });
    if has_probe || !knows_probes || services.next().is_none() {
        return Vec::new();
    }
    vec![Found::new(
        [prefix, ".containers[0]"].concat(),
        "a Service sends requests as soon as the process runs, and goes on while liveness fails"
            .into(),
        "add a readinessProbe",
    )]
}
