//! The probes that a manifest defines, as far as a recording's moments are read by them.

use readyz_engine::api::{Container, Object, PodSpec, ProbeKind};
use readyz_engine::manifest;

/// A probe's numbers, times in milliseconds.
#[derive(Clone)]
pub struct Clocked {
    pub container: String,
    /// As events write it.
    pub kind: &'static str,
    pub period: i64,
    pub timeout: i64,
    pub delay: i64,
    pub success_threshold: u32,
    /// Whether the container has a startup probe.
    pub is_gated: bool,
}

/// The probes of each Pod and of each template of a manifest, by the object's name.
pub fn of(text: &str) -> Vec<(String, Vec<Clocked>)> {
    let objects = manifest::parse(text).objects.into_iter();
    let found = objects.filter_map(|object| match object.object {
        Object::Pod(pod) => Some((pod.metadata.name, of_spec(&pod.spec))),
        Object::Deployment(deployment) => {
            Some((deployment.metadata.name, of_spec(&deployment.template.spec)))
        }
        _ => None,
    });
    found.collect()
}

/// Those of the Pod of a name, which its owner's name begins.
pub fn of_pod<'c>(known: &'c [(String, Vec<Clocked>)], pod: &str) -> &'c [Clocked] {
    let own = known.iter().find(|(name, _)| name == pod);
    let owner = || {
        let is_owner = |name: &str| {
            let rest = pod
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('-'));
            rest.is_some_and(|rest| rest.split('-').count() == 2)
        };
        known.iter().find(|(name, _)| is_owner(name))
    };
    own.or_else(owner).map_or(&[], |(_, clocks)| clocks)
}

/// A container's probe of a kind.
pub fn find<'c>(clocks: &'c [Clocked], container: &str, kind: &str) -> Option<&'c Clocked> {
    let mut clocks = clocks.iter();
    clocks.find(|clock| clock.container == container && clock.kind == kind)
}

fn of_spec(spec: &PodSpec) -> Vec<Clocked> {
    let containers = spec.init_containers.iter().chain(&spec.containers);
    containers.flat_map(of_container).collect()
}

/// As events write it.
pub fn name(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Liveness => "Liveness",
        ProbeKind::Readiness => "Readiness",
        ProbeKind::Startup => "Startup",
    }
}

fn of_container(container: &Container) -> Vec<Clocked> {
    let found = ProbeKind::ALL.into_iter().filter_map(|kind| {
        let probe = container.probe(kind)?;
        let millis = |seconds: u32| i64::from(seconds) * 1_000;
        Some(Clocked {
            container: container.name.clone(),
            kind: name(kind),
            period: millis(probe.period_seconds),
            timeout: millis(probe.timeout_seconds),
            delay: millis(probe.initial_delay_seconds),
            success_threshold: probe.success_threshold,
            is_gated: container.probe(ProbeKind::Startup).is_some(),
        })
    });
    found.collect()
}
