//! `uname`: the recorded nodes' kernel.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let node = ctx.world.place.hostname.clone();
    let parts = [
        ('s', "Linux"),
        ('n', &*node),
        ('r', "6.1.0"),
        ('v', "#1 SMP"),
        ('m', "x86_64"),
        ('o', "GNU/Linux"),
    ];
    let mut letters: String = ctx
        .args()
        .iter()
        .map(|a| a.trim_start_matches('-'))
        .collect();
    if letters.is_empty() {
        letters.push('s');
    }
    let all = letters.contains('a');
    let shown: Vec<&str> = parts
        .iter()
        .filter(|(letter, _)| all || letters.contains(*letter))
        .map(|(_, text)| *text)
        .collect();
    ctx.print(&format!("{}\n", shown.join(" ")));
    Outcome::Exit(0)
}
