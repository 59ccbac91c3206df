//! A patch of any object: it is merged into what `get -o json` prints, and what comes out is read
//! like a file, with the server's rules on what may change.
//! https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/

use super::item::{Item, Thing};
use super::resource::Resource;
use super::view::View;
use super::{item, merge, object, output, resource, update_error};
use crate::api::{Object, Pod, LAST_APPLIED};
use crate::cluster::Cx;
use crate::controllers::{self, ApiError, ApplyOutcome, ErrorReason};
use crate::manifest::yaml::{compose, json, json_fault, quote, Entry, Node, Reading, Value};
use crate::manifest::{
    self, refused_changes, RefusedChanges, Severity, Span, Stream, Validation, Verdict,
};
use crate::scenario::PatchType;

/// Which revision of a Deployment is the newest, as its controller notes.
const REVISION: &str = "deployment.kubernetes.io/revision";

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
    object: (&str, &str, &str),
    words: &str,
    way: PatchType,
) -> Result<bool, ApiError> {
    patch_warned(cx, object, words, way).map(|(is_changed, _)| is_changed)
}

/// The same, and what the server warns of.
pub fn patch_warned(
    cx: &mut Cx,
    (kind, namespace, name): (&str, &str, &str),
    words: &str,
    way: PatchType,
) -> Result<(bool, Vec<String>), ApiError> {
    let patch = read(words, way)?;
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
    let have = as_written(tree(&view, &item).unwrap_or(Node::null(patch.span)));
    let file = manifest::parse(&json(&have));
    let unable = || {
        ApiError::bad_request(format!(
            "readyz cannot patch objects of kind {}",
            resource.kind
        ))
    };
    let wanted = made(&file, &have, &patch, way)?.ok_or_else(unable)?;
    let (stream, merged) = wanted.read(&file);
    let refused = refused_changes(resource.kind, &have, &wanted.object);
    check(
        &stream,
        resource,
        &item,
        (&have, &patch, merged.as_deref()),
        refused,
    )?;
    let documents = stream.documents.iter();
    let warnings = documents
        .flat_map(|document| document.warnings.clone())
        .collect();
    if let (Thing::Pod(id), Some(have), Some(wanted)) =
        (&item.thing, file.objects.first(), stream.objects.first())
    {
        let is_changed = match (&have.object, &wanted.object) {
            (Object::Pod(have), Object::Pod(wanted)) => {
                controllers::patch_pod(cx, *id, have, wanted)?
            }
            _ => false,
        };
        return Ok((is_changed, warnings));
    }
    if way == PatchType::Strategic {
        match controllers::patch(cx, kind, namespace, name, words) {
            Err(error) if error.reason == ErrorReason::NotSimulated => {}
            done => return done.map(|is_changed| (is_changed, warnings)),
        }
    }
    let located = stream.objects.first().ok_or_else(unable)?;
    let outcome = controllers::apply(cx, &located.object)?;
    let is_unlabelled = drop_labels(cx, (kind, namespace, name), &have, located.source.root())?;
    let is_changed = is_unlabelled || outcome == ApplyOutcome::Configured;
    Ok((is_changed, warnings))
}

/// The Pod that a patch would make, allowed or not; None: it is none.
pub fn pod_after(view: &View, item: &Item, words: &str, way: PatchType) -> Option<Pod> {
    let patch = read(words, way).ok()?;
    let have = as_written(tree(view, item)?);
    let file = manifest::parse(&json(&have));
    let wanted = made(&file, &have, &patch, way).ok()??;
    let (stream, _) = wanted.read(&file);
    match &stream.objects.first()?.object {
        Object::Pod(pod) => Some(pod.clone()),
        _ => None,
    }
}

/// An object after a patch.
struct Wanted {
    object: Node,
    way: PatchType,
}

impl Wanted {
    /// The object read, and its text where the server decodes it as a whole.
    fn read(&self, file: &Stream) -> (Stream, Option<String>) {
        let source = file.objects.first().map(|located| &located.source);
        match source.filter(|_| self.way == PatchType::Strategic) {
            Some(source) => (source.reread(self.object.clone(), Validation::Warn), None),
            None => {
                let text = json(&self.object);
                (manifest::parse_with(&text, Validation::Warn), Some(text))
            }
        }
    }
}

/// The object after a patch; None: objects of its kind cannot be read.
fn made(
    file: &Stream,
    have: &Node,
    patch: &Node,
    way: PatchType,
) -> Result<Option<Wanted>, ApiError> {
    let object = match way {
        PatchType::Strategic => {
            let source = file.objects.first().map(|located| &located.source);
            let tree = source.map(|source| source.patched_tree(&json(patch)));
            tree.transpose().map_err(ApiError::unknown)?
        }
        _ => Some(merge::merged(have, patch, way == PatchType::Json)?),
    };
    Ok(object.map(|mut object| {
        follow_address(&mut object, patch);
        Wanted { object, way }
    }))
}

