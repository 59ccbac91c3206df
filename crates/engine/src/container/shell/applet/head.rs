//! `head`: ends as soon as it has seen enough.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut lines, mut bytes) = (10_i64, None);
    let mut files = Vec::new();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        let mut count = |attached: &str| -> Option<i64> {
            let text = if attached.is_empty() {
                args.next()?.as_str().to_string()
            } else {
                attached.to_string()
            };
            text.parse().ok()
        };
        match arg.strip_prefix('-').filter(|o| !o.is_empty()) {
            Some(o) if o.starts_with('n') => lines = count(&o[1..]).unwrap_or(10),
            Some(o) if o.starts_with('c') => bytes = count(&o[1..]),
            Some("q" | "v") => {}
            Some(o) => match o.parse() {
                Ok(number) => lines = number,
                Err(_) => return ctx.fail(&format!("invalid option -- '{o}'"), 1),
            },
            None => files.push(arg.clone()),
        }
    }
    // Enough of a pipe is enough: the rest need not come.
    if files.is_empty() && bytes.is_none() && lines >= 0 {
        let enough = usize::try_from(lines).unwrap_or(usize::MAX);
        if let Some(input) = ctx.input.bytes.as_ref().filter(|_| !ctx.input.done) {
            if input.iter().filter(|b| **b == b'\n').count() < enough {
                let kept = ctx.input.bytes.take().unwrap_or_default();
                return Outcome::Input(kept);
            }
            ctx.input.done = true;
        }
    }
    let inputs = match ctx.inputs(&files) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let titles = inputs.files.len() > 1;
    for (at, (name, content)) in inputs.files.iter().enumerate() {
        if titles {
            let gap = if at > 0 { "\n" } else { "" };
            ctx.print(&format!("{gap}==> {name} <==\n"));
        }
        let end = match bytes {
            Some(count) => usize::try_from(count).unwrap_or(0).min(content.len()),
            None => line_end(content, lines),
        };
        ctx.print_bytes(&content[..end]);
    }
    Outcome::Exit(inputs.exit_code())
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
