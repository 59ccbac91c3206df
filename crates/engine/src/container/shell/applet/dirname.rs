//! `dirname`.

use super::{Ctx, Outcome, Takes};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let [path] = ctx.args() else {
        return ctx.usage(&Takes::letters("", "", "FILENAME"));
    };
    if ctx.is_gnu() && path.starts_with('-') {
        return ctx.not_simulated(path);
    }
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
