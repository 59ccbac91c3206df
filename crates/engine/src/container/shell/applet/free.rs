//! `free`: the node's memory.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let total = 24_683_660_u64;
    let used = 1_200_000 + ctx.world.memory_used(ctx.now, ctx.caller.container) / 1_024;
    let free = total.saturating_sub(used);
    ctx.print("              total        used        free      shared  buff/cache   available\n");
    ctx.print(&format!(
        "Mem:    {total:>11} {used:>11} {free:>11}           0           0 {free:>11}\n"
    ));
    ctx.print("Swap:             0           0           0\n");
    Outcome::Exit(0)
}
