//! Draws that come from a recording instead of the seed (feature `scripted`; without it nothing is
//! played).

use super::runtime::Latencies;
use crate::cluster::Cx;
use crate::ids::{NodeId, PodId};
use crate::status::PodStatus;
use crate::time::{Duration, Instant};

#[cfg(not(feature = "scripted"))]
mod draws {
    use super::{Cx, Duration, Instant, Latencies, NodeId, PodId, PodStatus};

    pub fn latencies(_cx: &Cx, _pod: PodId, quiet: Latencies) -> Latencies {
        quiet
    }

    pub fn wait(_cx: &Cx, _pod: PodId, _base: Duration) -> Option<Duration> {
        None
    }

    pub fn early_triggers(_cx: &mut Cx, _pod: PodId, _status: &PodStatus) -> Vec<u16> {
        Vec::new()
    }

    pub fn merges_requests(_cx: &Cx) -> bool {
        false
    }

    pub fn on_demand(_cx: &Cx, _pod: PodId, usual: Duration) -> Duration {
        usual
    }

    pub fn node_report(_cx: &Cx, _node: NodeId) -> Option<Instant> {
        None
    }

    pub fn late_status(_cx: &Cx, _set: usize) -> Duration {
        Duration::ZERO
    }

    pub fn token_volume(_cx: &Cx, _pod: PodId) -> Option<String> {
        None
    }
}

#[cfg(feature = "scripted")]
mod draws {
    use super::{Cx, Duration, Instant, Latencies, NodeId, PodId, PodStatus};
    use crate::cluster::{Cluster, Owner};
    use crate::kubelet::pod_worker::{container_spec, RunState};
    use crate::recorded::{PodDraws, StartDraw};
    use crate::rng::Purpose;
    use crate::status::ContainerState;

    fn draws(cluster: &Cluster, pod: PodId) -> Option<&PodDraws> {
        let recorded = &cluster.recorded;
        let state = &cluster.pods[pod.index()];
        let own = recorded.pods.get(&*state.name);
        own.or_else(|| {
            // Generated names differ: the n-th Pod of the n-th ReplicaSet is the same one.
            let Owner::ReplicaSet(set) = state.owner else {
                return None;
            };
            let earlier = cluster.pods[..pod.index()].iter();
            let nth = earlier
                .filter(|p| p.owner == Owner::ReplicaSet(set))
                .count();
            let name = recorded.owned.get(set.index())?.get(nth)?;
            recorded.pods.get(name)
        })
    }

    /// The node that the scheduler took of those that fit.
    pub fn node_name(cluster: &Cluster, pod: PodId) -> Option<&str> {
        draws(cluster, pod)?.node.as_deref()
    }

    /// How long the host took for what this Pod's sync does next.
    pub fn latencies(cx: &Cx, pod: PodId, quiet: Latencies) -> Latencies {
        let Some(draws) = draws(cx.cluster, pod) else {
            return quiet;
        };
        let start = cx.pod(pod).worker.as_ref().and_then(|worker| {
            let sync = worker.sync.as_ref()?;
            let container = *sync.plan.starts.get(usize::from(sync.at))?;
            let attempt = match worker.truth.newest(container) {
                Some(instance) if instance.state == RunState::Created => instance.attempt,
                Some(instance) => instance.attempt + 1,
                None => 0,
            };
            draws.start_of(&container_spec(&cx.pod(pod).spec, container).name, attempt)
        });
        Latencies {
            volumes: draws.volumes.unwrap_or(quiet.volumes),
            sandbox: draws.sandbox.unwrap_or(quiet.sandbox),
            stop_sandbox: draws.stop_sandbox.unwrap_or(quiet.stop_sandbox),
            create: start.map_or(quiet.create, |start| start.create),
            start: start.map_or(quiet.start, |start| start.start),
            ..quiet
        }
    }

    /// The wait before a retry.
    pub fn wait(cx: &Cx, pod: PodId, base: Duration) -> Option<Duration> {
        let look = cx.node(cx.pod(pod).node?).look.period;
        draws(cx.cluster, pod)?.wait(cx.now, base, look)
    }

    /// Whether what one relist tells asks for one sync only.
    pub fn merges_requests(cx: &Cx) -> bool {
        cx.cluster.recorded.merges_requests
    }

