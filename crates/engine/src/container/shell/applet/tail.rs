//! `tail`, also `-f`.

use super::{Ctx, Outcome};
use std::sync::Arc;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut count, mut from_start, mut bytes, mut follow) = (10_u64, false, false, false);
    let mut files = Vec::new();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        match arg.strip_prefix('-').filter(|o| !o.is_empty()) {
            Some(o) if o.starts_with(['n', 'c']) => {
                bytes = o.starts_with('c');
                let text = match &o[1..] {
                    "" => args.next().cloned().unwrap_or_default(),
                    attached => attached.to_string(),
                };
                from_start = text.starts_with('+');
                count = text.trim_start_matches(['+', '-']).parse().unwrap_or(10);
            }
            Some("f" | "F") => follow = true,
            Some("q" | "v") => {}
            Some(o) => match o.trim_end_matches('f').parse() {
                Ok(number) => {
                    count = number;
                    follow |= o.ends_with('f');
                }
                Err(_) => return ctx.fail(&format!("invalid option -- '{o}'"), 1),
            },
            None => files.push(arg.clone()),
        }
    }
    if follow && files.iter().any(|f| f == "/dev/null") {
        return Outcome::Forever;
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
        let start = start_of(content, count, from_start, bytes);
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
