//! What a Pod's containers and volumes take on their node's disk (RES-05).

use super::world::PodWorld;

/// What a line of a log costs beside its text: time, stream, tag and end.
const LOG_FRAME: u64 = 41;

impl PodWorld {
    /// Bytes on the node's disk: what a container wrote beside its image and volumes, and its log
    /// (RES-05).
    pub fn disk_used(&self, container: u32) -> u64 {
        let Some(machine) = self.machine(container) else {
            return 0;
        };
        let lines = machine.log.lines(self.clock);
        let logged = lines.iter().map(|line| line.text.len() as u64 + LOG_FRAME);
        machine.root.written_bytes() + logged.sum::<u64>()
    }

    /// The same of a volume.
    pub fn volume_used(&self, index: u32) -> u64 {
        let volume = self.volumes.get(index as usize);
        volume.map_or(0, |volume| volume.tree.written_bytes())
    }
}
