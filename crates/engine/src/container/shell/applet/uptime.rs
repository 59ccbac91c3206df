//! `uptime`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("", "", "");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    if let Err(outcome) = ctx.options(&TAKES) {
        return outcome;
    }
    let c = ctx.world.clock.calendar(ctx.now);
    let minutes = ctx.now.as_secs() / 60;
    ctx.print(&format!(
        " {:02}:{:02}:{:02} up {minutes} min,  0 users,  load average: 0.00, 0.00, 0.00\n",
        c.hour, c.minute, c.second
    ));
    Outcome::Exit(0)
}
