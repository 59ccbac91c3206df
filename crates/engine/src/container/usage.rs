//! What a container has used of its node.

use super::machine::Machine;
use super::world::PodWorld;
use crate::time::Instant;

impl PodWorld {
    /// CPU in use, in thousandths of a core.
    pub fn cpu_used_milli(&self, now: Instant, container: u32) -> u32 {
        let Some(machine) = self.machine(container).filter(|m| m.is_running()) else {
            return 0;
        };
        let mut idle = 0;
        let mut spins = false;
        for process in &machine.processes {
            match machine.standing_of(process) {
                u32::MAX => spins = true,
                milli => idle += milli,
            }
            spins |= process.spins > 0;
        }
        machine.cpu.used_milli(now, idle, spins)
    }

    /// CPU time of a container's instance that is there, and of those before it, in nanoseconds.
    pub fn cpu_total(&self, now: Instant, container: u32) -> (u64, u64) {
        let total = |machine: &Machine| {
            let total = machine.cpu.total(now, machine.standing());
            (total, machine.cpu.total_before())
        };
        self.machine(container).map_or((0, 0), total)
    }
}
