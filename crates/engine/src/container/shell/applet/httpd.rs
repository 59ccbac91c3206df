//! BusyBox's `httpd`: in the foreground with `-f`, else as a daemon.

use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::absolute;
use crate::container::filesystem::Device;
use crate::container::process::{Fd, Fds};
use crate::container::server::httpd::Httpd;
use crate::container::server::Server;

static TAKES: Takes = Takes::letters("fp:h:", "vic:u:r:m:e:d:", "");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    if !given.operands.is_empty() {
        return ctx.usage(&TAKES);
    }
    let port = given.value("p").unwrap_or("80");
    let Ok(port) = port.rsplit(':').next().unwrap_or("").parse::<u16>() else {
        return ctx.fail(&format!("invalid number '{port}'"), 1);
    };
    let home = match given.value("h") {
        Some(home) => absolute(&ctx.cwd(), home),
        None => ctx.cwd().to_string(),
    };
    let foreground = given.has("f");
    let cwd = ctx.cwd();
    let exists = ctx
        .files()
        .is_some_and(|files| files.find(&cwd, &home).is_ok_and(|(_, n)| n.is_directory()));
    if !exists {
        return ctx.fail(
            &format!("can't change directory to '{home}': No such file or directory"),
            1,
        );
    }
    let server = Server::Httpd(Httpd::new(port, &home, ctx.now));
    if foreground {
        return Outcome::Serve(Box::new(server));
    }
    let null = || Fd::Device(Device::Null);
    let fds: Fds = [(0, null()), (1, null()), (2, null())]
        .into_iter()
        .collect();
    let container = ctx.caller.container;
    if let Some(pid) = ctx.world.add_process(ctx.now, container, 1, fds) {
        let argv: Vec<&str> = ctx.argv.iter().map(String::as_str).collect();
        let server = ctx.world.laid_over(ctx.now, container, 0, Box::new(server));
        ctx.world.become_server(container, pid, server, &argv);
    }
    Outcome::Exit(0)
}
