//! The queue of timers: earliest first, ties by order of insertion.

use crate::ids::RecordId;
use crate::step::Timer;
use crate::time::Instant;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A timer that waits for its moment.
#[derive(Clone, Copy, Debug)]
pub struct Queued {
    pub at: Instant,
    pub seq: u64,
    /// The record that set the timer, so that whatever it does can name its cause.
    pub cause: RecordId,
    pub timer: Timer,
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at && self.seq == other.seq
    }
}

impl Eq for Queued {}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Queued {
    /// Reversed, because the heap keeps its greatest entry on top.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.seq).cmp(&(self.at, self.seq))
    }
}

/// Timers in order of (moment, insertion). Timers are never removed: a timer whose state has moved
/// on finds another deadline there and does nothing.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Queued>,
    next_seq: u64,
}

impl Queue {
    /// Adds a timer for `at`.
    pub fn push(&mut self, at: Instant, cause: RecordId, timer: Timer) {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.heap.push(Queued {
            at,
            seq,
            cause,
            timer,
        });
    }

    /// When the earliest timer is due.
    pub fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|queued| queued.at)
    }

    /// Takes the earliest timer if it is due at or before `limit`.
    pub fn pop_until(&mut self, limit: Instant) -> Option<Queued> {
        if self.next_at()? > limit {
            return None;
        }
        self.heap.pop()
    }

    /// How many timers wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}
