//! `cut`: fields and characters.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("b:c:d:f:sn", "O:DF:", "[FILE]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let delimiter = given.value("d").and_then(|d| d.chars().next());
    let delimiter = delimiter.unwrap_or('\t');
    let (fields, only) = (given.has("f"), given.has("s"));
    let lists = ["f", "c", "b"].map(|name| given.value(name));
    let mut asked = lists.iter().flatten();
    let (Some(list), None) = (asked.next(), asked.next()) else {
        if lists.iter().flatten().count() > 1 {
            return ctx.usage(&TAKES);
        }
        return ctx.fail("expected a list of bytes, characters, or fields", 1);
    };
    let (list, names) = (list.to_string(), given.operands.clone());
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
