//! `kubectl create`: objects from a stream or from words. `run` and `expose` make theirs likewise.

mod config;
mod expose;
mod run;
mod service;
mod workload;

use super::apply::{dry_run, no_words, put};
use super::args::{Args, Flags};
use super::attempt::attempt_kept;
use super::failure::Failure;
use super::flags::{switch, value, FILES, GENERATE, NONE, PRINT, SAVE_CONFIG, VALIDATE, WRITE};
use super::item;
use super::object::object;
use super::output::{map, yaml, Map, Value};
use super::resource::of_kind;
use super::shown::Shown;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::manifest::{self, DryRun};
use crate::scenario::Act;

const FLAGS: Flags = &[
    PRINT,
    FILES,
    WRITE,
    &[
        VALIDATE,
        SAVE_CONFIG,
        switch("edit", NONE).absent(),
        value("raw", NONE).absent(),
        value("selector", 'l').absent(),
        switch("windows-line-endings", NONE),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb::new(
        "create",
        "Create a resource from a file or from stdin",
        FLAGS,
        run,
    ),
    Verb::new(
        "create namespace",
        "Create a namespace with the specified name",
        &[GENERATE],
        namespace,
    ),
    workload::DEPLOYMENT,
    workload::JOB,
    config::CONFIG_MAP,
    config::GENERIC,
    config::DOCKER_REGISTRY,
    config::TLS,
    service::CLUSTER_IP,
    service::NODE_PORT,
    service::LOAD_BALANCER,
    service::EXTERNAL_NAME,
    expose::VERB,
    run::VERB,
];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    no_words("create", args)?;
    put(view, args, manifest::Verb::Create)
}

/// The one name that a generator wants.
fn name<'a>(verb: &str, args: &'a Args) -> Result<&'a str, Failure> {
    match args.names.as_slice() {
        [name] => Ok(name),
        names => {
            let text = format!("exactly one NAME is required, got {}", names.len());
            Err(Failure::usage(verb, text))
        }
    }
}

/// The port that `--port` names; it is a text to kubectl.
fn port(args: &Args) -> Result<Option<i64>, Failure> {
    let Some(text) = args.get("port").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let fault = match is_number {
            true => "value out of range",
            false => "invalid syntax",
        };
        let quoted = crate::go_format::quote(text);
        Failure::client(format!("strconv.Atoi: parsing {quoted}: {fault}"))
    })
}

/// `a=1,b=2`.
fn pairs(text: &str) -> Map {
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs.fold(map(), |map, (key, value)| map.set(key, value))
}

fn namespace(view: &View, args: &Args) -> Result<Output, Failure> {
    let name = name("create namespace", args)?;
    let made_of = map()
        .set("metadata", map().set("name", name))
        .set("spec", map())
        .set("status", map());
    let object = Made {
        kind: "Namespace",
        name,
        word: "created",
        before: String::new(),
        object: made_of,
    };
    made(view, args, object)
}

/// An object from words.
struct Made<'a> {
    kind: &'static str,
    name: &'a str,
    /// `created`, `exposed`.
    word: &'static str,
    /// What the server's refusals begin with, if with anything.
    before: String,
    object: Map,
}

/// Creates an object, or shows what would be created.
fn made(view: &View, args: &Args, made: Made) -> Result<Output, Failure> {
    let resource = of_kind(made.kind);
    let mut whole = made
        .object
        .set("apiVersion", resource.api_version)
        .set("kind", made.kind);
    if let Some(namespace) = args.get("namespace").filter(|_| resource.namespaced) {
        whole = whole.within("metadata", "namespace", namespace);
    }
    let whole = Value::from(whole);
    let dry_run = dry_run(args);
    let path = format!("{}/{}", resource.prefix(), made.name);
    let shown = Shown::of(args)?;
    if dry_run == DryRun::Client {
        return Ok(Output::printed(
            shown.print(&path, made.word, &|| whole.clone()),
        ));
    }
    let text = yaml(&whole);
    let stream = manifest::parse(&text);
    let mut after = None;
    for located in &stream.objects {
        match attempt_kept(view, |cx| controllers::create(cx, &located.object)) {
            Ok(((), cluster)) => after = Some(cluster),
            Err(failure) => return Err(with_words(failure, &made.before)),
        }
    }
    let Some(after) = after else {
        let refused = manifest::answer(&[("-", &stream)], manifest::Verb::Create, None).stderr;
        return Err(with_words(Failure::plain(refused.trim_end()), &made.before));
    };
    let inner = view.of(&after);
    let stored = item::find(&inner, resource, made.name);
    let stored = || match &stored {
        Ok(item) => object(&inner, item),
        Err(_) => whole.clone(),
    };
    let mut output = Output::printed(shown.print(&path, made.word, &stored));
    if dry_run == DryRun::No {
        output.inputs.push(Act::Create { text });
    }
    Ok(output)
}

/// What the server refuses, in the generator's words if it has some (ERR-03).
fn with_words(failure: Failure, before: &str) -> Failure {
    let line = failure.line();
    let line = line.trim_end();
    let known = line.strip_prefix("Error from server (");
    let own = known.and_then(|known| known.split_once("): "));
    match own.map(|(_, text)| text.to_owned()).or(invalid(line)) {
        Some(text) if !before.is_empty() => Failure::client([before, &text].concat()),
        _ => failure,
    }
}

/// The server's own words behind `The KIND "NAME" is invalid: `, which kubectl has made of them.
fn invalid(line: &str) -> Option<String> {
    let (kind, rest) = line.strip_prefix("The ")?.split_once(' ')?;
    let (name, faults) = rest.split_once(" is invalid: ")?;
    let faults = match faults.strip_prefix("\n* ") {
        Some(several) => format!("[{}]", several.replace("\n* ", ", ")),
        None => faults.to_owned(),
    };
    let group = match of_kind(kind).group() {
        "" => String::new(),
        group => [".", group].concat(),
    };
    Some(format!("{kind}{group} {name} is invalid: {faults}"))
}
