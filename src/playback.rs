//! The playhead as a function of wall time: no state moves by itself.

use readyz_engine::time::Instant;

/// Speeds are in thousandths of real time, so that they compare exactly.
pub type SpeedMilli = u32;

/// The speeds of the switch.
pub const SPEEDS: [SpeedMilli; 3] = [1_000, 10_000, 60_000];
/// What "max" means.
pub const SPEED_MAX: SpeedMilli = 1_000_000;
/// What the menu offers.
pub const MENU_SPEEDS: [SpeedMilli; 11] = [
    100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, SPEED_MAX,
];

/// Where the playhead is, and how it moves on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playback {
    /// The playhead at `wall_ms`.
    pub anchor: Instant,
    /// Wall time in milliseconds, as `performance.now()` has it.
    pub wall_ms: f64,
    pub speed: SpeedMilli,
    pub playing: bool,
}

impl Playback {
    /// At rest at a moment.
    pub fn resting(at: Instant, speed: SpeedMilli) -> Self {
        Playback {
            anchor: at,
            wall_ms: 0.0,
            speed,
            playing: false,
        }
    }

    /// The playhead at a wall time, not beyond `end`.
    pub fn at(&self, wall_ms: f64, end: Instant) -> Instant {
        if !self.playing {
            return self.anchor.min(end);
        }
        // Nanoseconds of virtual time: milliseconds × 10⁶ × speed / 10³.
        let moved = (wall_ms - self.wall_ms).max(0.0) * 1e3 * f64::from(self.speed);
        Instant(self.anchor.0.saturating_add(moved as u64)).min(end)
    }

    /// The same motion, anchored anew at a wall time.
    pub fn anchored(&self, wall_ms: f64, end: Instant) -> Self {
        Playback {
            anchor: self.at(wall_ms, end),
            wall_ms,
            ..*self
        }
    }
}

/// The last moment before `now`; 0:00 if there is none.
pub fn previous_moment(moments: &[Instant], now: Instant) -> Instant {
    let count = moments.partition_point(|at| *at < now);
    match count {
        0 => Instant::ZERO,
        count => moments[count - 1],
    }
}

/// The first moment after `now`; `end` if there is none.
pub fn next_moment(moments: &[Instant], now: Instant, end: Instant) -> Instant {
    let first = moments.partition_point(|at| *at <= now);
    moments.get(first).copied().unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Instant = Instant::from_secs(600);

    #[test]
    fn sixty_times_real_time_is_a_minute_a_second() {
        let mut playback = Playback::resting(Instant::from_secs(5), 60_000);
        assert_eq!(playback.at(99_000.0, END), Instant::from_secs(5));
        playback.playing = true;
        playback.wall_ms = 1_000.0;
        assert_eq!(playback.at(2_000.0, END), Instant::from_secs(65));
        assert_eq!(playback.at(60_000.0, END), END);
        // A clock that goes backwards moves nothing.
        assert_eq!(playback.at(0.0, END), Instant::from_secs(5));
    }

    #[test]
    fn a_change_of_speed_does_not_jump() {
        let mut playback = Playback::resting(Instant::ZERO, 10_000);
        playback.playing = true;
        let mut faster = playback.anchored(500.0, END);
        faster.speed = 1_000;
        assert_eq!(faster.at(500.0, END), Instant::from_secs(5));
        assert_eq!(faster.at(1_500.0, END), Instant::from_secs(6));
    }

    #[test]
    fn steps_go_from_moment_to_moment() {
        let moments = [1, 4, 9].map(Instant::from_secs);
        let at = Instant::from_secs;
        assert_eq!(next_moment(&moments, at(1), END), at(4));
        assert_eq!(next_moment(&moments, at(5), END), at(9));
        assert_eq!(next_moment(&moments, at(9), END), END);
        assert_eq!(previous_moment(&moments, at(9)), at(4));
        assert_eq!(previous_moment(&moments, at(1)), Instant::ZERO);
    }
}
