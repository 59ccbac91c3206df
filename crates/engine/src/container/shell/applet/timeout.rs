//! `timeout`: runs a command and ends it at a moment.

use super::sleep::seconds;
use super::{Ctx, Outcome};
use crate::container::signal::Signal;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let args = ctx.args();
    let mut signal = Signal::TERM;
    let mut at = 0;
    let mut after = None;
    while let Some(arg) = args.get(at) {
        match arg.as_str() {
            "-s" => {
                at += 1;
                signal = args
                    .get(at)
                    .and_then(|s| Signal::parse(s))
                    .unwrap_or(signal);
            }
            "-k" => at += 1,
            "-t" => {
                at += 1;
                after = args.get(at).and_then(|s| seconds(s));
            }
            _ if arg.starts_with('-') => {}
            _ => break,
        }
        at += 1;
    }
    if after.is_none() {
        after = args.get(at).and_then(|s| seconds(s));
        at += 1;
    }
    let (Some(after), Some(argv)) = (after, args.get(at..).filter(|a| !a.is_empty())) else {
        return ctx.fail("usage: timeout [-s SIG] SECS PROG ARGS", 1);
    };
    Outcome::Guard {
        argv: argv.to_vec(),
        at: ctx.now + after,
        signal: signal.0,
    }
}
