//! `head`: ends as soon as it has seen enough.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("n:c:qv", "", "[FILE]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args = spelled_out(ctx.args());
    let given = match ctx.options_of(&TAKES, &args) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let (mut lines, mut bytes) = (10_i64, None);
    for (name, value) in given.list.iter().filter(|(n, _)| matches!(*n, "n" | "c")) {
        let Some(number) = count(value) else {
            return ctx.fail(&format!("invalid number '{value}'"), 1);
        };
        match *name {
            "n" => lines = number,
            _ => bytes = Some(number),
        }
    }
    let files = &given.operands;
    // Enough of a pipe is enough: the rest need not come.
    let wanted = bytes.unwrap_or(lines);
    if files.is_empty() && wanted >= 0 {
        let enough = usize::try_from(wanted).unwrap_or(usize::MAX);
        if let Some(input) = ctx.input.bytes.as_ref().filter(|_| !ctx.input.done) {
            let have = match bytes {
                Some(_) => input.len(),
                None => input.iter().filter(|b| **b == b'\n').count(),
            };
            if have < enough {
                let kept = ctx.input.bytes.take().unwrap_or_default();
                return Outcome::Input(kept);
            }
            ctx.input.done = true;
        }
    }
    if let ([file], Some(count)) = (files.as_slice(), bytes) {
        if super::dd::ENDLESS.contains(&file.as_str()) {
            return match u64::try_from(count) {
                Ok(count @ 0..=super::dd::BYTES_MAX) => {
                    ctx.print_bytes(&vec![0; usize::try_from(count).unwrap_or(0)]);
                    Outcome::Exit(0)
                }
                _ => ctx.not_simulated("reading more than 64 MiB"),
            };
        }
    }
    let inputs = match ctx.inputs(files) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let titles = given.has("v") || files.len() > 1 && !given.has("q");
    for (at, (name, content)) in inputs.files.iter().enumerate() {
        if titles {
            title(ctx, at, name);
        }
        let end = match bytes {
            Some(count @ 0..) => usize::try_from(count).unwrap_or(0).min(content.len()),
            Some(count) => {
                let left = usize::try_from(-count).unwrap_or(usize::MAX);
                content.len().saturating_sub(left)
            }
            None => line_end(content, lines),
        };
        ctx.print_bytes(&content[..end]);
    }
    Outcome::Exit(inputs.exit_code())
}

/// `-5` is `-n 5`.
pub fn spelled_out(args: &[String]) -> Vec<String> {
    let mut args = args.to_vec();
    if let Some(first) = args.first_mut() {
        let number = first.strip_prefix('-');
        if let Some(number) = number.filter(|n| n.starts_with(|c: char| c.is_ascii_digit())) {
            *first = format!("-n{number}");
        }
    }
    args
}

/// `3`, `-3`, `2k`.
pub fn count(text: &str) -> Option<i64> {
    let (digits, unit) = match text.char_indices().last()? {
        (at, 'b') => (&text[..at], 512),
        (at, 'k') => (&text[..at], 1_024),
        (at, 'm') => (&text[..at], 1_048_576),
        _ => (text, 1),
    };
    digits.parse::<i64>().ok()?.checked_mul(unit)
}

/// `==> NAME <==` before a file, with an empty line between two.
pub fn title(ctx: &mut Ctx<'_>, at: usize, name: &str) {
    let gap = if at > 0 { "\n" } else { "" };
    let name = if name == "-" { "standard input" } else { name };
    ctx.print(&format!("{gap}==> {name} <==\n"));
}

/// Where the first `lines` lines end; negative: all but the last ones.
fn line_end(content: &[u8], lines: i64) -> usize {
    let ends: Vec<usize> = content
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'\n')
        .map(|(at, _)| at + 1)
        .collect();
    if lines >= 0 {
        let wanted = usize::try_from(lines).unwrap_or(usize::MAX);
        return match wanted {
            0 => 0,
            wanted => ends.get(wanted - 1).copied().unwrap_or(content.len()),
        };
    }
    let total = ends.len() + usize::from(!content.ends_with(b"\n") && !content.is_empty());
    let kept = total.saturating_sub(usize::try_from(-lines).unwrap_or(usize::MAX));
    match kept {
        0 => 0,
        kept => ends.get(kept - 1).copied().unwrap_or(content.len()),
    }
}
