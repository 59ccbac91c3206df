//! `seq`: whole numbers.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("ws:", "", "[FIRST [INC]] LAST").leading();

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let separator = given.value("s").unwrap_or("\n").to_string();
    let wide = given.has("w");
    let mut numbers: Vec<i64> = Vec::new();
    for text in &given.operands {
        let is_fraction = text.contains('.') && text.chars().all(|c| "0123456789.-+".contains(c));
        match text.parse() {
            Ok(number) => numbers.push(number),
            Err(_) if is_fraction => return ctx.not_simulated("fractions"),
            Err(_) => return ctx.usage(&TAKES),
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] if *step != 0 => (*first, *step, *last),
        _ => return ctx.usage(&TAKES),
    };
    let width = if wide {
        first.to_string().len().max(last.to_string().len())
    } else {
        0
    };
    let mut texts = Vec::new();
    let mut value = first;
    while (step > 0 && value <= last || step < 0 && value >= last) && texts.len() < 1_000_000 {
        texts.push(format!("{value:0>width$}"));
        value = value.saturating_add(step);
    }
    if !texts.is_empty() {
        ctx.print(&format!("{}\n", texts.join(&separator)));
    }
    Outcome::Exit(0)
}
