//! `timeout`: runs a command and ends it at a moment.

use super::sleep::seconds;
use super::{Ctx, Outcome, Takes};
use crate::container::signal::Signal;

static TAKES: Takes = Takes::letters("s:", "k:", "SECS PROG ARGS").leading();

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let signal = match given.value("s").map(|name| (name, Signal::parse(name))) {
        None => Signal::TERM,
        Some((_, Some(signal))) => signal,
        Some((name, None)) => return ctx.fail(&format!("unknown signal '{name}'"), 1),
    };
    let Some((span, argv)) = given.operands.split_first().filter(|(_, a)| !a.is_empty()) else {
        return ctx.usage(&TAKES);
    };
    let Some(after) = seconds(span) else {
        return ctx.fail(&format!("invalid number '{span}'"), 1);
    };
    Outcome::Guard {
        argv: argv.to_vec(),
        at: ctx.now + after,
        signal: signal.0,
    }
}
