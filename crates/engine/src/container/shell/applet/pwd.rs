//! `pwd`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("LP", "", "");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    if let Err(outcome) = ctx.options(&TAKES) {
        return outcome;
    }
    let line = format!("{}\n", ctx.cwd());
    ctx.print(&line);
    Outcome::Exit(0)
}
