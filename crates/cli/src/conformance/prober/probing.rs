//! The driver as the workers' host: it polls them, plays their executions and handles their
//! results.

use super::driver::{Driver, Timer};
use super::script::{execution, message, Execution};
use super::trace::{EventRow, ExecRow, ResultRow};
use crate::conformance::millis::Millis;
use readyz_engine::api::ProbeKind;
use readyz_engine::kubelet::prober::{
    Cached, Changes, Next, ProbeResult, ProbeSettings, ResultChange, Settled,
};
use readyz_engine::time::{Duration, Instant};

impl Driver<'_> {
    /// Makes the missing workers: regular containers first, then sidecars (PRB-01). Each runs its
    /// first step at once, or after its recorded sleep.
    pub(super) fn add_workers(&mut self) {
        let order = |sidecar| (0..self.containers.len()).map(move |index| (index, sidecar));
        let all: Vec<_> = order(false).chain(order(true)).collect();
        for (index, sidecar) in all {
            if self.script(index).sidecar == sidecar {
                for kind in ProbeKind::ALL {
                    self.add_worker(index, kind);
                }
            }
        }
    }

    fn add_worker(&mut self, index: usize, kind: ProbeKind) {
        let Some(probe) = self.config.containers[index].probes.get(kind) else {
            return;
        };
        if self.containers[index].probes.has(kind) {
            return;
        }
        let settings = ProbeSettings {
            kind,
            sidecar: self.script(index).sidecar,
            pod_deleting: false,
            initial_delay_seconds: probe.initial_delay_seconds,
            success_threshold: probe.success_threshold,
            failure_threshold: probe.failure_threshold,
            period: Duration::from_secs(u64::from(probe.period_seconds)),
        };
        let age = self.now + self.config.kubelet_age_ms.span();
        let sleep = if settings.needs_jitter(age.since(Instant::ZERO)) {
            // A worker without a recorded sleep never stepped within the recording.
            let never = Millis(u64::MAX);
            let drawn = self.jitter.remove(&self.worker_name(index, kind));
            drawn.unwrap_or(never).span()
        } else {
            Duration::ZERO
        };
        let now = self.now;
        self.containers[index].probes.add(settings, now, || sleep);
        self.poll(index, kind);
    }

    /// Lets a worker do what is due until it waits again.
    pub(super) fn poll(&mut self, index: usize, kind: ProbeKind) {
        loop {
            let due_at = self.containers[index].probes.poll_at(kind);
            if due_at == Instant::NEVER {
                return;
            }
            if due_at > self.now {
                return self.arm(index, kind, due_at);
            }
            let cached = self.cached(index);
            let step = self.containers[index].probes.poll(kind, self.now, cached);
            let log = self.logs.entry((index, kind)).or_default();
            if step.next != Next::Stopped {
                log.steps.push(self.now.into());
            }
            log.saw_container |= !step.changes.is_empty();
            if matches!(step.next, Next::Exit | Next::Stopped) {
                self.flush_worker(index, kind);
            }
            if step.next == Next::Execute {
                self.execute(index, kind);
            }
            self.note(index, kind, step.changes);
        }
    }

    /// Sets the timer of a worker's next tick, unless it is set. (A trigger moves the tick; the
    /// timer of the old one then finds nothing due.)
    fn arm(&mut self, index: usize, kind: ProbeKind, at: Instant) {
        let log = self.logs.entry((index, kind)).or_default();
        if log.armed != at {
            log.armed = at;
            self.set(at, Timer::Poll(index, kind));
        }
    }

    /// What the workers of a container read.
    fn cached(&self, index: usize) -> Cached {
        if !self.has_status {
            Cached::Missing
        } else if self.phase.is_terminal() {
            Cached::PodEnded
        } else {
            let container = &self.containers[index];
            Cached::Container(container.cached.view(self.config, self.script(index)))
        }
    }

    fn execute(&mut self, index: usize, kind: ProbeKind) {
        let container = &self.containers[index];
        let probe = self.config.containers[index].probes.get(kind);
        let attempt = container.probes.worker(kind).and_then(|w| w.instance());
        let (Some(probe), Some(attempt)) = (probe, attempt) else {
            return;
        };
        let execution = execution(probe, self.now, container.alive_since(attempt));
        let timer = Timer::Executed {
            container: index,
            kind,
            begun: self.now,
            execution,
        };
        self.set_after(execution.span, timer);
    }

    pub(super) fn executed(
        &mut self,
        index: usize,
        kind: ProbeKind,
        begun: Instant,
        execution: Execution,
    ) {
        let probes = &mut self.containers[index].probes;
        let attempt = probes.worker(kind).and_then(|w| w.instance());
        let finished = probes.execution_done(kind, execution.outcome);
        self.trace.execs.push(ExecRow(
            begun.into(),
            self.script(index).name.clone(),
            kind.name().to_owned(),
            super::container::attempt_number(attempt),
            self.now.into(),
            execution.name.to_owned(),
        ));
        if finished.settled == Settled::Retry {
            return self.execute(index, kind);
        }
        self.emit_event(index, kind, execution);
        self.note(index, kind, finished.changes);
        self.poll(index, kind);
    }

    fn emit_event(&mut self, index: usize, kind: ProbeKind, execution: Execution) {
        let script = self.script(index);
        let probe = script.probes.get(kind);
        let Some(message) = probe.and_then(|probe| message(kind, probe, execution)) else {
            return;
        };
        let list = if script.sidecar {
            "initContainers"
        } else {
            "containers"
        };
        let row = EventRow(
            self.now.into(),
            format!("spec.{list}{{{}}}", script.name),
            "Warning".to_owned(),
            "Unhealthy".to_owned(),
            message,
        );
        self.trace.events.push(row);
    }

    /// Notes changed results; stored ones become updates (PRB-14).
    fn note(&mut self, index: usize, kind: ProbeKind, changes: Changes) {
        for change in &changes {
            self.trace.results.push(ResultRow(
                self.now.into(),
                self.script(index).name.clone(),
                kind.name().to_owned(),
                i64::from(change.instance),
                value_name(change).to_owned(),
            ));
            if let Some(value) = change.value {
                self.updates
                    .push_back((index, kind, change.instance, value));
            }
        }
    }

    /// Handles the updates, in order, at once (PRB-15).
    pub(super) fn handle_updates(&mut self) {
        while let Some((index, kind, instance, value)) = self.updates.pop_front() {
            self.update(index, kind, instance, value);
        }
    }

    fn update(&mut self, index: usize, kind: ProbeKind, instance: u32, value: ProbeResult) {
        let is_success = value == ProbeResult::Success;
        let cached = &mut self.containers[index].cached;
        let is_cached = self.has_status && cached.attempt == Some(instance);
        match kind {
            ProbeKind::Liveness => {
                if value != ProbeResult::Failure {
                    return;
                }
            }
            ProbeKind::Readiness => {
                if is_cached && cached.ready != is_success {
                    cached.ready = is_success;
                    self.refresh_ready();
                    self.record_status(kind.name());
                }
            }
            ProbeKind::Startup => {
                if is_cached && cached.started != Some(is_success) {
                    cached.started = Some(is_success);
                    self.record_status(kind.name());
                }
            }
        }
        self.request_sync();
    }

    /// Writes the steps of all living workers into the trace.
    pub(super) fn flush_logs(&mut self) {
        let workers: Vec<_> = self.logs.keys().copied().collect();
        for (index, kind) in workers {
            self.flush_worker(index, kind);
        }
    }

    /// Writes a worker's steps into the trace, if it ever saw a container ID.
    fn flush_worker(&mut self, index: usize, kind: ProbeKind) {
        let name = self.worker_name(index, kind);
        if let Some(log) = self.logs.remove(&(index, kind)) {
            if log.saw_container {
                self.trace.ticks.entry(name).or_default().extend(log.steps);
            }
        }
    }

    fn worker_name(&self, index: usize, kind: ProbeKind) -> String {
        format!("{}/{}", self.script(index).name, kind.name())
    }
}

fn value_name(change: &ResultChange) -> &'static str {
    match change.value {
        None => "removed",
        Some(ProbeResult::Unknown) => "UNKNOWN",
        Some(ProbeResult::Success) => "Success",
        Some(ProbeResult::Failure) => "Failure",
    }
}
