//! From which moment on a log is printed: `--since` and `--since-time` of `kubectl logs` (LOG-06).

use super::args::Args;
use super::failure::Failure;
use super::view::View;
use crate::go_format::parse_duration;
use crate::manifest::yaml::quote;
use crate::scenario::parse_wall_clock;
use crate::time::{Duration, Instant};

/// Where a log begins.
#[derive(Clone, Copy)]
pub enum Start {
    /// With its first line.
    First,
    At(Instant),
    /// `--since` names less than half a second, which becomes none; the API server refuses that.
    Never,
}

/// What the two flags say. kubectl rounds a span to whole seconds and cuts a moment to one.
pub fn start(view: &View, args: &Args) -> Result<Start, Failure> {
    if let Some(text) = args.given("since-time") {
        let seconds = moment(text).map_err(Failure::client)?;
        let since = seconds - view.cluster.start_unix_secs;
        return Ok(Start::At(Instant::from_secs(since.max(0).unsigned_abs())));
    }
    let Some(text) = args.get("since") else {
        return Ok(Start::First);
    };
    let span = parse_duration(text.trim_start_matches('-')).unwrap_or(Duration::ZERO);
    let seconds = Duration::from_millis((span.0 + 500_000_000) / 1_000_000).as_secs();
    match seconds {
        _ if span == Duration::ZERO => Ok(Start::First),
        0 => Ok(Start::Never),
        _ if text.starts_with('-') => Err(Failure::client("--since must be greater than 0")),
        seconds => Ok(Start::At(
            view.now.saturating_sub(Duration::from_secs(seconds)),
        )),
    }
}

/// The parts of a moment as Go's layout names them; of the others the text itself is wanted.
const LAYOUT: [&str; 12] = [
    "2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05", "Z07:00",
];

/// Seconds since 1970 of an RFC 3339 moment, or Go's words about it.
fn moment(text: &str) -> Result<i64, String> {
    let mut rest = text;
    let mut plain = String::new();
    for part in LAYOUT {
        let taken = taken(rest, part).ok_or_else(|| {
            format!(
                "parsing time {} as \"2006-01-02T15:04:05Z07:00\": cannot parse {} as {}",
                quote(text),
                quote(rest),
                quote(part)
            )
        })?;
        let (own, after) = rest.split_at(taken);
        // An hour may have one digit.
        plain.push_str(if part == "15" && taken == 1 { "0" } else { "" });
        plain.push_str(own);
        rest = after;
        let beyond = match (part, own.parse::<u32>().unwrap_or(0)) {
            ("01", 0 | 13..) => "month",
            ("15", 24..) => "hour",
            ("04", 60..) => "minute",
            ("05", 60..) => "second",
            _ => "",
        };
        if !beyond.is_empty() {
            return Err(format!(
                "parsing time {}: {beyond} out of range",
                quote(text)
            ));
        }
        if part == "05" {
            // A fraction of a second is cut.
            if let Some(fraction) = rest.strip_prefix(['.', ',']) {
                let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                rest = if after.len() < fraction.len() {
                    after
                } else {
                    rest
                };
            }
        }
    }
    if !rest.is_empty() {
        return Err(format!(
            "parsing time {}: extra text: {}",
            quote(text),
            quote(rest)
        ));
    }
    parse_wall_clock(&plain)
        .ok_or_else(|| format!("parsing time {}: day out of range", quote(text)))
}

/// How many bytes of a text are such a part; None: it does not begin with one.
fn taken(text: &str, part: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match part {
        "2006" => (digits >= 4).then_some(4),
        "15" => (digits > 0).then_some(digits.min(2)),
        "Z07:00" => match text.as_bytes() {
            [b'Z', ..] => Some(1),
            [b'+' | b'-', a, b, b':', c, d, ..]
                if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()) =>
            {
                Some(6)
            }
            _ => None,
        },
        _ if part.starts_with(|c: char| c.is_ascii_digit()) => (digits >= 2).then_some(2),
        _ => text.starts_with(part).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::moment;

    /// What Go 1.25's `time.Parse` says.
    #[test]
    fn moments_are_read_as_go_reads_them() {
        assert_eq!(moment("1970-01-02T00:00:01Z"), Ok(86_401));
        assert_eq!(moment("1970-01-01T1:00:00.75+01:00"), Ok(0));
        let layout = "as \"2006-01-02T15:04:05Z07:00\": cannot parse";
        for (text, words) in [
            (
                "5m",
                format!("parsing time \"5m\" {layout} \"5m\" as \"2006\""),
            ),
            (
                "2026-01-01 10:00:00Z",
                format!("parsing time \"2026-01-01 10:00:00Z\" {layout} \" 10:00:00Z\" as \"T\""),
            ),
            (
                "2026-01-01T10:00:00",
                format!("parsing time \"2026-01-01T10:00:00\" {layout} \"\" as \"Z07:00\""),
            ),
            (
                "2026-13-01T10:00:00Z",
                "parsing time \"2026-13-01T10:00:00Z\": month out of range".to_owned(),
            ),
            (
                "2026-02-30T10:00:00Z",
                "parsing time \"2026-02-30T10:00:00Z\": day out of range".to_owned(),
            ),
            (
                "2026-02-03T10:00:00Z!",
                "parsing time \"2026-02-03T10:00:00Z!\": extra text: \"!\"".to_owned(),
            ),
        ] {
            assert_eq!(moment(text), Err(words));
        }
    }
}
