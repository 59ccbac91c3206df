//! `sleep` and `usleep`.

use super::{Ctx, Outcome, Takes};
use crate::go_format::decimal_times as decimal;
use crate::time::{Duration, NANOS_PER_SEC};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args = ctx.args();
    if args.is_empty() {
        return ctx.usage(&Takes::letters("", "", "[N]..."));
    }
    let mut total = Duration::ZERO;
    for arg in args {
        if arg == "infinity" {
            return Outcome::Forever;
        }
        let Some(span) = seconds(arg) else {
            return ctx.fail(&format!("invalid number '{arg}'"), 1);
        };
        total = total + span;
    }
    if total == Duration::ZERO {
        return Outcome::Exit(0);
    }
    Outcome::exit_at(ctx.now + total, 0)
}

pub fn usleep(ctx: &mut Ctx<'_>) -> Outcome {
    let Some(text) = ctx.args().first() else {
        return ctx.usage(&Takes::letters("", "", "N"));
    };
    let Ok(micros) = text.parse() else {
        return ctx.fail(&format!("invalid number '{text}'"), 1);
    };
    Outcome::exit_at(ctx.now + Duration::from_micros(micros), 0)
}

/// `1.5`, `2m`, `1h`, `1d`.
pub fn seconds(text: &str) -> Option<Duration> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 's') => (&text[..at], 1),
        (at, 'm') => (&text[..at], 60),
        (at, 'h') => (&text[..at], 3_600),
        (at, 'd') => (&text[..at], 86_400),
        _ => (text, 1),
    };
    decimal(number, NANOS_PER_SEC * unit).map(Duration)
}
