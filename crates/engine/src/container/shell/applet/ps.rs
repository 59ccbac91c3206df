//! `ps`: the processes of the container.

use super::id::user_name;
use super::{Ctx, Outcome};

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    ctx.print("PID   USER     TIME  COMMAND\n");
    let mut rows: Vec<(u32, u32, String)> = Vec::new();
    if let Some(machine) = ctx.world.machine(ctx.caller.container) {
        for process in &machine.processes {
            let command = if process.is_zombie() {
                let name = process.argv.first().map_or("", |a| a);
                format!("[{}]", crate::container::filesystem::file_name(name))
            } else {
                process.command_line()
            };
            rows.push((process.pid, process.uid, command));
        }
    }
    if !rows.iter().any(|(pid, _, _)| *pid == ctx.caller.pid) {
        rows.push((ctx.caller.pid, ctx.caller.uid, ctx.argv.join(" ")));
    }
    rows.sort();
    for (pid, uid, command) in rows {
        let user = user_name(uid).map_or_else(|| uid.to_string(), str::to_string);
        ctx.print(&format!("{pid:>5} {user:<8}  0:00 {command}\n"));
    }
    Outcome::Exit(0)
}
