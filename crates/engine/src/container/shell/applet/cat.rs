//! `cat`: copies files or standard input, the latter as it comes.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    ctx.write_direct();
    let number = ctx.args().iter().any(|a| a == "-n");
    let files: Vec<String> = ctx
        .args()
        .iter()
        .filter(|a| *a == "-" || !a.starts_with('-'))
        .cloned()
        .collect();
    if (files.is_empty() || files == ["-"]) && !number {
        return stream(ctx);
    }
    let mut code = 0;
    let mut line = 0;
    for name in files {
        let bytes = if name == "-" {
            ctx.stdin()
                .ok_or(crate::container::filesystem::Errno::NoEntry)
        } else {
            ctx.read_file(&name)
        };
        match bytes {
            Ok(bytes) if number => {
                for text in super::lines_of(&bytes) {
                    line += 1;
                    ctx.print(&format!("{line:>6}\t{text}\n"));
                }
            }
            Ok(bytes) => ctx.print_bytes(&bytes),
            Err(errno) => {
                ctx.complain_open(&name, errno);
                code = 1;
            }
        }
    }
    Outcome::Exit(code)
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
