//! `html`, `js` and `urlquery`: texts made harmless for where they are put.

use super::datum::Datum;
use super::print::print;
use crate::manifest::yaml::quote;

/// The function of a name, if it is one of these.
pub fn escape(name: &str, given: &[Datum]) -> Option<String> {
    let escaped: fn(&mut String, char) = match name {
        "html" => html,
        "js" => js,
        "urlquery" => query,
        _ => return None,
    };
    let shown: Vec<Datum> = given
        .iter()
        .map(|one| match one {
            Datum::Nothing => Datum::Text("<no value>".into()),
            one => one.clone(),
        })
        .collect();
    let mut out = String::new();
    print(&shown, false)
        .chars()
        .for_each(|c| escaped(&mut out, c));
    Some(out)
}

fn html(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("&#34;"),
        '\'' => out.push_str("&#39;"),
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\0' => out.push('\u{fffd}'),
        c => out.push(c),
    }
}

fn js(out: &mut String, c: char) {
    // Go's quoted form tells what cannot be printed.
    let is_hidden =
        |c: char| c < ' ' || (!c.is_ascii() && quote(c.encode_utf8(&mut [0; 4])).contains('\\'));
    match c {
        '\\' | '\'' | '"' => out.extend(['\\', c]),
        '<' | '>' | '&' | '=' => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        c if is_hidden(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        c => out.push(c),
    }
}

fn query(out: &mut String, c: char) {
    match c {
        c if c.is_ascii_alphanumeric() => out.push(c),
        '-' | '_' | '.' | '~' => out.push(c),
        ' ' => out.push('+'),
        c => {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
}
