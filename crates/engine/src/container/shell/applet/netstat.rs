//! `netstat`: TCP ports that listen in the Pod.

use super::{Ctx, Outcome, Takes};

static TAKES: Takes = Takes::letters("lnta", "urwxepW", "");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if !given.has("l") {
        return ctx.not_simulated("connections: -l shows what listens");
    }
    ctx.print(
        "Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           \
         Foreign Address         State       \n",
    );
    let listeners = ctx.world.listeners().to_vec();
    for listener in listeners {
        let address = if listener.loopback {
            "127.0.0.1"
        } else {
            "0.0.0.0"
        };
        let local = format!("{address}:{}", listener.port);
        ctx.print(&format!(
            "tcp        0      0 {local:<23} 0.0.0.0:*               LISTEN      \n"
        ));
    }
    if !given.has("t") {
        ctx.print(
            "Active UNIX domain sockets (only servers)\n\
             Proto RefCnt Flags       Type       State         I-Node Path\n",
        );
    }
    Outcome::Exit(0)
}
