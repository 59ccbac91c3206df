//! `cat`: copies files or standard input, the latter as it comes.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("nbu", "vteA", "[FILE]...");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    ctx.write_direct();
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if given.has("n") || given.has("b") {
        return numbered(ctx, &given.operands, given.has("b"));
    }
    let files = given.operands;
    if files.is_empty() || files == ["-"] {
        return stream(ctx);
    }
    let mut code = 0;
    for name in files {
        let bytes = match name.as_str() {
            "-" => match ctx.stdin() {
                Some(bytes) => Ok(bytes),
                None => return Outcome::Input(ctx.input.bytes.take().unwrap_or_default()),
            },
            name => ctx.read_file(name),
        };
        match bytes {
            Ok(bytes) => ctx.print_bytes(&bytes),
            Err(errno) => {
                ctx.complain_open(&name, errno);
                code = 1;
            }
        }
    }
    Outcome::Exit(code)
}

/// `-n` and `-b`: lines with their numbers, the latter those that are not empty.
fn numbered(ctx: &mut Ctx<'_>, files: &[String], filled: bool) -> Outcome {
    let inputs = match ctx.inputs(files) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let mut number = 0;
    for text in inputs.lines() {
        if filled && text.is_empty() {
            ctx.print("\n");
            continue;
        }
        number += 1;
        ctx.print(&format!("{number:>6}\t{text}\n"));
    }
    Outcome::Exit(inputs.exit_code())
}

/// Standard input, as far as it is there.
fn stream(ctx: &mut Ctx<'_>) -> Outcome {
    if let Some(bytes) = ctx.input.bytes.take() {
        ctx.print_bytes(&bytes);
        return match ctx.input.done {
            true => Outcome::Exit(0),
            false => Outcome::Input(Vec::new()),
        };
    }
    match ctx.stdin() {
        Some(bytes) => {
            ctx.print_bytes(&bytes);
            Outcome::Exit(0)
        }
        None => Outcome::Input(Vec::new()),
    }
}
