//! `mv`.

use super::cp::{into_directory, sources_and_target};
use super::rm::remove;
use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::{absolute, Errno, FsView};

static TAKES: Takes = Takes::letters("fnTt:", "i", "SOURCE... DEST")
    .long("force=f interactive=i no-clobber=n no-target-directory=T target-directory=t !verbose");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let Some((sources, target)) = sources_and_target(&given) else {
        return ctx.usage(&TAKES);
    };
    let cwd = ctx.cwd();
    let mut code = 0;
    for source in &sources {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let target = match given.has("T") {
            true => target.clone(),
            false => into_directory(&files, &cwd, &target, source),
        };
        if given.has("n") && files.exists(&cwd, &target) {
            continue;
        }
        let from = absolute(&cwd, source);
        if let Err(errno) = rename(&mut files, &from, &absolute(&cwd, &target), 0) {
            ctx.complain(&format!("can't rename '{source}': {}", errno.text()));
            code = 1;
        }
    }
    Outcome::Exit(code)
}

/// Moves a file or tree: a copy whose source is removed.
fn rename(files: &mut FsView<'_>, from: &str, to: &str, depth: u32) -> Result<(), Errno> {
    let from = files.resolve("/", from, false)?;
    let node = files.node(&from).cloned().ok_or(Errno::NoEntry)?;
    let to = files.resolve("/", to, false)?;
    if from == to {
        return Ok(());
    }
    if depth > 64 || to.starts_with(&format!("{from}/")) {
        return Err(Errno::Invalid);
    }
    if node.is_directory() {
        if !files.exists("/", &to) {
            files.mkdir("/", &to)?;
        }
        for name in files.list(&from) {
            rename(
                files,
                &absolute(&from, &name),
                &absolute(&to, &name),
                depth + 1,
            )?;
        }
        return files.rmdir("/", &from);
    }
    if files.node(&to).is_some_and(|old| !old.is_directory()) {
        remove(files, &to, false, 0)?;
    }
    files.place(&to, node)?;
    files.unlink("/", &from)
}
