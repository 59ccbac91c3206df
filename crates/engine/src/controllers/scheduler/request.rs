//! What Pods ask of a node, and what a node has left (SCH-02).

use crate::api::{Container, PodSpec, RestartPolicy};
use crate::cluster::{Cluster, PodState};
use crate::ids::{NodeId, PodId};

/// An amount of each resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Amounts {
    pub cpu_milli: u64,
    pub memory_bytes: u64,
    pub ephemeral_bytes: u64,
}

impl Amounts {
    fn of(container: &Container) -> Self {
        let resources = &container.resources;
        let pick = |request: Option<u64>, limit: Option<u64>| request.or(limit).unwrap_or(0);
        Amounts {
            cpu_milli: pick(resources.request_cpu_milli, resources.limit_cpu_milli),
            memory_bytes: pick(resources.request_memory_bytes, resources.limit_memory_bytes),
            ephemeral_bytes: pick(
                resources.request_ephemeral_bytes,
                resources.limit_ephemeral_bytes,
            ),
        }
    }

    /// Both together.
    pub fn plus(self, other: Amounts) -> Amounts {
        Amounts {
            cpu_milli: self.cpu_milli.saturating_add(other.cpu_milli),
            memory_bytes: self.memory_bytes.saturating_add(other.memory_bytes),
            ephemeral_bytes: self.ephemeral_bytes.saturating_add(other.ephemeral_bytes),
        }
    }

    fn max(self, other: Amounts) -> Amounts {
        Amounts {
            cpu_milli: self.cpu_milli.max(other.cpu_milli),
            memory_bytes: self.memory_bytes.max(other.memory_bytes),
            ephemeral_bytes: self.ephemeral_bytes.max(other.ephemeral_bytes),
        }
    }
}

/// The effective request: containers and sidecars together, or an init container next to the
/// sidecars started before it, whichever is more.
pub fn of_pod(spec: &PodSpec) -> Amounts {
    let mut sidecars = Amounts::default();
    let mut peak = Amounts::default();
    for init in &spec.init_containers {
        let own = Amounts::of(init);
        if init.restart_policy == Some(RestartPolicy::Always) {
            sidecars = sidecars.plus(own);
            peak = peak.max(sidecars);
        } else {
            peak = peak.max(sidecars.plus(own));
        }
    }
    let regular = spec
        .containers
        .iter()
        .fold(sidecars, |sum, container| sum.plus(Amounts::of(container)));
    regular.max(peak)
}

/// The Pods that take room on a node, with it: finished ones do not.
pub fn placed(cluster: &Cluster) -> impl Iterator<Item = (NodeId, PodId, &PodState)> {
    let pods = cluster.pods.iter().enumerate();
    pods.filter_map(|(index, pod)| {
        let takes_room = pod.removed_at.is_none() && !pod.status.phase.is_terminal();
        let node = pod.node.filter(|_| takes_room)?;
        Some((node, PodId::at(index), &**pod))
    })
}

/// What the Pods on each node use: requests, and how many there are.
pub fn usage(cluster: &Cluster) -> Vec<(Amounts, u32)> {
    let mut usage = vec![(Amounts::default(), 0); cluster.nodes.len()];
    for (node, _, pod) in placed(cluster) {
        add(&mut usage[node.index()], of_pod(&pod.spec));
    }
    usage
}

/// The same of one node without some Pods.
pub fn usage_on(cluster: &Cluster, node: NodeId, gone: &[PodId]) -> (Amounts, u32) {
    let mut usage = (Amounts::default(), 0);
    for (there, id, pod) in placed(cluster) {
        if there == node && !gone.contains(&id) {
            add(&mut usage, of_pod(&pod.spec));
        }
    }
    usage
}

/// One more Pod.
pub fn add((sum, count): &mut (Amounts, u32), wanted: Amounts) {
    *sum = sum.plus(wanted);
    *count += 1;
}
