//! `kubectl apply` (APP-*). The stream comes on standard input.

use super::args::{Args, Flags};
use super::attempt::attempt_kept;
use super::failure::Failure;
use super::flags::{switch, truth, value, DELETION, FILES, NONE, PRINT, VALIDATE, WRITE};
use super::item::{self, Thing};
use super::output::{compact_json, map};
use super::pod_update::with_difference;
use super::view::View;
use super::{resource, update_error, Output, Verb};
use crate::api::Object;
use crate::controllers;
use crate::manifest::yaml::Node;
use crate::manifest::{
    self, answer_as, object_name, Document, DryRun, Located, Stream, Validation,
};
use crate::scenario::Act;
use std::borrow::Cow;

const FLAGS: Flags = &[
    PRINT,
    FILES,
    WRITE,
    DELETION,
    &[
        VALIDATE,
        switch("all", NONE).absent(),
        switch("force-conflicts", NONE),
        switch("openapi-patch", NONE),
        switch("overwrite", NONE),
        switch("prune", NONE).absent(),
        value("prune-allowlist", NONE).absent(),
        value("selector", 'l').absent(),
        switch("server-side", NONE),
        value("subresource", NONE).absent(),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "apply",
    summary: "Apply a configuration to a resource by file name or stdin",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    no_words("apply", args)?;
    put(view, args, manifest::Verb::Apply)
}

/// These verbs take no words, only files.
pub fn no_words(verb: &str, args: &Args) -> Result<(), Failure> {
    match args.names.join(" ") {
        none if none.is_empty() => Ok(()),
        words => Err(Failure::usage(verb, format!("Unexpected args: [{words}]"))),
    }
}

/// Answers for the stream: first what the server's validation says, then what becomes of each
/// object that it takes.
pub fn put(view: &View, args: &Args, verb: manifest::Verb) -> Result<Output, Failure> {
    let file = File::read(view, args)?;
    let dry_run = dry_run(args);
    let names: Vec<(&str, &Stream)> = vec![(file.name, &file.stream)];
    let patches = verb == manifest::Verb::Apply;
    let patched = |document: &Document, fault: &str| match patches {
        true => update_error::of_document(view, document, fault),
        false => None,
    };
    let checked = answer_as(&names, verb, dry_run, args.get("namespace"), Some(&patched));
    let mut output = Output {
        stderr: checked.stderr,
        exit_code: checked.exit,
        ..Output::default()
    };
    if dry_run == DryRun::Client {
        output.stdout = client_dry_run(view, &checked.stdout, verb);
        return Ok(output);
    }
    let words = outcomes(view, &file, verb, &mut output);
    let name_only = args.get("output") == Some("name");
    for (path, word) in words {
        let word = match args.is_on("server-side") {
            true => "serverside-applied",
            false => word,
        };
        output.stdout.push_str(&match name_only {
            true => format!("{path}\n"),
            false => format!("{path} {word}{}\n", dry_run.suffix()),
        });
    }
    if dry_run == DryRun::No {
        let text = file.text.into_owned();
        output.inputs.push(match patches {
            true => Act::Apply { text },
            false => Act::Create { text },
        });
    }
    Ok(output)
}

/// A file with manifests.
pub struct File<'v> {
    /// As messages name it.
    pub name: &'v str,
    pub text: Cow<'v, str>,
    pub stream: Stream,
}

impl<'v> File<'v> {
    /// The file after `-f`.
    pub fn read(view: &'v View, args: &'v Args) -> Result<File<'v>, Failure> {
        let Some(file) = args.get("filename") else {
            return Err(Failure::client("must specify one of -f and -k"));
        };
        let Some(text) = view.file(file) else {
            let text = format!("the path \"{file}\" does not exist");
            return Err(Failure::client(text));
        };
        let validation = match args.get("validate").unwrap_or("strict") {
            "ignore" => Validation::Off,
            "warn" => Validation::Warn,
            word if truth(word) == Some(false) => Validation::Off,
            _ => Validation::Strict,
        };
        let mut file = File {
            name: if file == "-" { "STDIN" } else { file },
            text: text.into(),
            stream: manifest::parse_with(text, validation),
        };
        if let Some(namespace) = args.get("namespace") {
            file.place(namespace, view);
        }
        Ok(file)
    }

    /// Puts objects that name no namespace into that of `-n`; those of another one are refused.
    fn place(&mut self, namespace: &str, view: &View) {
        let is_default = *namespace == *view.cluster.namespace;
        let metadata = map().set("metadata", map().set("namespace", namespace));
        let patch = compact_json(&metadata.into());
        let objects = &mut self.stream.objects;
        objects.retain_mut(|located| {
            let (kind, _) = object_name(&located.object);
            let is_namespaced = resource::find(kind).is_ok_and(|resource| resource.namespaced);
            let own = located.source.root().at("metadata.namespace");
            let own = own.and_then(Node::text).unwrap_or_default();
            if !is_namespaced || !own.is_empty() {
                return !is_namespaced || own == namespace;
            }
            let placed = located.source.patched(&patch).unwrap_or_default();
            if let Some(placed) = placed.objects.into_iter().next().filter(|_| !is_default) {
                *located = placed;
            }
            true
        });
        let texts = objects.iter().map(|located| located.source.json());
        self.text = texts.collect::<Vec<_>>().join("\n---\n").into();
    }
}

