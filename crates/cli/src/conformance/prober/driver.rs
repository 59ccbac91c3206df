//! The recorded zero-latency driver: serial syncs around the real probe workers, with no relist, no
//! waiting between syncs and no back-off. `probing.rs` runs the workers, `termination.rs` ends the
//! Pod.

use super::case::{Case, Config, ContainerConfig, RestartPolicy};
use super::container::{attempt_number, restarts_after, Container, State};
use super::script::Execution;
use super::trace::{KillRow, StatusRow, Trace};
use crate::conformance::millis::Millis;
use readyz_engine::api::ProbeKind;
use readyz_engine::kubelet::prober::{container_flags, ProbeResult};
use readyz_engine::status::Phase;
use readyz_engine::time::{Duration, Instant};
use std::collections::{BTreeMap, VecDeque};

/// Timers after which a case counts as going round in circles. The longest recorded one needs a
/// few thousand.
const TIMERS_MAX: u32 = 1_000_000;

/// Syncs at one instant after which a case counts as going round in circles.
const SYNCS_AT_ONCE_MAX: u32 = 1_000;

/// What waits in the queue. Containers are named by index.
pub(super) enum Timer {
    RequestSync,
    Delete,
    /// A first start, or one after an own exit.
    Start(usize),
    OwnExit {
        container: usize,
        attempt: u32,
    },
    /// A worker's tick or first step.
    Poll(usize, ProbeKind),
    Executed {
        container: usize,
        kind: ProbeKind,
        begun: Instant,
        execution: Execution,
    },
    /// The kill at the head of [`Syncing::kills`] is over.
    Killed,
    /// The restart at the head of [`Syncing::restarts`] is over.
    Recreated,
    /// A container stopped because the Pod ends.
    Terminated(usize),
}

/// What the pod worker is doing.
pub(super) enum Activity {
    Idle,
    /// In a sync that kills.
    Syncing(Syncing),
    /// The Pod ends; no syncs any more.
    Terminating,
    Ended,
}

/// A sync that takes time.
pub(super) struct Syncing {
    kills: VecDeque<(usize, u32, ProbeKind)>,
    restarts: VecDeque<usize>,
}

/// What the driver keeps for each living worker.
#[derive(Default)]
pub(super) struct WorkerLog {
    pub(super) steps: Vec<Millis>,
    /// Whether it ever saw a container ID: only then its steps were recorded.
    pub(super) saw_container: bool,
    /// The moment of its latest timer.
    pub(super) armed: Instant,
}

/// The driver's whole state.
pub(super) struct Driver<'a> {
    pub(super) config: &'a Config,
    pub(super) now: Instant,
    queue: BTreeMap<(Instant, u32), Timer>,
    next_seq: u32,
    pub(super) containers: Vec<Container>,
    pub(super) phase: Phase,
    pub(super) pod_ready: bool,
    /// Whether a status is cached at all.
    pub(super) has_status: bool,
    pub(super) activity: Activity,
    /// Syncs that are to follow at once, or right after the one that takes time.
    syncs_wanted: u32,
    pub(super) deletion_asked: bool,
    /// Stored results not handled yet: container, kind, attempt, value.
    pub(super) updates: VecDeque<(usize, ProbeKind, u32, ProbeResult)>,
    /// Initial sleeps not handed out yet, by `container/kind`.
    pub(super) jitter: BTreeMap<String, Millis>,
    pub(super) logs: BTreeMap<(usize, ProbeKind), WorkerLog>,
    pub(super) trace: Trace,
}

/// Plays a case to its end. An error says why it never would.
pub fn play(case: &Case) -> Result<Trace, String> {
    let config = &case.config;
    let mut driver = Driver {
        config,
        now: Instant::ZERO,
        queue: BTreeMap::new(),
        next_seq: 0,
        containers: config.containers.iter().map(|_| Container::new()).collect(),
        phase: Phase::Pending,
        pod_ready: false,
        has_status: false,
        activity: Activity::Idle,
        syncs_wanted: 0,
        deletion_asked: false,
        updates: VecDeque::new(),
        jitter: case.expect.jitter_ms.clone(),
        logs: BTreeMap::new(),
        trace: Trace::default(),
    };
    driver.set(config.add_at_ms.instant(), Timer::RequestSync);
    for at in config.resyncs_ms.iter().flatten() {
        driver.set(at.instant(), Timer::RequestSync);
    }
    if let Some(delete) = config.delete {
        driver.set(delete.at_ms.instant(), Timer::Delete);
    }
    driver.run()?;
    driver.flush_logs();
    Ok(driver.trace)
}

