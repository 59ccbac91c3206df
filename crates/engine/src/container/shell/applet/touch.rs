//! `touch`.

use super::{Ctx, Given, Outcome, Takes};
use crate::time::{Duration, Instant};

static TAKES: Takes = Takes::letters("cd:r:", "ahmt:", "FILE...")
    .long("date=d no-create=c no-dereference=h reference=r");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if given.operands.is_empty() {
        return ctx.usage(&TAKES);
    }
    let at = match given.has("d") || given.has("r") {
        true => match moment(ctx, &given) {
            Ok(at) => at,
            Err(outcome) => return outcome,
        },
        false => ctx.now,
    };
    let cwd = ctx.cwd();
    let mut code = 0;
    for name in &given.operands {
        let Some(mut files) = ctx.files() else {
            break;
        };
        let found = files.find(&cwd, name).map(|(path, _)| path);
        if given.has("c") && found.is_err() {
            continue;
        }
        let touched = match found {
            Ok(path) => files.touch(&path, at),
            Err(_) => {
                files
                    .create(&cwd, name, false)
                    .and_then(|path| match given.list.is_empty() {
                        true => Ok(()),
                        false => files.touch(&path, at),
                    })
            }
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

/// The moment of `-d` or `-r`.
fn moment(ctx: &mut Ctx<'_>, given: &Given) -> Result<Instant, Outcome> {
    if let Some(text) = given.value("d") {
        let secs = super::date::parse(ctx, text)?;
        let start = ctx.world.clock.unix_secs(Instant::ZERO);
        let since = u64::try_from(secs - start).ok();
        let since = since.filter(|s| *s < 1 << 33);
        return match since {
            Some(since) => Ok(Instant::ZERO + Duration::from_secs(since)),
            None => Err(ctx.not_simulated("a time before the beginning of the run")),
        };
    }
    let name = given.value("r").unwrap_or("");
    ctx.modified(name).ok_or_else(|| {
        let text = format!("can't stat '{name}': No such file or directory");
        ctx.fail(&text, 1)
    })
}
