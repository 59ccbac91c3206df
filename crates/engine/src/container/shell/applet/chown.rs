//! `chown`: the owner; groups are not kept.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| !a.starts_with('-'))
        .cloned()
        .collect();
    let Some((owner, names)) = args.split_first() else {
        return ctx.fail("needs an owner and files", 1);
    };
    let user = owner.split(':').next().unwrap_or("");
    let uid = match user {
        "" | "root" => 0,
        "nobody" => 65_534,
        text => match text.parse() {
            Ok(uid) => uid,
            Err(_) => return ctx.fail(&format!("unknown user {user}"), 1),
        },
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
