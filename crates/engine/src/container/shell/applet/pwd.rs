//! `pwd`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let line = format!("{}\n", ctx.cwd());
    ctx.print(&line);
    Outcome::Exit(0)
}