impl Driver<'_> {
    fn run(&mut self) -> Result<(), String> {
        let end = self.config.end_ms.instant();
        for _ in 0..TIMERS_MAX {
            let Some(((at, _), timer)) = self.queue.pop_first() else {
                return Ok(());
            };
            if at > end {
                return Ok(());
            }
            self.now = at;
            self.fire(timer);
            let next = self.queue.keys().next();
            if next.is_none_or(|&(next_at, _)| next_at > at) {
                self.settle()?;
            }
        }
        Err(self.stuck())
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::RequestSync => self.request_sync(),
            Timer::Delete => {
                self.deletion_asked = true;
                self.request_sync();
            }
            Timer::Start(container) => {
                // A deletion that was asked for cancels pending starts.
                if self.containers[container].start_pending && !self.deletion_asked {
                    self.start(container);
                }
            }
            Timer::OwnExit { container, attempt } => self.own_exit(container, attempt),
            Timer::Poll(container, kind) => self.poll(container, kind),
            Timer::Executed {
                container,
                kind,
                begun,
                execution,
            } => self.executed(container, kind, begun, execution),
            Timer::Killed => self.killed(),
            Timer::Recreated => self.recreated(),
            Timer::Terminated(container) => self.terminated(container),
        }
    }

    /// Queues a timer; equal moments keep their order.
    pub(super) fn set(&mut self, at: Instant, timer: Timer) {
        self.queue.insert((at, self.next_seq), timer);
        self.next_seq += 1;
    }

    /// Queues a timer `span` from now.
    pub(super) fn set_after(&mut self, span: Duration, timer: Timer) {
        self.set(self.now + span, timer);
    }

    /// The script of a container.
    pub(super) fn script(&self, container: usize) -> &ContainerConfig {
        &self.config.containers[container]
    }

    /// Asks for a sync. While one takes time all requests collapse into one right after it;
    /// otherwise each is a sync of its own.
    pub(super) fn request_sync(&mut self) {
        match self.activity {
            Activity::Idle => self.syncs_wanted += 1,
            Activity::Syncing(_) => self.syncs_wanted = 1,
            Activity::Terminating | Activity::Ended => {}
        }
    }

    /// What follows once everything due at this instant has happened: updates are handled, then
    /// one wanted sync runs, whose pokes may lead to further updates, and so on.
    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..SYNCS_AT_ONCE_MAX {
            self.handle_updates();
            if self.syncs_wanted == 0 || !matches!(self.activity, Activity::Idle) {
                return Ok(());
            }
            self.syncs_wanted -= 1;
            self.sync();
        }
        Err(self.stuck())
    }

    fn stuck(&self) -> String {
        format!("goes round in circles at {:?} ms", Millis::from(self.now))
    }

    fn sync(&mut self) {
        self.trace.push_sync(self.now.into());
        self.activity = Activity::Syncing(Syncing {
            kills: VecDeque::new(),
            restarts: VecDeque::new(),
        });
        if self.deletion_asked {
            return self.terminate();
        }
        self.generate_status(false);
        if self.phase.is_terminal() {
            return self.terminate();
        }
        self.add_workers();
        self.first_starts();
        let kills = (0..self.containers.len())
            .filter_map(|i| {
                let container = &self.containers[i];
                Some((i, container.attempt?, container.kill_reason()?))
            })
            .collect();
        self.activity = Activity::Syncing(Syncing {
            kills,
            restarts: VecDeque::new(),
        });
        self.kill_next(false);
    }

    /// Computes and stores the status, then pokes the readiness workers that it asks for. `ended`:
    /// nothing will run any more, so that exit codes alone decide the phase.
    pub(super) fn generate_status(&mut self, ended: bool) {
        let mut pokes = Vec::new();
        for (index, container) in self.containers.iter_mut().enumerate() {
            let running = container.running_attempt();
            let carried = container.cached.started == Some(true);
            let flags = container_flags(&container.probes, running, carried);
            container.cached.state = container.state;
            container.cached.attempt = container.attempt;
            container.cached.started = Some(flags.started);
            container.cached.ready = flags.ready;
            if flags.trigger_readiness {
                pokes.push(index);
            }
        }
        self.phase = self.compute_phase(ended);
        self.has_status = true;
        self.refresh_ready();
        self.record_status("sync");
        for index in pokes {
            self.containers[index].probes.trigger_readiness();
            self.poll(index, ProbeKind::Readiness);
        }
    }

    /// Recomputes the Ready condition from the cached status.
    pub(super) fn refresh_ready(&mut self) {
        self.pod_ready =
            !self.phase.is_terminal() && self.containers.iter().all(|c| c.cached.ready);
    }

    /// Notes the cached status if it changed.
    pub(super) fn record_status(&mut self, via: &str) {
        let rows = self
            .containers
            .iter()
            .zip(&self.config.containers)
            .map(|(container, script)| container.cached.row(&script.name))
            .collect();
        self.trace.push_status(StatusRow(
            self.now.into(),
            via.to_owned(),
            self.phase.name().to_owned(),
            self.pod_ready,
            rows,
        ));
    }

    fn compute_phase(&self, ended: bool) -> Phase {
        let regular = || {
            self.containers
                .iter()
                .zip(&self.config.containers)
                .filter(|(_, script)| !script.sidecar)
                .map(|(container, _)| container)
        };
        if regular().any(|c| c.state == State::Waiting) {
            return Phase::Pending;
        }
        if regular().any(Container::is_running) {
            return Phase::Running;
        }
        let all_well = regular().all(|c| c.state == State::Terminated { exit_code: 0 });
        match self.config.restart_policy {
            RestartPolicy::Always if !ended => Phase::Running,
            _ if all_well => Phase::Succeeded,
            RestartPolicy::OnFailure if !ended => Phase::Running,
            _ => Phase::Failed,
        }
    }

    /// Schedules what never started: sidecars at once, the rest when all sidecars are Started.
    fn first_starts(&mut self) {
        let sidecars_started = self
            .containers
            .iter()
            .zip(&self.config.containers)
            .all(|(container, script)| !script.sidecar || container.cached.started == Some(true));
        for index in 0..self.containers.len() {
            let script = self.script(index);
            let (may_start, delay) = (
                script.sidecar || sidecars_started,
                script.start_delay_ms.span(),
            );
            let container = &mut self.containers[index];
            if may_start && container.attempt.is_none() && !container.start_pending {
                container.start_pending = true;
                self.set_after(delay, Timer::Start(index));
            }
        }
    }

    /// The next attempt of a container runs from now on.
    fn start(&mut self, index: usize) {
        let (now, container) = (self.now, &mut self.containers[index]);
        let attempt = container.attempt.map_or(0, |last| last + 1);
        container.attempt = Some(attempt);
        container.start_pending = false;
        container.state = State::Running {
            started_at: now,
            stopping: false,
        };
        let lives = self
            .script(index)
            .crash_after_ms
            .as_ref()
            .and_then(|lives| lives.get(attempt as usize))
            .filter(|life| life.0 > 0);
        if let Some(life) = lives {
            let exit = Timer::OwnExit {
                container: index,
                attempt,
            };
            self.set_after(life.span(), exit);
        }
        self.request_sync();
    }

    /// A container's scripted exit, unless a stop came before it.
    fn own_exit(&mut self, index: usize, attempt: u32) {
        let script = &self.config.containers[index];
        let container = &mut self.containers[index];
        if !container.is_running_free() || container.attempt != Some(attempt) {
            return;
        }
        let exit_code = script
            .crash_exit_code
            .as_ref()
            .and_then(|codes| codes.get(attempt as usize).copied())
            .unwrap_or(1);
        container.state = State::Terminated { exit_code };
        if restarts_after(self.config, script, exit_code) {
            let delays = &script.restart_delay_ms;
            let delay = delays
                .get(attempt as usize)
                .or(delays.last())
                .copied()
                .unwrap_or_default();
            container.start_pending = true;
            self.set_after(delay.span(), Timer::Start(index));
        }
        self.request_sync();
    }

    /// Begins the next kill of this sync, or the restarts once all are dead. `over`: the one at
    /// the head is dead.
    fn kill_next(&mut self, over: bool) {
        let Activity::Syncing(sync) = &mut self.activity else {
            return;
        };
        if over {
            if let Some((index, _, _)) = sync.kills.pop_front() {
                sync.restarts.push_back(index);
            }
        }
        while let Some(&(index, attempt, reason)) = sync.kills.front() {
            if self.containers[index].running_attempt() != Some(attempt) {
                sync.kills.pop_front(); // it exited by itself meanwhile
                continue;
            }
            let grace = self.config.pod_grace_ms.span();
            let span = self.stop(index, grace, reason.name());
            self.syncs_wanted = 1; // a sync that killed is followed by one more
            self.set_after(span, Timer::Killed);
            return;
        }
        self.recreate_next();
    }

    /// Signals a running container; the time that it takes to stop.
    pub(super) fn stop(&mut self, index: usize, grace: Duration, reason: &str) -> Duration {
        let script = &self.config.containers[index];
        let span = script.stop_ms.span().min(grace);
        let container = &mut self.containers[index];
        if let State::Running { stopping, .. } = &mut container.state {
            *stopping = true;
        }
        self.trace.kills.push(KillRow(
            self.now.into(),
            script.name.clone(),
            attempt_number(container.attempt),
            reason.to_owned(),
            (self.now + span).into(),
        ));
        span
    }

    /// A signalled container is dead.
    pub(super) fn stopped(&mut self, index: usize) {
        self.containers[index].state = State::Terminated {
            exit_code: self.config.containers[index].stop_exit_code,
        };
    }

    fn killed(&mut self) {
        if let Activity::Syncing(sync) = &self.activity {
            if let Some(&(index, _, _)) = sync.kills.front() {
                self.stopped(index);
                self.kill_next(true);
            }
        }
    }

    /// Begins the next restart within this sync, or ends it.
    fn recreate_next(&mut self) {
        let never = matches!(self.config.restart_policy, RestartPolicy::Never);
        let Activity::Syncing(sync) = &mut self.activity else {
            return;
        };
        while let Some(&index) = sync.restarts.front() {
            let script = &self.config.containers[index];
            if never && !script.sidecar {
                sync.restarts.pop_front();
                continue;
            }
            self.set_after(script.create_ms.span(), Timer::Recreated);
            return;
        }
        self.activity = Activity::Idle;
    }

    fn recreated(&mut self) {
        if let Activity::Syncing(sync) = &mut self.activity {
            if let Some(index) = sync.restarts.pop_front() {
                if !self.deletion_asked {
                    self.start(index);
                }
                self.recreate_next();
            }
        }
    }
}
