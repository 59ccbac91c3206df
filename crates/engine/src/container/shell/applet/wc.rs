//! `wc`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("cmlwL", "", "[FILE]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let names = &given.operands;
    let inputs = match ctx.inputs(names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let all = given.list.is_empty();
    let mut totals = [0; 5];
    let mut rows: Vec<([usize; 5], String)> = Vec::new();
    for (name, bytes) in &inputs.files {
        let text = String::from_utf8_lossy(bytes);
        let counts = [
            bytes.iter().filter(|b| **b == b'\n').count(),
            text.split_whitespace().count(),
            bytes.len(),
            text.chars().count(),
            text.lines().map(|l| l.chars().count()).max().unwrap_or(0),
        ];
        for (total, count) in totals.iter_mut().zip(counts).take(4) {
            *total += count;
        }
        totals[4] = totals[4].max(counts[4]);
        let shown = if name == "-" && names.is_empty() {
            ""
        } else {
            name
        };
        rows.push((counts, shown.to_string()));
    }
    if rows.len() > 1 {
        rows.push((totals, "total".to_string()));
    }
    let chosen: Vec<usize> = [("l", 0), ("w", 1), ("m", 3), ("c", 2), ("L", 4)]
        .iter()
        .filter(|(letter, _)| given.has(letter) || all && !matches!(*letter, "m" | "L"))
        .map(|(_, at)| *at)
        .collect();
    for (counts, name) in rows {
        let texts: Vec<String> = if chosen.len() == 1 {
            vec![counts[chosen[0]].to_string()]
        } else {
            chosen
                .iter()
                .map(|at| format!("{:>9}", counts[*at]))
                .collect()
        };
        let gap = if name.is_empty() { "" } else { " " };
        ctx.print(&format!("{}{gap}{name}\n", texts.join(" ")));
    }
    Outcome::Exit(inputs.exit_code())
}
