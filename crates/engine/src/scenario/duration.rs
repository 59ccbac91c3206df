//! Moments of the wall clock, and durations.

pub use crate::go_format::{decimal_times, parse_duration};

/// Reads `2026-01-01T00:00:00Z` (or with an offset such as `+01:00`) as seconds since 1970. None
/// if it is no such moment, or has a fraction of a second: virtual time starts on a whole one.
pub fn parse_wall_clock(text: &str) -> Option<i64> {
    let bytes = text.trim().as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let add = |sum: i64, digit: &u8| sum * 10 + i64::from(digit - b'0');
        Some(digits.iter().fold(0, add))
    };
    let marks = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    let well_marked = marks.iter().all(|(at, mark)| bytes.get(*at) == Some(mark));
    if !well_marked || !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let offset = match bytes.get(19..)? {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let seconds = number(20, 22)? * 3600 + number(23, 25)? * 60;
            if *sign == b'+' {
                seconds
            } else {
                -seconds
            }
        }
        _ => return None,
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of_month = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days_of_month).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last one.
    let (year, month) = match month {
        1 | 2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let days_before_month = (153 * month + 2) / 5;
    365 * year + year / 4 - year / 100 + year / 400 + days_before_month + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_the_wall_clock() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            (
                "2026-01-01T00:00:00Z",
                Some(crate::scenario::DEFAULT_START_UNIX_SECONDS),
            ),
            ("2024-02-29T12:00:00+01:00", Some(1_709_204_400)),
            ("2023-02-29T12:00:00Z", None),
            ("2026-01-01", None),
            ("2026-01-01T00:00:00.5Z", None),
        ] {
            assert_eq!(parse_wall_clock(text), expected, "{text}");
        }
    }
}
