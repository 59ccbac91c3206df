//! The Pod's status as the kubelet computes it at every sync (STS-*), from a runtime view, the
//! previous status, the reason cache and the probe results.

use super::pod_worker::{
    container_spec, init_range, regular_range, role, ContainerEntry, Instance, PodWorker, Role,
    RunState, RuntimeState,
};
use super::prober::{container_flags, is_older, kept_ready, plain_init_ready};
use super::restart_policy::{may_restart_all, restarts_after, restarts_all, should_start};
use super::{conditions, deadline};
use crate::api::{PodSpec, ProbeKind};
use crate::cluster::{Cx, PodState};
use crate::ids::{PodId, TextId};
use crate::record::SyncKind;
use crate::status::{
    ContainerState, ContainerStatus, Phase, PodStatus, Terminated, TerminatedReason, WaitingReason,
};
use crate::text::Texts;
use std::sync::Arc;

/// Exit code of a container that nobody could find (TRM-08, TRM-11).
const LOST: i32 = 137;

/// Computes the status from `state`. `terminal`: every container is down for good.
pub fn generate(cx: &mut Cx, pod: PodId, state: &RuntimeState, terminal: bool) -> PodStatus {
    let may_restart = may_restart_all(&cx.pod(pod).spec);
    let restarting = may_restart && is_restarting_all(cx.pod(pod), state);
    let mut status = without_conditions(cx, pod, state, terminal, restarting);
    deadline::apply(cx, pod, &mut status);
    super::eviction::apply(cx, pod, &mut status);
    let cluster = &mut *cx.cluster;
    let spec = &cluster.pods[pod.index()].spec;
    let texts = Arc::make_mut(&mut cluster.texts);
    conditions::generate(spec, texts, state.sandbox_ready(), &mut status);
    if may_restart {
        let restarting = restarting && !state.instances.is_empty();
        conditions::set_restarting(texts, restarting, &mut status);
    }
    status
}

/// Containers, phase and addresses; the conditions are still the previous ones.
fn without_conditions(
    cx: &mut Cx,
    pod: PodId,
    state: &RuntimeState,
    terminal: bool,
    restarting: bool,
) -> PodStatus {
    let now = cx.now;
    let cluster = &mut *cx.cluster;
    let pod_state = &cluster.pods[pod.index()];
    let texts = Arc::make_mut(&mut cluster.texts);
    let Some(worker) = &pod_state.worker else {
        return PodStatus::default();
    };
    let spec = &*pod_state.spec;
    // A Pod on its node's network has the node's address from the beginning.
    let own_node = pod_state.node.filter(|_| spec.host_network);
    let host_ip = own_node.map(|node| cluster.nodes[node.index()].address);
    let old = if worker.has_status {
        &worker.status
    } else {
        &pod_state.status
    };
    let deleting = is_deleting(pod_state);
    let view = View {
        spec,
        deleting,
        worker,
        state,
        old,
        restarting,
        is_ready: pod_state.status.is_ready(),
    };
    let containers: Vec<ContainerStatus> = (0..worker.containers.len() as u16)
        .map(|c| view.container(texts, c))
        .collect();
    let mut phase = phase(spec, &containers, terminal, view.any_regular_in_sandbox());
    if old.phase.is_terminal() && !phase.is_terminal() || restarting && !old.phase.is_terminal() {
        phase = old.phase; // TRM-13, RST-08
    }
    let mut status = PodStatus {
        phase,
        containers,
        start_time: old.start_time.or(Some(now.floor_secs())),
        pod_ip: state.sandbox.map(|s| s.address).or(old.pod_ip).or(host_ip),
        observed_generation: pod_state.generation,
        conditions: old.conditions,
        foreign: pod_state.status.foreign.clone(),
        ..PodStatus::default()
    };
    if status.phase == old.phase {
        status.reason = old.reason;
        status.message = old.message;
    }
    status
}

