//! Moments of a recording: decimal milliseconds, read exactly to the nanosecond.

use readyz_engine::time::{Duration, Instant, NANOS_PER_MILLI};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;

/// Decimals that a nanosecond leaves to a millisecond.
const DECIMALS: usize = 6;

/// A moment or span in nanoseconds, written as milliseconds with at most six decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// As a moment since the case's t=0.
    pub const fn instant(self) -> Instant {
        Instant(self.0)
    }

    /// As a span.
    pub const fn span(self) -> Duration {
        Duration(self.0)
    }

    /// Reads a decimal number without going through a float.
    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.len() > DECIMALS || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let fraction: u64 = format!("{fraction:0<DECIMALS$}").parse().ok()?;
        whole
            .checked_mul(NANOS_PER_MILLI)?
            .checked_add(fraction)
            .map(Millis)
    }
}

impl From<Instant> for Millis {
    fn from(at: Instant) -> Self {
        Millis(at.0)
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Millis::parse(raw.get())
            .ok_or_else(|| D::Error::custom(format!("not a time in milliseconds: {}", raw.get())))
    }
}

impl fmt::Debug for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / NANOS_PER_MILLI, self.0 % NANOS_PER_MILLI);
        if fraction == 0 {
            write!(f, "{whole}")
        } else {
            let digits = format!("{fraction:06}");
            write!(f, "{whole}.{}", digits.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Millis;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(Millis::parse("1859.025779"), Some(Millis(1_859_025_779)));
        assert_eq!(Millis::parse("7.5"), Some(Millis(7_500_000)));
        assert_eq!(Millis::parse("250"), Some(Millis(250_000_000)));
    }

    #[test]
    fn what_cannot_be_exact_is_refused() {
        for text in ["-1", "1e3", "0.1234567", "1.-5", "null", ""] {
            assert_eq!(Millis::parse(text), None, "{text}");
        }
    }

    #[test]
    fn printed_as_recorded() {
        for text in ["0", "250", "7.5", "1859.025779"] {
            assert_eq!(format!("{:?}", Millis::parse(text).unwrap()), text);
        }
    }
}
