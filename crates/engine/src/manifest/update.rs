//! What `kubectl apply` changes in an object that exists, and what the server says of a change that
//! it cannot decode (VAL-23). The patch goes three ways: what the new text says otherwise than the
//! live object is set, and what it no longer says is taken out.

use super::document::{Document, Source};
use super::schema::{schema, Definition, Field, Schema, Shape, Wrap};
use super::yaml::{json, quote, Entry, Node, Value};
use crate::api::LAST_APPLIED;

/// Structures of which a patch names the fields that stay, if the live one has others.
const KEEPS_KEYS: [&str; 2] = ["Volume", "DeploymentStrategy"];

/// An object that exists, as a patch meets it.
pub struct Existing<'a> {
    /// What was applied last.
    pub original: Option<&'a Node>,
    pub live: &'a Node,
    pub namespace: &'a str,
}

impl Existing<'_> {
    /// The server's refusal of a document whose patch it cannot decode for `fault`, the decoder's
    /// words about a new object.
    pub fn refusal(&self, document: &Document, fault: &str) -> Option<String> {
        let source = document.source.as_ref()?;
        let annotation = source.last_applied(self.namespace);
        let mut modified = source.root().clone();
        annotate(&mut modified, &annotation);
        let patch = self.patch(&modified).unwrap_or_default();
        let (patch, fault) = (quote(&patch), of_patch(fault));
        Some(format!(
            "The request is invalid: patch: Invalid value: {patch}: {fault}"
        ))
    }

    /// Whether a new text changes anything.
    pub fn is_changed(&self, modified: &Source) -> bool {
        self.patch(modified.root()).is_some()
    }

    /// The patch as the server prints it once it has merged it: lists that it merged are gone.
    fn patch(&self, modified: &Node) -> Option<String> {
        let text = |name: &str| modified.get(name).and_then(Node::text).unwrap_or("");
        let shape = shape_of(text("apiVersion"), text("kind"));
        patch(schema(), modified, self.original, self.live, shape)
    }
}

fn shape_of(api_version: &str, kind: &str) -> Shape {
    let kinds = schema().kinds(api_version).unwrap_or(&[]);
    let found = kinds.iter().find(|known| known.name == kind);
    let definition = found.and_then(|kind| kind.definition);
    definition.map_or(Shape::Any, Shape::Struct)
}

fn annotate(root: &mut Node, text: &str) {
    let Value::Map(entries) = &mut root.value else {
        return;
    };
    let metadata = entries.iter_mut().find(|entry| entry.key == "metadata");
    let Some(Value::Map(metadata)) = metadata.map(|entry| &mut entry.value.value) else {
        return;
    };
    let annotation = Entry::made(LAST_APPLIED, Value::Text(text.to_owned()));
    let known = metadata.iter_mut().find(|entry| entry.key == "annotations");
    match known.map(|entry| &mut entry.value.value) {
        Some(Value::Map(annotations)) => annotations.push(annotation),
        Some(other) => *other = Value::Map(vec![annotation]),
        None => metadata.push(Entry::made("annotations", Value::Map(vec![annotation]))),
    }
}

/// The field of a structure; None: unknown, or no structure.
fn field_of<'s>(schema: &'s Schema, shape: Shape, name: &str) -> Option<&'s Field> {
    match shape {
        Shape::Struct(number) => schema.definition(number).field(name),
        _ => None,
    }
}

/// What changes in a map, as Go prints it; None: nothing.
fn patch(
    schema: &Schema,
    modified: &Node,
    original: Option<&Node>,
    live: &Node,
    shape: Shape,
) -> Option<String> {
    let mut changes: Vec<(&str, String)> = Vec::new();
    let mut differs = keeps_keys(schema, shape) && has_others(live, modified);
    for entry in modified.entries() {
        let key = entry.key.as_str();
        let field = field_of(schema, shape, key);
        let (live, original) = (live.get(key), original.and_then(|node| node.get(key)));
        let change = match (live, &entry.value.value) {
            (None, value) => Some(printed(value, true)),
            (Some(live), Value::Map(_)) if live.is_map() => {
                let shape = field.map_or(Shape::Any, |field| match field.wrap {
                    Wrap::One => field.shape,
                    _ => Shape::Any,
                });
                patch(schema, &entry.value, original, live, shape)
            }
            (Some(live), Value::List(items)) if matches!(live.value, Value::List(_)) => {
                let merged = field.filter(|field| !field.merge_key.is_empty());
                match merged {
                    Some(field) => {
                        let original = original.map_or(&[][..], Node::items);
                        differs |= list_differs(schema, items, original, live.items(), field);
                        None
                    }
                    None => (!same(&entry.value, live)).then(|| printed(&entry.value.value, false)),
                }
            }
            (Some(live), value) => (!same(&entry.value, live)).then(|| printed(value, true)),
        };
        changes.extend(change.map(|change| (key, change)));
    }
    for entry in original.map_or(&[][..], Node::entries) {
        if modified.entry(&entry.key).is_none() {
            changes.push((&entry.key, "<nil>".to_owned()));
        }
    }
    differs |= !changes.is_empty();
    differs.then(|| go_map(changes))
}

