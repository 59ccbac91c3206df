//! `kill`.

use super::{Ctx, Outcome};
use crate::container::lifecycle::Delivery;
use crate::container::signal::Signal;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut args = ctx.args();
    let mut signal = Signal::TERM;
    if let Some(first) = args.first() {
        if first == "-l" {
            return list(ctx, &args[1..]);
        }
        if first == "-s" {
            let name = args.get(1).cloned().unwrap_or_default();
            match Signal::parse(&name) {
                Some(found) => signal = found,
                None => return ctx.fail(&format!("bad signal name '{name}'"), 1),
            }
            args = args.get(2..).unwrap_or_default();
        } else if let Some(name) = first.strip_prefix('-').filter(|n| *n != "-") {
            match Signal::parse(name) {
                Some(found) => signal = found,
                None => return ctx.fail(&format!("bad signal name '{name}'"), 1),
            }
            args = &args[1..];
        }
    }
    if args.first().is_some_and(|a| a == "--") {
        args = &args[1..];
    }
    if args.is_empty() {
        return ctx.fail("you need to specify whom to kill", 1);
    }
    let mut code = 0;
    for arg in args {
        let Ok(pid) = arg.parse::<i64>() else {
            ctx.complain(&format!("invalid number '{arg}'"));
            code = 1;
            continue;
        };
        if pid == -1 {
            everyone(ctx, signal);
            continue;
        }
        let pid = u32::try_from(pid.unsigned_abs()).unwrap_or(u32::MAX);
        let container = ctx.caller.container;
        let delivered = ctx.world.deliver(ctx.now, container, pid, signal, false);
        if delivered == Delivery::NoProcess && pid != ctx.caller.pid {
            ctx.complain(&format!("can't kill pid {arg}: No such process"));
            code = 1;
        }
    }
    Outcome::Exit(code)
}

/// All processes but PID 1 and the caller.
fn everyone(ctx: &mut Ctx<'_>, signal: Signal) {
    let container = ctx.caller.container;
    let pids: Vec<u32> = ctx
        .world
        .machine(container)
        .map(|m| m.processes.iter().map(|p| p.pid).collect())
        .unwrap_or_default();
    for pid in pids {
        if pid != 1 && Some(pid) != ctx.caller.host {
            let _ = ctx.world.deliver(ctx.now, container, pid, signal, false);
        }
    }
}

fn list(ctx: &mut Ctx<'_>, args: &[String]) -> Outcome {
    if args.is_empty() {
        for number in 1..=31 {
            ctx.print(&format!("{number:>2}) {}\n", Signal(number).name()));
        }
        return Outcome::Exit(0);
    }
    for arg in args {
        let text = match arg.parse::<u8>() {
            Ok(number) => Signal(number % 128).name().to_string(),
            Err(_) => Signal::parse(arg).map_or_else(|| arg.clone(), |s| s.0.to_string()),
        };
        ctx.print(&format!("{text}\n"));
    }
    Outcome::Exit(0)
}
