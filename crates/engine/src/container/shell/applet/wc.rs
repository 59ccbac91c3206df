//! `wc`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut letters = String::new();
    let mut names = Vec::new();
    for arg in ctx.args() {
        match arg.strip_prefix('-').filter(|l| !l.is_empty()) {
            Some(l) => letters.push_str(l),
            None => names.push(arg.clone()),
        }
    }
    let inputs = match ctx.inputs(&names) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let all = letters.is_empty();
    let mut totals = [0; 4];
    let mut rows: Vec<([usize; 4], String)> = Vec::new();
    for (name, bytes) in &inputs.files {
        let text = String::from_utf8_lossy(bytes);
        let counts = [
            bytes.iter().filter(|b| **b == b'\n').count(),
            text.split_whitespace().count(),
            bytes.len(),
            text.chars().count(),
        ];
        for (total, count) in totals.iter_mut().zip(counts) {
            *total += count;
        }
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
    let chosen: Vec<usize> = [('l', 0), ('w', 1), ('m', 3), ('c', 2)]
        .iter()
        .filter(|(letter, _)| letters.contains(*letter) || all && *letter != 'm')
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