fn keeps_keys(schema: &Schema, shape: Shape) -> bool {
    match shape {
        Shape::Struct(number) => KEEPS_KEYS.contains(&schema.definition(number).go_name()),
        _ => false,
    }
}

/// Whether the live object has fields that the text does not name, though it names some.
fn has_others(live: &Node, modified: &Node) -> bool {
    let names = |node: &Node, key: &str| node.entry(key).is_some();
    let others = live
        .entries()
        .iter()
        .any(|entry| !names(modified, &entry.key));
    others && !modified.entries().is_empty()
}

/// Whether anything changes in a list whose elements a key tells apart.
fn list_differs(
    schema: &Schema,
    modified: &[Node],
    original: &[Node],
    live: &[Node],
    field: &Field,
) -> bool {
    let key = |node: &Node| node.get(field.merge_key).map(|key| key.value.clone());
    let find =
        |nodes: &'_ [Node], wanted: &Node| nodes.iter().position(|node| key(node) == key(wanted));
    let mut last = None;
    for element in modified {
        let Some(at) = find(live, element) else {
            return true;
        };
        let former = find(original, element).map(|at| &original[at]);
        let is_moved = last.is_some_and(|last| at <= last);
        if is_moved || patch(schema, element, former, &live[at], field.shape).is_some() {
            return true;
        }
        last = Some(at);
    }
    original
        .iter()
        .any(|former| find(modified, former).is_none())
}

fn same(a: &Node, b: &Node) -> bool {
    json(a) == json(b)
}

/// A value as Go prints it; the server takes nulls out of what it adds.
pub fn printed(value: &Value, without_nulls: bool) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Number(literal) => literal.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|i| printed(&i.value, false)).collect();
            ["[", &items.join(" "), "]"].concat()
        }
        Value::Map(entries) => {
            let kept = |entry: &&Entry| !without_nulls || entry.value.value != Value::Null;
            let kept = entries.iter().filter(kept);
            go_map(
                kept.map(|entry| {
                    (
                        entry.key.as_str(),
                        printed(&entry.value.value, without_nulls),
                    )
                })
                .collect(),
            )
        }
    }
}

/// A map as Go prints it.
fn go_map(mut fields: Vec<(&str, String)>) -> String {
    fields.sort();
    let pairs: Vec<String> = fields
        .into_iter()
        .map(|(key, value)| [key, ":", &value].concat())
        .collect();
    ["map[", &pairs.join(" "), "]"].concat()
}

/// What the API server keeps of a text that it took: an object to be patched where there is no
/// cluster to look it up in. Of the defaults those that a patch's words depend on.
pub fn stored(text: &Node) -> Node {
    let word = |name: &str| text.get(name).and_then(Node::text).unwrap_or("");
    let shape = shape_of(word("apiVersion"), word("kind"));
    let mut root = kept(schema(), text, shape);
    if word("kind") == "Service" {
        drop_affinity(&mut root);
    }
    root
}

