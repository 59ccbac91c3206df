//! `basename`.

use super::{Ctx, Outcome};
use crate::container::filesystem::file_name;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let Some(path) = ctx.args().first() else {
        return ctx.fail("needs a name", 1);
    };
    let mut name = file_name(path);
    if let Some(suffix) = ctx.args().get(1) {
        name = name
            .strip_suffix(suffix.as_str())
            .filter(|n| !n.is_empty())
            .unwrap_or(name);
    }
    let line = format!("{name}\n");
    ctx.print(&line);
    Outcome::Exit(0)
}
