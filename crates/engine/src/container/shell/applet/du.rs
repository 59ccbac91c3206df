//! `du`: bytes of a tree in KiB.

use super::{Ctx, Outcome};
use crate::container::filesystem::{absolute, FsView};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut names: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| !a.starts_with('-'))
        .cloned()
        .collect();
    if names.is_empty() {
        names.push(".".to_string());
    }
    let cwd = ctx.cwd();
    let mut code = 0;
    for name in names {
        let Some(files) = ctx.files() else {
            break;
        };
        match files.find(&cwd, &name).map(|(path, _)| path) {
            Ok(path) => {
                let total = kibibytes(&files, &path, 0);
                ctx.print(&format!("{total}\t{name}\n"));
            }
            Err(errno) => {
                ctx.complain(&format!("{name}: {}", errno.text()));
                code = 1;
            }
        }
    }
    Outcome::Exit(code)
}

fn kibibytes(files: &FsView<'_>, path: &str, depth: u32) -> u64 {
    let own = files.node(path).map_or(0, |n| n.size().div_ceil(4_096) * 4);
    if depth > 64 || !files.node(path).is_some_and(|n| n.is_directory()) {
        return own;
    }
    files.list(path).iter().fold(own, |sum, name| {
        sum + kibibytes(files, &absolute(path, name), depth + 1)
    })
}