/// Whether all containers are being restarted: as the last status says, or as one has just ended
/// (RST-08).
fn is_restarting_all(pod: &PodState, state: &RuntimeState) -> bool {
    let worker = pod.worker.as_ref();
    let is_told = worker.is_some_and(|worker| worker.status.is_restarting_all());
    !is_deleting(pod) && (is_told || restarts_all(&pod.spec, state))
}

/// Whether the sync under way knows of a deletion: one that was taken up before does not.
pub fn is_deleting(pod: &PodState) -> bool {
    let knows = pod
        .worker
        .as_ref()
        .and_then(|worker| worker.sync.as_ref())
        .is_none_or(|sync| sync.kind != SyncKind::Sync);
    knows && pod.deletion.is_some()
}

/// Everything that a container's status follows from.
struct View<'a> {
    spec: &'a PodSpec,
    deleting: bool,
    worker: &'a PodWorker,
    state: &'a RuntimeState,
    old: &'a PodStatus,
    restarting: bool,
    /// The API server's Pod has the condition Ready.
    is_ready: bool,
}

impl View<'_> {
    fn container(&self, texts: &mut Texts, c: u16) -> ContainerStatus {
        let entry = &self.worker.containers[usize::from(c)];
        let old = self.old.containers.get(usize::from(c));
        let mut status = self.of_runtime(texts, c, old);
        self.apply_problem(c, entry, &mut status);
        self.apply_probes(c, entry, old, &mut status);
        status
    }

    /// State of the newest instance, last state of the one before (STS-07, STS-08, TRM-11).
    fn of_runtime(
        &self,
        texts: &mut Texts,
        c: u16,
        old: Option<&ContainerStatus>,
    ) -> ContainerStatus {
        let waiting = ContainerState::Waiting {
            reason: if self.spec.init_containers.is_empty() {
                WaitingReason::ContainerCreating
            } else {
                WaitingReason::PodInitializing
            },
            message: TextId::EMPTY,
        };
        if let Some(newest) = self.state.newest(c) {
            // Without an instance before it, what the status said last stays (STS-08).
            let previous = self.state.previous(c);
            return ContainerStatus {
                state: match newest.state {
                    RunState::Created => waiting,
                    RunState::Running => ContainerState::Running {
                        started_at: newest.started_at.unwrap_or_default().floor_secs(),
                    },
                    RunState::Exited => ContainerState::Terminated(terminated(newest)),
                },
                last: previous
                    .filter(|i| i.state == RunState::Exited)
                    .map(terminated)
                    .or(old.and_then(|old| old.last)),
                restart_count: newest.attempt,
                instance: Some(newest.attempt),
                ..ContainerStatus::default()
            };
        }
        let Some(old) = old else {
            return ContainerStatus {
                state: waiting,
                ..ContainerStatus::default()
            };
        };
        if self.restarting && !matches!(old.state, ContainerState::Waiting { .. }) {
            return removed(texts, old);
        }
        if matches!(old.state, ContainerState::Terminated(_)) {
            return *old;
        }
        let mut status = ContainerStatus {
            state: waiting,
            last: old.last,
            restart_count: old.restart_count,
            ..ContainerStatus::default()
        };
        if matches!(old.state, ContainerState::Running { .. }) && status.last.is_none() {
            let message = texts.intern(
                "The container could not be located when the pod was deleted.  The container used \
                 to be Running",
            );
            status.last = Some(lost(message));
            if !self.deleting {
                status.restart_count += 1;
            }
        }
        status
    }

    /// A failed start shows as Waiting while the container is to be started (STS-09).
    fn apply_problem(&self, c: u16, entry: &ContainerEntry, status: &mut ContainerStatus) {
        let done = entry.role != Role::Regular
            && self
                .state
                .newest(c)
                .is_some_and(|i| i.state == RunState::Exited && i.exit_code == 0);
        if done || !should_start(self.spec, self.deleting, self.state, c) {
            return;
        }
        let Some(problem) = entry.problem else { return };
        if let ContainerState::Terminated(end) = status.state {
            status.last = Some(end);
        }
        status.state = ContainerState::Waiting {
            reason: problem.reason,
            message: problem.message,
        };
    }

    /// `started` and `ready` (PRB-17 to PRB-19, PRB-22, PRB-23).
    fn apply_probes(
        &self,
        c: u16,
        entry: &ContainerEntry,
        old: Option<&ContainerStatus>,
        status: &mut ContainerStatus,
    ) {
        let running = match status.state {
            ContainerState::Running { .. } => status.instance,
            _ => None,
        };
        let carried = old.is_some_and(|old| {
            old.started == Some(true) && matches!(old.state, ContainerState::Running { .. })
        });
        let flags = container_flags(&entry.probes, running, carried);
        status.started = Some(flags.started);
        status.ready = flags.ready;
        if let (ContainerState::Running { started_at }, Some(instance)) = (status.state, running) {
            if flags.started && is_older(started_at, self.worker.began) {
                let probe = container_spec(self.spec, c).probe(ProbeKind::Readiness);
                let may_be_ready = self.is_ready || probe.is_none();
                status.ready = kept_ready(&entry.probes, instance, flags.ready, may_be_ready);
            }
        }
        if entry.role == Role::Init {
            status.ready = plain_init_ready(match status.state {
                ContainerState::Terminated(end) => Some(end.exit_code),
                _ => None,
            });
        }
    }

    /// Whether a regular container was ever created in this sandbox (STS-01 row 2).
    fn any_regular_in_sandbox(&self) -> bool {
        let sandbox = self.state.sandbox.map(|s| s.attempt);
        self.state
            .instances
            .iter()
            .any(|i| regular_range(self.spec).contains(&i.container) && Some(i.sandbox) == sandbox)
    }
}

