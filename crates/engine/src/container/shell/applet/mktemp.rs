//! `mktemp`.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes =
    Takes::letters("dqtp:", "u", "[TEMPLATE]").long("directory=d !dry-run quiet=q !tmpdir::");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let directory = given.has("d");
    let name = given.operands.first().map(String::as_str);
    if given.operands.len() > 1 {
        return ctx.usage(&TAKES);
    }
    let base = match (given.value("p"), ctx.caller.env.get("TMPDIR")) {
        (Some(base), _) => base,
        (None, Some(base)) => base,
        (None, None) => "/tmp",
    };
    let template = match name {
        Some(name) if !given.has("p") && !given.has("t") => name.to_string(),
        name => format!("{base}/{}", name.unwrap_or("tmp.XXXXXX")),
    };
    if !template.ends_with("XXXXXX") {
        return ctx.fail("(null): Invalid argument", 1);
    }
    let kept = template.trim_end_matches('X').len();
    let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut draw = ctx
        .world
        .machine_mut(ctx.caller.container)
        .map_or(0, |m| m.draw());
    let path: String = template
        .char_indices()
        .map(|(place, c)| {
            if place < kept {
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
        _ if given.has("q") => Outcome::Exit(1),
        Some(Err(errno)) => ctx.fail(&format!("(null): {}", errno.text()), 1),
        None => Outcome::Exit(1),
    }
}
