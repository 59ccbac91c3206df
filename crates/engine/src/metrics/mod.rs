//! What a node's kubelet counts: probes (PRB-16), containers started, CPU and memory; and its
//! endpoints' text ([`text`]). Restarts, which the kubelet does not expose, are in the Pods' status
//! (kube-state-metrics has them as `kube_pod_container_status_restarts_total`).

mod exposition;
mod text;

pub use text::{text, Endpoint};

use crate::api::ProbeKind;
use crate::cluster::{Cluster, PodState};
use crate::ids::{NodeId, PodId};
use crate::kubelet::ProbeCounts;
use crate::time::Instant;

/// CPU and memory in use by one container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Thousandths of a core.
    pub cpu_milli: u32,
    pub memory_bytes: u64,
}

/// All numbers of one container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub restarts: u32,
    /// None: it does not run.
    pub usage: Option<Usage>,
    /// CPU time of the running instance, in nanoseconds.
    pub cpu_nanos: u64,
    /// When the running instance started.
    pub started: Instant,
    /// Indexed by [`ProbeKind`]; None: there is no worker. The counters go with it.
    pub probes: [Option<ProbeCounts>; 3],
}

/// What the kubelet knows of a container. `state`: the Pod as it is
/// ([`Cluster::pod_up_to_date`]).
pub fn figures(state: &PodState, container: usize, at: Instant) -> Figures {
    let world = &state.world;
    let number = container as u32;
    let entry = state
        .worker
        .as_ref()
        .and_then(|worker| worker.containers.get(container));
    let probes = ProbeKind::ALL.map(|kind| {
        let entry = entry?;
        entry.probes.worker(kind)?;
        let slot = entry.slots[kind as usize].as_ref()?;
        Some(slot.counts)
    });
    let usage = world.is_running(number).then(|| Usage {
        cpu_milli: world.cpu_used_milli(at, number),
        memory_bytes: world.memory_used(at, number),
    });
    let status = state.status.containers.get(container);
    Figures {
        restarts: status.map_or(0, |status| status.restart_count),
        usage,
        cpu_nanos: world.cpu_total(at, number).0,
        started: world.started_at(number).unwrap_or(Instant::ZERO),
        probes,
    }
}

/// What each of a Pod's containers uses; None: it does not run.
pub fn usages(cluster: &Cluster, pod: PodId, at: Instant) -> Vec<Option<Usage>> {
    let state = cluster.pod_up_to_date(pod);
    (0..state.spec.container_count())
        .map(|container| figures(&state, container, at).usage)
        .collect()
}

/// What several containers use together.
pub fn sum(all: impl IntoIterator<Item = Usage>) -> Usage {
    all.into_iter().fold(Usage::default(), |sum, used| Usage {
        cpu_milli: sum.cpu_milli + used.cpu_milli,
        memory_bytes: sum.memory_bytes + used.memory_bytes,
    })
}

/// What all of a Pod's containers use.
pub fn pod_usage(cluster: &Cluster, pod: PodId, at: Instant) -> Usage {
    sum(usages(cluster, pod, at).into_iter().flatten())
}

/// What all Pods of a node use; a node's own programs use nothing here.
pub fn node_usage(cluster: &Cluster, node: NodeId, at: Instant) -> Usage {
    let here = |pod: &PodId| cluster.pods[pod.index()].node == Some(node);
    sum(cluster
        .live_pods()
        .filter(here)
        .map(|pod| pod_usage(cluster, pod, at)))
}
