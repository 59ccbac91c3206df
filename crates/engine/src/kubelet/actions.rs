//! What a sync does to the containers (RUN-01 to RUN-04, INI-*): from the runtime view of its
//! begin and the probe results of now.

use super::kill::Kill;
use super::pod_worker::{
    container_count, init_range, regular_range, role, Instance, PodWorker, Role, RunState,
    RuntimeState,
};
use super::prober::ProbeResult;
use super::restart_policy::{restarts_after, restarts_when_killed, should_start};
use crate::api::{PodSpec, ProbeKind, RestartPolicy};
use crate::cluster::PodState;
use crate::events::KillText;
use crate::record::KillReason;

/// What is to be done, in the order of RUN-05.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Remove all containers, so that the next sync starts anew in the same sandbox (RST-08).
    pub reset: bool,
    /// Stop everything, and the sandbox.
    pub kill_pod: bool,
    pub create_sandbox: bool,
    /// Containers to stop one after another.
    pub kills: Vec<Kill>,
    /// Containers to start: init containers and sidecars first, then regular ones, in spec order.
    pub starts: Vec<u16>,
}

/// The plan of the sync under way.
pub fn plan(pod: &PodState) -> Plan {
    let Some(worker) = &pod.worker else {
        return Plan::default();
    };
    let Some(sync) = &worker.sync else {
        return Plan::default();
    };
    Planner {
        spec: &pod.spec,
        deleting: super::status::is_deleting(pod),
        worker,
        view: &sync.view,
        plan: Plan::default(),
    }
    .plan()
}

struct Planner<'a> {
    spec: &'a PodSpec,
    deleting: bool,
    worker: &'a PodWorker,
    view: &'a RuntimeState,
    plan: Plan,
}

