//! `rmdir`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in ctx.args().iter().filter(|a| !a.starts_with('-')) {
        let Some(mut files) = ctx.files() else {
            break;
        };
        if let Err(errno) = files.rmdir(&cwd, name) {
            ctx.complain(&format!("'{name}': {}", errno.text()));
            code = 1;
        }
    }
    Outcome::Exit(code)
}
