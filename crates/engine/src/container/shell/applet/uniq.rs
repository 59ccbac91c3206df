//! `uniq`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let letters: String = ctx
        .args()
        .iter()
        .filter_map(|a| a.strip_prefix('-'))
        .collect();
    let names: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| !a.starts_with('-'))
        .take(1)
        .cloned()
        .collect();
    let inputs = match ctx.inputs(&names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let mut groups: Vec<(usize, String)> = Vec::new();
    for line in inputs.lines() {
        match groups.last_mut() {
            Some((count, last)) if *last == line => *count += 1,
            _ => groups.push((1, line)),
        }
    }
    for (count, line) in groups {
        if letters.contains('d') && count == 1 || letters.contains('u') && count > 1 {
            continue;
        }
        if letters.contains('c') {
            ctx.print(&format!("{count:>7} {line}\n"));
        } else {
            ctx.print(&format!("{line}\n"));
        }
    }
    Outcome::Exit(inputs.exit_code())
}
