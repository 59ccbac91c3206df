//! `whoami`.

use super::id::user_name;
use super::{Ctx, Outcome, Takes};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    if !ctx.args().is_empty() {
        return ctx.usage(&Takes::letters("", "", ""));
    }
    match user_name(ctx.caller.uid) {
        Some(name) => {
            ctx.print(&format!("{name}\n"));
            Outcome::Exit(0)
        }
        None => {
            let uid = ctx.caller.uid;
            ctx.fail(&format!("unknown uid {uid}"), 1)
        }
    }
}
