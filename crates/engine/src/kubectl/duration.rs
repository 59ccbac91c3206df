//! Ages and durations as kubectl and Go print them.

use crate::time::Duration;
use std::fmt::Write;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * DAY;

/// An age in whole seconds, at most two units (KUB-01).
pub fn human_duration(span: Duration) -> String {
    let secs = span.as_secs();
    let two = |big: u64, big_unit: char, small: u64, small_unit: char| {
        if small == 0 {
            format!("{big}{big_unit}")
        } else {
            format!("{big}{big_unit}{small}{small_unit}")
        }
    };
    match secs {
        0..120 => format!("{secs}s"),
        120..600 => two(secs / MINUTE, 'm', secs % MINUTE, 's'),
        600..10_800 => format!("{}m", secs / MINUTE),
        10_800..28_800 => two(secs / HOUR, 'h', secs % HOUR / MINUTE, 'm'),
        28_800..172_800 => format!("{}h", secs / HOUR),
        172_800..691_200 => two(secs / DAY, 'd', secs % DAY / HOUR, 'h'),
        691_200..63_072_000 => format!("{}d", secs / DAY),
        63_072_000..252_288_000 => two(secs / YEAR, 'y', secs % YEAR / DAY, 'd'),
        _ => format!("{}y", secs / YEAR),
    }
}

/// A duration as Go prints it: `10s`, `1m20s`, `1.5s`, `300ms`.
pub fn go_duration(span: Duration) -> String {
    let nanos = span.0;
    if nanos == 0 {
        return "0s".into();
    }
    if nanos < 1_000_000_000 {
        let (unit, name) = match nanos {
            0..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "µs"),
            _ => (1_000_000, "ms"),
        };
        return format!("{}{name}", decimal(nanos, unit));
    }
    let secs = span.as_secs();
    let mut text = String::new();
    if secs >= HOUR {
        let _ = write!(text, "{}h", secs / HOUR);
    }
    if secs >= MINUTE {
        let _ = write!(text, "{}m", secs % HOUR / MINUTE);
    }
    text.push_str(&decimal(nanos % (MINUTE * 1_000_000_000), 1_000_000_000));
    text.push('s');
    text
}

/// `value / unit` with as many decimals as it takes.
fn decimal(value: u64, unit: u64) -> String {
    let whole = value / unit;
    let mut rest = value % unit;
    if rest == 0 {
        return whole.to_string();
    }
    let mut text = format!("{whole}.");
    let mut place = unit;
    while rest > 0 {
        place /= 10;
        text.push(char::from(b'0' + (rest / place) as u8));
        rest %= place;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_at_most_two_units() {
        let age = |secs| human_duration(Duration::from_secs(secs));
        let printed = [
            0, 119, 120, 121, 599, 600, 10_799, 10_800, 11_100, 28_800, 172_799, 183_600,
        ];
        assert_eq!(
            printed.map(age),
            [
                "0s", "119s", "2m", "2m1s", "9m59s", "10m", "179m", "3h", "3h5m", "8h", "47h",
                "2d3h"
            ]
        );
    }

    #[test]
    fn durations_are_gos() {
        let millis = |ms| go_duration(Duration::from_millis(ms));
        assert_eq!(
            [10_000, 80_000, 300_000, 1_500, 300, 3_600_000].map(millis),
            ["10s", "1m20s", "5m0s", "1.5s", "300ms", "1h0m0s"]
        );
    }
}
