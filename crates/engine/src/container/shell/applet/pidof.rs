//! `pidof`, `killall`, `pgrep`, `pkill`.

use super::{Ctx, Outcome};
use crate::container::filesystem::file_name;
use crate::container::signal::Signal;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let names = ctx.args();
    let mut pids: Vec<u32> = names.iter().flat_map(|n| find(ctx, n, false)).collect();
    pids.sort_unstable_by(|a, b| b.cmp(a));
    if pids.is_empty() {
        return Outcome::Exit(1);
    }
    let texts: Vec<String> = pids.iter().map(u32::to_string).collect();
    ctx.print(&format!("{}\n", texts.join(" ")));
    Outcome::Exit(0)
}

pub fn killall(ctx: &mut Ctx<'_>) -> Outcome {
    signal_all(ctx, false)
}

pub fn pkill(ctx: &mut Ctx<'_>) -> Outcome {
    signal_all(ctx, true)
}

pub fn pgrep(ctx: &mut Ctx<'_>) -> Outcome {
    let names: Vec<String> = patterns(ctx);
    let mut found = false;
    for name in names {
        for pid in find(ctx, &name, true) {
            found = true;
            ctx.print(&format!("{pid}\n"));
        }
    }
    Outcome::Exit(i32::from(!found))
}

fn patterns(ctx: &Ctx<'_>) -> Vec<String> {
    ctx.args()
        .iter()
        .filter(|a| !a.starts_with('-'))
        .cloned()
        .collect()
}

fn signal_all(ctx: &mut Ctx<'_>, partly: bool) -> Outcome {
    let mut signal = Signal::TERM;
    for arg in ctx.args() {
        if let Some(found) = arg.strip_prefix('-').and_then(Signal::parse) {
            signal = found;
        }
    }
    let mut code = 0;
    for name in patterns(ctx) {
        let pids = find(ctx, &name, partly);
        if pids.is_empty() {
            code = 1;
            if !partly {
                ctx.complain(&format!("{name}: no process killed"));
            }
        }
        for pid in pids {
            let container = ctx.caller.container;
            let _ = ctx.world.deliver(ctx.now, container, pid, signal, false);
        }
    }
    Outcome::Exit(code)
}

/// Processes by the name of their program, or with `partly` by a part of their command line.
fn find(ctx: &Ctx<'_>, name: &str, partly: bool) -> Vec<u32> {
    let Some(machine) = ctx.world.machine(ctx.caller.container) else {
        return Vec::new();
    };
    machine
        .processes
        .iter()
        .filter(|p| !p.is_zombie() && p.pid != ctx.caller.pid && Some(p.pid) != ctx.caller.host)
        .filter(|p| {
            let program = p.argv.first().map_or("", |a| file_name(a));
            let title = p
                .argv
                .first()
                .is_some_and(|a| a.starts_with(&format!("{name}:")));
            program == name || title || partly && p.command_line().contains(name)
        })
        .map(|p| p.pid)
        .collect()
}
