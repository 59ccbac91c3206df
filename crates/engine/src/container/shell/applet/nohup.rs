//! `nohup`: there is no terminal to hang up.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    match ctx.args() {
        [] => ctx.fail("usage: nohup PROG ARGS", 127),
        argv => Outcome::Exec {
            argv: argv.to_vec(),
            env: ctx.caller.env.clone(),
        },
    }
}
