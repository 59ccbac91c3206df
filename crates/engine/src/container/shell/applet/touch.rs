//! `touch`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let no_create = ctx.args().iter().any(|a| a == "-c");
    let mut code = 0;
    let mut args = ctx.args().iter();
    while let Some(name) = args.next() {
        if matches!(name.as_str(), "-d" | "-t" | "-r") {
            args.next();
            continue;
        }
        if name.starts_with('-') {
            continue;
        }
        let cwd = ctx.cwd();
        let Some(mut files) = ctx.files() else {
            break;
        };
        if no_create && !files.exists(&cwd, name) {
            continue;
        }
        let touched = match files
            .find(&cwd, name)
            .map(|(path, node)| (path, node.is_directory()))
        {
            Ok((path, _)) => {
                files.touch(&path);
                Ok(path)
            }
            Err(_) => files.create(&cwd, name, false),
        };
        if let Err(errno) = touched {
            let text = if ctx.is_gnu() {
                format!("cannot touch '{name}': {}", errno.text())
            } else {
                format!("{name}: {}", errno.text())
            };
            ctx.complain(&text);
            code = 1;
        }
    }
    Outcome::Exit(code)
}
