//! `ln`: symbolic links; a hard link is a copy, as files have one name here.

use super::cp::into_directory;
use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{absolute, file_name};

static TAKES: Takes = Takes::letters("sfnT", "bS:v", "TARGET... LINK|DIR");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let mut targets = given.operands.clone();
    let link = match targets.len() {
        0 => return ctx.usage(&TAKES),
        1 => file_name(&targets[0]).to_string(),
        _ => targets.pop().unwrap_or_default(),
    };
    let cwd = ctx.cwd();
    let mut code = 0;
    for target in &targets {
        let Some(mut files) = ctx.files() else {
            return Outcome::Exit(1);
        };
        let at_link = files.resolve(&cwd, &link, false).ok();
        let is_link = at_link.and_then(|p| files.node(&p).map(|n| !n.is_directory()));
        let link = match given.has("T") || given.has("n") && is_link == Some(true) {
            true => link.clone(),
            false => into_directory(&files, &cwd, &link, target),
        };
        if given.has("f") {
            let _ = files.unlink(&cwd, &link);
        }
        let result = if given.has("s") {
            files.symlink(&cwd, target, &link)
        } else {
            files
                .find(&cwd, target)
                .map(|(_, node)| node.clone())
                .and_then(|node| {
                    let path = files.resolve("/", &absolute(&cwd, &link), false)?;
                    files.place(&path, node)
                })
        };
        if let Err(errno) = result {
            ctx.complain(&format!("{link}: {}", errno.text()));
            code = 1;
        }
    }
    Outcome::Exit(code)
}
