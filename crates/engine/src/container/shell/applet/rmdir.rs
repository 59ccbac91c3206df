//! `rmdir`.

use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::Errno;

static TAKES: Takes =
    Takes::letters("p", "", "DIRECTORY...").long("ignore-fail-on-non-empty parents=p !verbose");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if given.operands.is_empty() {
        return ctx.usage(&TAKES);
    }
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in &given.operands {
        let mut path = name.as_str();
        while let Some(mut files) = ctx.files() {
            match files.rmdir(&cwd, path) {
                Ok(()) => {}
                Err(Errno::NotEmpty) if given.has("ignore-fail-on-non-empty") => break,
                Err(errno) => {
                    ctx.complain(&format!("'{path}': {}", errno.text()));
                    code = 1;
                    break;
                }
            }
            match path.trim_end_matches('/').rsplit_once('/') {
                Some((above, _)) if given.has("p") && !above.is_empty() => path = above,
                _ => break,
            }
        }
    }
    Outcome::Exit(code)
}
