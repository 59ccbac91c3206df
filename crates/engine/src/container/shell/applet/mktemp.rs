//! `mktemp`.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let directory = ctx.args().iter().any(|a| a == "-d");
    let template = ctx
        .args()
        .iter()
        .find(|a| !a.starts_with('-'))
        .cloned()
        .unwrap_or_else(|| "/tmp/tmp.XXXXXX".to_string());
    let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut draw = ctx
        .world
        .machine_mut(ctx.caller.container)
        .map_or(0, |m| m.draw());
    let path: String = template
        .chars()
        .map(|c| {
            if c != 'X' {
                return c;
            }
            let at = usize::try_from(draw % letters.len() as u64).unwrap_or(0);
            draw /= letters.len() as u64;
            char::from(letters[at])
        })
        .collect();
    let cwd = ctx.cwd();
    let made = ctx.files().map(|mut files| match directory {
        true => files.mkdir(&cwd, &path),
        false => files.create(&cwd, &path, true).map(|_| ()),
    });
    match made {
        Some(Ok(())) => {
            ctx.print(&format!("{path}\n"));
            Outcome::Exit(0)
        }
        _ => ctx.fail(&format!("{path}: No such file or directory"), 1),
    }
}
