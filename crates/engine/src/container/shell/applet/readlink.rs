//! `readlink` and `realpath`.

use super::{Ctx, Outcome};
use crate::container::filesystem::Content;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let follow = ctx
        .args()
        .iter()
        .any(|a| a.starts_with('-') && a.contains('f'));
    if follow {
        return realpath(ctx);
    }
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in ctx.args().iter().filter(|a| !a.starts_with('-')) {
        let target = ctx.files().and_then(|files| {
            let path = files.resolve(&cwd, name, false).ok()?;
            match &files.node(&path)?.content {
                Content::Symlink(target) => Some(target.to_string()),
                _ => None,
            }
        });
        match target {
            Some(target) => ctx.print(&format!("{target}\n")),
            None => code = 1,
        }
    }
    Outcome::Exit(code)
}

pub fn realpath(ctx: &mut Ctx<'_>) -> Outcome {
    let mut code = 0;
    let cwd = ctx.cwd();
    let quiet = ctx.name == "readlink";
    for name in ctx.args().iter().filter(|a| !a.starts_with('-')) {
        let Some(files) = ctx.files() else {
            break;
        };
        match files.resolve(&cwd, name, true) {
            Ok(path) => ctx.print(&format!("{path}\n")),
            Err(errno) => {
                if !quiet {
                    ctx.complain(&format!("{name}: {}", errno.text()));
                }
                code = 1;
            }
        }
    }
    Outcome::Exit(code)
}
