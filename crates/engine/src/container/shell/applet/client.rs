//! Programs that ask a server of the same Pod, or a dependency, whether it is up: `redis-cli ping`,
//! `pg_isready`, `mysqladmin ping`. In their images only.

use super::wget::own_address;
use super::{Ctx, Outcome};
use crate::container::network::{HttpAnswer, HttpRequest, Peer};

/// What is printed and returned when the server is up, and when nothing listens.
struct Client {
    port: u16,
    up: &'static str,
    down: &'static str,
    down_code: i32,
}

pub fn redis(ctx: &mut Ctx<'_>) -> Outcome {
    let client = Client {
        port: 6_379,
        up: "PONG\n",
        down: "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n",
        down_code: 1,
    };
    ask(ctx, &client)
}

pub fn postgres(ctx: &mut Ctx<'_>) -> Outcome {
    let client = Client {
        port: 5_432,
        up: "/var/run/postgresql:5432 - accepting connections\n",
        down: "/var/run/postgresql:5432 - no response\n",
        down_code: 2,
    };
    ask(ctx, &client)
}

pub fn mysql(ctx: &mut Ctx<'_>) -> Outcome {
    let client = Client {
        port: 3_306,
        up: "mysqld is alive\n",
        down: "mysqladmin: connect to server at 'localhost' failed\n",
        down_code: 1,
    };
    ask(ctx, &client)
}

fn ask(ctx: &mut Ctx<'_>, client: &Client) -> Outcome {
    let args = ctx.args();
    let host = args
        .iter()
        .enumerate()
        .find_map(|(at, arg)| match arg.as_str() {
            "-h" | "--host" => args.get(at + 1).map(String::as_str),
            other => other.strip_prefix("--host=").or(other.strip_prefix("-h")),
        });
    let host = host.unwrap_or("localhost");
    let up = match ctx.world.dependency(host) {
        Some(up) => up,
        None if own_address(ctx, host).is_none() => false,
        None => {
            let request = HttpRequest {
                from: Peer::Loopback,
                ..HttpRequest::probe("/")
            };
            match ctx.world.http(ctx.now, client.port, &request).what {
                HttpAnswer::Refused => false,
                // Connected, and waiting for a word.
                HttpAnswer::NoAnswer | HttpAnswer::Dropped => return Outcome::Forever,
                _ => true,
            }
        }
    };
    ctx.print(if up { client.up } else { client.down });
    Outcome::Exit(if up { 0 } else { client.down_code })
}
