//! What Pods ask of a node, and what a node has left (SCH-02).

use crate::api::{Container, PodSpec, Resources, RestartPolicy};
use crate::cluster::{Cluster, PodState};
use crate::ids::{NodeId, PodId};

/// An amount of each resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Amounts {
    pub cpu_milli: u64,
    pub memory_bytes: u64,
    pub ephemeral_bytes: u64,
    /// What a score counts: containers that ask for nothing take something, too (SCH-07).
    pub scored_cpu_milli: u64,
    pub scored_memory_bytes: u64,
}

/// What a container without a request counts as in a score (SCH-07).
const UNASKED_CPU_MILLI: u64 = 100;
const UNASKED_MEMORY_BYTES: u64 = 200 << 20;

impl Amounts {
    fn of(container: &Container) -> Self {
        let resources = &container.resources;
        let cpu = resources.request_cpu_milli.or(resources.limit_cpu_milli);
        let memory = resources
            .request_memory_bytes
            .or(resources.limit_memory_bytes);
        let ephemeral = resources
            .request_ephemeral_bytes
            .or(resources.limit_ephemeral_bytes);
        Amounts {
            cpu_milli: cpu.unwrap_or(0),
            memory_bytes: memory.unwrap_or(0),
            ephemeral_bytes: ephemeral.unwrap_or(0),
            scored_cpu_milli: cpu.unwrap_or(UNASKED_CPU_MILLI),
            scored_memory_bytes: memory.unwrap_or(UNASKED_MEMORY_BYTES),
        }
    }

    fn merged(self, other: Amounts, with: fn(u64, u64) -> u64) -> Amounts {
        Amounts {
            cpu_milli: with(self.cpu_milli, other.cpu_milli),
            memory_bytes: with(self.memory_bytes, other.memory_bytes),
            ephemeral_bytes: with(self.ephemeral_bytes, other.ephemeral_bytes),
            scored_cpu_milli: with(self.scored_cpu_milli, other.scored_cpu_milli),
            scored_memory_bytes: with(self.scored_memory_bytes, other.scored_memory_bytes),
        }
    }

    /// Both together.
    pub fn plus(self, other: Amounts) -> Amounts {
        self.merged(other, u64::saturating_add)
    }

    /// What the whole Pod asks for, where it asks, stands for its containers
    /// (component-helpers/resource/helpers.go, PodRequests).
    #[inline(never)]
    fn replaced(mut self, whole: &Resources) -> Amounts {
        if let Some(cpu) = whole.request_cpu_milli {
            self.cpu_milli = cpu;
            self.scored_cpu_milli = cpu;
        }
        if let Some(memory) = whole.request_memory_bytes {
            self.memory_bytes = memory;
            self.scored_memory_bytes = memory;
        }
        self
    }

    fn max(self, other: Amounts) -> Amounts {
        self.merged(other, u64::max)
    }
}

/// The effective request: containers and sidecars together, or an init container next to the
/// sidecars started before it, whichever is more.
pub fn of_pod(spec: &PodSpec) -> Amounts {
    let amounts = of_containers(spec);
    match &spec.resources {
        Some(whole) => amounts.replaced(whole),
        None => amounts,
    }
}

/// The same without what the whole Pod asks for.
fn of_containers(spec: &PodSpec) -> Amounts {
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
