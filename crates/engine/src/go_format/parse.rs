//! Durations as Go writes them: `3s`, `500ms`, `1m30s`, `0`.

use super::quote;
use crate::time::Duration;

/// Reads `1m30s`, `1.5h`, `500ms`, `10us`, `0`. None if it is no duration, negative, or longer
/// than 500 years.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    rest = rest.strip_prefix('+').unwrap_or(rest);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(number_end);
        let unit_end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(unit_end);
        let unit: u64 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        total = total.checked_add(decimal_times(number, unit)?)?;
        rest = next;
    }
    Some(Duration(total))
}

/// What Go says of a text that is no duration.
#[inline(never)]
pub fn duration_fault(text: &str) -> String {
    let quoted = quote(text);
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    loop {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let digits = &rest[..rest.len() - number.len()];
        let is_number = digits.matches('.').count() < 2 && !digits.trim_matches('.').is_empty();
        if !is_number {
            return ["time: invalid duration ", &quoted].concat();
        }
        let next = number.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '.');
        let unit = &number[..number.len() - next.len()];
        match unit {
            "" => return ["time: missing unit in duration ", &quoted].concat(),
            "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h" => rest = next,
            unit => {
                let unit = quote(unit);
                return ["time: unknown unit ", &unit, " in duration ", &quoted].concat();
            }
        }
    }
}

/// A decimal number times `unit`, cut to whole units. None if it is no number or too large.
pub fn decimal_times(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if !whole
        .bytes()
        .chain(fraction.bytes())
        .all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let whole: u64 = match whole {
        "" => 0,
        digits => digits.parse().ok()?,
    };
    let mut total = whole.checked_mul(unit)?;
    let mut place = unit;
    for byte in fraction.bytes() {
        // Smaller places than these cannot reach a whole unit together.
        if place == 0 {
            break;
        }
        total = total.checked_add(u64::from(byte - b'0').checked_mul(place)? / 10)?;
        place /= 10;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_texts_are_read() {
        assert_eq!(parse_duration("3s"), Some(Duration::from_secs(3)));
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse_duration("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(parse_duration("1.5s"), Some(Duration::from_millis(1_500)));
        assert_eq!(parse_duration("0"), Some(Duration::ZERO));
        assert_eq!(parse_duration("3"), None);
        assert_eq!(parse_duration(""), None);
        assert_eq!(parse_duration("x"), None);
    }

    #[test]
    fn durations_as_in_go() {
        for (text, millis) in [
            ("1m30s", 90_000),
            ("500ms", 500),
            ("12.5s", 12_500),
            ("1.5h", 5_400_000),
            ("0", 0),
            ("0s", 0),
            (".5s", 500),
        ] {
            let expected = Some(Duration::from_millis(millis));
            assert_eq!(parse_duration(text), expected, "{text}");
        }
        assert_eq!(
            parse_duration("1.000000001s"),
            Some(Duration(1_000_000_001))
        );
        for wrong in ["", "5", "-1s", "1d", "s", "1s2", "1..5s", "99999999999h"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }
}
