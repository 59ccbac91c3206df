//! `df`: the container's root, as large as the recorded nodes' disk.

use super::human::human;
use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("Pkmh", "TaiB:t:", "[FILESYSTEM]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let (used, free, share) = if ctx.world.disk_full {
        (264_212_084_u64, 0_u64, 100)
    } else {
        (52_842_416, 211_369_668, 20)
    };
    let sizes = [264_212_084, used, free];
    let (title, texts) = match (given.has("h"), given.has("m")) {
        (true, _) => ("     Size", sizes.map(|kib| human(kib << 10))),
        (_, true) => (
            "1M-blocks",
            sizes.map(|kib| kib.div_ceil(1_024).to_string()),
        ),
        _ => ("1K-blocks", sizes.map(|kib| kib.to_string())),
    };
    let (title, share_title) = match given.has("P") {
        true => ("1024-blocks", "Capacity"),
        false => (title, "Use%"),
    };
    ctx.print(&format!(
        "Filesystem           {title}      Used Available {share_title} Mounted on\n"
    ));
    let [size, used, free] = texts;
    let row = format!("overlay              {size:>9} {used:>9} {free:>9} {share:>3}% /\n");
    let cwd = ctx.cwd();
    let mut code = 0;
    for name in &given.operands {
        if ctx.files().is_some_and(|files| files.exists(&cwd, name)) {
            ctx.print(&row);
        } else {
            ctx.complain(&format!("{name}: can't find mount point"));
            code = 1;
        }
    }
    if given.operands.is_empty() {
        ctx.print(&row);
    }
    Outcome::Exit(code)
}
