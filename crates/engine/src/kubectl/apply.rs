//! `kubectl apply` (APP-*). The stream comes on standard input.

use super::args::{switch, value, Args, Flag, Takes, NONE};
use super::attempt::attempt;
use super::failure::Failure;
use super::resource;
use super::view::View;
use super::{Output, Verb};
use crate::api::Object;
use crate::controllers;
use crate::manifest::{self, answer};
use crate::scenario::Act;

/// Also those of `create`.
pub const FLAGS: &[Flag] = &[
    value("filename", 'f'),
    value("kustomize", 'k'),
    switch("recursive", 'R'),
    value("output", 'o'),
    switch("server-side", NONE),
    switch("force", NONE),
    switch("force-conflicts", NONE),
    switch("overwrite", NONE),
    switch("save-config", NONE),
    switch("prune", NONE),
    value("selector", 'l'),
    value("field-manager", NONE),
    switch("wait", NONE),
    value("timeout", NONE),
    Flag {
        long: "validate",
        short: NONE,
        takes: Takes::Default("strict"),
    },
    Flag {
        long: "dry-run",
        short: NONE,
        takes: Takes::Default("client"),
    },
    value("from-literal", NONE),
    value("image", NONE),
    value("replicas", 'r'),
    value("port", NONE),
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "apply",
    summary: "Apply a configuration to a resource by file name or stdin",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    if args.get("filename").is_none() && args.get("kustomize").is_none() {
        return Err(Failure::client("must specify one of -f and -k"));
    }
    put(view, args, manifest::Verb::Apply)
}

/// Answers for the stream: first what the server's validation says, then what becomes of each
/// object that it takes.
pub fn put(view: &View, args: &Args, verb: manifest::Verb) -> Result<Output, Failure> {
    let file = args.get("filename").unwrap_or("");
    let file_name = if file == "-" { "STDIN" } else { file };
    let Some(text) = view.file(file) else {
        return Err(Failure::client(format!(
            "the path \"{file}\" does not exist"
        )));
    };
    let stream = manifest::parse(text);
    let checked = answer(&[(file_name, &stream)], verb, Some(&view.namespace));
    let mut output = Output {
        stderr: checked.stderr,
        exit_code: checked.exit,
        ..Output::default()
    };
    let creates = verb == manifest::Verb::Create;
    let mut lines = Vec::new();
    let mut cluster = view.cluster.clone();
    for located in &stream.objects {
        let inner = View {
            cluster: &cluster,
            now: view.now,
            namespace: view.namespace.clone(),
            stdin: None,
        };
        let (kind, name) = manifest::object_name(&located.object);
        let resource = match &located.object {
            Object::Other { kind, .. } => resource::find(kind),
            _ => resource::find(kind),
        };
        let path = resource.map_or_else(|_| kind.to_owned(), resource::Resource::prefix);
        let result = attempt(&inner, |cx| {
            let outcome = if creates {
                controllers::create(cx, &located.object).map(|()| "created")
            } else {
                controllers::apply(cx, &located.object).map(|outcome| outcome.name())
            };
            outcome.map(|word| (word, cx.cluster.clone()))
        });
        match result {
            Ok((word, after)) => {
                // The server drops an empty list, so that the file never equals the object
                // (APP-03).
                let drops = word == "unchanged" && has_empty_list(&located.source.json());
                let word = if drops { "configured" } else { word };
                lines.push(format!("{path}/{name} {word}\n"));
                cluster = after;
            }
            Err(failure) => {
                let text = failure.line();
                let place = format!(": error when creating \"{file_name}\": ");
                let text = match text.split_once("(AlreadyExists): ") {
                    Some((before, after)) => {
                        format!("{before}(AlreadyExists){place}{after}")
                    }
                    None => text,
                };
                output.stderr.push_str(&text);
                output.exit_code = 1;
            }
        }
    }
    output.stdout = lines.concat();
    let text = text.to_owned();
    output.inputs.push(if creates {
        Act::Create { text }
    } else {
        Act::Apply { text }
    });
    Ok(output)
}

/// Whether a field of an object holds an empty list.
fn has_empty_list(json: &str) -> bool {
    let mut found = json.match_indices("\":[]");
    found.any(|(at, _)| !json[..at].ends_with('\\'))
}
