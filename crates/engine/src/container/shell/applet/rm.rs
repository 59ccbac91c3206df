//! `rm`.

use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{absolute, Errno, FsView};

static TAKES: Takes = Takes::letters("frR", "i", "FILE...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let force = given.has("f");
    let recursive = given.has("r") || given.has("R");
    let names = given.operands;
    if names.is_empty() && !force {
        return ctx.usage(&TAKES);
    }
    let mut code = 0;
    let gnu = ctx.is_gnu();
    let cwd = ctx.cwd();
    for name in names {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let last = name.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        if last == "." || last == ".." {
            ctx.complain("can't remove '.' or '..'");
            code = 1;
            continue;
        }
        let result = remove(&mut files, &absolute(&cwd, &name), recursive, 0);
        let text = match result {
            Ok(()) => continue,
            Err(Errno::NoEntry) if force => continue,
            Err(Errno::IsDirectory) if gnu => format!("cannot remove '{name}': Is a directory"),
            Err(Errno::IsDirectory) => format!("'{name}' is a directory"),
            Err(errno) if gnu => format!("cannot remove '{name}': {}", errno.text()),
            Err(errno) => format!("can't remove '{name}': {}", errno.text()),
        };
        ctx.complain(&text);
        code = 1;
    }
    Outcome::Exit(code)
}

/// Removes a file, or a tree with `recursive`.
pub fn remove(
    files: &mut FsView<'_>,
    path: &str,
    recursive: bool,
    depth: u32,
) -> Result<(), Errno> {
    match files.unlink("/", path) {
        Err(Errno::IsDirectory) if recursive && depth < 64 => {
            let canonical = files.resolve("/", path, false)?;
            for name in files.list(&canonical) {
                remove(files, &absolute(&canonical, &name), true, depth + 1)?;
            }
            files.rmdir("/", &canonical)
        }
        result => result,
    }
}
