//! `tee`: copies standard input to files and on, as it comes.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("ai", "", "[FILE]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let (append, files) = (given.has("a"), given.operands);
    let (bytes, done) = match ctx.input.bytes.take() {
        Some(bytes) => (bytes, ctx.input.done),
        None => match ctx.stdin() {
            Some(bytes) => (bytes, true),
            None => (Vec::new(), false),
        },
    };
    let cwd = ctx.cwd();
    let first = !ctx.input.resumed;
    let mut code = 0;
    for name in files {
        let Some(mut view) = ctx.files() else {
            continue;
        };
        let written = view
            .create(&cwd, &name, first && !append)
            .and_then(|path| view.append(&path, &bytes));
        if let Err(errno) = written {
            ctx.complain(&format!("{name}: {}", errno.text()));
            code = 1;
        }
    }
    ctx.print_bytes(&bytes);
    match done {
        true => Outcome::Exit(code),
        false => Outcome::Input(Vec::new()),
    }
}
