//! Strategic merge patches, as `kubectl patch` sends them.

use super::document::Source;
use super::position::Span;
use super::schema::{schema, Field, Schema, Shape, Wrap};
use super::stream::{reread, Stream};
use super::update::printed;
use super::yaml::{compose, Entry, Node, Reading, Value};
use super::Validation;

impl Source {
    /// The object after a strategic merge patch (JSON or YAML): the stream holds it, or why the
    /// API server refuses it. What the patch adds counts as written where it was missing.
    /// `Err` holds the words about a patch that cannot be read.
    pub fn patched(&self, patch: &str) -> Result<Stream, String> {
        self.patched_with(patch, Validation::Strict)
    }

    /// The same, with what is to be said of unknown fields.
    pub fn patched_with(&self, patch: &str, validation: Validation) -> Result<Stream, String> {
        Ok(self.reread(self.patched_tree(patch)?, validation))
    }

    /// An object made of this one, read as if it stood in its place.
    pub fn reread(&self, root: Node, validation: Validation) -> Stream {
        reread(&self.text, root, validation)
    }

    /// What a strategic merge patch makes of the object.
    pub fn patched_tree(&self, patch: &str) -> Result<Node, String> {
        let composed = compose(patch, 0, &mut Reading::default()).map_err(|error| error.message)?;
        let patch = composed.root.ok_or("the patch is empty")?;
        let text = |name: &str| self.root.get(name).and_then(Node::text).unwrap_or("");
        let kinds = schema().kinds(text("apiVersion")).unwrap_or(&[]);
        let kind = kinds.iter().find(|kind| kind.name == text("kind"));
        let shape = match kind.and_then(|kind| kind.definition) {
            Some(definition) => Shape::Struct(definition),
            None => Shape::Any,
        };
        let mut root = (*self.root).clone();
        let at = root.span;
        merge(schema(), &mut root, patch, shape, at)?;
        Ok(root)
    }
}

/// Merges `patch` into `current`, whose place in the text is `at`.
fn merge(
    schema: &Schema,
    current: &mut Node,
    patch: Node,
    shape: Shape,
    at: Span,
) -> Result<(), String> {
    let replaces = patch.get("$patch").and_then(Node::text) == Some("replace");
    match (&mut current.value, patch.value) {
        (Value::Map(entries), Value::Map(changes)) => {
            if replaces {
                entries.clear();
            }
            let kept = changes.iter().find(|change| change.key == "$retainKeys");
            if let Some(kept) = kept {
                let is_kept = |key: &str| {
                    let mut kept = kept.value.items().iter();
                    kept.any(|kept| kept.text() == Some(key))
                };
                entries.retain(|entry| is_kept(&entry.key));
            }
            for change in changes {
                merge_entry(schema, entries, change, shape, at)?;
            }
        }
        (_, value) => current.value = placed(value, at),
    }
    Ok(())
}

fn merge_entry(
    schema: &Schema,
    entries: &mut Vec<Entry>,
    change: Entry,
    shape: Shape,
    at: Span,
) -> Result<(), String> {
    if change.key.starts_with('$') {
        return Ok(());
    }
    if change.value.value == Value::Null {
        entries.retain(|entry| entry.key != change.key);
        return Ok(());
    }
    let field = match shape {
        Shape::Struct(number) => schema.definition(number).field(&change.key).copied(),
        _ => None,
    };
    let Some(entry) = entries.iter_mut().find(|entry| entry.key == change.key) else {
        let value = Node {
            value: placed(change.value.value, at),
            span: at,
        };
        entries.push(Entry {
            key: change.key,
            key_span: Span {
                start: at.start,
                end: at.start,
            },
            value,
        });
        return Ok(());
    };
    let place = entry.key_span;
    match field {
        Some(field) if field.wrap == Wrap::List && !field.merge_key.is_empty() => {
            merge_list(schema, &mut entry.value, change.value, &field, place)
        }
        Some(field) if field.wrap == Wrap::One => {
            merge(schema, &mut entry.value, change.value, field.shape, place)
        }
        _ => merge(schema, &mut entry.value, change.value, Shape::Any, place),
    }
}

/// Elements are found by the list's key. Those of the patch keep its order, those that it does not
/// name keep theirs, and of two of different lists the patch's comes first unless the list had them
/// the other way round.
fn merge_list(
    schema: &Schema,
    current: &mut Node,
    patch: Node,
    field: &Field,
    at: Span,
) -> Result<(), String> {
    let key_of = |node: &Node| node.get(field.merge_key).map(|key| key.value.clone());
    let changes = match patch.value {
        Value::List(changes) => changes,
        other => {
            current.value = placed(other, at);
            return Ok(());
        }
    };
    let Value::List(items) = &mut current.value else {
        return Ok(());
    };
    // Each with its place in the list as it was.
    let mut rest: Vec<(usize, Node)> = std::mem::take(items).into_iter().enumerate().collect();
    let mut named: Vec<(Option<usize>, Node)> = Vec::new();
    for change in changes {
        let key = key_of(&change);
        // Directives about the whole list have none.
        if key.is_none() && change.is_map() && change.get("$patch").is_none() {
            return Err(format!(
                "map: {} does not contain declared merge key: {}",
                printed(&change.value, false),
                field.merge_key
            ));
        }
        let deletes = change.get("$patch").and_then(Node::text) == Some("delete");
        let found = rest
            .iter()
            .position(|(_, item)| key.is_some() && key_of(item) == key);
        match found.map(|index| rest.remove(index)) {
            _ if deletes => {}
            Some((place, mut item)) => {
                let span = item.span;
                merge(schema, &mut item, change, field.shape, span)?;
                named.push((Some(place), item));
            }
            None => {
                let value = placed(change.value, at);
                named.push((None, Node { value, span: at }));
            }
        }
    }
    let mut rest = rest.into_iter().peekable();
    for (place, item) in named {
        while let Some((_, other)) = rest.next_if(|(other, _)| place.is_some_and(|at| *other < at))
        {
            items.push(other);
        }
        items.push(item);
    }
    items.extend(rest.map(|(_, item)| item));
    Ok(())
}