/// The list of a Service's addresses follows the one that a patch names (SVC-01).
fn follow_address(object: &mut Node, patch: &Node) {
    let address = patch
        .at("spec.clusterIP")
        .filter(|_| patch.at("spec.clusterIPs").is_none());
    let is_service = object.get("kind").and_then(Node::text) == Some("Service");
    let Some(address) = address.filter(|_| is_service).cloned() else {
        return;
    };
    remove(object, "spec", "clusterIPs");
    if let Value::Map(entries) = &mut object.value {
        let spec = entries.iter_mut().find(|entry| entry.key == "spec");
        if let Some(Value::Map(spec)) = spec.map(|spec| &mut spec.value.value) {
            spec.push(Entry::made("clusterIPs", Value::List(vec![address])));
        }
    }
}

/// What the server refuses of the object that a patch makes (VAL-02, VAL-23).
fn check(
    stream: &Stream,
    resource: &Resource,
    item: &Item,
    (have, patch, merged): (&Node, &Node, Option<&str>),
    refused: RefusedChanges,
) -> Result<(), ApiError> {
    let name = &item.name;
    let kind = resource.kind_with_group();
    let mut invalid = Vec::new();
    for document in &stream.documents {
        match &document.verdict {
            Verdict::Invalid(texts) => invalid.extend_from_slice(texts),
            Verdict::BadRequest { text, .. } | Verdict::Undecodable(text) => {
                return Err(update_error::of_words(patch, merged, text))
            }
            _ => {}
        }
    }
    let meta = |field: &str| {
        patch
            .at(field)
            .and_then(Node::text)
            .filter(|text| !text.is_empty())
    };
    if let Some(other) = meta("metadata.name").filter(|other| other != name) {
        return Err(ApiError::unreadable(format!(
            "the name of the object ({other}) does not match the name on the URL ({name})"
        )));
    }
    if meta("metadata.namespace").is_some_and(|other| other != item.namespace) {
        return Err(ApiError::unreadable(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    if let Some(uid) =
        meta("metadata.uid").filter(|uid| have.at("metadata.uid").and_then(Node::text) != Some(uid))
    {
        invalid.push(format!(
            "metadata.uid: Invalid value: \"{uid}\": field is immutable"
        ));
    }
    // Addresses are given out after what may change was looked at.
    if !refused.texts.is_empty() {
        invalid.retain(|text| !text.contains(": failed to allocate "));
    }
    let at = if refused.comes_first {
        0
    } else {
        invalid.len()
    };
    invalid.splice(at..at, refused.texts);
    if !invalid.is_empty() {
        return Err(ApiError::invalid_all(&kind, name, &invalid));
    }
    let mut errors = stream.diagnostics.iter();
    match errors.find(|one| one.severity == Severity::Error) {
        Some(error) => Err(ApiError::bad_request(error.message.clone())),
        None => Ok(()),
    }
}

/// A patch as kubectl reads it and the server decodes it.
fn read(words: &str, way: PatchType) -> Result<Node, ApiError> {
    let (before, wanted) = match way {
        PatchType::Strategic => ("", "map[string]interface {}"),
        PatchType::Merge => ("error decoding patch: ", "map[string]interface {}"),
        PatchType::Json => ("error decoding patch: ", "[]handlers.jsonPatchOp"),
    };
    // What begins like JSON is sent as it is.
    let fault = words
        .trim_start()
        .starts_with('{')
        .then(|| json_fault(words));
    if let Some(fault) = fault.flatten() {
        return Err(ApiError::unreadable([before, &fault].concat()));
    }
    let composed = compose(words, 0, &mut Reading::default()).map_err(|error| {
        let text = format!("unable to parse {}: {}", quote(words), error.message);
        ApiError::bad_request(text)
    })?;
    let mut root = composed.root.unwrap_or(Node::null(Span::default()));
    let given = match (&mut root.value, way) {
        (Value::List(_), PatchType::Json) => return Ok(root),
        (Value::Null, _) => {
            root.value = Value::Map(Vec::new());
            return Ok(root);
        }
        (Value::Map(_), PatchType::Json) => "object",
        (Value::Map(entries), _) => {
            // What it is stays as it is.
            entries.retain(|entry| !matches!(entry.key.as_str(), "apiVersion" | "kind"));
            return Ok(root);
        }
        (Value::List(_), _) => "array",
        (Value::Bool(_), _) => "bool",
        (Value::Int(_) | Value::Number(_), _) => "number",
        (Value::Text(_), _) => "string",
    };
    Err(ApiError::unreadable(format!(
        "{before}json: cannot unmarshal {given} into Go value of type {wanted}"
    )))
}

/// An object as `get -o json` prints it.
pub fn tree(view: &View, item: &Item) -> Option<Node> {
    let text = output::json(&object::object(view, item));
    compose(&text, 0, &mut Reading::default()).ok()?.root
}

/// The object without what the server adds to it and takes from nobody.
fn as_written(mut object: Node) -> Node {
    let is_job = object.get("kind").and_then(Node::text) == Some("Job");
    remove(&mut object, "metadata.annotations", LAST_APPLIED);
    remove(&mut object, "metadata.annotations", REVISION);
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
