//! `tr`: translate, delete, squeeze.

use super::echo::unescape;
use super::{Ctx, Outcome, Takes};
use crate::container::shell::in_class;

static TAKES: Takes = Takes::letters("cCds", "", "STRING1 [STRING2]").leading();

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let sets = &given.operands;
    if sets.is_empty() || sets.len() > 2 {
        return ctx.usage(&TAKES);
    }
    let (delete, squeeze) = (given.has("d"), given.has("s"));
    let complement = given.has("c") || given.has("C");
    let first = sets.first().map(|s| expand(s)).unwrap_or_default();
    let second = sets.get(1).map(|s| expand(s)).unwrap_or_default();
    let Some(bytes) = ctx.stdin() else {
        return Outcome::Input(ctx.input.bytes.take().unwrap_or_default());
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let within = |c: char| first.contains(&c) != complement;
    let mut out = String::new();
    let mut last = None;
    for c in text.chars() {
        if delete && within(c) {
            continue;
        }
        let mut new = c;
        if !delete && !second.is_empty() && within(c) {
            let at = if complement {
                second.len() - 1
            } else {
                first.iter().rposition(|f| *f == c).unwrap_or(0)
            };
            new = second[at.min(second.len() - 1)];
        }
        let squeezed = if second.is_empty() {
            within(new)
        } else {
            second.contains(&new)
        };
        if squeeze && squeezed && last == Some(new) {
            continue;
        }
        last = Some(new);
        out.push(new);
    }
    ctx.print(&out);
    Outcome::Exit(0)
}

/// A set with its ranges, classes and escapes written out.
fn expand(set: &str) -> Vec<char> {
    let mut bytes = Vec::new();
    unescape(set, &mut bytes, false);
    let chars: Vec<char> = String::from_utf8_lossy(&bytes).chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == '[' && chars.get(at + 1) == Some(&':') {
            let rest = &chars[at + 2..];
            if let Some(end) = rest.iter().position(|c| *c == ':') {
                let name: String = rest[..end].iter().collect();
                out.extend((0..=127_u8).map(char::from).filter(|c| in_class(&name, *c)));
                at += end + 4;
                continue;
            }
        }
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(high)) => {
                out.extend(chars[at]..=*high);
                at += 3;
            }
            _ => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}
