//! Wall-clock texts of the programs that print the time: virtual time plus `spec.start`.

use crate::time::{Instant, NANOS_PER_MILLI, NANOS_PER_SEC};

/// Wall-clock time of virtual instant zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct WallClock {
    /// Seconds since 1970-01-01T00:00:00Z at `Instant::ZERO`.
    pub unix_start_secs: i64,
}

/// A UTC moment in calendar parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub nanos: u32,
    /// Sunday is 0.
    pub weekday: u32,
    /// 1 to 366.
    pub day_of_year: u32,
}

/// Names as the C locale prints them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Names as the C locale prints them, from Sunday.
pub const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

impl WallClock {
    /// Seconds since 1970 at `now`, cut.
    pub fn unix_secs(self, now: Instant) -> i64 {
        let passed = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        self.unix_start_secs.saturating_add(passed)
    }

    /// Calendar parts at `now`, UTC.
    pub fn calendar(self, now: Instant) -> Calendar {
        let nanos = u32::try_from(now.0 % NANOS_PER_SEC).unwrap_or(0);
        Calendar::from_unix(self.unix_secs(now), nanos)
    }

    /// `2026-11-21T07:58:44.447Z`.
    pub fn rfc3339_millis(self, now: Instant) -> String {
        let c = self.calendar(now);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            c.year,
            c.month,
            c.day,
            c.hour,
            c.minute,
            c.second,
            u64::from(c.nanos) / NANOS_PER_MILLI
        )
    }

    /// `2026/11/21 07:50:00`, as nginx and squid write it.
    pub fn slashed(self, now: Instant) -> String {
        let c = self.calendar(now);
        format!(
            "{:04}/{:02}/{:02} {:02}:{:02}:{:02}",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }

    /// `21/Nov/2026:07:50:09 +0000`, as in access logs.
    pub fn access_log(self, now: Instant) -> String {
        let c = self.calendar(now);
        format!(
            "{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000",
            c.day,
            short(&MONTHS, c.month.saturating_sub(1)),
            c.year,
            c.hour,
            c.minute,
            c.second
        )
    }
}

/// First three letters of a name of the list.
pub fn short(names: &[&'static str], at: u32) -> &'static str {
    names
        .get(at as usize)
        .and_then(|name| name.get(..3))
        .unwrap_or("")
}

impl Calendar {
    /// Calendar of a Unix time (proleptic Gregorian).
    pub fn from_unix(secs: i64, nanos: u32) -> Calendar {
        let days = secs.div_euclid(86_400);
        let of_day = u32::try_from(secs.rem_euclid(86_400)).unwrap_or(0);
        let (year, month, day) = civil(days);
        let before = days_of(year, 1, 1);
        Calendar {
            year,
            month,
            day,
            hour: of_day / 3_600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
            nanos,
            weekday: u32::try_from((days + 4).rem_euclid(7)).unwrap_or(0),
            day_of_year: u32::try_from(days - before + 1).unwrap_or(1),
        }
    }
}

/// Year, month, day of a day number since 1970-01-01. Years are counted from March, so that the
/// leap day is the last of its year.
fn civil(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096).div_euclid(365);
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (
        year,
        u32::try_from(month).unwrap_or(1),
        u32::try_from(day).unwrap_or(1),
    )
}

/// Day number since 1970-01-01 of a date.
pub fn days_of(year: i64, month: u32, day: u32) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let march_month = i64::from((month + 9) % 12);
    let day_of_year = (153 * march_month + 2) / 5 + i64::from(day) - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + of_era - 719_468
}

impl WallClock {
    /// `2026-11-21T07:58:44Z`, as the API serves times.
    pub fn rfc3339_secs(self, now: Instant) -> String {
        let c = self.calendar(now);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }

    /// `2026-11-21T07:58:44.447123Z`, as the API serves `eventTime`.
    pub fn rfc3339_micros(self, now: Instant) -> String {
        let seconds = self.rfc3339_secs(now);
        let micros = self.calendar(now).nanos / 1_000;
        format!("{}.{micros:06}Z", seconds.trim_end_matches('Z'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_moment_prints_as_recorded() {
        // 2026-11-21T07:50:09Z, from the access log of seed003-liveness-httpget.
        let clock = WallClock {
            unix_start_secs: days_of(2026, 11, 21) * 86_400,
        };
        let now = Instant::from_millis((7 * 3_600 + 50 * 60 + 9) * 1_000 + 447);
        assert_eq!(clock.access_log(now), "21/Nov/2026:07:50:09 +0000");
        assert_eq!(clock.slashed(now), "2026/11/21 07:50:09");
        assert_eq!(clock.rfc3339_millis(now), "2026-11-21T07:50:09.447Z");
        assert_eq!(clock.calendar(now).weekday, 6);
    }

    #[test]
    fn leap_days_are_kept() {
        let c = Calendar::from_unix(951_782_400, 0);
        assert_eq!((c.year, c.month, c.day), (2000, 2, 29));
        assert_eq!(days_of(2000, 2, 29) * 86_400, 951_782_400);
    }
}
