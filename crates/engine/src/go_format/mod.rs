//! Texts as Go's standard library prints them, for messages that Kubernetes builds with it.

mod duration;
mod parse;

pub use duration::go_duration;
pub use parse::{decimal_times, duration_fault, parse_duration};

use std::fmt::Write;

/// The hash of Go's `fnv.New128a`.
pub fn fnv_128a(text: &str) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let step = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    text.bytes().fold(OFFSET, step)
}

/// Bytes as a `resource.Quantity` prints them: `64Mi`, `100000`.
pub fn bytes_text(bytes: u64) -> String {
    const SUFFIXES: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let (mut amount, mut step) = (bytes, 0);
    while amount != 0 && amount % 1024 == 0 && step + 1 < SUFFIXES.len() {
        amount /= 1024;
        step += 1;
    }
    [&amount.to_string(), SUFFIXES[step]].concat()
}

/// A text as `%q` quotes it.
pub fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What `strconv` says of a text that it cannot read as a number: only of digits that they are too
/// many.
pub fn number_fault(text: &str) -> &'static str {
    match !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => "value out of range",
        false => "invalid syntax",
    }
}

/// An IPv4 address in host order.
pub fn ipv4(address: u32) -> String {
    let [a, b, c, d] = address.to_be_bytes();
    format!("{a}.{b}.{c}.{d}")
}

/// Header name as Go prints it: `x-probe` becomes `X-Probe`.
pub fn header_name(name: &str) -> String {
    let mut upper = true;
    name.chars()
        .map(|c| {
            let out = if upper {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            };
            upper = c == '-';
            out
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_escapes_what_go_escapes() {
        assert_eq!(quote("bad\n\"x\""), "\"bad\\n\\\"x\\\"\"");
    }

    #[test]
    fn addresses_are_dotted() {
        assert_eq!(ipv4(0x0a00_0005), "10.0.0.5");
    }
}
