//! One node's kubelet: its place, its periodic phases, its images.

use crate::api::Node;
use crate::ids::{PodId, TextId};
use crate::rng::{Draws, Purpose};
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// Full relist and look at the resync queue (SYN-03, SYN-08).
const SECOND: Duration = Duration::from_secs(1);
/// Housekeeping (BKO-06).
const HOUSEKEEPING: Duration = Duration::from_secs(2);
/// Full reconcile of the status manager (SYN-14).
const RECONCILE: Duration = Duration::from_secs(10);

/// Moments at `phase + k × period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periodic {
    pub phase: Duration,
    pub period: Duration,
}

impl Periodic {
    /// The first such moment at or after `from`.
    pub fn at_or_after(self, from: Instant) -> Instant {
        let period = self.period.0.max(1);
        let past = from.since(Instant(self.phase.0)).0;
        Instant(self.phase.0 + past.div_ceil(period) * period)
    }

    /// The first such moment after `from`.
    pub fn after(self, from: Instant) -> Instant {
        self.at_or_after(from + Duration(1))
    }

    /// The latest such moment at or before `until`, if there was one.
    pub fn at_or_before(self, until: Instant) -> Option<Instant> {
        let past = until.0.checked_sub(self.phase.0)?;
        Some(Instant(until.0 - past % self.period.0.max(1)))
    }
}

/// What a kubelet's process has begun to start since it runs itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Starts {
    pub pods: u32,
    /// Sidecars among them.
    pub init_containers: u32,
    pub containers: u32,
}

/// One node's kubelet. What it keeps for each Pod is in [`super::PodWorker`].
#[derive(Clone, Debug)]
pub struct Kubelet {
    pub name: Arc<str>,
    /// The Node object: labels, taints, capacity.
    pub object: Arc<Node>,
    /// The node's own address, host order.
    pub address: u32,
    /// The first address of the node's Pod network, a /24, host order.
    pub pod_network: u32,
    /// The kubelet's process started this long before 0:00; 600 s unless it restarts (PRB-04).
    pub age_at_start: Duration,
    /// When the kubelet's process started after 0:00; None: before.
    pub restarted_at: Option<Instant>,
    /// Whether the API server has the Node (NOD-06).
    pub has_object: bool,
    /// Whether the kubelet's process runs.
    pub is_running: bool,
    /// Whether the network to the node is whole.
    pub is_reachable: bool,
    /// Whether it has got as far as to look after its Pods (RES-10).
    pub syncs_pods: bool,
    /// Full relists of the runtime (SYN-04).
    pub relist: Periodic,
    /// Looks at the resync queue (SYN-08).
    pub look: Periodic,
    /// Housekeeping (BKO-06).
    pub housekeeping: Periodic,
    /// Full reconciles of the status manager (SYN-14).
    pub reconcile: Periodic,
    /// The next look at who keeps more on the disk than allowed (RES-05).
    pub storage_look_at: Instant,
    /// What Pods' `hostPath` volumes have made on it: the path, and whether it is a file.
    pub host_paths: Vec<(Box<str>, bool)>,
    /// Pods that the kubelet knows, in order of arrival.
    pub pods: Vec<PodId>,
    /// Images on the node's disk, by name as Pods write it, and since when.
    pub images: Vec<(TextId, Instant)>,
    /// The pull under way ends then; the next waits for it (SYN-11).
    pub pull_until: Instant,
    /// For its metrics.
    pub starts: Starts,
    next_pod_address: u32,
}

impl Kubelet {
    /// A kubelet that has run for ten minutes at 0:00, with phases drawn.
    pub fn new(object: Arc<Node>, address: u32, pod_network: u32, draws: &mut Draws) -> Self {
        let mut periodic = |period: Duration| Periodic {
            phase: Duration::from_millis(draws.part_of(Purpose::Phase, period).as_millis()),
            period,
        };
        Kubelet {
            name: object.metadata.name.as_str().into(),
            object,
            address,
            pod_network,
            age_at_start: Duration::from_secs(600),
            restarted_at: None,
            has_object: true,
            is_running: true,
            is_reachable: true,
            syncs_pods: true,
            relist: periodic(SECOND),
            look: periodic(SECOND),
            housekeeping: periodic(HOUSEKEEPING),
            reconcile: periodic(RECONCILE),
            storage_look_at: Instant::NEVER,
            host_paths: Vec::new(),
            pods: Vec::new(),
            images: Vec::new(),
            pull_until: Instant::ZERO,
            starts: Starts::default(),
            next_pod_address: 2,
        }
    }

    /// Whether the node has an image.
    pub fn has_image(&self, image: TextId) -> bool {
        self.images.iter().any(|(known, _)| *known == image)
    }

    /// The node has an image from now on.
    pub fn keep_image(&mut self, image: TextId, now: Instant) {
        if !self.has_image(image) {
            self.images.push((image, now));
        }
    }

    /// Images that the node's status lists: the kubelet lists them every 30 seconds, and its next
    /// report follows within ten.
    #[inline(never)]
    pub fn listed_images(&self, now: Instant) -> impl Iterator<Item = TextId> + '_ {
        let looked = self.age(now).as_secs().saturating_sub(10) / 30 * 30;
        let age = move |at: &Instant| self.age(*at).as_secs();
        let listed = self.images.iter().filter(move |(_, at)| age(at) < looked);
        listed.map(|(image, _)| *image)
    }

    /// Fixes the phases: full relist, look at the resync queue, housekeeping.
    pub fn set_phases(&mut self, relist: Duration, look: Duration, housekeeping: Duration) {
        self.relist.phase = relist;
        self.look.phase = look;
        self.housekeeping.phase = housekeeping;
    }

    /// How long the kubelet's process has run.
    pub fn age(&self, now: Instant) -> Duration {
        match self.restarted_at {
            Some(at) => now.since(at),
            None => self.age_at_start + now.since(Instant::ZERO),
        }
    }

    /// Hands out an address of the Pod network.
    pub fn allocate_address(&mut self) -> u32 {
        let address = self.pod_network + self.next_pod_address;
        self.next_pod_address = if self.next_pod_address >= 254 {
            2
        } else {
            self.next_pod_address + 1
        };
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periodic_moments_are_computed() {
        let relist = Periodic {
            phase: Duration::from_millis(117),
            period: SECOND,
        };
        let at = Instant::from_millis;
        assert_eq!(relist.at_or_after(at(0)), at(117));
        assert_eq!(relist.at_or_after(at(1_117)), at(1_117));
        assert_eq!(relist.after(at(1_117)), at(2_117));
        assert_eq!(relist.at_or_before(at(2_000)), Some(at(1_117)));
        assert_eq!(relist.at_or_before(at(100)), None);
    }
}
