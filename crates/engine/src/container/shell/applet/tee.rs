//! `tee`: copies standard input to files and on, as it comes.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let append = ctx.args().iter().any(|a| a == "-a");
    let files: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| !a.starts_with('-'))
        .cloned()
        .collect();
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
