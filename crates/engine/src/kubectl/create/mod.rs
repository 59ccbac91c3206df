//! `kubectl create`: objects from a stream or from words. `run` and `expose` make theirs likewise.

mod config;
mod expose;
mod overrides;
mod policy;
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
use crate::go_format::number_fault;
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
    workload::CRON_JOB,
    policy::SERVICE_ACCOUNT,
    policy::BUDGET,
    policy::PRIORITY_CLASS,
    policy::QUOTA,
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
    let text = args.given("port");
    text.map(whole).transpose()
}

/// What Go's `strconv.Atoi` takes.
fn whole(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| {
        let fault = number_fault(text);
        let quoted = crate::go_format::quote(text);
        Failure::client(format!("strconv.Atoi: parsing {quoted}: {fault}"))
    })
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
        dry_word: "created",
        before: String::new(),
        object: made_of,
    };
    made(view, args, object)
}

/// An object from words.
pub struct Made<'a> {
    pub kind: &'static str,
    pub name: &'a str,
    /// `created`, `exposed`.
    pub word: &'static str,
    /// The same where nothing is sent.
    pub dry_word: &'static str,
    /// What the server's refusals begin with, if with anything.
    pub before: String,
    pub object: Map,
}

/// Creates an object, or shows what would be created.
pub fn made(view: &View, args: &Args, made: Made) -> Result<Output, Failure> {
    let whole = placed(args, &made);
    let whole = overrides::overridden(args, whole)?;
    make(view, args, made, whole)
}

/// The same without `--overrides`.
fn made_as_is(view: &View, args: &Args, made: Made) -> Result<Output, Failure> {
    let whole = placed(args, &made);
    make(view, args, made, whole)
}

/// The object with its kind and namespace.
fn placed(args: &Args, made: &Made) -> Value {
    let resource = of_kind(made.kind);
    let mut whole = made
        .object
        .clone()
        .set("apiVersion", resource.api_version)
        .set("kind", made.kind);
    if let Some(namespace) = args.get("namespace").filter(|_| resource.namespaced) {
        whole = whole.within("metadata", "namespace", namespace);
    }
    Value::from(whole)
}

fn make(view: &View, args: &Args, made: Made, whole: Value) -> Result<Output, Failure> {
    let resource = of_kind(made.kind);
    let dry_run = dry_run(args);
    let name = whole.get("metadata").and_then(|meta| meta.get("name"));
    let name = name.map_or_else(|| made.name.to_owned(), Value::plain);
    let path = format!("{}/{name}", resource.prefix());
    let shown = Shown::of(args)?;
    if dry_run == DryRun::Client {
        let mut output = Output::default();
        shown.print(&path, made.dry_word, &|| whole.clone(), &mut output);
        return Ok(output);
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
    let stored = item::find(&inner, resource, &name);
    let stored = || match &stored {
        Ok(item) => object(&inner, item),
        Err(_) => whole.clone(),
    };
    let mut output = Output::default();
    shown.print(&path, made.word, &stored, &mut output);
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
