//! Containers: the order of starts, restarts, back-off, stops, readiness in time.

use super::{broken, Held, Look, Watch};
use readyz_engine::api::{Container, PodSpec, ProbeKind, RestartPolicy};
use readyz_engine::cluster::Cluster;
use readyz_engine::ids::PodId;
use readyz_engine::kubelet::RunState;
use readyz_engine::record::KillReason;
use readyz_engine::status::ContainerState;
use readyz_engine::time::{Duration, Instant};

/// What is known of a container.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContainerWatch {
    pub restart_count: u32,
    pub is_running: bool,
    /// The newest instance.
    pub instance: Option<u32>,
    pub started_at: Instant,
    exited_at: Instant,
    /// SIGKILL at the latest then; ZERO: not asked to stop.
    killed_by: Instant,
    /// Ends in a row that nobody asked for, each soon after its start (BKO-05).
    crashes: u32,
}

/// A life and the wait after it this long may have made the kubelet forget (BKO-06).
const FORGOTTEN: Duration = Duration::from_secs(590);
/// From SIGKILL to the end of the process; generous.
const KILL_LAG: Duration = Duration::from_secs(3);

/// The least wait before the next start (BKO-05).
fn least_delay(crashes: u32) -> Duration {
    match crashes {
        0 | 1 => Duration::ZERO,
        n => Duration::from_secs(10)
            .times(1 << (n - 2).min(5))
            .min(Duration::from_secs(300)),
    }
}

fn spec_of(spec: &PodSpec, container: u16) -> &Container {
    let position = usize::from(container);
    match position.checked_sub(spec.init_containers.len()) {
        None => &spec.init_containers[position],
        Some(regular) => &spec.containers[regular],
    }
}

impl Watch {
    pub(super) fn container_started(
        &mut self,
        cluster: &Cluster,
        pod: PodId,
        container: u16,
        instance: u32,
        at: Instant,
    ) -> Held {
        let spec = &cluster.pods[pod.index()].spec;
        check_order(cluster, pod, container, at)?;
        let Some(own) = self.pod(pod) else {
            return Ok(());
        };
        let what = format!("{} container {container} instance {instance}", own.name);
        if own
            .removed_at
            .is_some_and(|removed| at > removed + KILL_LAG)
        {
            return broken("nothing starts in a Pod that is gone", at, what);
        }
        let watch = &mut own.containers[usize::from(container)];
        if watch.is_running || watch.instance.is_some_and(|last| instance <= last) {
            return broken("one instance of a container at a time", at, what);
        }
        if watch.instance.is_some() {
            let is_init = usize::from(container) < spec.init_containers.len();
            let is_sidecar = spec_of(spec, container).restart_policy == Some(RestartPolicy::Always);
            if spec.restart_policy == RestartPolicy::Never && !is_init && !is_sidecar {
                return broken("Never means never", at, what);
            }
            // A verdict on a container that ended by itself, unseen: the kubelet takes it for one
            // that it killed, and looks at the death before (BKO-05).
            let first = usize::from(container) * 3;
            let kills = [ProbeKind::Liveness, ProbeKind::Startup];
            if kills
                .map(|kind| own.probes[first + kind as usize].verdict_on)
                .contains(&watch.instance)
            {
                watch.crashes = 0;
            }
            // Life and wait together: the entry's last change was the last start.
            if at.since(watch.started_at) > FORGOTTEN {
                watch.crashes = 0;
            }
            let earliest = watch.exited_at + least_delay(watch.crashes);
            if at < earliest {
                return broken("back-off is never shorter than the rule", at, what);
            }
        }
        watch.instance = Some(instance);
        watch.is_running = true;
        watch.started_at = at;
        watch.killed_by = Instant::ZERO;
        own.started += 1;
        let promised = Look::Healthy {
            pod: pod.0,
            started: own.started,
        };
        // Nothing is promised of a container that starts while its server is made to answer otherwise.
        let is_overridden = cluster.pods[pod.index()].world.is_overridden();
        if own.name.starts_with("well-") && !is_overridden {
            self.later(at + time_to_ready(spec), promised);
        }
        Ok(())
    }

