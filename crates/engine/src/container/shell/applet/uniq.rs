//! `uniq`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("cdui", "zf:s:w:", "[FILE [OUTFILE]]");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if given.operands.len() > 1 {
        return ctx.not_simulated("OUTFILE");
    }
    let inputs = match ctx.inputs(&given.operands) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let fold = given.has("i");
    let same = |a: &str, b: &str| match fold {
        true => a.eq_ignore_ascii_case(b),
        false => a == b,
    };
    let mut groups: Vec<(usize, String)> = Vec::new();
    for line in inputs.lines() {
        match groups.last_mut() {
            Some((count, last)) if same(last, &line) => *count += 1,
            _ => groups.push((1, line)),
        }
    }
    for (count, line) in groups {
        if given.has("d") && count == 1 || given.has("u") && count > 1 {
            continue;
        }
        if given.has("c") {
            ctx.print(&format!("{count:>7} {line}\n"));
        } else {
            ctx.print(&format!("{line}\n"));
        }
    }
    Outcome::Exit(inputs.exit_code())
}
