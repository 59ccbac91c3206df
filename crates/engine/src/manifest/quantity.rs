//! Quantities such as `500m`, `64Mi`, `1.5`, `1e3`, in integer arithmetic.

use super::yaml::{Node, Value};
use crate::go_format::bytes_text;
use std::cmp::Ordering;
use std::fmt::Write;

/// The words for a text that is no quantity at all.
const WRONG_FORMAT: &str = "quantities must match the regular expression \
    '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
/// The words for a suffix that does not exist.
const WRONG_SUFFIX: &str = "unable to parse quantity's suffix";

/// An amount in billionths. Larger amounts than about 10^29 are cut, as Kubernetes cuts at 2^63.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    nanos: i128,
    form: Form,
}

/// How it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Decimal,
    Exponent,
    Binary,
}

const NANO: i128 = 1_000_000_000;
/// 2^63 in billionths: nothing is larger.
const LARGEST: i128 = (i64::MAX as i128) * NANO;

impl Quantity {
    /// The quantity of a manifest's value, which may be a number. `Err` holds the API server's
    /// words.
    pub fn of(node: &Node) -> Result<Quantity, &'static str> {
        match &node.value {
            Value::Text(text) => Quantity::parse(text.trim()),
            Value::Int(number) => Quantity::parse(&number.to_string()),
            Value::Number(literal) => Quantity::parse(literal),
            _ => Err(WRONG_FORMAT),
        }
    }

    /// Reads a quantity. `Err` holds the API server's words.
    pub fn parse(text: &str) -> Result<Quantity, &'static str> {
        let negative = text.starts_with('-');
        let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
        let number_end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(number_end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if rest.is_empty() || fraction.contains('.') || !suffix_is_well_formed(suffix) {
            return Err(WRONG_FORMAT);
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(WRONG_FORMAT);
        }
        let (scale, form) = scale(suffix)?;
        let mut nanos = scaled(whole, fraction, scale);
        if negative {
            nanos = -nanos;
        }
        Ok(Quantity { nanos, form })
    }

    /// In units (bytes, Pods), rounded up; 0 if negative.
    pub fn units(self) -> u64 {
        self.rounded_up(NANO)
    }

    /// In thousandths (millicores), rounded up; 0 if negative.
    pub fn milli(self) -> u64 {
        self.rounded_up(NANO / 1_000)
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Whether it has no fraction.
    pub fn is_whole(self) -> bool {
        self.nanos % NANO == 0
    }

    /// None of it.
    pub const ZERO: Quantity = Quantity {
        nanos: 0,
        form: Form::Decimal,
    };

    /// Both together, in the form of the first that is not 0.
    pub fn plus(self, other: Quantity) -> Quantity {
        let form = match self.nanos {
            0 => other.form,
            _ => self.form,
        };
        Quantity {
            nanos: (self.nanos + other.nanos).min(LARGEST),
            form,
        }
    }

    /// Compares the amounts.
    pub fn compare(self, other: Quantity) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }

    fn rounded_up(self, unit: i128) -> u64 {
        let amount = self.nanos.max(0);
        u64::try_from(amount / unit + i128::from(amount % unit != 0)).unwrap_or(u64::MAX)
    }

    /// The canonical form, in which the API server prints quantities.
    pub fn canonical(self) -> String {
        if self.nanos == 0 {
            return "0".into();
        }
        let magnitude = self.nanos.abs();
        let mut text = String::new();
        if self.nanos < 0 {
            text.push('-');
        }
        // Binary suffixes hold whole numbers of at least 1024.
        if self.form == Form::Binary && magnitude >= 1024 * NANO && self.is_whole() {
            return text + &bytes_text((magnitude / NANO) as u64);
        }
        let mut amount = magnitude;
        let mut step = 0;
        while amount % 1_000 == 0 && step < 9 {
            amount /= 1_000;
            step += 1;
        }
        let suffix = match self.form {
            Form::Exponent => [
                "e-9", "e-6", "e-3", "", "e3", "e6", "e9", "e12", "e15", "e18",
            ],
            _ => ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"],
        }[step];
        let _infallible = write!(text, "{amount}{suffix}");
        text
    }
}

