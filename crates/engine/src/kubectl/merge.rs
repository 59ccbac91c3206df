//! JSON merge patches (RFC 7386) and JSON patches (RFC 6902), merged into an object as `get -o json`
//! prints it. Strategic ones go by the schema: [`crate::manifest::Source::patched`].

use crate::controllers::ApiError;
use crate::manifest::yaml::{Entry, Node, Value};

/// What becomes of an object.
pub fn merged(have: &Node, patch: &Node, is_list_of_operations: bool) -> Result<Node, ApiError> {
    let mut object = have.clone();
    if is_list_of_operations {
        for operation in patch.items() {
            operate(&mut object, operation).ok_or_else(refused)?;
        }
    } else {
        merge(&mut object, patch);
    }
    Ok(object)
}

fn refused() -> ApiError {
    ApiError::invalid_request("the server rejected our request due to an error in our request")
}

/// Sets a key; what is no map becomes one.
fn put(node: &mut Node, key: &str, value: Node) {
    if !node.is_map() {
        node.value = Value::Map(Vec::new());
    }
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    match entries.iter_mut().find(|entry| entry.key == key) {
        Some(entry) => entry.value = value,
        None => entries.push(Entry {
            key: key.to_owned(),
            key_span: value.span,
            value,
        }),
    }
}

/// Merges a map; null removes, a list replaces.
fn merge(have: &mut Node, patch: &Node) {
    for Entry { key, value, .. } in patch.entries() {
        match &value.value {
            Value::Null => {
                if let Value::Map(entries) = &mut have.value {
                    entries.retain(|entry| entry.key != *key);
                }
            }
            Value::Map(_) => {
                let old = have.get(key).filter(|old| old.is_map()).cloned();
                let mut old = old.unwrap_or(Node {
                    value: Value::Map(Vec::new()),
                    span: value.span,
                });
                merge(&mut old, value);
                put(have, key, old);
            }
            _ => put(have, key, value.clone()),
        }
    }
}

/// One operation of a JSON patch (RFC 6902). None: it cannot be done.
fn operate(object: &mut Node, operation: &Node) -> Option<()> {
    let text = |key: &str| operation.get(key).and_then(Node::text);
    let path = text("path")?;
    let value = operation.entry("value").map(|entry| entry.value.clone());
    let moved = text("from").and_then(|from| at(object, from)).cloned();
    match text("op")? {
        "test" => (at(object, path).map(|node| &node.value) == value.as_ref().map(|v| &v.value))
            .then_some(()),
        "add" => change(object, path, value, true),
        // Where there is nothing to replace it is added.
        "replace" => change(object, path, Some(value?), false),
        "remove" => change(object, path, None, false),
        "copy" => change(object, path, Some(moved?), true),
        "move" => {
            change(object, text("from")?, None, false)?;
            change(object, path, Some(moved?), true)
        }
        _ => None,
    }
}

/// A pointer's names: `/spec/containers/0`.
fn names(path: &str) -> Option<Vec<String>> {
    // What stands before the first slash is passed over.
    let (_, names) = path.split_once('/')?;
    let names = names.split('/');
    Some(
        names
            .map(|name| name.replace("~1", "/").replace("~0", "~"))
            .collect(),
    )
}

fn at<'a>(object: &'a Node, path: &str) -> Option<&'a Node> {
    let mut node = object;
    for name in names(path)? {
        node = match &node.value {
            Value::List(items) => items.get(name.parse::<usize>().ok()?)?,
            _ => &node.entry(&name)?.value,
        };
    }
    Some(node)
}

/// Sets what stands at a path, or removes it; in a list `add` puts it before what is there.
fn change(object: &mut Node, path: &str, value: Option<Node>, adds: bool) -> Option<()> {
    let mut names = names(path)?;
    let last = names.pop()?;
    let mut node = object;
    for name in names {
        node = match &mut node.value {
            Value::List(items) => items.get_mut(name.parse::<usize>().ok()?)?,
            Value::Map(entries) => {
                let entry = entries.iter_mut().find(|entry| entry.key == name)?;
                &mut entry.value
            }
            _ => return None,
        };
    }
    match (&mut node.value, value) {
        (Value::List(items), Some(value)) if last == "-" => items.push(value),
        (Value::List(items), value) => {
            let place = last.parse::<usize>().ok()?;
            match value {
                Some(value) if adds && place <= items.len() => items.insert(place, value),
                Some(value) => *items.get_mut(place)? = value,
                None if place < items.len() => drop(items.remove(place)),
                None => return None,
            }
        }
        (Value::Map(_), Some(value)) => put(node, &last, value),
        (Value::Map(entries), None) => {
            let place = entries.iter().position(|entry| entry.key == last)?;
            entries.remove(place);
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::yaml::{compose, json, Reading};

    fn read(text: &str) -> Node {
        let composed = compose(text, 0, &mut Reading::default()).expect("YAML");
        composed.root.expect("a document")
    }

    #[track_caller]
    fn gives(have: &str, patch: &str, operations: bool, wanted: &str) {
        let done = merged(&read(have), &read(patch), operations).map(|node| json(&node));
        assert_eq!(done, Ok(json(&read(wanted))), "{patch}");
    }

    #[test]
    fn a_merge_patch_replaces_lists() {
        let have = "{spec: {ports: [{port: 80}], selector: {a: b, c: d}}}";
        let patch = "{spec: {ports: [{port: 81}], selector: {a: null}}}";
        gives(
            have,
            patch,
            false,
            "{spec: {ports: [{port: 81}], selector: {c: d}}}",
        );
    }

    #[test]
    fn a_json_patch_is_done_step_by_step_or_not_at_all() {
        let have = "{a: {b/c: 1}, list: [x, z]}";
        let patch = "[{op: test, path: /a/b~1c, value: 1}, {op: add, path: /list/1, value: y}, \
                     {op: move, from: /a/b~1c, path: /d}, {op: add, path: /list/-, value: w}]";
        gives(have, patch, true, "{a: {}, list: [x, y, z, w], d: 1}");
        for wrong in [
            "[{op: remove, path: /nope}]",
            "[{op: replace, path: /list/7, value: 1}]",
            "[{op: test, path: /list/0, value: q}]",
            "[{op: add, path: /list/7, value: q}]",
            "[{op: conquer, path: /list}]",
        ] {
            let error = merged(&read(have), &read(wrong), true).expect_err(wrong);
            assert_eq!(
                error.to_string(),
                "The request is invalid: the server rejected our request due to an error in our request"
            );
        }
    }
}
