//! `kubectl create`, `run` and `expose`: objects from a stream or from words.

use super::apply::{put, FLAGS};
use super::args::{switch, value, Args, Flag, Takes, NONE};
use super::attempt::attempt;
use super::failure::Failure;
use super::item::{self, Thing};
use super::output::{list, map, yaml, Map, Value};
use super::resource::{self, of_kind};
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::manifest;
use crate::scenario::Act;

const RUN: &[Flag] = &[
    value("image", NONE),
    value("restart", NONE),
    value("port", NONE),
    value("labels", 'l'),
    value("env", NONE),
    switch("command", NONE),
    switch("rm", NONE),
    switch("stdin", 'i'),
    switch("tty", 't'),
    value("image-pull-policy", NONE),
    value("output", 'o'),
    Flag {
        long: "dry-run",
        short: NONE,
        takes: Takes::Default("client"),
    },
];

const EXPOSE: &[Flag] = &[
    value("port", NONE),
    value("target-port", NONE),
    value("name", NONE),
    value("type", NONE),
    value("protocol", NONE),
    value("selector", NONE),
    value("cluster-ip", NONE),
];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "create",
        summary: "Create a resource from a file or from stdin",
        flags: FLAGS,
        run,
    },
    Verb {
        name: "expose",
        summary:
            "Take a replication controller, service, deployment or pod and expose it as a new \
                  Kubernetes service",
        flags: EXPOSE,
        run: expose,
    },
    Verb {
        name: "run",
        summary: "Run a particular image on the cluster",
        flags: RUN,
        run: run_image,
    },
];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    if args.get("filename").is_some() {
        return put(view, args, manifest::Verb::Create);
    }
    let words: Vec<&str> = args.names.iter().map(String::as_str).collect();
    match words[..] {
        ["deployment" | "deploy", name] => {
            let image = args.get("image").ok_or_else(|| required("image"))?;
            let replicas = args.number("create deployment", "replicas")?.unwrap_or(1);
            let object = deployment(name, image, replicas);
            create(
                view,
                "Deployment",
                name,
                object,
                "created",
                "failed to create deployment: ",
            )
        }
        ["namespace" | "ns", name] => {
            let object = map().set("metadata", map().set("name", name));
            create(view, "Namespace", name, object, "created", "")
        }
        ["configmap" | "cm", name] => {
            let mut data = map();
            for pair in args.all("from-literal") {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                data = data.set(key, value);
            }
            let object = map()
                .some("data", data)
                .set("metadata", map().set("name", name));
            create(
                view,
                "ConfigMap",
                name,
                object,
                "created",
                "failed to create configmap: ",
            )
        }
        [] => Err(Failure::client("must specify one of -f and -k")),
        _ => Err(Failure::client(format!(
            "unknown command \"{}\"",
            words.join(" ")
        ))),
    }
}

fn required(flag: &str) -> Failure {
    Failure::client(format!("required flag(s) \"{flag}\" not set"))
}

fn deployment(name: &str, image: &str, replicas: i64) -> Map {
    let labels = || map().set("app", name);
    let base = image.rsplit('/').next().unwrap_or(image);
    let container = base.split([':', '@']).next().unwrap_or(base);
    let container = map().set("image", image).set("name", container);
    let template = map()
        .set("metadata", map().set("labels", labels()))
        .set("spec", map().set("containers", list([container])));
    let spec = map()
        .set("replicas", replicas)
        .set("selector", map().set("matchLabels", labels()))
        .set("template", template);
    let meta = map().set("labels", labels()).set("name", name);
    map().set("metadata", meta).set("spec", spec)
}

/// Creates an object; refusals that it exists begin with `before`.
fn create(
    view: &View,
    kind: &str,
    name: &str,
    object: Map,
    word: &str,
    before: &str,
) -> Result<Output, Failure> {
    let resource = of_kind(kind);
    let object = object
        .set("apiVersion", resource.api_version)
        .set("kind", kind);
    let text = yaml(&Value::from(object));
    let stream = manifest::parse(&text);
    for located in &stream.objects {
        let made = attempt(view, |cx| controllers::create(cx, &located.object));
        if let Err(failure) = made {
            let line = failure.line();
            let known = line
                .trim_end()
                .strip_prefix("Error from server (AlreadyExists): ");
            return Err(match known {
                Some(text) if !before.is_empty() => Failure::client(format!("{before}{text}")),
                _ => failure,
            });
        }
    }
    if stream.objects.is_empty() {
        let problem = stream
            .diagnostics
            .first()
            .map_or("", |problem| problem.message.as_str());
        return Err(Failure::client(problem));
    }
    let mut output = Output::default();
    output.done(
        &format!("{}/{name} {word}", resource.prefix()),
        Act::Create { text },
    );
    Ok(output)
}

fn run_image(view: &View, args: &Args) -> Result<Output, Failure> {
    let Some(name) = args.names.first() else {
        return Err(Failure::usage("run", "NAME is required for run"));
    };
    let image = args.get("image").ok_or_else(|| required("image"))?;
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
        .some("ports", list(ports));
    let mut labels = map().set("run", name);
    if let Some(given) = args.get("labels") {
        labels = map();
        for (key, value) in given.split(',').filter_map(|pair| pair.split_once('=')) {
            labels = labels.set(key, value);
        }
    }
    let spec = map()
        .set("containers", list([container]))
        .set("restartPolicy", args.get("restart").unwrap_or("Always"));
    let meta = map().set("labels", labels).set("name", name);
    create(
        view,
        "Pod",
        name,
        map().set("metadata", meta).set("spec", spec),
        "created",
        "",
    )
}

fn expose(view: &View, args: &Args) -> Result<Output, Failure> {
    let (kind, name) = match &args.names[..] {
        [word] => word.split_once('/').unwrap_or(("pod", word)),
        [kind, name, ..] => (kind.as_str(), name.as_str()),
        [] => {
            let text = "You must provide one or more resources by argument or filename.";
            return Err(Failure::client(text));
        }
    };
    let item = item::find(view, resource::find(kind)?, name)?;
    let controllers = &view.cluster.controllers;
    let selector = match item.thing {
        Thing::Deployment(id) => controllers
            .deployment(id)
            .object
            .selector
            .match_labels
            .clone(),
        Thing::ReplicaSet(id) => controllers
            .replica_set(id)
            .object
            .selector
            .match_labels
            .clone(),
        Thing::Service(id) => controllers.service(id).object.selector.clone(),
        _ => item.labels.clone(),
    };
    if selector.is_empty() {
        let text = "couldn't retrieve selectors via --selector flag or introspection: the pod has \
                    no labels and cannot be exposed";
        return Err(Failure::client(text));
    }
    let Some(port) = args.number("expose", "port")? else {
        let text = "couldn't find port via --port flag or introspection";
        return Err(Failure::client(text));
    };
    let target = match args.get("target-port") {
        None => Value::from(port),
        Some(text) => text
            .parse::<i64>()
            .map_or_else(|_| Value::from(text), Value::from),
    };
    let protocol = args.get("protocol").unwrap_or("TCP");
    let ports = list([map()
        .set("port", port)
        .set("protocol", protocol)
        .set("targetPort", target)]);
    let service = args.get("name").unwrap_or(&item.name);
    let spec = map()
        .set("ports", ports)
        .set("selector", &selector)
        .maybe("type", args.get("type"));
    let meta = map().some("labels", &item.labels).set("name", service);
    let object = map().set("metadata", meta).set("spec", spec);
    create(view, "Service", service, object, "exposed", "")
}
