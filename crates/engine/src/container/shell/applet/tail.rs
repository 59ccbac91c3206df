//! `tail`, also `-f`.

use super::head::{count, spelled_out, title};
use super::{Ctx, Outcome, Takes};
use std::sync::Arc;

static TAKES: Takes = Takes::letters("n:c:fFqv", "s:", "[FILE]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut args = spelled_out(ctx.args());
    // `tail -5f`, `tail +3`.
    if let Some(first) = args.first_mut() {
        if let Some(number) = first.strip_prefix("-n").and_then(|n| n.strip_suffix('f')) {
            *first = format!("-fn{number}");
        } else if first.len() > 1 && first.starts_with('+') {
            *first = format!("-n{first}");
        }
    }
    let given = match ctx.options_of(&TAKES, &args) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let (mut wanted, mut from_start, mut bytes) = (10, false, false);
    for (name, value) in given.list.iter().filter(|(n, _)| matches!(*n, "n" | "c")) {
        bytes = *name == "c";
        from_start = value.starts_with('+');
        match count(value.trim_start_matches('+')) {
            Some(number) => wanted = number.unsigned_abs(),
            None => return ctx.fail(&format!("invalid number '{value}'"), 1),
        }
    }
    let follow = given.has("f") || given.has("F");
    let files = &given.operands;
    if follow && files.iter().any(|f| f == "/dev/null") {
        return Outcome::Forever;
    }
    if follow && files.len() > 1 {
        return ctx.not_simulated("-f with several files");
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
        let start = start_of(content, wanted, from_start, bytes);
        ctx.print_bytes(&content[start..]);
    }
    let cwd = ctx.cwd();
    match (follow, files.first()) {
        (true, Some(name)) if !inputs.failed => {
            let size = inputs.files.first().map_or(0, |(_, b)| b.len() as u64);
            let path = ctx
                .files()
                .and_then(|view| view.resolve(&cwd, name, true).ok())
                .unwrap_or_else(|| name.clone());
            Outcome::Follow {
                path: Arc::from(path.as_str()),
                offset: size,
            }
        }
        _ => Outcome::Exit(inputs.exit_code()),
    }
}

fn start_of(content: &[u8], count: u64, from_start: bool, bytes: bool) -> usize {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if bytes {
        return match from_start {
            true => count.saturating_sub(1).min(content.len()),
            false => content.len().saturating_sub(count),
        };
    }
    let mut starts = vec![0];
    for (at, byte) in content.iter().enumerate() {
        if *byte == b'\n' && at + 1 < content.len() {
            starts.push(at + 1);
        }
    }
    if from_start {
        return starts
            .get(count.saturating_sub(1))
            .copied()
            .unwrap_or(content.len());
    }
    match count {
        0 => content.len(),
        count => starts[starts.len().saturating_sub(count)],
    }
}
