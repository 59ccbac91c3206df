//! A patch of any object: it is merged into what `get -o json` prints, and what comes out is read
//! like a file, with the server's rules on what may change.
//! https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/

use super::view::{View, LAST_APPLIED};
use super::{item, merge, object, output, resource};
use crate::cluster::Cx;
use crate::controllers::{self, ApiError, ApplyOutcome, ErrorReason};
use crate::manifest::yaml::{compose, write_json, Node, Reading, Value};
use crate::manifest::{self, Severity, Verdict};
use crate::scenario::PatchType;

/// Labels of a Job's Pods that the server makes up.
const JOB_LABELS: [&str; 4] = [
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
];

/// Patches an object, now. Whether that changed anything. Fields that playing patches often are
/// known to [`controllers::patch`]; all others are changed as a file would change them (API-08).
pub fn patch(
    cx: &mut Cx,
    (kind, namespace, name): (&str, &str, &str),
    words: &str,
    way: PatchType,
) -> Result<bool, ApiError> {
    if way == PatchType::Strategic {
        match controllers::patch(cx, kind, namespace, name, words) {
            Err(error) if error.reason == ErrorReason::NotSimulated => {}
            done => return done,
        }
    }
    let Some(patch) = read(words) else {
        let text = "unable to parse the patch: it is no JSON object";
        return Err(ApiError::bad_request(text));
    };
    let unknown = |_| {
        ApiError::bad_request(format!(
            "the server doesn't have a resource type \"{kind}\""
        ))
    };
    let resource = resource::find(kind).map_err(unknown)?;
    let view = View {
        cluster: cx.cluster,
        now: cx.now,
        namespace: namespace.to_owned(),
        stdin: None,
    };
    let item = item::find(&view, resource, name)
        .map_err(|_| ApiError::not_found(&resource.qualified(), name))?;
    let named = patch.at("metadata.resourceVersion");
    if object::is_other(&view, &item, named.and_then(Node::text)) {
        return Err(ApiError::conflict(&resource.qualified(), name));
    }
    let have = output::json(&object::object(&view, &item));
    let have = as_written(read(&have).unwrap_or(Node::null(patch.span)));
    let stream = match way {
        PatchType::Strategic => {
            let file = manifest::parse(&text_of(&have));
            let source = file
                .objects
                .first()
                .map(|located| located.source.patched(words));
            source.unwrap_or(Ok(file)).map_err(ApiError::bad_request)?
        }
        way => {
            let is_list = way == PatchType::Json;
            manifest::parse(&text_of(&merge::merged(&have, &patch, is_list)?))
        }
    };
    let verdicts = stream.documents.iter().map(|document| &document.verdict);
    for verdict in verdicts {
        if let Verdict::Invalid(texts) = verdict {
            let detail = match texts.as_slice() {
                [one] => one.clone(),
                all => format!("[{}]", all.join(", ")),
            };
            let group = resource.group();
            let kind = match group {
                "" => resource.kind.to_owned(),
                group => format!("{}.{group}", resource.kind),
            };
            return Err(ApiError::invalid(&kind, name, &detail));
        }
    }
    let mut errors = stream.diagnostics.iter();
    if let Some(error) = errors.find(|one| one.severity == Severity::Error) {
        return Err(ApiError::bad_request(error.message.clone()));
    }
    let Some(located) = stream.objects.first() else {
        return Err(ApiError::bad_request(format!(
            "readyz cannot patch objects of kind {}",
            resource.kind
        )));
    };
    let outcome = controllers::apply(cx, &located.object)?;
    let is_unlabelled = drop_labels(cx, (kind, namespace, name), &have, located.source.root())?;
    Ok(is_unlabelled || outcome == ApplyOutcome::Configured)
}

fn read(text: &str) -> Option<Node> {
    let composed = compose(text, 0, &mut Reading::default()).ok()?;
    let is_patch = |root: &Node| root.is_map() || !root.items().is_empty();
    composed.root.filter(is_patch)
}

fn text_of(node: &Node) -> String {
    let mut text = String::new();
    write_json(node, &mut text);
    text
}

/// The object without what the server adds to it and takes from nobody.
fn as_written(mut object: Node) -> Node {
    let is_job = object.get("kind").and_then(Node::text) == Some("Job");
    remove(&mut object, "metadata.annotations", LAST_APPLIED);
    if is_job {
        remove(&mut object, "spec", "selector");
        for label in JOB_LABELS {
            remove(&mut object, "metadata.labels", label);
            remove(&mut object, "spec.template.metadata.labels", label);
        }
    }
    object
}

/// Takes a key out of the map at a path.
fn remove(node: &mut Node, path: &str, key: &str) {
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(entry) = entries.iter_mut().find(|entry| entry.key == name) else {
        return;
    };
    if !rest.is_empty() {
        return remove(&mut entry.value, rest, key);
    }
    if let Value::Map(entries) = &mut entry.value.value {
        entries.retain(|entry| entry.key != key);
    }
}

/// Labels that a file lacks stay; those that a patch removes do not.
fn drop_labels(
    cx: &mut Cx,
    (kind, namespace, name): (&str, &str, &str),
    have: &Node,
    merged: &Node,
) -> Result<bool, ApiError> {
    let lacks = |key: &str| {
        let labels = merged.at("metadata.labels");
        labels.is_none_or(|labels| labels.entry(key).is_none())
    };
    let labels = have.at("metadata.labels").map_or(&[][..], Node::entries);
    let gone = labels.iter().filter(|entry| lacks(&entry.key));
    let gone: Vec<(String, Option<String>)> = gone.map(|entry| (entry.key.clone(), None)).collect();
    if gone.is_empty() {
        return Ok(false);
    }
    controllers::label(cx, kind, namespace, name, &gone, true)
}
