//! Memory of a container over time, and when it passes its limit.

use crate::time::{Duration, Instant, NANOS_PER_SEC};

/// Memory in use: a steady part, and one that may grow by a rate up to a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MemoryUse {
    pub base_bytes: u64,
    pub grow_bytes_per_sec: u64,
    pub grow_from: Instant,
    /// Growth stops here (bytes above the base).
    pub grow_bytes_max: u64,
}

impl MemoryUse {
    /// A steady use.
    pub fn steady(bytes: u64) -> MemoryUse {
        MemoryUse {
            base_bytes: bytes,
            ..MemoryUse::default()
        }
    }

    /// Bytes in use at `now`.
    pub fn at(&self, now: Instant) -> u64 {
        let passed = now.since(self.grow_from).0;
        let grown =
            u128::from(passed) * u128::from(self.grow_bytes_per_sec) / u128::from(NANOS_PER_SEC);
        let grown = u64::try_from(grown).unwrap_or(u64::MAX);
        self.base_bytes
            .saturating_add(grown.min(self.grow_bytes_max))
    }

    /// When growth ends.
    fn settles_at(&self) -> Instant {
        if self.grow_bytes_per_sec == 0 {
            return Instant::ZERO;
        }
        let nanos = u128::from(self.grow_bytes_max) * u128::from(NANOS_PER_SEC)
            / u128::from(self.grow_bytes_per_sec);
        self.grow_from + Duration(u64::try_from(nanos).unwrap_or(u64::MAX).saturating_add(1))
    }
}

/// Sum of several uses at a moment.
pub fn total(uses: &[MemoryUse], now: Instant) -> u64 {
    uses.iter()
        .fold(0, |sum: u64, u| sum.saturating_add(u.at(now)))
}

/// First moment from `now` at which the sum exceeds the limit. Use only ever grows, so it can be
/// searched by halves.
pub fn exceeds_at(uses: &[MemoryUse], limit: u64, now: Instant) -> Option<Instant> {
    if total(uses, now) > limit {
        return Some(now);
    }
    let end = uses.iter().map(MemoryUse::settles_at).max()?;
    if end <= now || total(uses, end) <= limit {
        return None;
    }
    let (mut below, mut above) = (now.0, end.0);
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if total(uses, Instant(middle)) > limit {
            above = middle;
        } else {
            below = middle;
        }
    }
    Some(Instant(above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_growing_use_passes_its_limit_once() {
        let uses = [
            MemoryUse::steady(4 << 20),
            MemoryUse {
                base_bytes: 0,
                grow_bytes_per_sec: 50 << 20,
                grow_from: Instant::from_secs(1),
                grow_bytes_max: 200 << 20,
            },
        ];
        // 60 MiB at 50 MiB/s.
        let at = exceeds_at(&uses, 64 << 20, Instant::from_secs(1)).unwrap();
        assert_eq!(at.as_millis(), 2_200);
        assert_eq!(exceeds_at(&uses, 300 << 20, Instant::from_secs(1)), None);
    }
}
