//! JSON as Go writes it.

use super::struct_order::{fields, of_kind, PLAIN};
use super::Value;
use std::fmt::Write;

/// Indented by four spaces, as `-o json` prints it.
pub fn json(value: &Value) -> String {
    indented(value, PLAIN)
}

/// The same with an object's fields in the order of Go's structures.
pub fn json_of_struct(value: &Value) -> String {
    let kind = value.get("kind").map(Value::plain).unwrap_or_default();
    indented(value, of_kind(&kind))
}

fn indented(value: &Value, structure: &str) -> String {
    let mut writer = Writer {
        unit: "    ",
        depth: Some(0),
        out: String::new(),
    };
    writer.write(value, structure);
    writer.out.push('\n');
    writer.out
}

/// Indented by one space a level, from a level on.
pub fn json_at(value: &Value, level: usize, out: &mut String) {
    let mut writer = Writer {
        unit: " ",
        depth: Some(level),
        out: std::mem::take(out),
    };
    writer.write(value, PLAIN);
    *out = writer.out;
}

/// Without spaces.
pub fn compact_json(value: &Value) -> String {
    let mut writer = Writer {
        unit: "",
        depth: None,
        out: String::new(),
    };
    writer.write(value, PLAIN);
    writer.out
}

struct Writer {
    /// What a level is indented by.
    unit: &'static str,
    /// None: all in one line.
    depth: Option<usize>,
    out: String,
}

impl Writer {
    fn write(&mut self, value: &Value, structure: &str) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Int(value) => {
                let _ = write!(self.out, "{value}");
            }
            Value::Text(text) => quoted(text, &mut self.out),
            Value::List(items) => {
                self.out.push('[');
                for (place, item) in items.iter().enumerate() {
                    self.begin(place);
                    self.write(item, structure);
                    self.end();
                }
                self.close(items.len(), ']');
            }
            Value::Map(entries) => {
                self.out.push('{');
                let mut place = 0;
                let mut entry = |writer: &mut Writer, key: &str, value: &Value, of: &str| {
                    writer.begin(place);
                    place += 1;
                    quoted(key, &mut writer.out);
                    writer.out.push(':');
                    if writer.depth.is_some() {
                        writer.out.push(' ');
                    }
                    writer.write(value, of);
                    writer.end();
                };
                for (key, of) in fields(structure) {
                    if let Some(value) = entries.get(key) {
                        entry(self, key, value, of);
                    }
                }
                for (key, value) in entries {
                    if !fields(structure).any(|(known, _)| known == key) {
                        entry(self, key, value, PLAIN);
                    }
                }
                self.close(entries.len(), '}');
            }
        }
    }

    fn begin(&mut self, place: usize) {
        if place > 0 {
            self.out.push(',');
        }
        self.depth = self.depth.map(|depth| depth + 1);
        self.new_line();
    }

    fn end(&mut self) {
        self.depth = self.depth.map(|depth| depth - 1);
    }

    fn close(&mut self, count: usize, bracket: char) {
        if count > 0 {
            self.new_line();
        }
        self.out.push(bracket);
    }

    fn new_line(&mut self) {
        if let Some(depth) = self.depth {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(self.unit, depth));
        }
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
