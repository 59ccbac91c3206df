//! BusyBox's `httpd`: in the foreground with `-f`, else as a daemon.

use super::{Ctx, Outcome};
use crate::container::filesystem::absolute;
use crate::container::filesystem::Device;
use crate::container::process::{Fd, Fds};
use crate::container::server::httpd::Httpd;
use crate::container::server::Server;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let (mut port, mut home, mut foreground) = (80, ctx.cwd().to_string(), false);
    let mut args = ctx.args().iter();
    while let Some(arg) = args.next() {
        let Some(option) = arg.strip_prefix('-').filter(|o| !o.is_empty()) else {
            continue;
        };
        match &option[..1] {
            "p" | "h" | "c" | "u" | "r" => {
                let value = match &option[1..] {
                    "" => args.next().cloned().unwrap_or_default(),
                    attached => attached.to_string(),
                };
                match &option[..1] {
                    "p" => {
                        let number = value.rsplit(':').next().unwrap_or("80");
                        port = number.parse().unwrap_or(80);
                    }
                    "h" => home = absolute(&ctx.cwd(), &value),
                    _ => {}
                }
            }
            _ => foreground |= option.contains('f'),
        }
    }
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
        ctx.world.become_server(container, pid, server, &argv);
    }
    Outcome::Exit(0)
}
