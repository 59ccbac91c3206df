//! YAML as kubectl writes it: keys sorted, indentation 2, sequences not indented.

use super::Value;
use std::fmt::Write;

/// Lines are broken at the first space after this many columns.
const BEST_WIDTH: usize = 80;

/// A document.
pub fn yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Map(entries) if !entries.is_empty() => write_value(value, 0, &mut out),
        Value::List(items) if !items.is_empty() => write_value(value, 0, &mut out),
        scalar => {
            write_inline(scalar, 0, 0, &mut out);
        }
    }
    out
}

fn write_value(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Map(entries) => {
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    pad(indent, out);
                }
                let from = out.len();
                write_scalar(key, 0, 0, out);
                out.push(':');
                let column = indent + out[from..].chars().count();
                match value {
                    Value::Map(inner) if !inner.is_empty() => {
                        out.push('\n');
                        pad(indent + 2, out);
                        write_value(value, indent + 2, out);
                    }
                    Value::List(items) if !items.is_empty() => {
                        out.push('\n');
                        pad(indent, out);
                        write_value(value, indent, out);
                    }
                    scalar => {
                        out.push(' ');
                        write_inline(scalar, indent + 2, column + 1, out);
                    }
                }
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    pad(indent, out);
                }
                out.push_str("- ");
                match item {
                    Value::Map(inner) if !inner.is_empty() => write_value(item, indent + 2, out),
                    Value::List(inner) if !inner.is_empty() => write_value(item, indent + 2, out),
                    scalar => write_inline(scalar, indent + 2, indent + 2, out),
                }
            }
        }
        scalar => write_inline(scalar, indent, indent, out),
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn write_inline(value: &Value, indent: usize, column: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Text(text) => write_scalar(text, indent, column, out),
        Value::List(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

/// A text in the style that the emitter chooses.
fn write_scalar(text: &str, indent: usize, column: usize, out: &mut String) {
    let is_special = |c: char| (c as u32) < 0x20 && c != '\n' && c != '\t' || c as u32 == 0x7f;
    if text.contains(is_special) || reads_otherwise(text) {
        write_double(text, out);
    } else if text.contains('\n') {
        // Leading spaces cannot be told from the indentation without a hint.
        write_literal(text, indent, out);
    } else if is_plain(text) {
        write_folded(text, indent, column, out);
    } else {
        out.push('\'');
        write_folded(&text.replace('\'', "''"), indent, column + 1, out);
        out.push('\'');
    }
}

/// Breaks a long line at spaces.
fn write_folded(text: &str, indent: usize, mut column: usize, out: &mut String) {
    let chars: Vec<char> = text.chars().collect();
    let mut was_space = false;
    for (index, c) in chars.iter().enumerate() {
        let next_is_space = chars.get(index + 1) == Some(&' ');
        let is_inside = index > 0 && index + 1 < chars.len();
        if *c == ' ' && !was_space && !next_is_space && is_inside && column > BEST_WIDTH {
            out.push('\n');
            pad(indent, out);
            column = indent;
        } else {
            out.push(*c);
            column += 1;
        }
        was_space = *c == ' ';
    }
}

fn write_literal(text: &str, indent: usize, out: &mut String) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    let body = text.trim_end_matches('\n');
    match text.len() - body.len() {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    let lines = text.strip_suffix('\n').unwrap_or(text);
    for line in lines.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(indent, out);
            out.push_str(line);
        }
    }
    out.push('\n');
}

fn write_double(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                let _ = write!(out, "\\x{:02X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Whether a reader of YAML 1.1 would take the bare text for something else than a text.
fn reads_otherwise(text: &str) -> bool {
    const WORDS: [&str; 9] = ["", "~", "null", "true", "false", "y", "n", "yes", "no"];
    let lower = text.to_ascii_lowercase();
    let is_word = WORDS.contains(&lower.as_str()) || matches!(lower.as_str(), "on" | "off");
    let cases = [text.to_ascii_uppercase(), capitalized(&lower), lower];
    let is_case = cases.iter().any(|case| case == text);
    (is_word && is_case) || is_number(text) || is_timestamp(text) || text == "<<"
}

fn capitalized(lower: &str) -> String {
    let mut chars = lower.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn is_number(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits =
        |text: &str, radix| !text.is_empty() && text.chars().all(|c| c == '_' || c.is_digit(radix));
    if !body.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    if matches!(body.to_ascii_lowercase().as_str(), ".inf" | ".nan") {
        return true;
    }
    if let Some(hex) = body.strip_prefix("0x") {
        return digits(hex, 16);
    }
    if let Some(binary) = body.strip_prefix("0b") {
        return digits(binary, 2);
    }
    if let Some(octal) = body.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if body.contains(':') {
        // Base 60: `1:30`.
        let mut parts = body.split(':');
        let first = parts.next().is_some_and(|part| digits(part, 10));
        return first && parts.all(|part| part.len() <= 2 && digits(part, 10));
    }
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    let exponent = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa = (digits(whole, 10) || whole.is_empty())
        && (digits(fraction, 10) || fraction.is_empty())
        && !(whole.is_empty() && fraction.is_empty());
    is_mantissa && exponent.is_none_or(|e| digits(e, 10))
}

/// `2026-01-01`, `2026-01-01T00:00:00Z` and so on.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| {
        bytes
            .get(from..to)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let is_date = digits(0, 4)
        && bytes.get(4) == Some(&b'-')
        && digits(5, 7)
        && bytes.get(7) == Some(&b'-')
        && digits(8, 10);
    match (is_date, bytes.get(10)) {
        (true, None) => true,
        (true, Some(b'T' | b't' | b' ')) => digits(11, 13) && bytes.get(13) == Some(&b':'),
        _ => false,
    }
}

/// Whether the text needs no quotes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let followed_by_space = bytes.get(1).is_none_or(|c| *c == b' ');
    let bad_start = match first {
        b'-' | b'?' | b':' => followed_by_space,
        b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
        | b'"' | b'%' | b'@' | b'`' => true,
        _ => false,
    };
    let is_marker = text.starts_with("---") || text.starts_with("...");
    let bad_edge = *first == b' ' || *last == b' ' || *last == b':' || text.contains('\t');
    !(bad_start || is_marker || bad_edge || text.contains(": ") || text.contains(" #"))
}

#[cfg(test)]
mod tests {
    use super::super::{list, map};
    use super::*;

    #[test]
    fn styles_are_gos() {
        let value = map()
            .set("a", "true")
            .set("b", "8080")
            .set("c", "2026-11-21T07:54:17Z")
            .set("d", "line1\nline2\n")
            .set("e", list(["sh", "-c", "a: b", ""]))
            .set("f", map())
            .set("g", list([map().set("x", 1_u32).set("y", list(["z"]))]))
            .set("h", "{}")
            .set("i", "0.5")
            .set("j", "64Mi");
        let expected = "a: \"true\"\nb: \"8080\"\nc: \"2026-11-21T07:54:17Z\"\nd: |\n  line1\n  \
                        line2\ne:\n- sh\n- -c\n- 'a: b'\n- \"\"\nf: {}\ng:\n- x: 1\n  \"y\":\n  - z\nh: \
                        '{}'\ni: \"0.5\"\nj: 64Mi\n";
        assert_eq!(yaml(&value.into()), expected);
    }
}