    pub(super) fn container_exited(&mut self, pod: PodId, container: u16, at: Instant) -> Held {
        let Some(own) = self.pod(pod) else {
            return Ok(());
        };
        let watch = &mut own.containers[usize::from(container)];
        let was_asked = watch.killed_by != Instant::ZERO;
        if was_asked && at > watch.killed_by + KILL_LAG {
            let text = format!("{} container {container}", own.name);
            return broken("a stop takes no longer than its grace", at, text);
        }
        let is_crash = !was_asked && at.since(watch.started_at) <= FORGOTTEN;
        watch.crashes = if is_crash { watch.crashes + 1 } else { 0 };
        watch.is_running = false;
        watch.exited_at = at;
        own.started += 1;
        Ok(())
    }

    pub(super) fn stop_signalled(
        &mut self,
        pod: PodId,
        container: u16,
        grace_seconds: u32,
        why: KillReason,
        at: Instant,
    ) -> Held {
        let Some(own) = self.pod(pod) else {
            return Ok(());
        };
        let name = &own.name;
        let by = at + Duration::from_secs(u64::from(grace_seconds));
        let watch = &mut own.containers[usize::from(container)];
        if watch.killed_by == Instant::ZERO || by < watch.killed_by {
            watch.killed_by = by;
        }
        let kind = match why {
            KillReason::Liveness => ProbeKind::Liveness,
            KillReason::Startup => ProbeKind::Startup,
            _ => return Ok(()),
        };
        let probe = &own.probes[usize::from(container) * 3 + kind as usize];
        if probe.verdict_on != watch.instance {
            let text = format!("{name} container {container}");
            return broken("a probe kills by a verdict only", at, text);
        }
        Ok(())
    }

    pub(super) fn check_healthy(
        &mut self,
        cluster: &Cluster,
        pod: PodId,
        started: u32,
        at: Instant,
    ) -> Held {
        let Some(own) = self.pod(pod) else {
            return Ok(());
        };
        let is_left_alone = own.started == started && !own.is_deleting;
        let state = &cluster.pods[pod.index()];
        // A container that has ended for good keeps its Pod from being ready (RST-04).
        let inits = state.spec.init_containers.len();
        let mut containers = state.status.containers.iter().skip(inits);
        let has_ended = containers.any(|c| match c.state {
            ContainerState::Terminated(end) => end.exit_code == 0,
            _ => false,
        });
        let is_whole = !has_ended || state.spec.restart_policy == RestartPolicy::Always;
        if is_left_alone && is_whole && !state.status.is_ready() {
            let text = own.name.clone();
            return broken("a healthy Pod becomes ready within its bound", at, text);
        }
        Ok(())
    }
}

/// A container runs only when the init containers before it are done, and the sidecars before it
/// have started.
fn check_order(cluster: &Cluster, pod: PodId, container: u16, at: Instant) -> Held {
    let state = &cluster.pods[pod.index()];
    let Some(worker) = &state.worker else {
        return Ok(());
    };
    let inits = state.spec.init_containers.len() as u16;
    for before in 0..container.min(inits) {
        let newest = worker.truth.newest(before);
        let is_sidecar = state.spec.init_containers[usize::from(before)]
            .restart_policy
            .is_some();
        let is_done = match newest {
            None => false,
            Some(_) if is_sidecar => true,
            Some(instance) => instance.state == RunState::Exited && instance.exit_code == 0,
        };
        if !is_done {
            let text = format!("{} container {container} before {before}", state.name);
            return broken("init containers come first", at, text);
        }
    }
    Ok(())
}

/// From the last container's start to ready, if every probe passes at its first try.
fn time_to_ready(spec: &PodSpec) -> Duration {
    let mut longest = Duration::ZERO;
    for container in &spec.containers {
        let mut time = Duration::ZERO;
        for kind in [ProbeKind::Startup, ProbeKind::Readiness] {
            if let Some(probe) = container.probe(kind) {
                let periods = probe.success_threshold + 2;
                time = time
                    + Duration::from_secs(u64::from(
                        probe.initial_delay_seconds + probe.period_seconds * periods,
                    ));
            }
        }
        longest = longest.max(time);
    }
    longest + Duration::from_secs(10)
}