/// `--dry-run`.
pub fn dry_run(args: &Args) -> DryRun {
    match args.get("dry-run") {
        None | Some("none") => DryRun::No,
        Some("server") => DryRun::Server,
        Some(word) if truth(word) == Some(false) => DryRun::No,
        Some(_) => DryRun::Client,
    }
}

/// `apply` looks an object up even where it sends nothing.
fn client_dry_run(view: &View, lines: &str, verb: manifest::Verb) -> String {
    let mut text = String::new();
    for line in lines.lines() {
        let exists = line.split_once(' ').and_then(|(path, _)| {
            let (kind, name) = path.split_once('/')?;
            item::find(view, resource::find(kind).ok()?, name).ok()
        });
        text.push_str(&match (exists, verb) {
            (Some(_), manifest::Verb::Apply) => line.replace(" created ", " configured "),
            _ => line.to_owned(),
        });
        text.push('\n');
    }
    text
}

/// What becomes of each object; refusals are added to the output.
fn outcomes(
    view: &View,
    file: &File,
    verb: manifest::Verb,
    output: &mut Output,
) -> Vec<(String, &'static str)> {
    let creates = verb == manifest::Verb::Create;
    let mut words = Vec::new();
    let mut cluster = view.cluster.clone();
    for located in &file.stream.objects {
        let inner = view.of(&cluster);
        let result = attempt_kept(&inner, |cx| match creates {
            true => controllers::create(cx, &located.object).map(|()| "created"),
            false => controllers::apply(cx, &located.object).map(|outcome| outcome.name()),
        });
        match result {
            Ok((word, after)) => {
                let word = match creates {
                    true => word,
                    false => applied(&inner, located, word, &mut output.stderr),
                };
                let (kind, name) = object_name(&located.object);
                let path = resource::find(kind);
                let path = path.map_or_else(|_| kind.to_owned(), resource::Resource::prefix);
                words.push((format!("{path}/{name}"), word));
                cluster = after;
                cluster.written.note(located, !creates);
            }
            Err(failure) => {
                output
                    .stderr
                    .push_str(&refusal(&inner, file.name, located, &failure));
                output.exit_code = 1;
            }
        }
    }
    words
}

/// What `apply` says of an object that was there (APP-03, APP-05).
fn applied(
    view: &View,
    located: &Located<Object>,
    word: &'static str,
    stderr: &mut String,
) -> &'static str {
    let (kind, name) = object_name(&located.object);
    let item = resource::find(kind).and_then(|resource| item::find(view, resource, name));
    let Some(item) = item.ok().filter(|_| word != "created") else {
        return word;
    };
    let manifest = view.manifest(&item.resource.singular(), &item.namespace, name);
    if !manifest.is_some_and(|manifest| manifest.is_applied) {
        let plural = item.resource.plural;
        stderr.push_str(&format!(
            "Warning: resource {plural}/{name} is missing the \
             kubectl.kubernetes.io/last-applied-configuration annotation which is required by \
             kubectl apply. kubectl apply should only be used on resources created declaratively \
             by either kubectl create --save-config or kubectl apply. The missing annotation will \
             be patched automatically.\n"
        ));
        return "configured";
    }
    let is_deleted = matches!(item.thing, Thing::Pod(id) if view.pod(id).deletion.is_some());
    // The server drops an empty list, so that the file never equals the object.
    let drops = word == "unchanged" && has_empty_list(&located.source.json());
    let word = if drops { "configured" } else { word };
    if is_deleted && word == "configured" {
        stderr.push_str(&format!(
            "Warning: Detected changes to resource {name} which is currently being deleted.\n"
        ));
    }
    word
}

/// A refusal, with the file's name where the server knows none.
pub fn refusal(view: &View, file: &str, located: &Located<Object>, failure: &Failure) -> String {
    let text = failure.line();
    // Of creating only: an update finds its namespace.
    for reason in ["(AlreadyExists): ", "(NotFound): "] {
        if let Some((before, after)) = text.split_once(reason) {
            return format!("{before}{reason}error when creating \"{file}\": {after}");
        }
    }
    match &located.object {
        Object::Pod(pod) => {
            let written = located.source.root();
            with_difference(view, text, pod, written)
        }
        _ => text,
    }
}

/// Whether a field of an object holds an empty list.
fn has_empty_list(json: &str) -> bool {
    let mut found = json.match_indices("\":[]");
    found.any(|(at, _)| !json[..at].ends_with('\\'))
}
