//! Extended resources (`nvidia.com/gpu`) and huge pages: devices that are counted, never shared
//! (SCH-02, RES-03).

use super::admission::shortage;
use super::filter::{Attempt, Shortage};
use super::preemption;
use crate::api::{Container, Node, PodSpec, RestartPolicy};
use crate::cluster::Cluster;
use crate::ids::{NodeId, PodId};
use crate::sorted::Set;

/// Whether a Pod asks for any.
pub fn is_asked_for(spec: &PodSpec) -> bool {
    let mut containers = spec.init_containers.iter().chain(&spec.containers);
    let whole = spec.resources.as_ref();
    whole.is_some_and(|whole| !whole.others.is_empty())
        || containers.any(|container| !container.resources.others.is_empty())
}

/// The resources that a Pod asks for.
fn names(spec: &PodSpec) -> Set<&str> {
    let mut names = Set::new();
    let containers = spec.init_containers.iter().chain(&spec.containers);
    let containers = containers.map(|container| &container.resources);
    for resources in containers.chain(spec.resources.as_deref()) {
        for other in &resources.others {
            names.insert(&*other.name);
        }
    }
    names
}

/// What a container asks for.
fn of(container: &Container, name: &str) -> u64 {
    let mut others = container.resources.others.iter();
    let other = others.find(|other| other.name == name);
    other
        .and_then(|other| other.request.or(other.limit))
        .unwrap_or(0)
}

/// The effective request, as for the other resources ([`super::request::of_pod`]).
pub fn wanted(spec: &PodSpec, name: &str) -> u64 {
    let of = |container: &Container| of(container, name);
    let mut whole = spec.resources.iter().flat_map(|whole| &whole.others);
    if let Some(request) = whole.find(|other| other.name == name) {
        return request.request.or(request.limit).unwrap_or(0);
    }
    let (mut sidecars, mut peak) = (0_u64, 0_u64);
    for init in &spec.init_containers {
        if init.restart_policy == Some(RestartPolicy::Always) {
            sidecars = sidecars.saturating_add(of(init));
            peak = peak.max(sidecars);
        } else {
            peak = peak.max(sidecars.saturating_add(of(init)));
        }
    }
    let regular = spec.containers.iter().map(of);
    regular.fold(sidecars, u64::saturating_add).max(peak)
}

fn allocatable(node: &Node, name: &str) -> u64 {
    let mut others = node.others.iter();
    others
        .find(|(known, _)| known == name)
        .map_or(0, |(_, amount)| *amount)
}

/// The filter NodeResourcesFit, as far as these resources go.
#[inline(never)]
pub fn check(attempt: &Attempt, node: NodeId, found: &mut Shortage) {
    let (cluster, pod) = (attempt.cluster, attempt.pod);
    let spec = &attempt.state().spec;
    let object = &cluster.nodes[node.index()].object;
    for name in names(spec).iter() {
        let wanted = wanted(spec, name);
        let all = allocatable(object, name);
        let used = used(attempt, node, name).saturating_add(promised(cluster, pod, node, name));
        if wanted > 0 && wanted > all.saturating_sub(used) {
            found.reasons.push(["Insufficient ", name].concat().into());
            found.is_hopeless |= wanted > all;
        }
    }
}

/// What a node's Pods have of a resource.
fn used(attempt: &Attempt, node: NodeId, name: &str) -> u64 {
    let others = attempt.others().filter(|(there, _)| *there == node);
    others.map(|(_, other)| wanted(&other.spec, name)).sum()
}

/// What Pods will have for which room is being made.
fn promised(cluster: &Cluster, pod: PodId, node: NodeId, name: &str) -> u64 {
    let there = preemption::reserved_for(cluster, pod).filter(|(_, at)| *at == node);
    there
        .map(|(other, _)| wanted(&cluster.pods[other.index()].spec, name))
        .sum()
}

/// What a kubelet refuses. The devices of a node come from a plugin, which gives them container by
/// container (kubelet/cm/devicemanager/manager.go, devicesToAllocate); a resource that the node does
/// not name is not looked at. `used`: what Pods have of a resource.
#[inline(never)]
pub fn refused(
    node: &Node,
    spec: &PodSpec,
    used: &dyn Fn(&str) -> u64,
) -> Option<(&'static str, String)> {
    for name in names(spec).iter() {
        let (all, used) = (allocatable(node, name), used(name));
        if let Some(reason) = pages(name) {
            let wanted = wanted(spec, name);
            if wanted > all.saturating_sub(used) {
                return Some((reason, shortage(name, [wanted, used, all])));
            }
        } else if node.others.iter().any(|(known, _)| known == name) {
            if let Some((wanted, left)) = too_many(spec, name, all.saturating_sub(used)) {
                let text = format!(
                    "Allocate failed due to requested number of devices unavailable for {name}. \
                     Requested: {wanted}, Available: {left}, which is unexpected"
                );
                return Some(("UnexpectedAdmissionError", text));
            }
        }
    }
    None
}

/// The reason of a shortage of huge pages, which are no devices.
fn pages(name: &str) -> Option<&'static str> {
    match name {
        "hugepages-1Gi" => Some("OutOfhugepages-1Gi"),
        "hugepages-2Mi" => Some("OutOfhugepages-2Mi"),
        _ => None,
    }
}

/// What the first container wants that gets too few, and what is left for it. Init containers that
/// end leave theirs to those that follow.
fn too_many(spec: &PodSpec, name: &str, mut left: u64) -> Option<(u64, u64)> {
    let inits = spec.init_containers.iter();
    let inits = inits.map(|init| (init, init.restart_policy == Some(RestartPolicy::Always)));
    let all = inits.chain(spec.containers.iter().map(|container| (container, true)));
    for (container, keeps) in all {
        let wanted = of(container, name);
        if wanted > left {
            return Some((wanted, left));
        }
        left -= if keeps { wanted } else { 0 };
    }
    None
}
