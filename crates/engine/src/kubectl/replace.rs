//! `kubectl replace`: objects become what a file says, and nothing of what they were stays.

use super::apply::{self, File};
use super::args::{Args, Flags};
use super::attempt::attempt;
use super::failure::Failure;
use super::flags::{value, DELETION, FILES, NONE, PRINT, SAVE_CONFIG, VALIDATE, WRITE};
use super::item::{self, Item};
use super::object::is_other;
use super::view::View;
use super::{pod_update, resource, Output, Verb};
use crate::api::{Object, StringMap};
use crate::controllers::{self, ApiError};
use crate::manifest::yaml::Node;
use crate::manifest::{self, object_name, DryRun, Located};
use crate::scenario::Act;

const FLAGS: Flags = &[
    PRINT,
    FILES,
    WRITE,
    DELETION,
    &[
        VALIDATE,
        SAVE_CONFIG,
        value("raw", NONE).absent(),
        value("subresource", NONE).absent(),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "replace",
    summary: "Replace a resource by file name or stdin",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let file = File::read(view, args)?;
    let files = [(file.name, &file.stream)];
    let namespace = Some(view.namespace.as_str());
    let checked = manifest::answer(&files, manifest::Verb::Replace, namespace);
    let mut output = Output {
        stderr: checked.stderr,
        exit_code: checked.exit,
        ..Output::default()
    };
    let dry_run = apply::dry_run(args);
    for located in &file.stream.objects {
        match replaced(view, file.name, located) {
            Ok(item) => {
                let line = format!("{} replaced{}", item.path(), dry_run.suffix());
                output.stdout.push_str(&line);
                output.stdout.push('\n');
                if dry_run == DryRun::No {
                    output.inputs.extend(acts(&item, located));
                }
            }
            Err(text) => {
                output.stderr.push_str(&text);
                output.exit_code = 1;
            }
        }
    }
    Ok(output)
}

/// The object that is replaced, or the refusal.
fn replaced(view: &View, file: &str, located: &Located<Object>) -> Result<Item, String> {
    let (kind, name) = object_name(&located.object);
    let found = resource::find(kind).and_then(|resource| item::find(view, resource, name));
    let item = found.map_err(|failure| {
        let place = format!("(NotFound): error when replacing \"{file}\": ");
        failure.line().replace("(NotFound): ", &place)
    })?;
    let written = located.source.root().at("metadata.resourceVersion");
    if is_other(view, &item, written.and_then(Node::text)) {
        let conflict = ApiError::conflict(&item.resource.qualified(), name).text;
        let text = format!("error when replacing \"{file}\": {conflict}");
        return Err(Failure::server("Conflict", text).line());
    }
    if let Object::Pod(pod) = &located.object {
        pod_update::replaced(view, pod, located.source.root())?;
    }
    let done = attempt(view, |cx| controllers::apply(cx, &located.object));
    done.map(|_| item).map_err(|failure| failure.line())
}

/// The file is applied, and labels that it lacks are taken away.
fn acts(item: &Item, located: &Located<Object>) -> Vec<Act> {
    let root = located.source.root();
    let lacks = |of: &str, key: &str| {
        let node = root.at("metadata").and_then(|metadata| metadata.get(of));
        node.is_none_or(|node| node.entry(key).is_none())
    };
    let gone = |of: &str, have: &StringMap| -> Vec<(String, Option<String>)> {
        let keys = have.keys().filter(|key| lacks(of, key));
        keys.map(|key| (key.clone(), None)).collect()
    };
    let mut acts = vec![Act::Apply {
        text: located.source.json(),
    }];
    // Labels only: annotations are tools' own affair, and `apply`'s is kept apart.
    let changes = gone("labels", &item.labels);
    if !changes.is_empty() {
        acts.push(Act::Label {
            kind: item.resource.singular(),
            name: item.name.clone(),
            changes,
            overwrite: true,
        });
    }
    acts
}
