//! Texts as Go prints them.

use super::{Entry, Value};

/// A text in quotes, as Go's `%q` writes it.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            c if is_printed(c) => quoted.push(c),
            c => {
                let code = c as u32;
                let (letter, digits) = match code {
                    0..=0x7f => ('x', 2),
                    0x80..=0xffff => ('u', 4),
                    _ => ('U', 8),
                };
                quoted.push('\\');
                quoted.push(letter);
                push_hex(&mut quoted, code, digits);
            }
        }
    }
    quoted.push('"');
    quoted
}

/// A key as JSON has it; `of`: its value.
pub(super) fn key_text(value: Value, of: &Value) -> Result<String, String> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Int(number) => Ok(number.to_string()),
        Value::Number(literal) => Ok(literal.into()),
        Value::Bool(truth) => Ok(if truth { "true" } else { "false" }.into()),
        Value::Null => {
            let mut words = "unsupported map key of type: %!s(<nil>), key: <nil>, value: ".into();
            write_go(of, &mut words);
            Err(words)
        }
        value => {
            let mut words = String::from("yaml: invalid map key: ");
            write_go(&value, &mut words);
            Err(words)
        }
    }
}

/// A value as Go's `%#v` writes what its YAML library made of it.
fn write_go(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("interface {}(nil)"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Number(literal) => out.push_str(literal),
        Value::Text(text) => out.push_str(&quote(text)),
        Value::List(items) => {
            out.push_str("[]interface {}{");
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                write_go(&item.value, out);
            }
            out.push('}');
        }
        Value::Map(entries) => {
            out.push_str("map[interface {}]interface {}{");
            let mut sorted: Vec<&Entry> = entries.iter().collect();
            sorted.sort_by(|a, b| a.key.cmp(&b.key));
            for (number, entry) in sorted.into_iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                out.push_str(&quote(&entry.key));
                out.push(':');
                write_go(&entry.value.value, out);
            }
            out.push('}');
        }
    }
}

/// Appends `digits` hexadecimal digits of `code`.
pub(super) fn push_hex(text: &mut String, code: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = (code >> (4 * place)) & 0xf;
        text.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
}

/// Whether Go's `strconv.IsPrint` holds: no control characters, and no space but the ASCII one.
fn is_printed(c: char) -> bool {
    !matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{1680}' | '\u{2000}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(quote("\u{a0}\u{a0}name"), "\"\\u00a0\\u00a0name\"");
        assert_eq!(quote("é \"x\"\n"), "\"é \\\"x\\\"\\n\"");
    }
}
