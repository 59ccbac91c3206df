//! `nproc`: four cores, as on the recorded nodes.

use super::{Ctx, Outcome, Takes};

/// Cores of a recorded node.
const CORES: u64 = 4;

static TAKES: Takes = Takes::letters("", "", "[--all] [--ignore=N]").long("all ignore:");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let ignored = given.value("ignore").unwrap_or("0");
    let Ok(ignored) = ignored.parse::<u64>() else {
        return ctx.fail(&format!("invalid number '{ignored}'"), 1);
    };
    let cores = CORES.saturating_sub(ignored).max(1);
    ctx.print(&format!("{cores}\n"));
    Outcome::Exit(0)
}
