//! Times as the page writes them.

use readyz_engine::time::{Duration, Instant, NANOS_PER_MILLI};

/// `1:04.2`: minutes, seconds, tenths (cut).
pub fn clock(at: Instant) -> String {
    let tenths = at.as_millis() / 100;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// `1:04`, for ticks of the ruler; with tenths where the ruler is that fine.
pub fn ruler_label(at: Instant, fine: bool) -> String {
    if fine {
        return clock(at);
    }
    let secs = at.as_secs();
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// `6.3`: seconds with tenths (cut, so that a countdown ends at 0.0).
pub fn seconds(span: Duration) -> String {
    let tenths = span.as_millis() / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Seconds as short as they can be: `20`, `2.5`.
pub fn short_seconds(span: Duration) -> String {
    let tenths = (span.as_millis() + 50) / 100;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

/// How long a run of a probe took: `3 ms`, `1.0 s`.
pub fn took(millis: u32) -> String {
    match millis {
        0 => "<1 ms".to_owned(),
        1..1_000 => format!("{millis} ms"),
        _ => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
    }
}

/// A moment as a step of the Scenario document writes it: `12.345s`.
pub fn step_time(at: Instant) -> String {
    let millis = at.0 / NANOS_PER_MILLI;
    match millis % 1_000 {
        0 => format!("{}s", millis / 1_000),
        rest => {
            let rest = format!("{rest:03}");
            format!("{}.{}s", millis / 1_000, rest.trim_end_matches('0'))
        }
    }
}

/// A speed: `10×`, `0.5×`.
pub fn speed(milli: u32) -> String {
    match milli % 1_000 {
        0 => format!("{}×", milli / 1_000),
        rest => {
            let rest = format!("{rest:03}");
            format!("{}.{}×", milli / 1_000, rest.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_cut_not_rounded() {
        assert_eq!(clock(Instant::from_millis(64_299)), "1:04.2");
        assert_eq!(clock(Instant::from_secs(600)), "10:00.0");
        assert_eq!(seconds(Duration::from_millis(6_399)), "6.3");
        assert_eq!(short_seconds(Duration::from_secs(20)), "20");
        assert_eq!(ruler_label(Instant::from_secs(65), false), "1:05");
    }

    #[test]
    fn steps_and_speeds_have_no_needless_zeros() {
        assert_eq!(step_time(Instant::from_millis(12_500)), "12.5s");
        assert_eq!(step_time(Instant::from_secs(12)), "12s");
        assert_eq!(step_time(Instant(12_345_678_901)), "12.345s");
        assert_eq!(speed(10_000), "10×");
        assert_eq!(speed(250), "0.25×");
    }
}
