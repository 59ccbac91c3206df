//! What the API server adds to every Pod, written by a person or made by a controller.

use crate::api::{PodSpec, Resources, TaintEffect, Toleration};

/// Taints that every Pod tolerates for 300 s unless it says otherwise (API-04).
const TOLERATED: [&str; 2] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
];

/// Applies the defaults that hold for Pods and not for templates: missing requests are the
/// limits (API-03), tolerations and the service account (API-04). Doing it twice changes nothing.
pub fn admit(spec: &mut PodSpec) {
    let containers = spec.init_containers.iter_mut().chain(&mut spec.containers);
    for container in containers {
        default_requests(&mut container.resources);
    }
    if spec.service_account_name.is_empty() {
        spec.service_account_name = "default".into();
    }
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