impl Planner<'_> {
    fn plan(mut self) -> Plan {
        if self.worker.status.is_restarting_all() {
            self.plan_reset();
            return self.plan;
        }
        if !self.view.sandbox_ready() {
            self.plan_sandbox();
            return self.plan;
        }
        let mut init_starts = Vec::new();
        let initialized = self.plan_inits(&mut init_starts);
        init_starts.reverse();
        self.plan.starts = init_starts;
        if self.plan.kill_pod || !initialized {
            return self.plan;
        }
        let kept = self.plan_regular();
        let starts_regular = self
            .plan
            .starts
            .iter()
            .any(|c| role(self.spec, *c) == Role::Regular);
        if kept == 0 && !starts_regular {
            // Nothing left to run: the sandbox stops, sidecars are not kept alive (RUN-04).
            self.plan.kill_pod = true;
            self.plan.kills.clear();
            self.plan.starts.clear();
        }
        self.plan
    }

    /// All containers stop without a grace, the regular ones first, and are removed (RST-08).
    fn plan_reset(&mut self) {
        self.plan.reset = true;
        for c in regular_range(self.spec).chain(init_range(self.spec)) {
            let newest = self.view.newest(c);
            let running = newest.filter(|i| i.state == RunState::Running);
            self.plan.kills.extend(running.map(|instance| {
                let (reason, text) = (KillReason::RestartAll, KillText::RestartAll);
                let kill = Kill::planned(self.spec, c, instance.attempt, reason, text);
                Kill { grace: 0, ..kill }
            }));
        }
    }

    /// No usable sandbox (RUN-03).
    fn plan_sandbox(&mut self) {
        self.plan.kill_pod = true;
        self.plan.create_sandbox = true;
        let had_sandbox = self.view.sandbox.is_some();
        let has_containers = !self.view.instances.is_empty();
        if self.spec.restart_policy == RestartPolicy::Never && had_sandbox && has_containers {
            self.plan.create_sandbox = false;
            return;
        }
        let starts: Vec<u16> = regular_range(self.spec)
            .filter(|c| {
                let succeeded = self
                    .view
                    .newest(*c)
                    .is_some_and(|i| i.state == RunState::Exited && i.exit_code == 0);
                !(self.spec.restart_policy == RestartPolicy::OnFailure && succeeded)
            })
            .collect();
        let any_regular = regular_range(self.spec).any(|c| self.view.newest(c).is_some());
        if starts.is_empty() && any_regular {
            self.plan.create_sandbox = false;
            return;
        }
        self.plan.starts = if self.spec.init_containers.is_empty() {
            starts
        } else {
            vec![0]
        };
    }

    /// Init containers and sidecars, last first, because the last one that has a status tells how
    /// far the sequence came. Returns whether regular containers may run.
    fn plan_inits(&mut self, starts: &mut Vec<u16>) -> bool {
        if self.spec.init_containers.is_empty() {
            return true;
        }
        let mut initialized = regular_range(self.spec).any(|c| {
            self.view
                .newest(c)
                .is_some_and(|i| i.state != RunState::Exited)
        });
        let mut reached = initialized;
        let last = self.spec.init_containers.len() as u16 - 1;
        for c in init_range(self.spec).rev() {
            let is_sidecar = role(self.spec, c) == Role::Sidecar;
            let Some(instance) = self.view.newest(c).copied() else {
                if reached && is_sidecar {
                    starts.push(c);
                }
                continue;
            };
            if reached && !is_sidecar {
                continue;
            }
            match (instance.state, is_sidecar) {
                (RunState::Created, _) => starts.push(c),
                (RunState::Running, false) => {}
                (RunState::Running, true) => {
                    if self.sidecar_is_started(c, &instance, starts) {
                        if c == last {
                            initialized = true;
                        } else if !reached {
                            starts.push(c + 1);
                        }
                        self.plan_started_sidecar(c, &instance, starts);
                    }
                }
                (RunState::Exited, true) => starts.push(c),
                (RunState::Exited, false) if instance.exit_code == 0 => {
                    if c == last {
                        initialized = true;
                    } else {
                        starts.push(c + 1);
                    }
                }
                (RunState::Exited, false) => {
                    if !restarts_after(self.spec, c, instance.exit_code) {
                        self.plan.kill_pod = true;
                        starts.clear();
                        return false;
                    }
                    starts.push(c);
                }
            }
            reached = true;
        }
        if !reached {
            starts.push(0);
        }
        initialized
    }

    /// Whether a running sidecar is started, so that the sequence goes on (INI-04). If its startup
    /// probe has failed it is restarted.
    fn sidecar_is_started(&mut self, c: u16, instance: &Instance, starts: &mut Vec<u16>) -> bool {
        if self.spec.init_containers[usize::from(c)]
            .startup_probe
            .is_none()
        {
            return true;
        }
        let result = self
            .worker
            .probe_result(c, ProbeKind::Startup, instance.attempt);
        if result == Some(ProbeResult::Failure) {
            self.plan.kills.push(Kill::for_probe(
                self.spec,
                c,
                instance.attempt,
                ProbeKind::Startup,
            ));
            starts.push(c);
        }
        result == Some(ProbeResult::Success)
    }

    /// A started sidecar is restarted if its definition changed or liveness failed (INI-07).
    fn plan_started_sidecar(&mut self, c: u16, instance: &Instance, starts: &mut Vec<u16>) {
        let liveness = self
            .worker
            .probe_result(c, ProbeKind::Liveness, instance.attempt);
        let kill = if instance.image != self.worker.containers[usize::from(c)].image {
            Kill::planned(
                self.spec,
                c,
                instance.attempt,
                KillReason::DefinitionChanged,
                KillText::DefinitionChanged { will_restart: true },
            )
        } else if liveness == Some(ProbeResult::Failure) {
            Kill::for_probe(self.spec, c, instance.attempt, ProbeKind::Liveness)
        } else {
            return;
        };
        self.plan.kills.push(kill);
        starts.push(c);
    }

    /// Regular containers in spec order (RUN-02). How many are kept.
    fn plan_regular(&mut self) -> usize {
        let mut kept = 0;
        for c in regular_range(self.spec) {
            let instance = match self.view.newest(c) {
                Some(instance) if instance.state == RunState::Running => *instance,
                _ => {
                    if should_start(self.spec, self.deleting, self.view, c) {
                        self.plan.starts.push(c);
                    }
                    continue;
                }
            };
            let failed = |kind| {
                self.worker.probe_result(c, kind, instance.attempt) == Some(ProbeResult::Failure)
            };
            let mut will_restart = restarts_when_killed(self.spec, c);
            let kill = if instance.image != self.worker.containers[usize::from(c)].image {
                will_restart = true;
                Kill::planned(
                    self.spec,
                    c,
                    instance.attempt,
                    KillReason::DefinitionChanged,
                    KillText::DefinitionChanged { will_restart },
                )
            } else if failed(ProbeKind::Liveness) {
                Kill::for_probe(self.spec, c, instance.attempt, ProbeKind::Liveness)
            } else if failed(ProbeKind::Startup) {
                Kill::for_probe(self.spec, c, instance.attempt, ProbeKind::Startup)
            } else {
                kept += 1;
                continue;
            };
            if will_restart {
                self.plan.starts.push(c);
            }
            self.plan.kills.push(kill);
        }
        kept
    }
}

/// Positions of all containers.
pub fn all_containers(spec: &PodSpec) -> std::ops::Range<u16> {
    0..container_count(spec)
}
