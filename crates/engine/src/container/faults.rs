//! What can be done to a Pod's world from outside: each changes the world, never a verdict.

use super::memory::MemoryUse;
use super::network::{GrpcAnswer, HttpAnswer};
use super::world::PodWorld;
use crate::scenario::DependencySpec;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Makes a container's server answer otherwise than it would. The last one added wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOverride {
    /// Number for `clear_http`, given by the caller.
    pub id: u32,
    /// None: every container of the Pod.
    pub container: Option<u32>,
    /// None: every port.
    pub port: Option<u16>,
    /// Path without query; None: every path.
    pub path: Option<Arc<str>>,
    /// None: the server's own answer.
    pub answer: Option<HttpAnswer>,
    /// Added to the time of the answer.
    pub latency: Duration,
    /// Body, for those who look.
    pub body: Option<Arc<str>>,
}

/// Makes a gRPC health service answer otherwise than it would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrpcOverride {
    /// Number for `clear_grpc`, given by the caller.
    pub id: u32,
    /// None: every port.
    pub port: Option<u16>,
    /// None: every service.
    pub service: Option<Arc<str>>,
    pub answer: GrpcAnswer,
}

/// What a port does instead of what its listener would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortState {
    /// As if nothing listened: refused.
    Closed,
    /// Packets vanish.
    Drop,
    /// Accepts although nothing listens; nothing answers.
    Open,
}

/// A port that a fault has taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortFault {
    pub port: u16,
    pub state: PortState,
}

impl PodWorld {
    /// Puts an override before all others.
    pub fn set_http(&mut self, fault: HttpOverride) {
        self.http_overrides.retain(|o| o.id != fault.id);
        self.http_overrides.insert(0, fault);
    }

    /// Takes an override away.
    pub fn clear_http(&mut self, id: u32) {
        self.http_overrides.retain(|o| o.id != id);
    }

    /// Whether a server answers otherwise than it would. A restart does not end that.
    pub fn is_overridden(&self) -> bool {
        !self.http_overrides.is_empty() || !self.grpc_overrides.is_empty()
    }

    /// Puts a gRPC override before all others.
    pub fn set_grpc(&mut self, fault: GrpcOverride) {
        self.grpc_overrides.retain(|o| o.id != fault.id);
        self.grpc_overrides.insert(0, fault);
    }

    /// Takes a gRPC override away.
    pub fn clear_grpc(&mut self, id: u32) {
        self.grpc_overrides.retain(|o| o.id != id);
    }

    pub(crate) fn grpc_override(&self, port: u16, service: &str) -> Option<GrpcAnswer> {
        self.grpc_overrides
            .iter()
            .find(|o| {
                o.port.is_none_or(|p| p == port)
                    && o.service.as_ref().is_none_or(|s| **s == *service)
            })
            .map(|o| o.answer)
    }

    /// Takes a port over, or gives it back (None).
    pub fn set_port(&mut self, port: u16, state: Option<PortState>) {
        self.port_faults.retain(|f| f.port != port);
        if let Some(state) = state {
            self.port_faults.push(PortFault { port, state });
        }
    }

    /// A deadlock: the container's servers accept and never answer, until undone or restarted.
    pub fn set_hung(&mut self, container: u32, hung: bool) {
        self.hung.retain(|c| *c != container);
        self.empty_queues(container);
        if hung {
            self.hung.push(container);
        }
    }

    /// Creates a file with its directories and content, or removes it. False: it could not.
    pub fn set_file(
        &mut self,
        now: Instant,
        container: u32,
        path: &str,
        content: Option<&[u8]>,
    ) -> bool {
        if content.is_some() {
            self.make_parents(now, container, path);
        }
        let Some(mut files) = self.files(now, container, 0) else {
            return false;
        };
        match content {
            Some(bytes) => files.write("/", path, bytes).is_ok(),
            None => files.unlink("/", path).is_ok(),
        }
    }

    /// The share of its CPU time that the container gets, in thousandths; it outlives restarts.
    pub fn set_cpu_share(&mut self, now: Instant, container: u32, share_milli: u32) {
        if let Some(machine) = self.machine_mut(container) {
            machine.credit_cpu(now);
            machine.cpu.share_milli = share_milli;
        }
    }

    /// What lies outside the cluster, from now on.
    pub fn set_dependencies(&mut self, dependencies: &Arc<Vec<DependencySpec>>) {
        self.dependencies = Arc::clone(dependencies);
    }

    /// Whether a dependency is up; None: nobody declared one of that name.
    pub fn dependency(&self, name: &str) -> Option<bool> {
        let mut all = self.dependencies.iter();
        all.find(|d| d.name == name).map(|d| d.up)
    }

    /// Memory in use grows to `to_bytes` over a time, then stays. Undone by 0.
    pub fn set_memory(&mut self, now: Instant, container: u32, to_bytes: u64, over: Duration) {
        let bytes = self.program_memory(now, container);
        let bytes = to_bytes.saturating_sub(bytes);
        let rate = match over.0 {
            0 => 0,
            nanos => {
                let per_sec = u128::from(bytes) * 1_000_000_000 / u128::from(nanos);
                u64::try_from(per_sec).unwrap_or(u64::MAX)
            }
        };
        if let Some(machine) = self.machine_mut(container) {
            machine.extra_memory = MemoryUse {
                base_bytes: if rate == 0 { bytes } else { 0 },
                grow_bytes_per_sec: rate,
                grow_from: now,
                grow_bytes_max: bytes,
            };
        }
        self.settle_memory(now, container);
        self.run_due(now);
    }

    /// No room left for new files and bytes.
    pub fn set_disk_full(&mut self, full: bool) {
        self.disk_full = full;
    }

    /// Ends a process with a code, as if it had called `exit`.
    pub fn exit_process(&mut self, now: Instant, container: u32, pid: u32, exit_code: i32) {
        self.end_process(now, container, pid, exit_code & 0xff, None);
        self.run_due(now);
    }

    /// Whether a path lies on a volume, and so outlives the container.
    pub fn is_on_volume(&self, container: u32, path: &str) -> bool {
        self.machine(container).is_some_and(|machine| {
            let mut mounts = machine.mounts.iter();
            mounts.any(|mount| {
                path.strip_prefix(&*mount.path)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        })
    }
}
