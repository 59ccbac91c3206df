//! `mkdir`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("m:p", "", "DIRECTORY...").long("mode=m parents=p !verbose");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let mode = given
        .value("m")
        .map(|text| super::chmod::apply(text, 0o777, true));
    if mode == Some(None) {
        let text = given.value("m").unwrap_or("");
        return ctx.fail(&format!("invalid mode '{text}'"), 1);
    }
    if given.operands.is_empty() {
        return ctx.usage(&TAKES);
    }
    let (parents, names) = (given.has("p"), given.operands);
    let mut code = 0;
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
        if let (Ok(()), Some(Some(mode))) = (result, mode) {
            if let Ok(path) = files.resolve(&cwd, &name, true) {
                result = files.chmod(&path, mode);
            }
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
