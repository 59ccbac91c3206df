//! `whoami`.

use super::id::user_name;
use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
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
