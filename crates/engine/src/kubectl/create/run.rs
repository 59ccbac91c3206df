//! `kubectl run`.

use super::{made, Made};
use crate::kubectl::args::{Args, Flags};
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{
    duration, switch, value, DELETION, NONE, NO_FILES, PRINT, SAVE_CONFIG, WRITE,
};
use crate::kubectl::output::{list, map};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};

const FLAGS: Flags = &[
    PRINT,
    NO_FILES,
    WRITE,
    DELETION,
    &[
        value("annotations", NONE),
        switch("attach", NONE).absent(),
        switch("command", NONE),
        value("detach-keys", NONE),
        value("env", NONE),
        switch("expose", NONE).absent(),
        value("image", NONE).required(),
        value("image-pull-policy", NONE),
        value("labels", 'l'),
        switch("leave-stdin-open", NONE),
        value("override-type", NONE),
        value("overrides", NONE).absent(),
        duration("pod-running-timeout"),
        value("port", NONE),
        switch("privileged", NONE),
        switch("quiet", 'q'),
        value("restart", NONE),
        switch("rm", NONE),
        SAVE_CONFIG,
        switch("stdin", 'i'),
        switch("tty", 't'),
    ],
];

/// Registry line.
pub const VERB: Verb = Verb {
    name: "run",
    summary: "Run a particular image on the cluster",
    flags: FLAGS,
    run,
};

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let image = args.get("image").unwrap_or("");
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
    let ports = super::port(args)?.map(|port| map().set("containerPort", port));
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
