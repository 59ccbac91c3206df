//! `hostname`: the Pod's name.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let place = ctx.world.place.clone();
    let text = match ctx.args().first().map(String::as_str) {
        Some("-i") => &place.ip,
        Some("-s") | None | Some("-f") => &place.hostname,
        Some(_) => return ctx.fail("sethostname: Operation not permitted", 1),
    };
    ctx.print(&format!("{text}\n"));
    Outcome::Exit(0)
}
