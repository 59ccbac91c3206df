//! `mkdir`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut parents = false;
    let mut code = 0;
    let mut args = ctx.args().iter();
    let mut names = Vec::new();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-p" => parents = true,
            "-m" => {
                args.next();
            }
            name if name.starts_with('-') => parents |= name.contains('p'),
            name => names.push(name.to_string()),
        }
    }
    let cwd = ctx.cwd();
    for name in names {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let mut result = Ok(());
        if parents {
            let mut at = 0;
            while at < name.len() {
                let end = name[at + 1..].find('/').map_or(name.len(), |e| at + 1 + e);
                let part = &name[..end];
                if !files
                    .find(&cwd, part)
                    .is_ok_and(|(_, node)| node.is_directory())
                {
                    result = files.mkdir(&cwd, part);
                    if result.is_err() {
                        break;
                    }
                }
                at = end;
            }
        } else {
            result = files.mkdir(&cwd, &name);
        }
        if let Err(errno) = result {
            let text = if ctx.is_gnu() {
                format!("cannot create directory '{name}': {}", errno.text())
            } else {
                format!("can't create directory '{name}': {}", errno.text())
            };
            ctx.complain(&text);
            code = 1;
        }
    }
    Outcome::Exit(code)
}
