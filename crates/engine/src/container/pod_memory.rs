//! Memory of a Pod's containers, and which of them the kernel ends.

use super::memory::{self, MemoryUse};
use super::process::Program;
use super::world::PodWorld;
use crate::time::Instant;

impl PodWorld {
    /// Recomputes when the memory limit will be passed.
    pub(crate) fn settle_memory(&mut self, now: Instant, container: u32) {
        if let Some(limit) = self.place.limits.memory {
            return self.settle_pod_memory(now, limit);
        }
        self.settle_own_memory(now, container);
    }

    fn settle_own_memory(&mut self, now: Instant, container: u32) {
        let uses = self.memory_uses(container);
        if let Some(machine) = self.machine_mut(container) {
            machine.oom_at = match (machine.setup.memory_limit, machine.is_running()) {
                (Some(limit), true) => memory::exceeds_at(&uses, limit, now),
                _ => None,
            };
        }
    }

    /// Where the whole Pod has a limit, the kernel ends the container that has most above what it
    /// asked for when all together pass it (RES-02).
    #[inline(never)]
    fn settle_pod_memory(&mut self, now: Instant, limit: u64) {
        let containers = 0..u32::try_from(self.machines.len()).unwrap_or(u32::MAX);
        let mut all = Vec::new();
        for container in containers.clone() {
            self.settle_own_memory(now, container);
            all.extend(self.memory_uses(container));
        }
        let Some(at) = memory::exceeds_at(&all, limit, now) else {
            return;
        };
        let running = containers.rev().filter(|container| {
            let machine = self.machine(*container);
            machine.is_some_and(|machine| machine.is_running())
        });
        let excess = |container: &u32| {
            let used = memory::total(&self.memory_uses(*container), at);
            let spared = self.machine(*container).map(|m| m.setup.memory_spared);
            i128::from(used) - i128::from(spared.unwrap_or(0))
        };
        let victim = running.max_by_key(excess);
        let Some(machine) = victim.and_then(|victim| self.machine_mut(victim)) else {
            return;
        };
        let own = machine.oom_at.unwrap_or(at);
        machine.oom_at = Some(own.min(at));
    }

    /// Memory in use by the programs alone.
    pub(crate) fn program_memory(&self, now: Instant, container: u32) -> u64 {
        let extra = self.extra_memory(container).at(now);
        self.memory_used(now, container).saturating_sub(extra)
    }

    pub(crate) fn memory_uses(&self, container: u32) -> Vec<MemoryUse> {
        let Some(machine) = self.machine(container).filter(|m| m.is_running()) else {
            return Vec::new();
        };
        let mut uses = vec![machine.extra_memory];
        let over = machine.setup.image.overlay.as_ref();
        let is_given = over.is_some_and(|over| over.memory_bytes.is_some());
        uses.extend(over.map(|over| over.memory(machine.started)));
        for process in &machine.processes {
            // What comes from outside, such as a probe's command, is on top of what is given.
            let is_from_outside = process.parent == 0 && process.pid != 1;
            if is_given && !is_from_outside {
                continue;
            }
            uses.push(match &process.program {
                Program::Server(server) => server.behaviour_ref().memory(),
                Program::Zombie { .. } => continue,
                _ => MemoryUse::steady(300 << 10),
            });
        }
        uses
    }
}