fn terminated(instance: &Instance) -> Terminated {
    Terminated {
        reason: instance.reason,
        exit_code: instance.exit_code,
        message: instance.message,
        started_at: instance.started_at.map(|at| at.floor_secs()),
        finished_at: instance.finished_at.floor_secs(),
    }
}

/// Whether a container is to start anew after that end, whatever the policy (RST-08).
pub fn was_removed(end: &Terminated) -> bool {
    end.reason == TerminatedReason::RestartingAllContainers
}

/// A container that was removed because all restart (RST-08).
fn removed(texts: &mut Texts, old: &ContainerStatus) -> ContainerStatus {
    let message = texts.intern("The container is removed because RestartAllContainers in place");
    ContainerStatus {
        state: ContainerState::Waiting {
            reason: WaitingReason::RestartingAllContainers,
            message,
        },
        last: Some(Terminated {
            reason: TerminatedReason::RestartingAllContainers,
            ..lost(message)
        }),
        restart_count: old.restart_count + 1,
        ..ContainerStatus::default()
    }
}

fn lost(message: TextId) -> Terminated {
    Terminated {
        reason: TerminatedReason::ContainerStatusUnknown,
        exit_code: LOST,
        message,
        started_at: None,
        finished_at: crate::time::Instant::ZERO,
    }
}

