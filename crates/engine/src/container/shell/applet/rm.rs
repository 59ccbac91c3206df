//! `rm`.

use super::{Ctx, Outcome};
use crate::container::filesystem::{absolute, Errno, FsView};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut force, mut recursive) = (false, false);
    let mut names = Vec::new();
    let mut options = true;
    for arg in ctx.args() {
        match arg.strip_prefix('-').filter(|o| options && !o.is_empty()) {
            Some("-") => options = false,
            Some(letters) => {
                force |= letters.contains('f');
                recursive |= letters.contains(['r', 'R']);
            }
            None => names.push(arg.clone()),
        }
    }
    if names.is_empty() && !force {
        ctx.complain_raw("BusyBox v1.35.0 multi-call binary.\n\nUsage: rm [-irf] FILE...\n");
        return Outcome::Exit(1);
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
