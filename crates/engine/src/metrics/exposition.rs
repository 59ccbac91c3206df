//! Prometheus' text format for metrics: families in order of their names, their samples in order of
//! their labels, numbers as Go's library writes them
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use crate::time::NANOS_PER_SEC;

/// Labels in order of their names.
pub type Labels<'a> = Vec<(&'static str, &'a str)>;

/// One metric, and what it says: `# HELP`, `# TYPE`.
pub struct Family {
    pub name: &'static str,
    /// `ALPHA`, `BETA`, `STABLE`.
    pub stability: &'static str,
    /// `counter`, `gauge`, `histogram`.
    pub kind: &'static str,
    /// What it counts, in our words.
    pub help: &'static str,
}

/// A family's lines: what they are ordered by, and the text.
pub struct Samples {
    family: &'static Family,
    lines: Vec<(Vec<String>, String)>,
}

impl Samples {
    /// None yet.
    pub fn of(family: &'static Family) -> Self {
        Samples {
            family,
            lines: Vec::new(),
        }
    }

    /// One number.
    pub fn add(&mut self, labels: &Labels, value: &str) {
        let mut line = String::new();
        sample(&mut line, self.family.name, labels, value);
        self.push(labels, line);
    }

    /// One number, and when it was measured, in milliseconds since 1970.
    pub fn add_at(&mut self, labels: &Labels, value: &str, millis: i64) {
        self.add(labels, &[value, " ", &millis.to_string()].concat());
    }

    /// Counts by upper bound, which do not hold each other yet; how many and how long in all.
    pub fn add_histogram(
        &mut self,
        labels: &Labels,
        buckets: impl Iterator<Item = (u64, u32)>,
        (count, nanos): (u32, u64),
    ) {
        let name = self.family.name;
        let mut text = String::new();
        let bucket = [name, "_bucket"].concat();
        let mut line = |le: &str, value: u32| {
            let mut labels = labels.clone();
            labels.push(("le", le));
            sample(&mut text, &bucket, &labels, &whole(u64::from(value)));
        };
        let mut below = 0;
        for (millis, count) in buckets {
            below += count;
            line(&seconds(millis * 1_000_000), below);
        }
        line("+Inf", count);
        let sum = [name, "_sum"].concat();
        sample(&mut text, &sum, labels, &seconds(nanos));
        let all = [name, "_count"].concat();
        sample(&mut text, &all, labels, &whole(u64::from(count)));
        self.push(labels, text);
    }

    fn push(&mut self, labels: &Labels, line: String) {
        let key = labels.iter().map(|(_, value)| (*value).to_owned());
        self.lines.push((key.collect(), line));
    }

    /// Writes the family, if it has samples.
    pub fn print(mut self, out: &mut String) {
        if self.lines.is_empty() {
            return;
        }
        let Family {
            name,
            stability,
            kind,
            help,
        } = self.family;
        for part in ["# HELP ", name, " [", stability, "] ", help, "\n"] {
            out.push_str(part);
        }
        for part in ["# TYPE ", name, " ", kind, "\n"] {
            out.push_str(part);
        }
        self.lines.sort();
        for (_, line) in &self.lines {
            out.push_str(line);
        }
    }
}

fn sample(out: &mut String, name: &str, labels: &Labels, value: &str) {
    out.push_str(name);
    for (number, (label, text)) in labels.iter().enumerate() {
        out.push_str(if number == 0 { "{" } else { "," });
        for part in [label, "=\"", text, "\""] {
            out.push_str(part);
        }
    }
    if !labels.is_empty() {
        out.push('}');
    }
    for part in [" ", value, "\n"] {
        out.push_str(part);
    }
}

/// A whole number as a 64-bit float prints itself.
pub fn whole(value: u64) -> String {
    decimal(u128::from(value), 0)
}

/// Nanoseconds in seconds, likewise.
pub fn seconds(nanos: u64) -> String {
    decimal(u128::from(nanos), 9)
}

/// Nanoseconds since 1970 in seconds, likewise: a float does not hold all of them, and what it
/// holds is printed as short as it can be told from its neighbours.
pub fn moment(nanos: u64) -> String {
    // Of 2^60 a float keeps 2^8, of 2^30 seconds it keeps 2^-22.
    const PARTS: u128 = 1 << 22;
    let unit = u128::from(NANOS_PER_SEC);
    let nearest = |value: u128, step: u128| {
        let (whole, rest) = (value / step, value % step);
        let up = rest * 2 > step || (rest * 2 == step && whole % 2 == 1);
        whole + u128::from(up)
    };
    let kept = nearest(nearest(u128::from(nanos), 256) * 256 * PARTS, unit);
    let mut power = 1;
    for digits in 0..9 {
        let short = nearest(kept * power, PARTS);
        if nearest(short * PARTS, power) == kept {
            return decimal(short, digits);
        }
        power *= 10;
    }
    decimal(nearest(kept * power, PARTS), 9)
}

/// `value / 10^places` as Go's `%g` prints it: from 10^6 on, and below 10^-4, with an exponent.
fn decimal(mut value: u128, mut places: i32) -> String {
    if value == 0 {
        return "0".to_owned();
    }
    while value.is_multiple_of(10) {
        value /= 10;
        places -= 1;
    }
    let digits = value.to_string();
    let exponent = digits.len() as i32 - 1 - places;
    if !(-4..6).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { "-" } else { "+" };
        let zero = if exponent.abs() < 10 { "0" } else { "" };
        let size = exponent.abs().to_string();
        return [first, point, rest, "e", sign, zero, &size].concat();
    }
    if places <= 0 {
        return digits + &"0".repeat(places.unsigned_abs() as usize);
    }
    let places = places as usize;
    let padded = "0".repeat((places + 1).saturating_sub(digits.len())) + &digits;
    let (before, after) = padded.split_at(padded.len() - places);
    [before, ".", after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `strconv.FormatFloat(v, 'g', -1, 64)` prints them.
    #[test]
    fn numbers_are_written_as_go_writes_floats() {
        let cases = [(0, "0"), (7, "7"), (150, "150"), (999_999, "999999")];
        let large = [
            (1_000_000, "1e+06"),
            (68_096_000, "6.8096e+07"),
            (12_345_678_901, "1.2345678901e+10"),
        ];
        for (value, text) in cases.into_iter().chain(large) {
            assert_eq!(whole(value), text);
        }
        let cases = [
            (5_000_000, "0.005"),
            (1_500_000_000, "1.5"),
            (100_000, "0.0001"),
            (50_000, "5e-05"),
            (1, "1e-09"),
            (12_000_000_000, "12"),
            (1_234_567_000_000_000, "1.234567e+06"),
        ];
        for (nanos, text) in cases {
            assert_eq!(seconds(nanos), text);
        }
    }

    #[test]
    fn a_moment_keeps_what_a_float_keeps() {
        assert_eq!(moment(1_767_225_600_000_000_000), "1.7672256e+09");
        assert_eq!(moment(1_767_225_600_500_000_000), "1.7672256005e+09");
        for nanos in [
            1_767_225_601_234_567_891_u64,
            1_767_225_699_999_999_999,
            1_699_000_000_000_000_001,
        ] {
            let float = nanos as f64 / 1e9;
            assert_eq!(moment(nanos).replace("e+0", "e"), format!("{float:e}"));
        }
    }
}
