//! The end of the Pod under the zero-latency driver: regular containers stop in parallel, then the
//! sidecars, then the workers that are left (PRB-24).

use super::driver::{Activity, Driver, Timer};
use readyz_engine::api::ProbeKind;

impl Driver<'_> {
    /// The deletion was asked for, or the phase is terminal.
    pub(super) fn terminate(&mut self) {
        self.activity = Activity::Terminating;
        for container in &mut self.containers {
            container.start_pending = false;
        }
        self.generate_status(false);
        for index in 0..self.containers.len() {
            if !self.script(index).sidecar {
                self.stop_worker(index, ProbeKind::Liveness);
                self.stop_worker(index, ProbeKind::Startup);
            }
        }
        self.stop_containers(false);
        self.go_on();
    }

    /// A container stopped because the Pod ends.
    pub(super) fn terminated(&mut self, index: usize) {
        self.stopped(index);
        self.go_on();
    }

    /// Once the regular containers are down the sidecars stop; once those are, the Pod has ended.
    fn go_on(&mut self) {
        if self.any_running(false) {
            return;
        }
        if self.any_running(true) {
            return self.stop_containers(true);
        }
        if matches!(self.activity, Activity::Terminating) {
            self.activity = Activity::Ended;
            for index in 0..self.containers.len() {
                for kind in ProbeKind::ALL {
                    self.stop_worker(index, kind);
                }
            }
            self.generate_status(true);
        }
    }

    fn any_running(&self, sidecar: bool) -> bool {
        (0..self.containers.len())
            .any(|i| self.script(i).sidecar == sidecar && self.containers[i].is_running())
    }

    /// Signals all running containers of one sort, unless they are signalled already.
    fn stop_containers(&mut self, sidecar: bool) {
        let grace = match self.config.delete {
            Some(delete) if self.deletion_asked => delete.grace_ms,
            _ => self.config.pod_grace_ms,
        };
        for index in 0..self.containers.len() {
            let container = &self.containers[index];
            if self.script(index).sidecar == sidecar && container.is_running_free() {
                let span = self.stop(index, grace.span(), "terminate");
                self.set_after(span, Timer::Terminated(index));
            }
        }
    }

    fn stop_worker(&mut self, index: usize, kind: ProbeKind) {
        self.containers[index].probes.stop(kind);
        self.poll(index, kind);
    }
}
