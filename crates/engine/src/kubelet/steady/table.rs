//! The table of what goes on by itself: all that a snapshot copies of a Pod at rest.

use crate::ids::{NodeId, PodId};
use crate::kubelet::SlotId;
use crate::time::{Duration, Instant};

/// What goes on by itself in one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing: the worker in the Pod counts.
    Off,
    /// The worker is on hold: every step only waits for the next (PRB-13).
    Holds,
    /// Every run passes and changes nothing.
    Passes,
}

/// A probe that goes on by itself.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// The next step; NEVER while the probe runs.
    pub step_at: Instant,
    /// The end of the run under way; NEVER: none.
    pub ends_at: Instant,
    pub period: Duration,
    /// From a step to its run's end.
    pub takes: Duration,
    /// The first request that the server has not been sent, and how many.
    pub owed_from: Instant,
    pub owed: u32,
    /// Successes in a row (PRB-11).
    pub run: u32,
    pub mode: Mode,
    /// Whether the server keeps account of requests.
    pub is_logged: bool,
    /// The container that answers.
    pub container: u16,
    /// As in [`ProbeRun::server`].
    pub server: Option<u16>,
}

pub const OFF: Beat = Beat {
    step_at: Instant::NEVER,
    ends_at: Instant::NEVER,
    period: Duration::ZERO,
    takes: Duration::ZERO,
    owed_from: Instant::NEVER,
    owed: 0,
    run: 0,
    mode: Mode::Off,
    is_logged: false,
    container: 0,
    server: None,
};

/// A Pod's part of the table.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub first: u32,
    pub slots: u16,
    /// How many of its beats go on, and its resyncs.
    pub going: u16,
    pub node: NodeId,
    /// The entry in the resync queue; NEVER: the resyncs do not go on by themselves.
    pub requeue_at: Instant,
    /// End of the latest sync, if they do.
    pub synced_at: Instant,
}

const NOWHERE: Place = Place {
    first: 0,
    slots: 0,
    going: 0,
    node: NodeId::NONE,
    requeue_at: Instant::NEVER,
    synced_at: Instant::NEVER,
};

/// What goes on by itself, of all Pods.
#[derive(Clone, Debug, Default)]
pub struct Beats {
    /// Indexed by [`PodId`].
    pub(super) places: Vec<Place>,
    pub(super) beats: Vec<Beat>,
}

impl Beats {
    /// Gives a Pod its place.
    pub fn make_room(&mut self, pod: PodId, node: NodeId, containers: u16) {
        if self.places.len() <= pod.index() {
            self.places.resize(pod.index() + 1, NOWHERE);
        }
        let first = self.beats.len();
        let slots = containers * 3;
        self.beats.resize(first + usize::from(slots), OFF);
        self.places[pod.index()] = Place {
            first: first as u32,
            slots,
            node,
            ..NOWHERE
        };
    }

    pub(super) fn beat_mut(&mut self, pod: PodId, slot: SlotId) -> Option<&mut Beat> {
        let place = self.places.get(pod.index())?;
        if slot.0 >= place.slots {
            return None;
        }
        self.beats
            .get_mut(place.first as usize + usize::from(slot.0))
    }

    pub(super) fn of(&self, pod: PodId) -> Option<(&Place, &[Beat])> {
        let place = self.places.get(pod.index()).filter(|p| p.going > 0)?;
        let first = place.first as usize;
        Some((place, &self.beats[first..first + usize::from(place.slots)]))
    }

    /// Whether anything of a Pod goes on by itself.
    #[inline]
    pub fn any(&self, pod: PodId) -> bool {
        self.places.get(pod.index()).is_some_and(|p| p.going > 0)
    }

    /// How many probes there is room for.
    pub fn len(&self) -> u32 {
        self.beats.len() as u32
    }

    /// Whether no Pod has a place.
    pub fn is_empty(&self) -> bool {
        self.beats.is_empty()
    }

    pub(super) fn put(&mut self, pod: PodId, slot: SlotId, beat: Beat) -> bool {
        let Some(own) = self.beat_mut(pod, slot) else {
            return false;
        };
        *own = beat;
        self.places[pod.index()].going += 1;
        true
    }

    pub(super) fn clear(&mut self, pod: PodId) {
        let place = &mut self.places[pod.index()];
        place.going = 0;
        place.requeue_at = Instant::NEVER;
        let first = place.first as usize;
        self.beats[first..first + usize::from(place.slots)].fill(OFF);
    }
}
