//! `cp`.

use super::{Ctx, Outcome};
use crate::container::filesystem::{absolute, file_name, Content, Errno, FsView};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let recursive = ctx
        .args()
        .iter()
        .any(|a| a.starts_with('-') && a.contains(['r', 'R', 'a']));
    let names: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| !a.starts_with('-'))
        .cloned()
        .collect();
    let Some((target, sources)) = names.split_last().filter(|(_, s)| !s.is_empty()) else {
        ctx.complain_raw("BusyBox v1.35.0 multi-call binary.\n\nUsage: cp SOURCE... DEST\n");
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
        let result = copy(&mut files, &from, &absolute(&cwd, &target), recursive, 0);
        let text = match result {
            Ok(()) => continue,
            Err((_, Errno::IsDirectory)) => format!("omitting directory '{source}'"),
            Err((false, errno)) => format!("can't stat '{source}': {}", errno.text()),
            Err((true, errno)) => format!("can't create '{target}': {}", errno.text()),
        };
        ctx.complain(&text);
        code = 1;
    }
    Outcome::Exit(code)
}

/// The target of a copy: inside it, if it is a directory.
pub fn into_directory(files: &FsView<'_>, cwd: &str, target: &str, source: &str) -> String {
    match files.find(cwd, target) {
        Ok((_, node)) if node.is_directory() => {
            format!("{}/{}", target.trim_end_matches('/'), file_name(source))
        }
        _ => target.to_string(),
    }
}

/// Copies a file or tree. Err: whether the target was at fault, and why.
fn copy(
    files: &mut FsView<'_>,
    from: &str,
    to: &str,
    recursive: bool,
    depth: u32,
) -> Result<(), (bool, Errno)> {
    let (path, node) = files
        .find("/", from)
        .map(|(path, node)| (path, node.clone()))
        .map_err(|e| (false, e))?;
    if node.is_directory() {
        if !recursive || depth > 64 {
            return Err((false, Errno::IsDirectory));
        }
        if !files.exists("/", to) {
            files.mkdir("/", to).map_err(|e| (true, e))?;
        }
        for name in files.list(&path) {
            copy(
                files,
                &absolute(&path, &name),
                &absolute(to, &name),
                true,
                depth + 1,
            )?;
        }
        return Ok(());
    }
    let bytes = match &node.content {
        Content::File(bytes) => bytes.clone(),
        _ => {
            let target = files.resolve("/", to, true).map_err(|e| (true, e))?;
            return files.place(&target, node).map_err(|e| (true, e));
        }
    };
    let existed = files.exists("/", to);
    files.write("/", to, &bytes).map_err(|e| (true, e))?;
    if !existed {
        if let Ok(target) = files.resolve("/", to, true) {
            let _ = files.chmod(&target, node.mode);
        }
    }
    Ok(())
}
