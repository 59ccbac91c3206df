//! Programs that ask a server of the same Pod, or a dependency, whether it is up: `redis-cli ping`,
//! `pg_isready`, `mysqladmin ping`. In their images only.

use super::wget::own_address;
use super::{Ctx, Outcome, Takes};
use crate::container::network::{HttpAnswer, HttpRequest, Peer};

/// What is printed and returned when the server is up, and when nothing listens.
struct Client {
    port: u16,
    up: &'static str,
    down: &'static str,
    down_code: i32,
    quiet: bool,
}

static REDIS: Takes = Takes::letters("h:p:", "", "ping").leading();
static POSTGRES: Takes = Takes::letters("h:p:U:d:t:q", "", "")
    .long("host=h port=p username=U dbname=d timeout=t quiet=q")
    .code(3);
static MYSQL: Takes =
    Takes::letters("h:P:u:p::s", "", "ping").long("host=h port=P user=u password=p silent=s");

pub fn redis(ctx: &mut Ctx<'_>) -> Outcome {
    let client = Client {
        port: 6_379,
        up: "PONG\n",
        down: "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n",
        down_code: 1,
        quiet: false,
    };
    let given = match ctx.options(&REDIS) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let words = given.operands.as_slice();
    if !matches!(words, [word] if word.eq_ignore_ascii_case("ping")) {
        return ctx.not_simulated("another command than ping");
    }
    let (host, port) = (given.value("h"), given.value("p"));
    ask(ctx, host, port, client)
}

pub fn postgres(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&POSTGRES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let client = Client {
        port: 5_432,
        up: "/var/run/postgresql:5432 - accepting connections\n",
        down: "/var/run/postgresql:5432 - no response\n",
        down_code: 2,
        quiet: given.has("q"),
    };
    let (host, port) = (given.value("h"), given.value("p"));
    ask(ctx, host, port, client)
}

pub fn mysql(ctx: &mut Ctx<'_>) -> Outcome {
    let client = Client {
        port: 3_306,
        up: "mysqld is alive\n",
        down: "mysqladmin: connect to server at 'localhost' failed\n",
        down_code: 1,
        quiet: false,
    };
    let given = match ctx.options(&MYSQL) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let words = given.operands.as_slice();
    if !matches!(words, [word] if word == "ping") {
        return ctx.not_simulated("another command than ping");
    }
    let (host, port) = (given.value("h"), given.value("P"));
    ask(ctx, host, port, client)
}

/// Whether the server answers, said in the program's words.
fn ask(ctx: &mut Ctx<'_>, host: Option<&str>, port: Option<&str>, client: Client) -> Outcome {
    let host = host.unwrap_or("localhost");
    let port = match port.map(str::parse) {
        None => client.port,
        Some(Ok(port)) => port,
        Some(Err(_)) => return ctx.not_simulated("a port that is no number"),
    };
    // A path is the directory of a socket of this machine.
    let here = host.starts_with('/') || own_address(ctx, host).is_some();
    let up = match ctx.world.dependency(host) {
        Some(up) => up,
        None if !here => false,
        None => {
            let request = HttpRequest {
                from: Peer::Loopback,
                ..HttpRequest::probe("/")
            };
            match ctx.world.http(ctx.now, port, &request).what {
                HttpAnswer::Refused => false,
                // Connected, and waiting for a word.
                HttpAnswer::NoAnswer | HttpAnswer::Dropped => return Outcome::Forever,
                _ => true,
            }
        }
    };
    if !client.quiet {
        ctx.print(if up { client.up } else { client.down });
    }
    Outcome::Exit(if up { 0 } else { client.down_code })
}
