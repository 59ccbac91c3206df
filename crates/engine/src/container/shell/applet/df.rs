//! `df`: the container's root, as large as the recorded nodes' disk.

use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (used, free, share) = if ctx.world.disk_full {
        (264_212_084_u64, 0, 100)
    } else {
        (52_842_416, 211_369_668, 20)
    };
    ctx.print("Filesystem           1K-blocks      Used Available Use% Mounted on\n");
    ctx.print(&format!(
        "overlay              264212084 {used:>9} {free:>9} {share:>3}% /\n"
    ));
    Outcome::Exit(0)
}
