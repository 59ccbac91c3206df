//! `hostname`: the Pod's name.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("sif", "dF:", "[HOSTNAME]");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if !given.operands.is_empty() {
        return ctx.fail("sethostname: Operation not permitted", 1);
    }
    let place = ctx.world.place.clone();
    let text = match given.has("i") {
        true => &place.ip,
        false => &place.hostname,
    };
    ctx.print(&format!("{text}\n"));
    Outcome::Exit(0)
}
