//! Moments as the API prints them. The cluster is older than the scenario, so they may lie before
//! its start.

use crate::container::wall_clock::{short, Calendar, MONTHS, WEEKDAYS};
use crate::kubectl::human_duration;
use crate::time::{Duration, Instant, NANOS_PER_SEC};

/// Nanoseconds since the scenario's start; may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub i64);

const NANOS: i64 = NANOS_PER_SEC as i64;

impl Stamp {
    /// What the API stores of a moment: whole seconds (STS-20).
    pub fn of(at: Instant) -> Self {
        Stamp::exact(at.floor_secs())
    }

    /// The moment itself, as `eventTime` keeps it.
    pub fn exact(at: Instant) -> Self {
        Stamp(i64::try_from(at.0).unwrap_or(i64::MAX))
    }

    /// So many seconds before the start.
    pub fn before_start(secs: i64) -> Self {
        Stamp(-secs * NANOS)
    }

    /// So many seconds later.
    pub fn plus_secs(self, secs: i64) -> Self {
        Stamp(self.0.saturating_add(secs.saturating_mul(NANOS)))
    }

    /// The age at `now` (KUB-01).
    pub fn age(self, now: Instant) -> String {
        let past = Stamp::exact(now).0.saturating_sub(self.0);
        // Go cuts towards zero.
        match past / NANOS {
            secs @ 0.. => human_duration(Duration::from_secs(secs as u64)),
            -1 => "0s".to_owned(),
            _ => "<invalid>".to_owned(),
        }
    }

    fn calendar(self, start_unix_secs: i64) -> Calendar {
        let nanos = self.0.rem_euclid(NANOS) as u32;
        Calendar::from_unix(start_unix_secs + self.0.div_euclid(NANOS), nanos)
    }

    /// `Thu, 01 Jan 2026 00:00:00 +0000`, as `describe` prints it.
    pub fn rfc1123(self, start_unix_secs: i64) -> String {
        let c = self.calendar(start_unix_secs);
        format!(
            "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
            short(&WEEKDAYS, c.weekday),
            c.day,
            short(&MONTHS, c.month.saturating_sub(1)),
            c.year,
            c.hour,
            c.minute,
            c.second
        )
    }

    /// `2026-01-01T00:00:00Z`.
    pub fn rfc3339(self, start_unix_secs: i64) -> String {
        format!("{}Z", self.seconds(start_unix_secs))
    }

    /// `2026-01-01T00:00:00.123456Z`: micro- or nanoseconds, by the number of digits.
    pub fn rfc3339_digits(self, start_unix_secs: i64, digits: u32) -> String {
        let nanos = self.0.rem_euclid(NANOS) as u32;
        let cut = nanos / 10_u32.pow(9 - digits.min(9));
        let width = digits as usize;
        format!("{}.{cut:0width$}Z", self.seconds(start_unix_secs))
    }

    fn seconds(self, start_unix_secs: i64) -> String {
        let c = self.calendar(start_unix_secs);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }

    /// Nanoseconds since 1970, in hexadecimal: the end of an Event's name.
    pub fn unix_nanos_hex(self, start_unix_secs: i64) -> String {
        let nanos = start_unix_secs.saturating_mul(NANOS).saturating_add(self.0);
        format!("{nanos:x}")
    }
}
