//! `mv`.

use super::cp::into_directory;
use super::rm::remove;
use super::{Ctx, Outcome};
use crate::container::filesystem::{absolute, Errno, FsView};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let names: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| !a.starts_with('-'))
        .cloned()
        .collect();
    let Some((target, sources)) = names.split_last().filter(|(_, s)| !s.is_empty()) else {
        ctx.complain_raw("BusyBox v1.35.0 multi-call binary.\n\nUsage: mv SOURCE... DEST\n");
        return Outcome::Exit(1);
    };
    let cwd = ctx.cwd();
    let mut code = 0;
    for source in sources {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let target = into_directory(&files, &cwd, target, source);
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
