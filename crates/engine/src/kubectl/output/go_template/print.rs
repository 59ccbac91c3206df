//! `print`, `println` and `printf`, as Go's `fmt` has them.

use super::datum::Datum;
use crate::manifest::yaml::quote;

/// Widths beyond this are cut; nothing that is read has any.
const WIDTH_MAX: usize = 200;

/// All values side by side: with a blank between those of which neither is a text, or, with
/// `line`, always, and an end of the line.
pub fn print(given: &[Datum], line: bool) -> String {
    let mut out = String::new();
    let is_text = |at: usize| matches!(given.get(at), Some(Datum::Text(_)));
    for (at, value) in given.iter().enumerate() {
        if at > 0 && (line || !(is_text(at - 1) || is_text(at))) {
            out.push(' ');
        }
        out.push_str(&value.print());
    }
    if line {
        out.push('\n');
    }
    out
}

/// `%-20.3s` without its letter.
#[derive(Default)]
struct Style {
    left: bool,
    zeros: bool,
    plus: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
}

/// Values by a format.
pub fn printf(format: &str, given: &[Datum]) -> String {
    let mut out = String::new();
    let mut given = given.iter();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut style = Style::default();
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '0' | '+' | '#' | ' ')) {
            match flag {
                '-' => style.left = true,
                '0' => style.zeros = true,
                '+' => style.plus = true,
                '#' => style.sharp = true,
                _ => {}
            }
        }
        style.width = digits(&mut chars).min(WIDTH_MAX);
        if chars.next_if_eq(&'.').is_some() {
            style.precision = Some(digits(&mut chars).min(WIDTH_MAX));
        }
        match chars.next() {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(verb) => match given.next() {
                Some(value) => out.push_str(&padded(&one(verb, &style, value), &style)),
                None => out.push_str(&format!("%!{verb}(MISSING)")),
            },
        }
    }
    let rest: Vec<String> = given
        .map(|value| match value {
            Datum::Nothing => "<nil>".to_owned(),
            value => format!("{}={}", value.type_name(), value.print()),
        })
        .collect();
    if !rest.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", rest.join(", ")));
    }
    out
}

fn digits(chars: &mut std::iter::Peekable<std::str::Chars>) -> usize {
    let mut number = 0usize;
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        number = number.saturating_mul(10) + (digit as usize - '0' as usize);
    }
    number
}

/// One value by one verb, without its width.
fn one(verb: char, style: &Style, value: &Datum) -> String {
    let signed = |number: i64| match style.plus && number >= 0 {
        true => format!("+{number}"),
        false => number.to_string(),
    };
    match (verb, value) {
        ('v', Datum::Text(text)) if style.sharp => quote(text),
        ('v', Datum::Int(number) | Datum::Float(number)) => signed(*number),
        ('v', value) => value.print(),
        ('s', Datum::Text(text)) => match style.precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_string(),
        },
        ('s', value @ (Datum::List(_) | Datum::Map(_))) => value.print(),
        ('q', Datum::Text(text)) => quote(text),
        ('x', Datum::Text(text)) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ('d', Datum::Int(number)) => signed(*number),
        ('x', Datum::Int(number)) => format!("{number:x}"),
        ('o', Datum::Int(number)) => format!("{number:o}"),
        ('b', Datum::Int(number)) => format!("{number:b}"),
        ('c', Datum::Int(number)) => {
            let code = u32::try_from(*number).ok().and_then(char::from_u32);
            code.unwrap_or('\u{fffd}').to_string()
        }
        ('f' | 'F', Datum::Float(number)) => match style.precision.unwrap_or(6) {
            0 => signed(*number),
            places => format!("{}.{}", signed(*number), "0".repeat(places)),
        },
        ('g' | 'G', Datum::Float(number)) => signed(*number),
        ('t', Datum::Bool(_)) => value.print(),
        ('T', value) => value.type_name().to_owned(),
        (verb, Datum::Nothing) => format!("%!{verb}(<nil>)"),
        (verb, value) => format!("%!{verb}({}={})", value.type_name(), value.print()),
    }
}

fn padded(text: &str, style: &Style) -> String {
    let missing = style.width.saturating_sub(text.chars().count());
    if missing == 0 {
        return text.to_owned();
    }
    if style.left {
        return [text, &" ".repeat(missing)].concat();
    }
    match (style.zeros, text.strip_prefix('-')) {
        (true, Some(digits)) => ["-", &"0".repeat(missing), digits].concat(),
        (true, None) => ["0".repeat(missing).as_str(), text].concat(),
        _ => [" ".repeat(missing).as_str(), text].concat(),
    }
}
