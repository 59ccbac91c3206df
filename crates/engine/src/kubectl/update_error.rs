//! Manifests that the server's decoder refuses, applied to an object that exists: a patch is
//! refused in other words than a new object (VAL-23).

use super::item;
use super::object::object;
use super::output::{quoted, Value};
use super::resource;
use super::view::View;
use crate::manifest::yaml::{self, Node};
use crate::manifest::Document;

/// What the server says of a document whose object exists, and that its decoder refuses for a fault;
/// None: there is no such object.
pub fn of_document(view: &View, document: &Document, fault: &str) -> Option<String> {
    let patch = patch_of(view, document)?;
    let mut value = String::new();
    quoted(&patch, &mut value);
    let fault = of_patch(fault);
    Some(format!(
        "The request is invalid: patch: Invalid value: {value}: {fault}"
    ))
}

/// A decoder's error as the patch's.
fn of_patch(fault: &str) -> String {
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
    match (wanted, go) {
        ("int32" | "int64", "string") => format!("unrecognized type: {wanted}"),
        (wanted, go) if wanted.starts_with("[]") => format!("cannot restore slice from {go}"),
        (wanted, go) if wanted.starts_with("map[") => format!("cannot restore map from {go}"),
        ("int32" | "int64" | "string" | "bool", go) => format!("cannot convert {go} to {wanted}"),
        (_, go) => format!("cannot restore struct from: {go}"),
    }
}

/// The patch that kubectl sends, as the server prints it once it has merged it: lists are gone.
/// None: there is no such object.
fn patch_of(view: &View, document: &Document) -> Option<String> {
    let root = document.source.as_ref()?.root();
    let item = item::find(view, resource::find(&document.kind).ok()?, &document.name).ok()?;
    let live = object(view, &item);
    let mut annotations = String::from("map[kubectl.kubernetes.io/last-applied-configuration:");
    annotations.push_str(&document.source.as_ref()?.last_applied(&item.namespace));
    annotations.push(']');
    let mut fields: Vec<(String, String)> = Vec::new();
    for entry in root.entries() {
        let change = match entry.key.as_str() {
            "apiVersion" | "kind" => continue,
            "metadata" => Some(metadata(&entry.value, live.get("metadata"), &annotations)),
            key => changed(&entry.value, live.get(key)),
        };
        fields.extend(change.map(|change| (entry.key.clone(), change)));
    }
    Some(go_map(fields))
}

fn metadata(written: &Node, live: Option<&Value>, annotations: &str) -> String {
    let mut fields = vec![("annotations".to_owned(), annotations.to_owned())];
    for entry in written.entries() {
        if matches!(entry.key.as_str(), "annotations" | "name" | "namespace") {
            continue;
        }
        let change = changed(&entry.value, live.and_then(|live| live.get(&entry.key)));
        fields.extend(change.map(|change| (entry.key.clone(), change)));
    }
    go_map(fields)
}

/// What a value changes; None: nothing, or what the merge takes out.
fn changed(written: &Node, live: Option<&Value>) -> Option<String> {
    match &written.value {
        yaml::Value::Map(entries) => {
            let mut fields = Vec::new();
            let mut differs = live.is_none();
            for entry in entries {
                let live = live.and_then(|live| live.get(&entry.key));
                if let yaml::Value::List(_) = entry.value.value {
                    differs |= list_differs(&entry.value, live);
                    continue;
                }
                if let Some(change) = changed(&entry.value, live) {
                    fields.push((entry.key.clone(), change));
                }
            }
            (differs || !fields.is_empty()).then(|| go_map(fields))
        }
        _ => {
            let text = scalar(written);
            (live.map(Value::plain).as_deref() != Some(text.as_str())).then_some(text)
        }
    }
}

fn list_differs(written: &Node, live: Option<&Value>) -> bool {
    let Some(Value::List(items)) = live else {
        return true;
    };
    written.items().len() != items.len()
        || written
            .items()
            .iter()
            .zip(items)
            .any(|(written, live)| match &written.value {
                yaml::Value::List(_) => list_differs(written, Some(live)),
                _ => changed(written, Some(live)).is_some(),
            })
}

fn scalar(node: &Node) -> String {
    match &node.value {
        yaml::Value::Null => "<nil>".to_owned(),
        yaml::Value::Bool(truth) => truth.to_string(),
        yaml::Value::Int(number) => number.to_string(),
        yaml::Value::Number(number) => number.to_string(),
        yaml::Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// A map as Go prints it.
fn go_map(mut fields: Vec<(String, String)>) -> String {
    fields.sort();
    let pairs: Vec<String> = fields
        .into_iter()
        .map(|(key, value)| format!("{key}:{value}"))
        .collect();
    format!("map[{}]", pairs.join(" "))
}

#[cfg(test)]
mod tests {
    use super::of_patch;

    /// VAL-23.
    #[test]
    fn a_patch_is_refused_in_words_of_its_own() {
        let frame = "json: cannot unmarshal GIVEN into Go struct field X.spec.y of type WANTED";
        for (given, wanted, expected) in [
            ("string", "int32", "unrecognized type: int32"),
            ("number 1.5", "int32", "cannot convert float64 to int32"),
            ("string", "[]string", "cannot restore slice from string"),
            ("number", "string", "cannot convert int64 to string"),
            ("string", "v1.Probe", "cannot restore struct from: string"),
            ("object", "[]v1.Container", "cannot restore slice from map"),
        ] {
            let fault = frame.replace("GIVEN", given).replace("WANTED", wanted);
            assert_eq!(of_patch(&fault), expected);
        }
        let unknown = "strict decoding error: unknown field \"spec.foo\"";
        assert_eq!(of_patch(unknown), unknown);
    }
}
