//! `nslookup`: asks the cluster's DNS for a Service's addresses (SVC-05).

use super::wget::DEPENDENCY_ADDRESS;
use super::{Ctx, Outcome, Takes};
use crate::container::ask::{Ask, AskAnswer, Want};

static TAKES: Takes = Takes::letters("", "", "[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]");

/// Where a cluster's DNS usually is.
const SERVER: &str = "10.96.0.10";

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut words = Vec::new();
    for arg in ctx.args() {
        let kind = arg
            .strip_prefix("-type=")
            .or(arg.strip_prefix("-querytype="));
        match (kind.or(arg.strip_prefix("-q=")), arg.starts_with('-')) {
            (Some("a" | "A"), _) => {}
            (Some(_), _) => return ctx.not_simulated(arg),
            (None, true) if arg == "-debug" => return ctx.not_simulated(arg),
            (None, true) => return ctx.usage(&TAKES),
            (None, false) => words.push(arg.clone()),
        }
    }
    let host = match words.as_slice() {
        [host] => host.clone(),
        [] => return ctx.usage(&TAKES),
        _ => return ctx.not_simulated("asking another server"),
    };
    let found = match ctx.world.dependency(&host) {
        Some(_) => AskAnswer::Addresses(host.clone(), vec![DEPENDENCY_ADDRESS.to_owned()], None),
        None => match ctx.world.answered.take() {
            Some(answer) => answer,
            None => {
                return Outcome::Ask(Box::new(Ask {
                    want: Want::Addresses,
                    host,
                    port: 53,
                    ..Ask::default()
                }))
            }
        },
    };
    ctx.print(&format!("Server:\t\t{SERVER}\nAddress:\t{SERVER}:53\n\n"));
    match found {
        AskAnswer::Addresses(name, addresses, alias) => {
            if let Some(alias) = alias {
                ctx.print(&format!("{alias}\tcanonical name = {name}\n"));
            }
            for address in addresses {
                ctx.print(&format!("Name:\t{name}\nAddress: {address}\n"));
            }
            ctx.print("\n");
            Outcome::Exit(0)
        }
        _ => {
            ctx.print(&format!("** server can't find {host}: NXDOMAIN\n\n"));
            Outcome::Exit(1)
        }
    }
}
