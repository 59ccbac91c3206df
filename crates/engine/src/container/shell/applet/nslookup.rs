//! `nslookup`: asks the cluster's DNS for a Service's addresses (SVC-05).

use super::wget::DEPENDENCY_ADDRESS;
use super::{Ctx, Outcome};
use crate::container::ask::{Ask, AskAnswer, Want};

/// Where a cluster's DNS usually is.
const SERVER: &str = "10.96.0.10";

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let mut words = ctx.args().iter().filter(|arg| !arg.starts_with('-'));
    let Some(host) = words.next().cloned() else {
        ctx.complain_raw(
            "BusyBox v1.35.0 multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] HOST\n",
        );
        return Outcome::Exit(1);
    };
    let found = match ctx.world.dependency(&host) {
        Some(_) => AskAnswer::Addresses(host.clone(), vec![DEPENDENCY_ADDRESS.to_owned()]),
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
        AskAnswer::Addresses(name, addresses) => {
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
