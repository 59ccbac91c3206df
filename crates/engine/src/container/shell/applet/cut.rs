//! `cut`: fields and characters.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut delimiter, mut list, mut fields, mut only) = ('\t', String::new(), false, false);
    let mut names = Vec::new();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        let Some(option) = arg.strip_prefix('-').filter(|o| !o.is_empty()) else {
            names.push(arg.clone());
            continue;
        };
        if option == "s" {
            only = true;
            continue;
        }
        let value = match option.get(1..) {
            Some("") | None => args.next().cloned().unwrap_or_default(),
            Some(attached) => attached.to_string(),
        };
        match &option[..1] {
            "d" => delimiter = value.chars().next().unwrap_or('\t'),
            "f" => {
                fields = true;
                list = value;
            }
            "c" | "b" => list = value,
            _ => return ctx.fail(&format!("invalid option -- '{option}'"), 1),
        }
    }
    let Some(ranges) = ranges(&list) else {
        return ctx.fail(&format!("invalid range {list}"), 1);
    };
    let wanted = |at: usize| ranges.iter().any(|(from, to)| *from <= at && at <= *to);
    let inputs = match ctx.inputs(&names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    for line in inputs.lines() {
        if !fields {
            let text: String = line
                .chars()
                .enumerate()
                .filter(|(at, _)| wanted(at + 1))
                .map(|(_, c)| c)
                .collect();
            ctx.print(&format!("{text}\n"));
            continue;
        }
        if !line.contains(delimiter) {
            if !only {
                ctx.print(&format!("{line}\n"));
            }
            continue;
        }
        let parts: Vec<&str> = line
            .split(delimiter)
            .enumerate()
            .filter(|(at, _)| wanted(at + 1))
            .map(|(_, part)| part)
            .collect();
        ctx.print(&format!("{}\n", parts.join(&delimiter.to_string())));
    }
    Outcome::Exit(inputs.exit_code())
}

/// `1,3-5,7-`.
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    list.split(',')
        .map(|part| match part.split_once('-') {
            None => part.parse().ok().map(|n| (n, n)),
            Some(("", to)) => Some((1, to.parse().ok()?)),
            Some((from, "")) => Some((from.parse().ok()?, usize::MAX)),
            Some((from, to)) => Some((from.parse().ok()?, to.parse().ok()?)),
        })
        .collect()
}