/// A value without what the server drops: unknown fields, nulls, empty lists, maps and texts.
fn kept(schema: &Schema, node: &Node, shape: Shape) -> Node {
    let Value::Map(entries) = &node.value else {
        return node.clone();
    };
    let mut fields = Vec::new();
    for entry in entries {
        let field = field_of(schema, shape, &entry.key);
        let value = &entry.value.value;
        let is_known = field.is_some() || !matches!(shape, Shape::Struct(_));
        let is_map = field.is_some_and(|field| field.wrap == Wrap::Map);
        let is_dropped = match value {
            Value::Null => true,
            Value::List(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty() && is_map,
            Value::Text(text) => text.is_empty() && field.is_some(),
            _ => false,
        };
        if !is_known || is_dropped || entry.key == "stringData" {
            continue;
        }
        let of = field.map_or(Shape::Any, |field| field.shape);
        let mut kept_entry = entry.clone();
        kept_entry.value.value = match value {
            Value::List(items) => {
                Value::List(items.iter().map(|item| kept(schema, item, of)).collect())
            }
            Value::Map(_) if is_map => value.clone(),
            _ => kept(schema, &entry.value, of).value,
        };
        fields.push(kept_entry);
    }
    if let Shape::Struct(number) = shape {
        complete(schema.definition(number), &mut fields);
    }
    Node {
        value: Value::Map(fields),
        span: node.span,
    }
}

/// Defaults that add a field beside those of the text.
fn complete(definition: &Definition, fields: &mut Vec<Entry>) {
    let has = |name: &str| fields.iter().any(|entry| entry.key == name);
    let recreates = |entry: &Entry| entry.value.text() == Some("Recreate");
    let missing = match definition.go_name() {
        "Volume" if fields.len() == 1 => "emptyDir",
        "DeploymentStrategy" if !has("rollingUpdate") && !fields.iter().any(recreates) => {
            "rollingUpdate"
        }
        _ => return,
    };
    fields.push(Entry::made(missing, Value::Map(Vec::new())));
}

/// A Service without session affinity has no settings for it.
fn drop_affinity(service: &mut Node) {
    let Value::Map(entries) = &mut service.value else {
        return;
    };
    let spec = entries.iter_mut().find(|entry| entry.key == "spec");
    if let Some(Value::Map(spec)) = spec.map(|entry| &mut entry.value.value) {
        let has = |e: &Entry| e.key == "sessionAffinity" && e.value.text() == Some("ClientIP");
        if !spec.iter().any(has) {
            spec.retain(|entry| entry.key != "sessionAffinityConfig");
        }
    }
}

/// A decoder's error as the patch's.
pub fn of_patch(fault: &str) -> String {
    if fault.starts_with("illegal base64") {
        return ["error decoding from json: ", fault].concat();
    }
    let Some((_, rest)) = fault.split_once("cannot unmarshal ") else {
        return fault.to_owned();
    };
    let given = rest.split_once(" into ").map_or(rest, |(given, _)| given);
    let wanted = rest
        .rsplit_once(" of type ")
        .map_or("", |(_, wanted)| wanted);
    // Go's word for what a patch holds.
    let go = match given.split(' ').next().unwrap_or("") {
        "array" => "slice",
        "object" => "map",
        "number" if given.contains('.') => "float64",
        "number" => "int64",
        other => other,
    };
    let name = wanted.rsplit('.').next().unwrap_or(wanted);
    let is_structure = wanted != name && schema().find(name).is_some();
    match (wanted, go) {
        _ if wanted.starts_with("[]") => format!("cannot restore slice from {go}"),
        _ if wanted.starts_with("map[") || wanted == "v1.ResourceList" => {
            format!("cannot restore map from {go}")
        }
        _ if is_structure => format!("cannot restore struct from: {go}"),
        // Go converts numbers to each other and to texts, and nothing else.
        ("bool", _) | (_, "string" | "bool" | "slice" | "map") => {
            let kind = if wanted == name { wanted } else { "string" };
            format!("unrecognized type: {kind}")
        }
        _ => format!("cannot convert {go} to {wanted}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::{of_patch, stored, Existing};

    /// VAL-23.
    #[test]
    fn a_patch_is_refused_in_words_of_its_own() {
        let frame = "json: cannot unmarshal GIVEN into Go struct field X.spec.y of type WANTED";
        for (given, wanted, expected) in [
            ("string", "int32", "unrecognized type: int32"),
            ("number", "bool", "unrecognized type: bool"),
            ("object", "string", "unrecognized type: string"),
            ("number 1.5", "int32", "cannot convert float64 to int32"),
            ("string", "[]string", "cannot restore slice from string"),
            ("number", "string", "cannot convert int64 to string"),
            (
                "number",
                "v1.DNSPolicy",
                "cannot convert int64 to v1.DNSPolicy",
            ),
            ("bool", "v1.DNSPolicy", "unrecognized type: string"),
            ("string", "v1.Probe", "cannot restore struct from: string"),
            ("object", "[]v1.Container", "cannot restore slice from map"),
            (
                "string",
                "v1.ResourceList",
                "cannot restore map from string",
            ),
        ] {
            let fault = frame.replace("GIVEN", given).replace("WANTED", wanted);
            assert_eq!(of_patch(&fault), expected);
        }
        let unknown = "strict decoding error: unknown field \"spec.foo\"";
        assert_eq!(of_patch(unknown), unknown);
    }

    /// APP-03: what the server drops or adds beside the text is sent again each time.
    #[test]
    fn a_text_that_the_server_keeps_otherwise_changes_each_time() {
        for (spec, changes) in [
            (
                "{containers: [{name: a, image: b}], volumes: [{name: v}]}",
                true,
            ),
            (
                "{containers: [{name: a, image: b}], volumes: [{name: v, emptyDir: {}}]}",
                false,
            ),
            ("{containers: [{name: a, image: b, args: []}]}", true),
            ("{containers: [{name: a, image: b, resources: {}}]}", false),
            (
                "{containers: [{name: a, image: b}], nodeSelector: {}}",
                true,
            ),
        ] {
            let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {spec}\n");
            let stream = parse(&text);
            let source = &stream.objects[0].source;
            let live = stored(source.root());
            let existing = Existing {
                original: Some(source.root()),
                live: &live,
                namespace: "default",
            };
            assert_eq!(existing.is_changed(source), changes, "{spec}");
        }
    }
}
