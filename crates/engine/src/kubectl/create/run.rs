//! `kubectl run`.

use super::{made, Made};
use crate::kubectl::args::{switch, value, Args, Flag, DRY_RUN, NONE};
use crate::kubectl::failure::Failure;
use crate::kubectl::output::{list, map};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};

const FLAGS: &[Flag] = &[
    value("image", NONE),
    value("restart", NONE),
    value("port", NONE),
    value("labels", 'l'),
    value("annotations", NONE),
    value("env", NONE),
    switch("command", NONE),
    switch("rm", NONE),
    switch("stdin", 'i'),
    switch("tty", 't'),
    switch("privileged", NONE),
    switch("quiet", 'q'),
    value("image-pull-policy", NONE),
    value("output", 'o'),
    DRY_RUN,
];

/// Registry line.
pub const VERB: Verb = Verb {
    name: "run",
    summary: "Run a particular image on the cluster",
    flags: FLAGS,
    run,
};

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let image = args.get("image").ok_or_else(|| super::required("image"))?;
    let Some(name) = args.names.first() else {
        return Err(Failure::usage("run", "NAME is required for run"));
    };
    let words = args.command.clone().unwrap_or_default();
    let key = if args.is_on("command") {
        "command"
    } else {
        "args"
    };
    let variables = args.all("env").filter_map(|pair| pair.split_once('='));
    let variables = variables.map(|(name, value)| map().set("name", name).set("value", value));
    let port = args.number("run", "port")?;
    let ports = port.map(|port| map().set("containerPort", port));
    let container = map()
        .some(key, list(words))
        .some("env", list(variables))
        .set("image", image)
        .maybe("imagePullPolicy", args.get("image-pull-policy"))
        .set("name", name)
        .some("ports", list(ports))
        .set("resources", map());
    let labels = match args.get("labels") {
        Some(given) => super::pairs(given),
        None => map().set("run", name),
    };
    let spec = map()
        .set("containers", list([container]))
        .set("dnsPolicy", "ClusterFirst")
        .set("restartPolicy", args.get("restart").unwrap_or("Always"));
    let meta = map().set("labels", labels).set("name", name);
    made(
        view,
        args,
        Made {
            kind: "Pod",
            name,
            word: "created",
            before: String::new(),
            object: map()
                .set("metadata", meta)
                .set("spec", spec)
                .set("status", map()),
        },
    )
}
