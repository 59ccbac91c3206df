//! Ages as kubectl prints them.

use crate::time::Duration;

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
}
