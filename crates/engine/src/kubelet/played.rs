//! Draws that come from a recording instead of the seed (feature `scripted`; without it nothing is
//! played).

use super::probes::SlotId;
use super::runtime::Latencies;
use super::Periodic;
use crate::cluster::Cx;
use crate::ids::{NodeId, PodId};
use crate::status::PodStatus;
use crate::time::{Duration, Instant};

#[cfg(not(feature = "scripted"))]
mod draws {
    use super::{Cx, Duration, Instant, Latencies, NodeId, Periodic, PodId, PodStatus, SlotId};

    pub fn latencies(_cx: &Cx, _pod: PodId, quiet: Latencies) -> Latencies {
        quiet
    }

    pub fn wait(_cx: &Cx, _pod: PodId, _base: Duration, _failed: bool) -> Option<Duration> {
        None
    }

    pub fn relist(cx: &Cx, pod: PodId) -> Option<Periodic> {
        Some(cx.node(cx.pod(pod).node?).relist)
    }

    pub fn early_triggers(_cx: &mut Cx, _pod: PodId, _status: &PodStatus) -> Vec<u16> {
        Vec::new()
    }

    pub fn pull(_cx: &Cx, _pod: PodId, _container: u16) -> Option<Instant> {
        None
    }

    pub fn merges_requests(_cx: &Cx, _pod: PodId) -> bool {
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

    pub fn loses_status(_cx: &Cx, _set: usize) -> bool {
        false
    }

    pub fn first_slice(_cx: &Cx, _service: &str, usual: Duration) -> Duration {
        usual
    }

    pub fn token_volume(_cx: &Cx, _pod: PodId) -> Option<String> {
        None
    }

    pub fn answers_first(_cx: &Cx, _pod: PodId, _slot: SlotId, _timeout: Duration) -> bool {
        false
    }

    pub fn lose_dead(_cx: &mut Cx, _pod: PodId) {}

    pub fn process_began(cx: &Cx, _pod: PodId, _container: u16) -> Instant {
        cx.now
    }

    pub fn stamped(cx: &Cx, _pod: PodId, _container: u16) -> Instant {
        cx.now
    }

    pub fn kill_slack(_cx: &Cx, _pod: PodId, _container: u16) -> Duration {
        Duration::ZERO
    }

    pub fn signal_takes(_cx: &Cx, _pod: PodId) -> Duration {
        Duration::ZERO
    }
}

#[cfg(feature = "scripted")]
mod draws {
    use super::{Cx, Duration, Instant, Latencies, NodeId, Periodic, PodId, PodStatus, SlotId};
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
            let names = recorded.owned.get(set.index())?;
            let earlier = cluster.pods[..pod.index()].iter();
            let nth = earlier
                .filter(|p| p.owner == Owner::ReplicaSet(set))
                .count();
            recorded.pods.get(names.get(nth)?)
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
        let is_late = |start: &&StartDraw| start.syncs == Some(3);
        let late = cx.cluster.recorded.shown_starts && newest_starts(cx, pod).iter().any(is_late);
        Latencies {
            sync: if late { Duration::ZERO } else { quiet.sync },
            volumes: draws.volumes.unwrap_or(quiet.volumes),
            sandbox: draws.sandbox.unwrap_or(quiet.sandbox),
            stop_sandbox: draws.stop_sandbox.unwrap_or(quiet.stop_sandbox),
            create: start.map_or(quiet.create, |start| start.create),
            start: start.map_or(quiet.start, |start| start.start),
            ..quiet
        }
    }

    /// The wait before a retry, or before the resync of a Pod without an error.
    pub fn wait(cx: &Cx, pod: PodId, base: Duration, failed: bool) -> Option<Duration> {
        let look = cx.node(cx.pod(pod).node?).look;
        let draws = draws(cx.cluster, pod)?;
        match failed {
            true => draws.wait(cx.now, base, look),
            false => draws.rest(cx.now, base, look),
        }
    }

    /// When a pull that is known to be asked for about now ends.
    pub fn pull(cx: &Cx, pod: PodId, container: u16) -> Option<Instant> {
        let name = &container_spec(&cx.pod(pod).spec, container).name;
        let pulls = draws(cx.cluster, pod)?.pulls.iter();
        let apart = |at: Instant| at.since(cx.now) + cx.now.since(at);
        let near = pulls
            .filter(|pull| pull.container == *name && apart(pull.at) < ABOUT)
            .min_by_key(|pull| apart(pull.at))?;
        Some(cx.now + near.takes)
    }

    /// What a replay may be early or late.
    const ABOUT: Duration = Duration::from_secs(3);

