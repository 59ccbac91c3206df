//! Limits on what a Pod keeps on its node's disk, looked at every 10 s where a Pod has one (RES-05).

use super::{eviction, NodeTimer};
use crate::api::{PodSpec, VolumeSource};
use crate::cluster::Cx;
use crate::go_format::bytes_text;
use crate::ids::{NodeId, PodId};
use crate::time::Instant;
use crate::timer::Timer;

/// A Pod has come: if it has such a limit its node looks from now on.
pub fn watch(cx: &mut Cx, pod: PodId) {
    if let Some(node) = cx.pod(pod).node.filter(|_| has_limit(&cx.pod(pod).spec)) {
        look_again(cx, node);
    }
}

/// One look is ahead for the node, however many of its Pods have a limit.
fn look_again(cx: &mut Cx, node: NodeId) {
    let now = cx.now;
    let at = cx.node(node).reconcile.after(now);
    let ahead = cx.node(node).storage_look_at;
    if ahead == at || ahead == now {
        return;
    }
    cx.node_mut(node).storage_look_at = at;
    let timer = NodeTimer::LocalStorage;
    cx.at(at, Timer::Node { node, timer });
}

fn has_limit(spec: &PodSpec) -> bool {
    let volumes = spec.volumes.iter();
    let mut volumes = volumes.map(|volume| &volume.source);
    volumes.any(|source| matches!(source, VolumeSource::EmptyDir { limit: Some(_) }))
        || containers(spec).any(|(_, _, limit)| limit.is_some())
}

/// Number, name and limit of each container.
fn containers(spec: &PodSpec) -> impl Iterator<Item = (usize, &str, Option<u64>)> {
    (0..spec.container_count()).filter_map(|number| {
        let container = spec.container(number)?;
        Some((
            number,
            container.name.as_str(),
            container.resources.limit_ephemeral_bytes,
        ))
    })
}

/// The look: who is above a limit goes.
pub fn look(cx: &mut Cx, node: NodeId) {
    if cx.node(node).storage_look_at != cx.now {
        return;
    }
    cx.node_mut(node).storage_look_at = Instant::NEVER;
    let pods: Vec<PodId> = cx.node(node).pods.clone();
    let limited = |cx: &Cx, pod: PodId| eviction::may_go(cx, pod) && has_limit(&cx.pod(pod).spec);
    for pod in pods.iter().copied() {
        if limited(cx, pod) && cx.node(node).is_running {
            if let Some(message) = excess(cx, pod) {
                eviction::evict(cx, pod, &message);
            }
        }
    }
    if pods.iter().any(|pod| limited(cx, *pod)) {
        look_again(cx, node);
    }
}

/// The first limit that a Pod exceeds, in the kubelet's order: volumes, the Pod, containers.
fn excess(cx: &Cx, pod: PodId) -> Option<String> {
    let state = cx.pod(pod);
    let spec = &state.spec;
    let mut in_volumes = 0;
    for (index, volume) in spec.volumes.iter().enumerate() {
        let used = volume_used(cx, pod, index);
        in_volumes += used;
        let VolumeSource::EmptyDir { limit: Some(limit) } = volume.source else {
            continue;
        };
        if used > limit {
            let parts = [
                "Usage of EmptyDir volume \"",
                &volume.name,
                "\" exceeds the limit \"",
                &bytes_text(limit),
                "\". ",
            ];
            return Some(parts.concat());
        }
    }
    let used = |number: usize| state.world.disk_used(number as u32);
    let all = containers(spec)
        .map(|(number, ..)| used(number))
        .sum::<u64>()
        + in_volumes;
    let limits: Vec<u64> = containers(spec).filter_map(|(_, _, limit)| limit).collect();
    let limit = limits.iter().sum();
    if !limits.is_empty() && all > limit {
        let text = "Pod ephemeral local storage usage exceeds the total limit of containers ";
        return Some([text, &bytes_text(limit), ". "].concat());
    }
    let mut limited = containers(spec);
    let (_, name, limit) =
        limited.find(|(number, _, limit)| limit.is_some_and(|l| used(*number) > l))?;
    let limit = bytes_text(limit.unwrap_or(0));
    let text = " exceeded its local ephemeral storage limit \"";
    Some(["Container ", name, text, &limit, "\". "].concat())
}

/// Bytes in one of the Pod's own volumes on the disk.
pub fn volume_used(cx: &Cx, pod: PodId, index: usize) -> u64 {
    let state = cx.pod(pod);
    let is_own = |source: &VolumeSource| matches!(source, VolumeSource::EmptyDir { .. });
    match state.spec.volumes.get(index) {
        Some(volume) if is_own(&volume.source) => state.world.volume_used(index as u32),
        _ => 0,
    }
}
