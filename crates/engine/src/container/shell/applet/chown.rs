//! `chown`: the owner; groups are not kept.

use super::id::user_id;
use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("f", "RhLHPcv", "USER FILE...")
    .long("!changes !dereference !no-dereference quiet=f recursive=R silent=f !verbose");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let Some((owner, names)) = given.operands.split_first().filter(|(_, n)| !n.is_empty()) else {
        return ctx.usage(&TAKES);
    };
    let user = owner.split(':').next().unwrap_or("");
    let uid = match user {
        "" => Some(0),
        name => user_id(name).or_else(|| name.parse().ok()),
    };
    let Some(uid) = uid else {
        return ctx.fail(&format!("unknown user {user}"), 1);
    };
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in names {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let result = files
            .resolve(&cwd, name, true)
            .and_then(|path| files.chown(&path, uid));
        if let Err(errno) = result {
            ctx.complain(&format!("{name}: {}", errno.text()));
            code = 1;
        }
    }
    Outcome::Exit(code)
}
