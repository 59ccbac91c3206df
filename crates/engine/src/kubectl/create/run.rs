//! `kubectl run`.

use super::{dry_run, made, made_as_is, overrides, Made};
use crate::container::image::reference::is_reference;
use crate::go_format::quote;
use crate::kubectl::args::{Args, Flags};
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{
    duration, switch, value, DELETION, NONE, NO_FILES, PRINT, SAVE_CONFIG, WRITE,
};
use crate::kubectl::output::{list, map, Map};
use crate::kubectl::view::View;
use crate::kubectl::{Output, Verb};
use crate::manifest::DryRun;

const FLAGS: Flags = &[
    PRINT,
    NO_FILES,
    WRITE,
    DELETION,
    overrides::FLAGS,
    &[
        value("annotations", NONE),
        switch("attach", NONE),
        switch("command", NONE),
        value("detach-keys", NONE),
        value("env", NONE),
        switch("expose", NONE),
        value("image", NONE).required(),
        value("image-pull-policy", NONE),
        value("labels", 'l'),
        switch("leave-stdin-open", NONE),
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

/// The name and the image, and what kubectl refuses before it makes a Pod of them.
fn checked(args: &Args) -> Result<(&str, &str), Failure> {
    let usage = |text: &str| Err(Failure::usage("run", text));
    let Some(name) = args.names.first() else {
        return usage("NAME is required for run");
    };
    let image = args.get("image").unwrap_or("");
    if image.is_empty() {
        return Err(Failure::client("--image is required"));
    }
    if !is_reference(image) {
        return Err(Failure::client(format!(
            "Invalid image name {}: invalid reference format",
            quote(image)
        )));
    }
    let is_attached = args.is_on("stdin") || args.is_on("attach");
    if args.is_on("expose") && args.get("port").unwrap_or("").is_empty() {
        return usage("--port must be set when exposing a service");
    }
    if args.is_on("tty") && !args.is_on("stdin") {
        return usage("-i/--stdin is required for containers with -t/--tty=true");
    }
    if args.is_on("rm") && !is_attached {
        return usage("--rm should only be used for attached containers");
    }
    if is_attached && dry_run(args) != DryRun::No {
        return usage(
            "--dry-run=[server|client] can't be used with attached containers options (--attach, \
             --stdin, or --tty)",
        );
    }
    for (flag, what, known) in [
        ("restart", "restart", ["Always", "OnFailure", "Never"]),
        (
            "image-pull-policy",
            "image pull",
            ["Always", "IfNotPresent", "Never"],
        ),
    ] {
        let given = args.get(flag).unwrap_or("");
        if !given.is_empty() && !known.contains(&given) {
            return usage(&format!("invalid {what} policy: {given}"));
        }
    }
    if is_attached {
        return Err(Failure::client(
            "readyz does not simulate a terminal of run; kubectl exec -it opens one",
        ));
    }
    Ok((name, image))
}

/// `NAME=value`.
fn variable(pair: &str) -> Result<Map, Failure> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let is_name = |name: &str| {
        let is_start = name.starts_with(|c: char| is_part(c) && !c.is_ascii_digit());
        is_start && name.chars().all(is_part)
    };
    match pair.split_once('=').filter(|(name, _)| is_name(name)) {
        Some((name, value)) => Ok(map().set("name", name).some("value", value)),
        None => Err(Failure::client(format!("invalid env: {pair}"))),
    }
}

/// `a=b,c=d`.
pub fn labels(text: &str) -> Result<Map, Failure> {
    let mut labels = map();
    for spec in text.split(',') {
        match spec
            .split_once('=')
            .filter(|(_, value)| !value.contains('='))
        {
            Some((key, value)) => labels = labels.set(key, value),
            None => return Err(Failure::client(format!("unexpected label spec: {spec}"))),
        }
    }
    Ok(labels)
}

/// One a flag.
fn annotations(args: &Args) -> Result<Map, Failure> {
    let mut annotations = map();
    for pair in args.all("annotations") {
        match pair.split_once('=') {
            Some((key, value)) => annotations = annotations.set(key, value),
            None => {
                let text = format!("invalid annotations format: {pair}");
                return Err(Failure::client(text));
            }
        }
    }
    Ok(annotations)
}

fn privileged(args: &Args) -> Option<Map> {
    let is_on = args.is_on("privileged");
    is_on.then(|| map().set("privileged", true))
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let (name, image) = checked(args)?;
    let mut words = args.names[1..].to_vec();
    words.extend(args.command.clone().unwrap_or_default());
    let key = if args.is_on("command") {
        "command"
    } else {
        "args"
    };
    let variables = args.all("env").map(variable);
    let variables = variables.collect::<Result<Vec<Map>, Failure>>()?;
    let ports = super::port(args)?.map(|port| map().set("containerPort", port));
    let container = map()
        .some(key, list(words))
        .some("env", list(variables))
        .set("image", image)
        .maybe("imagePullPolicy", args.given("image-pull-policy"))
        .set("name", name)
        .some("ports", list(ports))
        .set("resources", map())
        .maybe("securityContext", privileged(args));
    let labels = match args.given("labels") {
        Some(given) => labels(given)?,
        None => map().set("run", name),
    };
    let annotations = annotations(args)?;
    let spec = map()
        .set("containers", list([container]))
        .set("dnsPolicy", "ClusterFirst")
        .set("restartPolicy", args.given("restart").unwrap_or("Always"));
    let meta = map()
        .some("annotations", annotations)
        .set("labels", labels)
        .set("name", name);
    let object = Made {
        kind: "Pod",
        name,
        word: "created",
        dry_word: "created",
        before: String::new(),
        object: map()
            .set("metadata", meta)
            .set("spec", spec)
            .set("status", map()),
    };
    let pod = made(view, args, object)?;
    if !args.is_on("expose") {
        return Ok(pod);
    }
    let mut output = Output::default();
    match exposed(view, args, name) {
        Ok(service) => {
            output.join(service);
            // Two documents are set apart as each was alone.
            if matches!(args.get("output"), Some("yaml")) {
                output.stdout.push_str("---\n---\n");
            }
        }
        // What comes after the Pod was made is told of the Service.
        Err(failure) => output.fail(&failure),
    }
    output.join(pod);
    Ok(output)
}

/// The Service of `--expose`, which picks the Pod by its labels.
fn exposed(view: &View, args: &Args, name: &str) -> Result<Output, Failure> {
    let given = args.given("labels");
    let given = given.map(labels).transpose()?;
    let selector = given.clone().unwrap_or_else(|| map().set("run", name));
    let port = super::port(args)?.unwrap_or(0);
    let ports = map()
        .set("port", port)
        .set("protocol", "TCP")
        .set("targetPort", port);
    let object = Made {
        kind: "Service",
        name,
        word: "created",
        dry_word: "created",
        before: String::new(),
        object: map()
            .set("metadata", map().maybe("labels", given).set("name", name))
            .set(
                "spec",
                map().set("ports", list([ports])).set("selector", selector),
            )
            .set("status", map().set("loadBalancer", map())),
    };
    // It is no Pod that `--overrides` changes.
    made_as_is(view, args, object)
}
