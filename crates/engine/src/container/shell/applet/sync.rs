//! `sync`: nothing to do.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("df", "", "[FILE]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    match ctx.options(&TAKES) {
        Ok(_) => Outcome::Exit(0),
        Err(outcome) => outcome,
    }
}
