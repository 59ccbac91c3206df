//! `kubectl version` and `cluster-info`.

use super::api_service;
use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, NONE};
use super::view::View;
use super::{Output, Verb};

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "version",
        summary: "Print the client and server version information",
        flags: FLAGS,
        run,
    },
    Verb {
        name: "cluster-info",
        summary: "Display cluster information",
        flags: &[],
        run: cluster_info,
    },
];

const FLAGS: Flags = &[&[switch("client", NONE), value("output", 'o')]];

fn run(_view: &View, args: &Args) -> Result<Output, Failure> {
    if !args.names.is_empty() && !args.is_on("client") {
        let text = format!("extra arguments: [{}]", args.names.join(" "));
        return Err(Failure::client(text));
    }
    match args.get("output").unwrap_or("") {
        "" => {}
        // Commit, date and compiler of a build are no facts of the simulated cluster.
        format @ ("json" | "yaml") => {
            let text = format!("readyz does not simulate version -o {format}");
            return Err(Failure::client(text));
        }
        _ => return Err(Failure::client("--output must be 'yaml' or 'json'")),
    }
    let mut text = String::from("Client Version: v1.36.3\nKustomize Version: v5.8.1\n");
    if !args.is_on("client") {
        text.push_str("Server Version: v1.36.3\n");
    }
    Ok(Output::printed(text))
}

fn cluster_info(_view: &View, _args: &Args) -> Result<Output, Failure> {
    let (address, port) = (api_service::ADDRESS, api_service::PORT);
    Ok(Output::printed(format!(
        "Kubernetes control plane is running at https://{address}:{port}\n\nTo further debug and \
         diagnose cluster problems, use 'kubectl cluster-info dump'.\n"
    )))
}
