//! `nc`: connects to a port of the Pod, of another one or of a Service, or listens on one.

use super::wget::{own_address, DEPENDENCY_ADDRESS};
use super::{Ctx, Outcome, Takes};
use crate::container::ask::{Ask, AskAnswer, Want};
use crate::container::image::{CpuCost, ImageBehaviour, OnStop, Route, RouteAnswer};
use crate::container::network::{HttpAnswer, HttpRequest, Page, Peer, TcpReply};
use crate::container::server::generic::Generic;
use crate::container::server::Server;
use crate::time::Duration;
use std::sync::Arc;

static TAKES: Takes = Takes::letters("lzvnp:w:k", "e:s:i:ubo:f:r", "HOST PORT");

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let words = &given.operands;
    let (listen, scan, verbose) = (given.has("l"), given.has("z"), given.has("v"));
    let (port, timeout) = match (given.number("p"), given.number::<u16>("w")) {
        (Ok(port), Ok(timeout)) => (port, timeout.map(u64::from)),
        (Err(text), _) | (_, Err(text)) => return ctx.fail(&text, 1),
    };
    if listen {
        let port = port.or_else(|| words.last().and_then(|w| w.parse().ok()));
        return match port {
            Some(port) => listening(ctx, port),
            None => ctx.fail("a port to listen on is needed", 1),
        };
    }
    let (Some(host), Some(Ok(port))) = (words.first(), words.get(1).map(|p| p.parse::<u16>()))
    else {
        return ctx.fail("needs a host and a port", 1);
    };
    match ctx.world.dependency(host) {
        Some(true) => return Outcome::Exit(0),
        Some(false) => {
            let text =
                format!("can't connect to remote host ({DEPENDENCY_ADDRESS}): Connection refused");
            return ctx.fail(&text, 1);
        }
        None => {}
    }
    let Some(address) = own_address(ctx, host) else {
        return elsewhere(
            ctx,
            host,
            port,
            Wishes {
                scan,
                verbose,
                timeout,
            },
        );
    };
    let reply = match ctx.world.connect(ctx.now, port) {
        TcpReply::Refused if on_loopback(ctx, port) => TcpReply::Accepted,
        reply => reply,
    };
    match reply {
        TcpReply::Accepted if scan => open(ctx, host, &address, port, verbose),
        TcpReply::Accepted => send(ctx, port),
        TcpReply::Refused => {
            let text = format!("can't connect to remote host ({address}): Connection refused");
            ctx.fail(&text, 1)
        }
        TcpReply::Dropped => silence(ctx, timeout),
    }
}

/// What the options ask for.
struct Wishes {
    scan: bool,
    verbose: bool,
    timeout: Option<u64>,
}

fn open(ctx: &mut Ctx<'_>, host: &str, address: &str, port: u16, verbose: bool) -> Outcome {
    if verbose {
        ctx.complain_raw(&format!("{host} ({address}:{port}) open\n"));
    }
    Outcome::Exit(0)
}

fn silence(ctx: &Ctx<'_>, timeout: Option<u64>) -> Outcome {
    match timeout {
        Some(secs) => Outcome::exit_at(ctx.now + Duration::from_secs(secs), 1),
        None => Outcome::Forever,
    }
}

/// A port of another Pod, or of a Service: a connection, or an answer to a request line.
fn elsewhere(ctx: &mut Ctx<'_>, host: &str, port: u16, wishes: Wishes) -> Outcome {
    let answered = ctx.world.answered.take();
    let mut words: Vec<String> = Vec::new();
    if !wishes.scan && answered.is_none() {
        let Some(bytes) = ctx.stdin() else {
            return Outcome::Input(ctx.input.bytes.take().unwrap_or_default());
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        words = text.split_whitespace().map(str::to_owned).take(2).collect();
    }
    let Some(answer) = answered else {
        let (want, path) = match words.as_slice() {
            [_, path] => (Want::Page, path.clone()),
            _ => (Want::Connection, String::new()),
        };
        return Outcome::Ask(Box::new(Ask {
            want,
            host: host.to_owned(),
            port,
            path,
            agent: String::new(),
        }));
    };
    match answer {
        AskAnswer::Connected(address) if wishes.scan => {
            open(ctx, host, &address, port, wishes.verbose)
        }
        AskAnswer::Connected(_) => Outcome::Exit(0),
        AskAnswer::NoHost | AskAnswer::Addresses(..) => {
            ctx.fail(&format!("bad address '{host}'"), 1)
        }
        AskAnswer::NoRoute => {
            let text = format!("can't connect to remote host ({host}): No route to host");
            ctx.fail(&text, 1)
        }
        AskAnswer::Reply {
            address,
            reply,
            page,
        } => match reply.what {
            HttpAnswer::Refused => {
                let text = format!("can't connect to remote host ({address}): Connection refused");
                ctx.fail(&text, 1)
            }
            HttpAnswer::Dropped => silence(ctx, wishes.timeout),
            _ => {
                if let Some(status) = reply.code() {
                    print_answer(ctx, status, &page);
                }
                Outcome::Exit(0)
            }
        },
    }
}

/// Whether a socket bound to 127.0.0.1 listens on the port.
fn on_loopback(ctx: &Ctx<'_>, port: u16) -> bool {
    ctx.world.listeners().iter().any(|l| l.port == port)
}

/// Sends standard input; a request line of HTTP gets its answer.
fn send(ctx: &mut Ctx<'_>, port: u16) -> Outcome {
    let Some(bytes) = ctx.stdin() else {
        return Outcome::Input(ctx.input.bytes.take().unwrap_or_default());
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut words = text.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Outcome::Exit(0);
    };
    let request = HttpRequest {
        method,
        path,
        headers: &[],
        user_agent: "",
        host: "",
        port: 0,
        from: Peer::Loopback,
    };
    let reply = ctx.world.http(ctx.now, port, &request);
    let page = ctx.world.http_page(ctx.now, port, &request, &reply);
    if let Some(status) = reply.code() {
        print_answer(ctx, status, &page);
    }
    Outcome::Exit(0)
}

/// The answer as it comes over the wire.
fn print_answer(ctx: &mut Ctx<'_>, status: u16, page: &Page) {
    let reason = super::wget::reason(status);
    let mut text = format!("HTTP/1.1 {status} {reason}\r\n");
    for line in &page.headers {
        text.push_str(&format!("{line}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(&page.body);
    ctx.print(&text);
}

/// A listener that accepts and says nothing.
fn listening(ctx: &Ctx<'_>, port: u16) -> Outcome {
    let behaviour = ImageBehaviour {
        startup: Duration::ZERO,
        listen: vec![port],
        routes: vec![Route {
            path: None,
            answer: RouteAnswer::Empty,
            ..Route::status("", 0)
        }],
        on_stop: OnStop::Ignore,
        memory_bytes: 300 << 10,
        cpu: CpuCost::SMALL,
        ..ImageBehaviour::default()
    };
    let server = Generic::new(&Arc::new(behaviour), &[port], ctx.now);
    Outcome::Serve(Box::new(Server::Generic(server)))
}
