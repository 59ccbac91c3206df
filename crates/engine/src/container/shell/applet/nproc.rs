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
    let ignored = match given.number("ignore") {
        Ok(ignored) => ignored.unwrap_or(0),
        Err(text) => return ctx.fail(&text, 1),
    };
    let cores = CORES.saturating_sub(ignored).max(1);
    ctx.print(&format!("{cores}\n"));
    Outcome::Exit(0)
}
