//! What the API server adds to every Pod, written by a person or made by a controller.

use crate::api::{PodSpec, Resources, RestartPolicy, TaintEffect, Toleration};

/// Taints that every Pod tolerates for 300 s unless it says otherwise (API-04).
const TOLERATED: [&str; 2] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
];

/// Applies the defaults that hold for Pods and not for templates: missing requests are the
/// limits (API-03), tolerations, the service account and `enableServiceLinks` (API-04). Doing it twice changes nothing.
pub fn admit(spec: &mut PodSpec) {
    let containers = spec.init_containers.iter_mut().chain(&mut spec.containers);
    for container in containers {
        default_requests(&mut container.resources);
    }
    if spec.resources.is_some() {
        default_whole(spec);
    }
    if spec.service_account_name.is_empty() {
        spec.service_account_name = "default".into();
    }
    spec.service_links.get_or_insert(true);
    for key in TOLERATED {
        let tolerates = |t: &Toleration| {
            (t.key == key || (t.key.is_empty() && t.exists))
                && matches!(t.effect, None | Some(TaintEffect::NoExecute))
        };
        if !spec.tolerations.iter().any(tolerates) {
            spec.tolerations.push(Toleration {
                key: key.into(),
                exists: true,
                value: String::new(),
                effect: Some(TaintEffect::NoExecute),
                toleration_seconds: Some(300),
            });
        }
    }
}

/// A whole Pod with limits requests what its containers request together; where they request
/// nothing, the limits (pkg/apis/core/v1/defaults.go, defaultPodRequests). Huge pages are not
/// overcommitted: their requests are the limits.
#[inline(never)]
fn default_whole(spec: &mut PodSpec) {
    let cpu = together(spec, |resources| resources.request_cpu_milli);
    let memory = together(spec, |resources| resources.request_memory_bytes);
    let Some(whole) = &mut spec.resources else {
        return;
    };
    let has_limits = (whole.limit_cpu_milli, whole.limit_memory_bytes) != (None, None)
        || whole.others.iter().any(|other| other.limit.is_some());
    if !has_limits {
        return;
    }
    let cpu = whole.request_cpu_milli.or(cpu);
    whole.request_cpu_milli = cpu.or(whole.limit_cpu_milli);
    let memory = whole.request_memory_bytes.or(memory);
    whole.request_memory_bytes = memory.or(whole.limit_memory_bytes);
    for other in &mut whole.others {
        other.request = other.request.or(other.limit);
    }
}

/// The effective request of the containers; None: none of them asks.
fn together(spec: &PodSpec, of: fn(&Resources) -> Option<u64>) -> Option<u64> {
    let (mut sidecars, mut peak) = (None, None);
    let sum = |one: Option<u64>, other: Option<u64>| match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    };
    for init in &spec.init_containers {
        let with = sum(sidecars, of(&init.resources));
        if init.restart_policy == Some(RestartPolicy::Always) {
            sidecars = with;
        }
        peak = peak.max(with);
    }
    let containers = spec.containers.iter().map(|c| of(&c.resources));
    containers.fold(sidecars, sum).max(peak)
}

fn default_requests(resources: &mut Resources) {
    let pairs = [
        (&mut resources.request_cpu_milli, resources.limit_cpu_milli),
        (
            &mut resources.request_memory_bytes,
            resources.limit_memory_bytes,
        ),
        (
            &mut resources.request_ephemeral_bytes,
            resources.limit_ephemeral_bytes,
        ),
    ];
    for (request, limit) in pairs {
        *request = request.or(limit);
    }
    for other in &mut resources.others {
        other.request = other.request.or(other.limit);
    }
}
