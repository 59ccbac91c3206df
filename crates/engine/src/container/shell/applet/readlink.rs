//! `readlink` and `realpath`.

use super::{Ctx, Given, Outcome, Takes};
use crate::container::filesystem::Content;

static TAKES: Takes = Takes::letters("fnv", "", "FILE");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let several = ctx.is_gnu() && !given.operands.is_empty();
    if given.operands.len() != 1 && !several {
        return ctx.usage(&TAKES);
    }
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in &given.operands {
        let target = ctx.files().and_then(|files| {
            let path = files.resolve(&cwd, name, given.has("f")).ok()?;
            match files.node(&path).map(|node| &node.content) {
                _ if given.has("f") => Some(path),
                Some(Content::Symlink(target)) => Some(target.to_string()),
                _ => None,
            }
        });
        match target {
            Some(target) => {
                let end = if given.has("n") { "" } else { "\n" };
                ctx.print(&format!("{target}{end}"));
            }
            None => {
                complain(ctx, name, &given);
                code = 1;
            }
        }
    }
    Outcome::Exit(code)
}

/// `-v`: why there is no answer.
fn complain(ctx: &mut Ctx<'_>, name: &str, given: &Given) {
    if !given.has("v") {
        return;
    }
    let cwd = ctx.cwd();
    let there = ctx.files().is_some_and(|files| files.exists(&cwd, name));
    let why = match there {
        true => "Invalid argument",
        false => "No such file or directory",
    };
    ctx.complain(&format!("{name}: cannot read link: {why}"));
}

/// Has no options in BusyBox: what begins with a dash is a name.
pub fn realpath(ctx: &mut Ctx<'_>) -> Outcome {
    let names = ctx.args();
    if ctx.is_gnu() && names.iter().any(|n| n.starts_with('-')) {
        return ctx.not_simulated("its options");
    }
    if names.is_empty() {
        return ctx.usage(&Takes::letters("", "", "FILE..."));
    }
    let mut code = 0;
    let cwd = ctx.cwd();
    for name in names {
        let Some(files) = ctx.files() else {
            break;
        };
        match files.find(&cwd, name).map(|(path, _)| path) {
            Ok(path) => ctx.print(&format!("{path}\n")),
            Err(errno) => {
                ctx.complain(&format!("{name}: {}", errno.text()));
                code = 1;
            }
        }
    }
    Outcome::Exit(code)
}
