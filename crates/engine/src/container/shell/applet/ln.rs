//! `ln`: symbolic links; a hard link is a copy, as files have one name here.

use super::cp::into_directory;
use super::{Ctx, Outcome};
use crate::container::filesystem::absolute;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut symbolic, mut force) = (false, false);
    let mut names = Vec::new();
    for arg in ctx.args() {
        match arg.strip_prefix('-') {
            Some(letters) => {
                symbolic |= letters.contains('s');
                force |= letters.contains('f');
            }
            None => names.push(arg.clone()),
        }
    }
    let [target, link] = names.as_slice() else {
        return ctx.fail("needs a target and a name", 1);
    };
    let cwd = ctx.cwd();
    let Some(mut files) = ctx.files() else {
        return Outcome::Exit(1);
    };
    let link = into_directory(&files, &cwd, link, target);
    if force {
        let _ = files.unlink(&cwd, &link);
    }
    let result = if symbolic {
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
    match result {
        Ok(()) => Outcome::Exit(0),
        Err(errno) => ctx.fail(&format!("{link}: {}", errno.text()), 1),
    }
}