    /// The full relists around now: those that are known, and between them evenly.
    pub fn relist(cx: &Cx, pod: PodId) -> Option<Periodic> {
        let node = cx.node(cx.pod(pod).node?);
        let own = node.relist;
        let Some(draws) = cx.cluster.recorded.nodes.get(&*node.name) else {
            return Some(own);
        };
        let next = draws.relists.partition_point(|at| *at <= cx.now);
        let after = draws.relists.get(next);
        let before = next.checked_sub(1).and_then(|last| draws.relists.get(last));
        let period = match (before, after) {
            (Some(before), Some(after)) => {
                let gap = after.since(*before).0;
                let turns = (gap + own.period.0 / 2) / own.period.0;
                Duration(gap / turns.max(1))
            }
            _ => own.period,
        };
        let phase = before.or(after).map(|at| Duration(at.0 % period.0));
        Some(Periodic {
            phase: phase.unwrap_or(own.phase),
            period,
        })
    }

    /// What is known of the newest instances of a Pod's containers.
    fn newest_starts<'c>(cx: &'c Cx, pod: PodId) -> Vec<&'c StartDraw> {
        let (Some(worker), Some(draws)) = (cx.pod(pod).worker.as_ref(), draws(cx.cluster, pod))
        else {
            return Vec::new();
        };
        let is_newest = |start: &&StartDraw| {
            let position = (0..worker.containers.len() as u16)
                .find(|c| container_spec(&cx.pod(pod).spec, *c).name == start.container);
            let newest = position.and_then(|c| worker.truth.newest(c));
            newest.is_some_and(|instance| instance.attempt == start.attempt)
        };
        draws.starts.iter().filter(is_newest).collect()
    }

    /// Whether what one relist tells asks for one sync only.
    pub fn merges_requests(cx: &Cx, pod: PodId) -> bool {
        let recorded = &cx.cluster.recorded;
        if !recorded.shown_starts {
            return recorded.merges_requests;
        }
        let starts = newest_starts(cx, pod);
        let shown = starts.iter().rev().find_map(|start| start.syncs);
        shown.map_or(recorded.merges_requests, |syncs| syncs < 2)
    }

    /// From the request of a relist on demand to the relist.
    pub fn on_demand(cx: &Cx, pod: PodId, usual: Duration) -> Duration {
        let recorded = &cx.cluster.recorded;
        let shown = || newest_starts(cx, pod).last().is_some_and(|s| s.early);
        let early = match recorded.shown_starts {
            true => shown(),
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

    /// Whether an answer that comes just as the time runs out was there first (HDL-05).
    pub fn answers_first(cx: &Cx, pod: PodId, slot: SlotId, timeout: Duration) -> bool {
        let own = container_spec(&cx.pod(pod).spec, slot.container());
        let (Some(draws), Some(probe)) = (draws(cx.cluster, pod), own.probe(slot.kind())) else {
            return false;
        };
        let period = Duration::from_secs(u64::from(probe.period_seconds));
        draws.answers_first(&own.name, slot.kind(), cx.now + timeout, period)
    }

    /// What is known of a container's newest instance.
    fn newest_start<'c>(cx: &'c Cx, pod: PodId, container: u16) -> Option<&'c StartDraw> {
        let state = cx.pod(pod);
        let newest = state.worker.as_ref()?.truth.newest(container)?;
        let name = &container_spec(&state.spec, container).name;
        draws(cx.cluster, pod)?.start_of(name, newest.attempt)
    }

    /// When the process began whose start is told now.
    pub fn process_began(cx: &Cx, pod: PodId, container: u16) -> Instant {
        newest_start(cx, pod, container).map_or(cx.now, |start| start.began(cx.now))
    }

    /// The same as the runtime stamps it.
    pub fn stamped(cx: &Cx, pod: PodId, container: u16) -> Instant {
        newest_start(cx, pod, container).map_or(cx.now, |start| start.stamped(cx.now))
    }

    /// SIGKILL comes this much later where a process is known to have ended just in time (TRM-03).
    pub fn kill_slack(cx: &Cx, pod: PodId, container: u16) -> Duration {
        let takes = signal_takes(cx, pod);
        match newest_start(cx, pod, container) {
            Some(start) if start.ends_itself => takes + KILL_LATE,
            _ => takes,
        }
    }

    /// From `Killing` until the signal is there, where that shows.
    pub fn signal_takes(cx: &Cx, pod: PodId) -> Duration {
        let draws = draws(cx.cluster, pod).filter(|_| cx.pod(pod).deletion.is_some());
        draws
            .and_then(|draws| draws.signal)
            .unwrap_or(Duration::ZERO)
    }

    /// What a signal takes, at most.
    const KILL_LATE: Duration = Duration::from_millis(20);

    /// Dead instances go that the runtime no longer knew when the next one was seen (STS-08).
    pub fn lose_dead(cx: &mut Cx, pod: PodId) {
        let alone: Vec<(String, u32)> = newest_starts(cx, pod)
            .iter()
            .filter(|start| start.alone)
            .map(|start| (start.container.clone(), start.attempt))
            .collect();
        for (name, attempt) in alone {
            let state = cx.pod_mut(pod);
            let spec = std::sync::Arc::clone(&state.spec);
            let Some(worker) = state.worker.as_mut() else {
                return;
            };
            worker.truth.instances.retain(|one| {
                one.attempt >= attempt || container_spec(&spec, one.container).name != name
            });
        }
    }

    /// How long the Deployment's status takes after the creation of the n-th ReplicaSet, if the
    /// ReplicaSet has counted its Pods before (DEP-12).
    pub fn late_status(cx: &Cx, set: usize) -> Duration {
        match cx.cluster.recorded.late_statuses.get(set) {
            Some(true) => Duration::from_millis(25),
            _ => Duration::ZERO,
        }
    }

    /// Whether another status was stored just before the one that tells of a new ReplicaSet, which the
    /// API server refused therefore (DEP-12).
    pub fn loses_status(cx: &Cx, set: usize) -> bool {
        cx.cluster.recorded.lost_statuses.get(set) == Some(&true)
    }

    /// How long a new Service's first slice takes: longer than the first status of a Pod of the same
    /// stream, where that came before (EPS-04).
    pub fn first_slice(cx: &Cx, service: &str, usual: Duration) -> Duration {
        let late = &cx.cluster.recorded.late_slices;
        match late.iter().any(|name| name == service) {
            true => Duration::from_millis(25),
            false => usual,
        }
    }

    /// Containers that this status shows started for the first time, and whose readiness workers
    /// are triggered before they can read it (PRB-21).
    pub fn early_triggers(cx: &mut Cx, pod: PodId, status: &PodStatus) -> Vec<u16> {
        let recorded = std::sync::Arc::clone(&cx.cluster.recorded);
        let share = recorded.early_triggers;
        let Some(worker) = cx.pod(pod).worker.as_ref() else {
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
        if recorded.shown_starts {
            let missed = |index: &u16| {
                let name = &container_spec(&cx.pod(pod).spec, *index).name;
                let attempt = runs(status, usize::from(*index))?;
                draws(cx.cluster, pod)?.start_of(name, attempt)?.missed
            };
            return fresh
                .into_iter()
                .filter(|i| missed(i) == Some(true))
                .collect();
        }
        let draws = &mut cx.cluster.draws;
        fresh
            .into_iter()
            .filter(|_| share > 0 && draws.below(Purpose::Latency, 1_000) < share)
            .collect()
    }
}