/// A value of the patch with its places moved into the object's text; directives and nulls drop
/// out.
fn placed(value: Value, at: Span) -> Value {
    let node = |node: Node| Node {
        value: placed(node.value, at),
        span: at,
    };
    match value {
        Value::List(items) => Value::List(items.into_iter().map(node).collect()),
        Value::Map(entries) => {
            let kept =
                |entry: &Entry| !entry.key.starts_with('$') && entry.value.value != Value::Null;
            let entries = entries.into_iter().filter(kept);
            Value::Map(
                entries
                    .map(|entry| Entry {
                        key: entry.key,
                        key_span: at,
                        value: node(entry.value),
                    })
                    .collect(),
            )
        }
        scalar => scalar,
    }
}

/// Conditions that a patch of a Pod's `status` sets: type, and whether it is True.
pub fn patched_conditions(patch: &str) -> Vec<(String, bool)> {
    let composed = compose(patch, 0, &mut Reading::default()).unwrap_or_default();
    let root = composed.root.unwrap_or(Node::null(Span::default()));
    let status = root
        .get("status")
        .and_then(|status| status.get("conditions"));
    let condition = |node: &Node| {
        let kind = node.get("type").and_then(Node::text)?;
        let status = node.get("status").and_then(Node::text)?;
        Some((kind.to_string(), status == "True"))
    };
    let conditions = status.map_or(&[][..], |conditions| conditions.items());
    conditions.iter().filter_map(condition).collect()
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::api::{Handler, Object, PortRef};

    const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: p, labels: {a: b}}
spec:
  containers:
  - name: main
    image: nginx
    livenessProbe:
      httpGet: {path: /old, port: 80}
  - name: side
    image: busybox
";

    fn patched(patch: &str) -> Stream {
        let stream = parse(POD);
        stream.objects[0].source.patched(patch).expect("a patch")
    }

    #[test]
    fn containers_are_found_by_name() {
        let stream = patched(
            r#"{"spec":{"containers":[{"name":"side","readinessProbe":{"exec":{"command":["a"]}}},
                {"name":"main","livenessProbe":{"httpGet":{"path":"/new"}}}]}}"#,
        );
        assert_eq!(stream.diagnostics, []);
        let Object::Pod(pod) = &stream.objects[0].object else {
            panic!("a Pod");
        };
        // The patch's order.
        let probe = pod.spec.containers[1].liveness_probe.as_ref();
        let Some(Handler::HttpGet(http)) = probe.map(|probe| &probe.handler) else {
            panic!("an HTTP probe");
        };
        assert_eq!(
            (http.path.as_str(), &http.port),
            ("/new", &PortRef::Number(80))
        );
        assert!(pod.spec.containers[0].readiness_probe.is_some());
        // What the patch added counts as written at the container.
        let line = stream.objects[0]
            .source
            .line_of("spec.containers[0].readinessProbe");
        assert_eq!(line, 10);
    }

    /// As kube-apiserver 1.36.3 orders them.
    #[test]
    fn elements_keep_the_order_of_the_patch_and_of_the_list() {
        for (patch, order) in [
            ("side main", "side main"),
            ("x", "x main side"),
            ("x side", "x main side"),
            ("main x", "main x side"),
            ("side x", "main side x"),
            ("x main z", "x main z side"),
        ] {
            let names = patch.split(' ');
            let items: Vec<String> = names.map(|n| format!("{{name: {n}, image: i}}")).collect();
            let stream = patched(&format!("spec: {{containers: [{}]}}", items.join(", ")));
            let Object::Pod(pod) = &stream.objects[0].object else {
                panic!("a Pod");
            };
            let names = pod.spec.containers.iter().map(|c| c.name.as_str());
            assert_eq!(names.collect::<Vec<_>>().join(" "), order, "{patch}");
        }
    }

    #[test]
    fn null_and_directives_remove() {
        let stream = patched(
            "{metadata: {labels: {a: null}}, spec: {containers: [{name: side, $patch: delete}]}}",
        );
        let Object::Pod(pod) = &stream.objects[0].object else {
            panic!("a Pod");
        };
        assert!(pod.metadata.labels.is_empty());
        assert_eq!(pod.spec.containers.len(), 1);
    }

    #[test]
    fn a_second_handler_is_refused_as_by_the_server() {
        let stream =
            patched("spec: {containers: [{name: main, livenessProbe: {tcpSocket: {port: 80}}}]}");
        assert!(stream.objects.is_empty());
        assert_eq!(
            stream.diagnostics[0].message,
            "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 \
             handler type"
        );
    }

    #[test]
    fn conditions_of_a_status_patch() {
        let patch = r#"{"status":{"conditions":[{"type":"a/b","status":"True"}]}}"#;
        assert_eq!(patched_conditions(patch), [("a/b".to_string(), true)]);
    }
}
