//! How long a Pod's first start took its host.

use super::{SeenPod, SEEN};
use crate::conformance::traces::clocked;

/// The volumes are looked at so often, milliseconds.
const VOLUME_POLL: i64 = 300;
/// The least that a sandbox takes, milliseconds.
const SANDBOX_LEAST: i64 = 80;

impl SeenPod {
    /// How long the volumes and the sandbox took. Their sum shows; where one ended, the clocked
    /// probes began (PRB-02).
    pub(super) fn first_start(&self, guess: usize) -> (Option<i64>, Option<i64>) {
        let (Some(pulled), Some(_)) = (self.pulled, self.known) else {
            return (None, None);
        };
        let begin = self.created + SEEN;
        let (first, last) = (begin + VOLUME_POLL - 10, pulled - SANDBOX_LEAST);
        let ticks = self.failures.iter().filter_map(|(name, kind, t, late)| {
            let clock = clocked::find(&self.clocks, name, kind)?;
            if kind == "Readiness" {
                return None;
            }
            let tick = if *late { t - clock.timeout } else { *t };
            // The last tick before the sandbox, or one before that.
            let back = (tick - last).max(0);
            let tick = tick - (back + clock.period - 1) / clock.period * clock.period;
            (tick >= first && tick <= last).then_some(tick - 1)
        });
        let anchor = match ticks.min() {
            Some(tick) if guess % 4 < 3 => tick,
            _ if guess.is_multiple_of(2) => begin + VOLUME_POLL,
            _ => begin + (last - begin) / VOLUME_POLL * VOLUME_POLL,
        };
        let volumes = (anchor - begin).max(VOLUME_POLL);
        (
            Some(volumes),
            Some((pulled - begin - volumes).max(SANDBOX_LEAST)),
        )
    }
}
