//! `seq`: whole numbers.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut separator = "\n".to_string();
    let mut wide = false;
    let mut numbers: Vec<i64> = Vec::new();
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-s" => separator = args.next().cloned().unwrap_or_default(),
            "-w" => wide = true,
            text if text.starts_with("-s") => separator = text[2..].to_string(),
            text => match text.parse() {
                Ok(number) => numbers.push(number),
                Err(_) => return ctx.fail(&format!("invalid number '{text}'"), 1),
            },
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] if *step != 0 => (*first, *step, *last),
        _ => return ctx.fail("needs one to three numbers", 1),
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