#[cfg(feature = "scripted")]
pub use draws::node_name;
pub use draws::{
    answers_first, early_triggers, first_slice, kill_slack, late_status, latencies, lose_dead,
    loses_status, merges_requests, node_report, on_demand, process_began, pull, relist,
    signal_takes, stamped, token_volume, wait,
};

/// Events about nodes that count on from one run to the next (EVT-05), and whether the node's
/// kubelet tells them rather than the node controller.
#[cfg(feature = "scripted")]
const TOLD_OF_NODES: [(&str, bool); 4] = [
    ("NodeNotReady", false),
    ("NodeNotSchedulable", true),
    ("NodeReady", true),
    ("NodeSchedulable", true),
];

/// Puts the Events about nodes that are older than the run into the cluster.
#[cfg(feature = "scripted")]
pub fn play_events(cluster: &mut crate::cluster::Cluster) {
    use crate::events::{Emission, EventType, Message, Object, Source};
    let recorded = std::sync::Arc::clone(&cluster.recorded);
    for index in 0..cluster.nodes.len() {
        let node = NodeId::at(index);
        let name = std::sync::Arc::clone(&cluster.nodes[index].name);
        let told = recorded
            .nodes
            .get(&*name)
            .map_or(&[][..], |node| &node.told);
        for (reason, count) in told {
            let mut known = TOLD_OF_NODES.iter();
            let Some((reason, is_kubelet)) = known.find(|(known, _)| known == reason) else {
                continue;
            };
            let text = format!("Node {name} status is now: {reason}");
            let emission = Emission {
                source: match is_kubelet {
                    true => Source::Kubelet(node),
                    false => Source::NodeController,
                },
                object: Object::Node(node),
                container: None,
                event_type: EventType::Normal,
                reason,
                message: Message::Text(std::sync::Arc::make_mut(&mut cluster.texts).intern(&text)),
            };
            for _ in 0..*count {
                let events = &mut cluster.events;
                events.report(&mut cluster.draws, Instant::ZERO, emission);
            }
        }
    }
}

/// Sets the phases of the nodes' periodic work.
#[cfg(feature = "scripted")]
pub fn play_phases(cluster: &mut crate::cluster::Cluster) {
    for (index, node) in cluster.nodes.iter_mut().enumerate() {
        let Some(draws) = cluster.recorded.nodes.get(&*node.name) else {
            continue;
        };
        if let Some(at) = draws.posted {
            let (node, timer) = (NodeId::at(index), super::NodeTimer::Heartbeat);
            let timer = crate::timer::Timer::Node { node, timer };
            cluster.queue.push(at, crate::ids::RecordId::NONE, timer);
        }
        let node = std::sync::Arc::make_mut(node);
        node.relist = draws.relist.unwrap_or(node.relist);
        node.look = draws.look.unwrap_or(node.look);
    }
}
