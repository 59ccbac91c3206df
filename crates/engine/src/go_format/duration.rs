//! Durations as Go prints them.

use crate::time::Duration;
use std::fmt::Write;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

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
    fn durations_are_gos() {
        let millis = |ms| go_duration(Duration::from_millis(ms));
        assert_eq!(
            [10_000, 80_000, 300_000, 1_500, 300, 3_600_000].map(millis),
            ["10s", "1m20s", "5m0s", "1.5s", "300ms", "1h0m0s"]
        );
    }
}