/// Whether Kubernetes' parser gets through the suffix: letters of its set, a sign, digits.
fn suffix_is_well_formed(suffix: &str) -> bool {
    let rest = suffix.trim_start_matches(|c: char| "eEinumkKMGTP".contains(c));
    let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a suffix multiplies with.
#[derive(Clone, Copy)]
enum Scale {
    Ten(i32),
    Two(u32),
}

fn scale(suffix: &str) -> Result<(Scale, Form), &'static str> {
    let decimal = |power| Ok((Scale::Ten(power), Form::Decimal));
    let binary = |power| Ok((Scale::Two(power), Form::Binary));
    match suffix {
        "" => decimal(0),
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(10),
        "Mi" => binary(20),
        "Gi" => binary(30),
        "Ti" => binary(40),
        "Pi" => binary(50),
        "Ei" => binary(60),
        _ => match suffix.strip_prefix(['e', 'E']).map(str::parse::<i32>) {
            Some(Ok(power)) => Ok((Scale::Ten(power.clamp(-40, 40)), Form::Exponent)),
            _ => Err(WRONG_SUFFIX),
        },
    }
}

/// `whole.fraction` times the scale, in billionths, rounded up as Kubernetes does.
fn scaled(whole: &str, fraction: &str, scale: Scale) -> i128 {
    let mut digits: i128 = 0;
    let mut places = 0i32;
    // 18 digits are more than any quantity keeps; the rest only counts as places.
    for byte in whole.bytes() {
        if digits < LARGEST {
            digits = digits * 10 + i128::from(byte - b'0');
        }
    }
    for byte in fraction.bytes().take(18) {
        if digits < LARGEST {
            digits = digits * 10 + i128::from(byte - b'0');
            places += 1;
        }
    }
    let (power, factor) = match scale {
        Scale::Ten(power) => (power + 9 - places, 1),
        Scale::Two(power) => (9 - places, 1i128 << power),
    };
    let mut nanos = digits.saturating_mul(factor);
    for _ in 0..power {
        nanos = nanos.saturating_mul(10).min(LARGEST);
    }
    for _ in power..0 {
        nanos = nanos / 10 + i128::from(nanos % 10 != 0);
    }
    nanos.min(LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        match Quantity::parse(text) {
            Ok(quantity) => quantity.canonical(),
            Err(words) => words.into(),
        }
    }

    #[test]
    fn quantities_print_canonically() {
        for (text, expected) in [
            ("128Mi", "128Mi"),
            ("1024Mi", "1Gi"),
            ("0.5", "500m"),
            ("2", "2"),
            ("1500m", "1500m"),
            ("1000m", "1"),
            ("1e3", "1e3"),
            ("-1", "-1"),
            ("1.5Gi", "1536Mi"),
            ("0", "0"),
            ("100M", "100M"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn amounts_are_exact() {
        let of = |text| Quantity::parse(text).expect("a quantity");
        assert_eq!(of("100m").milli(), 100);
        assert_eq!(of("0.1").milli(), 100);
        assert_eq!(of("64Mi").units(), 64 << 20);
        assert_eq!(of("1.5Gi").units(), 3 << 29);
        assert_eq!(of("100m").units(), 1);
        assert_eq!(of("0.0001").milli(), 1);
        assert_eq!(of("99999999999999999999Ei").units(), i64::MAX as u64);
        assert_eq!(of("1e40").units(), i64::MAX as u64);
    }

    #[test]
    fn wrong_texts_are_refused_in_the_servers_words() {
        for text in ["100MB", "", "abc", "1.2.3", "ten", "1 Gi", "Mi"] {
            assert_eq!(canonical(text), WRONG_FORMAT, "{text}");
        }
        for text in ["1mi", "5KM", "1Kii"] {
            assert_eq!(canonical(text), WRONG_SUFFIX, "{text}");
        }
    }
}
