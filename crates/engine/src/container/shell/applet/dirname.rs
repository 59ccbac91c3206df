//! `dirname`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let Some(path) = ctx.args().first() else {
        return ctx.fail("needs a name", 1);
    };
    let trimmed = path.trim_end_matches('/');
    let directory = match trimmed.rfind('/') {
        _ if trimmed.is_empty() && !path.is_empty() => "/",
        None => ".",
        Some(at) => match trimmed[..at].trim_end_matches('/') {
            "" => "/",
            directory => directory,
        },
    };
    let line = format!("{directory}\n");
    ctx.print(&line);
    Outcome::Exit(0)
}
