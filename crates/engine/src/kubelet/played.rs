//! Draws that come from a recording instead of the seed (feature `scripted`; without it nothing is
//! played).

use super::runtime::Latencies;
use crate::cluster::Cx;
use crate::ids::PodId;
use crate::status::PodStatus;
use crate::time::Duration;

#[cfg(not(feature = "scripted"))]
mod draws {
    use super::{Cx, Duration, Latencies, PodId, PodStatus};

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

    pub fn on_demand(_cx: &Cx, usual: Duration) -> Duration {
        usual
    }
}

#[cfg(feature = "scripted")]
mod draws {
    use super::{Cx, Duration, Latencies, PodId, PodStatus};
    use crate::kubelet::pod_worker::{container_spec, RunState};
    use crate::recorded::PodDraws;
    use crate::rng::Purpose;
    use crate::status::ContainerState;

    fn draws<'a>(cx: &'a Cx, pod: PodId) -> Option<&'a PodDraws> {
        cx.cluster.recorded.pods.get(&*cx.pod(pod).name)
    }

    /// How long the host took for what this Pod's sync does next.
    pub fn latencies(cx: &Cx, pod: PodId, quiet: Latencies) -> Latencies {
        let Some(draws) = draws(cx, pod) else {
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
        draws(cx, pod)?.wait(cx.now, base, look)
    }

    /// Whether what one relist tells asks for one sync only.
    pub fn merges_requests(cx: &Cx) -> bool {
        cx.cluster.recorded.merges_requests
    }

    /// From the request of a relist on demand to the relist.
    pub fn on_demand(cx: &Cx, usual: Duration) -> Duration {
        match cx.cluster.recorded.early_relists {
            true => Duration(usual.0 / 2),
            false => usual,
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

pub use draws::{early_triggers, latencies, merges_requests, on_demand, wait};

/// Sets the phases of the nodes' periodic work.
#[cfg(feature = "scripted")]
pub fn play_phases(cluster: &mut crate::cluster::Cluster) {
    for node in &mut cluster.nodes {
        let Some(draws) = cluster.recorded.nodes.get(&*node.name) else {
            continue;
        };
        let node = std::sync::Arc::make_mut(node);
        node.relist = draws.relist.unwrap_or(node.relist);
        node.look = draws.look.unwrap_or(node.look);
    }
}