    /// From the request of a relist on demand to the relist.
    pub fn on_demand(cx: &Cx, pod: PodId, usual: Duration) -> Duration {
        let recorded = &cx.cluster.recorded;
        let shown = || {
            let worker = cx.pod(pod).worker.as_ref()?;
            let starts = &draws(cx.cluster, pod)?.starts;
            let is_newest = |start: &&StartDraw| {
                let position = (0..worker.containers.len() as u16)
                    .find(|c| container_spec(&cx.pod(pod).spec, *c).name == start.container);
                let newest = position.and_then(|c| worker.truth.newest(c));
                newest.is_some_and(|instance| instance.attempt == start.attempt)
            };
            let mut newest = starts.iter().filter(is_newest).rev();
            newest.next().map(|start| start.early)
        };
        let early = match recorded.shown_relists {
            true => shown().unwrap_or(false),
            false => recorded.early_relists,
        };
        match early {
            true => Duration(usual.0 / 2),
            false => usual,
        }
    }

    /// When a kubelet next computes its node's status: every 10 s and up to 4 % more (NOD-01).
    pub fn node_report(cx: &Cx, node: NodeId) -> Option<Instant> {
        let draws = cx.cluster.recorded.nodes.get(&*cx.node(node).name)?;
        let last = cx.now + Duration::from_millis(10_400);
        let mut reports = draws.reports.iter().copied();
        reports.find(|at| *at > cx.now && *at <= last)
    }

    /// The generated name of the Pod's token volume (API-04).
    pub fn token_volume(cx: &Cx, pod: PodId) -> Option<String> {
        draws(cx.cluster, pod)?.token_volume.clone()
    }

    /// How long the Deployment's status takes after the creation of the n-th ReplicaSet, if the
    /// ReplicaSet has counted its Pods before (DEP-12).
    pub fn late_status(cx: &Cx, set: usize) -> Duration {
        match cx.cluster.recorded.late_statuses.get(set) {
            Some(true) => Duration::from_millis(25),
            _ => Duration::ZERO,
        }
    }

    /// Containers that this status shows started for the first time, and whose readiness workers
    /// are triggered before they can read it (PRB-21).
    pub fn early_triggers(cx: &mut Cx, pod: PodId, status: &PodStatus) -> Vec<u16> {
        let share = cx.cluster.recorded.early_triggers;
        let Some(worker) = cx.pod(pod).worker.as_ref().filter(|_| share > 0) else {
            return Vec::new();
        };
        let runs = |status: &PodStatus, index: usize| {
            let own = status.containers.get(index);
            let own = own.filter(|own| matches!(own.state, ContainerState::Running { .. }));
            own.and_then(|own| own.instance.filter(|_| own.started == Some(true)))
        };
        let fresh: Vec<u16> = (0..status.containers.len())
            .filter(|index| runs(status, *index).is_some())
            .filter(|index| runs(status, *index) != runs(&worker.status, *index))
            .map(|index| index as u16)
            .collect();
        let draws = &mut cx.cluster.draws;
        fresh
            .into_iter()
            .filter(|_| draws.below(Purpose::Latency, 1_000) < share)
            .collect()
    }
}

#[cfg(feature = "scripted")]
pub use draws::node_name;
pub use draws::{
    early_triggers, late_status, latencies, merges_requests, node_report, on_demand, token_volume,
    wait,
};

/// Sets the phases of the nodes' periodic work.
#[cfg(feature = "scripted")]
pub fn play_phases(cluster: &mut crate::cluster::Cluster) {
    for (index, node) in cluster.nodes.iter_mut().enumerate() {
        let Some(draws) = cluster.recorded.nodes.get(&*node.name) else {
            continue;
        };
        if let Some(at) = draws.posted {
            let (node, timer) = (NodeId::at(index), super::NodeTimer::Heartbeat);
            let timer = crate::step::Timer::Node { node, timer };
            cluster.queue.push(at, crate::ids::RecordId::NONE, timer);
        }
        let node = std::sync::Arc::make_mut(node);
        node.relist = draws.relist.unwrap_or(node.relist);
        node.look = draws.look.unwrap_or(node.look);
    }
}
