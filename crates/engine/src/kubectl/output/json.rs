//! JSON as Go writes it.

use super::Value;
use std::fmt::Write;

/// Indented by four spaces, as `-o json` prints it.
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    write(value, Some(0), "    ", &mut out);
    out.push('\n');
    out
}

/// Indented by one space a level, from a level on.
pub fn json_at(value: &Value, level: usize, out: &mut String) {
    write(value, Some(level), " ", out);
}

/// Without spaces.
pub fn compact_json(value: &Value) -> String {
    let mut out = String::new();
    write(value, None, "", &mut out);
    out
}

fn write(value: &Value, depth: Option<usize>, unit: &str, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Text(text) => quoted(text, out),
        Value::List(items) => {
            let writers = items.iter().map(|item| (None, item));
            write_all(['[', ']'], writers, depth, unit, out);
        }
        Value::Map(entries) => {
            let writers = entries
                .iter()
                .map(|(key, value)| (Some(key.as_str()), value));
            write_all(['{', '}'], writers, depth, unit, out);
        }
    }
}

fn write_all<'a>(
    [open, close]: [char; 2],
    items: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    depth: Option<usize>,
    unit: &str,
    out: &mut String,
) {
    out.push(open);
    let mut is_first = true;
    for (key, value) in items {
        if !is_first {
            out.push(',');
        }
        is_first = false;
        new_line(depth.map(|depth| depth + 1), unit, out);
        if let Some(key) = key {
            quoted(key, out);
            out.push_str(if depth.is_some() { ": " } else { ":" });
        }
        write(value, depth.map(|depth| depth + 1), unit, out);
    }
    if !is_first {
        new_line(depth, unit, out);
    }
    out.push(close);
}

fn new_line(depth: Option<usize>, unit: &str, out: &mut String) {
    if let Some(depth) = depth {
        out.push('\n');
        out.extend(std::iter::repeat_n(unit, depth));
    }
}

/// A string in quotes.
pub fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
