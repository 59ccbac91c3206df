//! The delay that grows with each use: restarts (BKO-*) and image pulls (IMG-05) share it and
//! differ in the clock they ask by.

use crate::time::{Duration, Instant};

/// First delay.
pub const BASE: Duration = Duration::from_secs(10);
/// Longest delay.
pub const CAP: Duration = Duration::from_secs(300);
/// An entry is forgotten when the asked moment lies more than this after its last update: a fixed
/// time for restarts, twice the cap for pulls, which happen to be equal.
pub const EXPIRY: Duration = Duration::from_secs(600);

/// The entry of one key; no entry until the first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct BackOff {
    entry: Option<Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    delay: Duration,
    updated_at: Instant,
}

impl BackOff {
    /// Whether a start at `now` is refused after an end at `finished` (BKO-03).
    pub fn refuses_restart(&self, now: Instant, finished: Instant) -> bool {
        self.entry
            .is_some_and(|entry| !entry.is_expired(finished) && now.since(finished) < entry.delay)
    }

    /// Whether a pull at `now` is refused: counted from the last failure (IMG-05).
    pub fn refuses_pull(&self, now: Instant) -> bool {
        self.entry.is_some_and(|entry| {
            !entry.is_expired(now) && now.since(entry.updated_at) < entry.delay
        })
    }

    /// Advances the delay: a start after an end at `event` was allowed (BKO-04), or a pull failed
    /// at `event`.
    pub fn advance(&mut self, now: Instant, event: Instant) {
        let delay = match self.entry {
            Some(entry) if !entry.is_expired(event) => CAP.min(entry.delay.times(2)),
            _ => BASE,
        };
        self.entry = Some(Entry {
            delay,
            updated_at: now,
        });
    }

    /// Drops the entry if garbage collection at `now` finds it too old (BKO-06).
    pub fn collect_garbage(&mut self, now: Instant) {
        if self.entry.is_some_and(|entry| entry.is_expired(now)) {
            self.entry = None;
        }
    }

    /// The current delay; zero without an entry.
    pub fn delay(&self) -> Duration {
        self.entry.map_or(Duration::ZERO, |entry| entry.delay)
    }
}

impl Entry {
    fn is_expired(&self, event: Instant) -> bool {
        event.since(self.updated_at) > EXPIRY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(secs: u64) -> Instant {
        Instant::from_secs(secs)
    }

    /// BKO-05: 0, 10, 20, 40, 80, 160, 300, 300.
    #[test]
    fn delays_double_up_to_the_cap() {
        let mut backoff = BackOff::default();
        let mut now = at(0);
        let mut delays = Vec::new();
        for _ in 0..8 {
            let finished = now;
            delays.push(backoff.delay().as_secs());
            now = finished + backoff.delay();
            assert!(!backoff.refuses_restart(now, finished));
            assert_eq!(
                backoff.refuses_restart(now.saturating_sub(Duration(1)), finished),
                now > finished
            );
            backoff.advance(now, finished);
        }
        assert_eq!(delays, [0, 10, 20, 40, 80, 160, 300, 300]);
    }

    /// BKO-06 (a): a life that ends more than 600 s after the decision to start resets.
    #[test]
    fn a_long_life_resets() {
        let mut backoff = BackOff::default();
        backoff.advance(at(0), at(0));
        backoff.advance(at(10), at(0));
        assert!(backoff.refuses_restart(at(611), at(610)));
        assert!(!backoff.refuses_restart(at(611), at(611)));
        backoff.advance(at(611), at(611));
        assert_eq!(backoff.delay(), BASE);
    }

    /// BKO-06: a life of 320 s after a 40 s entry leads to an 80 s delay.
    #[test]
    fn a_life_of_320_seconds_does_not_reset() {
        let mut backoff = BackOff::default();
        for _ in 0..3 {
            backoff.advance(at(100), at(100));
        }
        assert_eq!(backoff.delay().as_secs(), 40);
        backoff.advance(at(420), at(420));
        assert_eq!(backoff.delay().as_secs(), 80);
    }

    /// BKO-06 (b): garbage collection drops an entry last updated more than 600 s ago.
    #[test]
    fn garbage_collection_forgets_old_entries() {
        let mut backoff = BackOff::default();
        backoff.advance(at(0), at(0));
        backoff.collect_garbage(at(600));
        assert_eq!(backoff.delay(), BASE);
        backoff.collect_garbage(at(601));
        assert_eq!(backoff.delay(), Duration::ZERO);
    }

    /// IMG-05: a pull's window counts from the last failure.
    #[test]
    fn pulls_wait_from_the_last_failure() {
        let mut backoff = BackOff::default();
        backoff.advance(at(5), at(5));
        assert!(backoff.refuses_pull(at(14)));
        assert!(!backoff.refuses_pull(at(15)));
    }
}