/// The phase (STS-01).
fn phase(
    spec: &PodSpec,
    containers: &[ContainerStatus],
    terminal: bool,
    any_regular_created: bool,
) -> Phase {
    let at = |c: u16| &containers[usize::from(c)];
    let (mut pending, mut failed_for_good, mut pending_sidecar) = (false, false, false);
    let (mut running, mut waiting) = (false, false);
    for c in init_range(spec) {
        let is_sidecar = role(spec, c) == Role::Sidecar;
        let status = at(c);
        match status.state {
            ContainerState::Running { .. } if is_sidecar => {
                running = true;
                pending_sidecar |= status.started != Some(true);
            }
            ContainerState::Running { .. } => pending = true,
            ContainerState::Waiting { .. } if is_sidecar => {
                pending_sidecar |= status.last.is_none();
                waiting |= status.last.is_none();
            }
            ContainerState::Terminated(_) if is_sidecar => {}
            ContainerState::Terminated(end) => {
                failed_for_good |= end.exit_code != 0 && !restarts_after(spec, c, end.exit_code);
            }
            ContainerState::Waiting { .. } => match status.last {
                Some(end) if was_removed(&end) => pending = true,
                Some(end) => {
                    failed_for_good |=
                        end.exit_code != 0 && !restarts_after(spec, c, end.exit_code);
                }
                None => pending = true,
            },
        }
    }
    let (mut stopped, mut succeeded, mut restartable) = (0, 0, false);
    for c in regular_range(spec) {
        let status = at(c);
        match (status.state, status.last) {
            (ContainerState::Running { .. }, _) => running = true,
            (ContainerState::Terminated(end), _) => {
                stopped += 1;
                succeeded += u32::from(end.exit_code == 0);
                restartable |= restarts_after(spec, c, end.exit_code);
            }
            (ContainerState::Waiting { .. }, Some(end)) => {
                stopped += 1;
                restartable |= was_removed(&end) || restarts_after(spec, c, end.exit_code);
            }
            (ContainerState::Waiting { .. }, None) => waiting = true,
        }
    }
    if failed_for_good {
        return Phase::Failed;
    }
    if pending || (pending_sidecar && !any_regular_created) || waiting {
        return Phase::Pending;
    }
    if running {
        return Phase::Running;
    }
    if stopped == 0 {
        return Phase::Pending;
    }
    if !terminal && restartable {
        return Phase::Running;
    }
    if stopped == succeeded {
        Phase::Succeeded
    } else {
        Phase::Failed
    }
}

/// Whether a container has ever left Waiting.
fn was_ever_run(container: &ContainerStatus) -> bool {
    container.last.is_some() || !matches!(container.state, ContainerState::Waiting { .. })
}

/// Whether the status shows that the init containers were done at some time.
pub fn has_initialized(spec: &PodSpec, status: &PodStatus) -> bool {
    let Some(last) = init_range(spec).last() else {
        return true;
    };
    let at = |c: u16| status.containers.get(usize::from(c));
    let is_sidecar = role(spec, last) == Role::Sidecar;
    let last_done = at(last).is_some_and(|container| match container.state {
        ContainerState::Terminated(end) => !is_sidecar && end.exit_code == 0,
        _ => is_sidecar && container.started == Some(true),
    });
    last_done || regular_range(spec).any(|c| at(c).is_some_and(was_ever_run))
}

/// The status of a terminated Pod: containers without an end get one, and the phase is terminal
/// (TRM-08).
pub fn without_survivors(cx: &mut Cx, pod: PodId, mut status: PodStatus) -> PodStatus {
    let message = cx.intern("The container could not be located when the pod was terminated");
    let spec = cx.pod(pod).spec.clone();
    let known = cx.pod(pod).worker.as_ref().and_then(|w| w.was_initialized);
    let initialized = known.unwrap_or_else(|| has_initialized(&spec, &cx.pod(pod).status));
    // Of the init containers all up to the last one with a trace, and in any case the first.
    let reached = init_range(&spec)
        .rev()
        .find(|c| was_ever_run(&status.containers[usize::from(*c)]))
        .map_or(1, |c| c + 1);
    for (index, container) in status.containers.iter_mut().enumerate() {
        let c = index as u16;
        let covered = if init_range(&spec).contains(&c) {
            c < reached
        } else {
            initialized
        };
        if covered && !matches!(container.state, ContainerState::Terminated(_)) {
            container.state = ContainerState::Terminated(lost(message));
            container.ready = false;
            container.started = Some(false);
        }
    }
    if !status.phase.is_terminal() {
        status.phase = Phase::Failed;
    }
    status
}
