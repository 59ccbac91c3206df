//! `cp`.

use super::{Ctx, Given, Outcome, Takes};
use crate::container::filesystem::{absolute, file_name, Content, Errno, FsView, Node};

static TAKES: Takes = Takes::letters("aRrdPLpfnTt:", "Hilsu", "SOURCE... DEST").long(
    "archive=a dereference=L force=f interactive=i link=l no-clobber=n no-dereference=P \
     no-target-directory=T !parents recursive=R symbolic-link=s target-directory=t update=u \
     !verbose !remove-destination",
);

/// What is copied, and how.
#[derive(Clone, Copy)]
struct Wishes {
    recursive: bool,
    /// Symbolic links are followed.
    follow: bool,
    /// Modes, owners and times stay.
    keep: bool,
    clobber: bool,
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let all = given.has("a");
    let recursive = all || given.has("R") || given.has("r");
    let wishes = Wishes {
        recursive,
        follow: given.has("L") || !(recursive || given.has("d") || given.has("P")),
        keep: all || given.has("p"),
        clobber: !given.has("n"),
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
        let from = absolute(&cwd, source);
        let result = copy(&mut files, &from, &absolute(&cwd, &target), wishes, 0);
        let text = match result {
            Ok(()) => continue,
            Err((true, Errno::IsDirectory)) => format!("'{target}' is a directory"),
            Err((_, Errno::IsDirectory)) => format!("omitting directory '{source}'"),
            Err((false, errno)) => format!("can't stat '{source}': {}", errno.text()),
            Err((true, errno)) => format!("can't create '{target}': {}", errno.text()),
        };
        ctx.complain(&text);
        code = 1;
    }
    Outcome::Exit(code)
}

/// What is copied or moved, and where to: `-t`, or the last operand. None: one of them is missing.
pub fn sources_and_target(given: &Given) -> Option<(Vec<String>, String)> {
    let mut sources = given.operands.clone();
    let target = match given.value("t") {
        Some(target) => target.to_string(),
        None => sources.pop()?,
    };
    (!sources.is_empty()).then_some((sources, target))
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
    wishes: Wishes,
    depth: u32,
) -> Result<(), (bool, Errno)> {
    let path = files
        .resolve("/", from, wishes.follow)
        .map_err(|e| (false, e))?;
    let node = files.node(&path).cloned().ok_or((false, Errno::NoEntry))?;
    if node.is_directory() {
        if !wishes.recursive || depth > 64 {
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
                wishes,
                depth + 1,
            )?;
        }
        keep(files, to, &node, wishes);
        return Ok(());
    }
    let existed = files.exists("/", to);
    if existed && !wishes.clobber {
        return Ok(());
    }
    let bytes = match &node.content {
        Content::File(bytes) => bytes.clone(),
        _ => {
            let target = files.resolve("/", to, false).map_err(|e| (true, e))?;
            files.place(&target, node.clone()).map_err(|e| (true, e))?;
            keep(files, &target, &node, wishes);
            return Ok(());
        }
    };
    // Not even its owner reads what has no permission for it.
    files.read("/", &path).map_err(|e| (false, e))?;
    files.write("/", to, &bytes).map_err(|e| (true, e))?;
    if !existed {
        if let Ok(target) = files.resolve("/", to, true) {
            let _ = files.chmod(&target, node.mode & 0o777);
        }
    }
    keep(files, to, &node, wishes);
    Ok(())
}

/// `-p`: what the copy keeps of the original.
fn keep(files: &mut FsView<'_>, to: &str, node: &Node, wishes: Wishes) {
    if !wishes.keep {
        return;
    }
    if let Ok(target) = files.resolve("/", to, false) {
        let _ = files.chmod(&target, node.mode);
        if files
            .chown(&target, Some(node.uid), Some(node.gid))
            .is_err()
        {
            let _ = files.chown(&target, None, Some(node.gid));
        }
        let _ = files.touch(&target, node.modified);
    }
}
