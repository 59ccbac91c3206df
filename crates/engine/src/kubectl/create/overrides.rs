//! `--overrides` of `run` and `expose`: a patch of what they make.

use crate::go_format::quote;
use crate::kubectl::args::Args;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::{value, Flag, NONE};
use crate::kubectl::merge;
use crate::kubectl::output::{json, map, Value};
use crate::manifest::yaml::{self, compose, json_fault, Node, Reading};
use crate::manifest::{self, Validation, Verdict};

pub const FLAGS: &[Flag] = &[value("override-type", NONE), value("overrides", NONE)];

/// What becomes of an object.
pub fn overridden(args: &Args, object: Value) -> Result<Value, Failure> {
    let Some(patch) = args.given("overrides") else {
        return Ok(object);
    };
    let way = args.get("override-type").unwrap_or("merge");
    let fault = json_fault(patch);
    let refused = match (way, &fault) {
        ("merge" | "strategic" | "json", None) => None,
        ("merge", Some(_)) => Some("Invalid JSON Patch".to_owned()),
        ("strategic", Some(_)) => Some("invalid JSON document".to_owned()),
        ("json", Some(fault)) => Some(fault.clone()),
        (other, _) => Some(format!("invalid override type: {other}")),
    };
    if let Some(text) = refused {
        return Err(Failure::client(text));
    }
    let (is_list, is_map) = (
        patch.trim_start().starts_with('['),
        patch.trim_start().starts_with('{'),
    );
    let refused = match way {
        "json" if !is_list => Some("json: cannot unmarshal object into Go value of type jsonpatch.Patch"),
        "strategic" if !is_map => Some("invalid JSON document"),
        "merge" if !is_map => Some(
            "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value \
             of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
             \"json:\\\"kind,omitempty\\\"\" }",
        ),
        _ => None,
    };
    if let Some(text) = refused {
        return Err(Failure::client(text));
    }
    let text = json(&object);
    let (Some(have), Some(changes)) = (tree(&text), tree(patch)) else {
        return Ok(object);
    };
    let made = match way {
        "strategic" => strategic(&text, &changes)?,
        way => merge::merged(&have, &changes, way == "json")
            .map_err(|error| Failure::client(error.text))?,
    };
    if let Some(fault) = fault_of_type(&yaml::json(&made)) {
        return Err(Failure::client(fault));
    }
    let made = typed(Value::from(&made));
    let kind = |field: &str| made.get(field).map(Value::plain).unwrap_or_default();
    if [kind("apiVersion"), kind("kind")]
        != ["apiVersion", "kind"]
            .map(|field| object.get(field).map(Value::plain).unwrap_or_default())
    {
        return Err(Failure::client(format!(
            "no kind {} is registered for version {} in scheme \"pkg/runtime/scheme.go:111\"",
            quote(&kind("kind")),
            quote(&kind("apiVersion"))
        )));
    }
    Ok(made)
}

/// What kubectl says of a field that holds something else than its type.
fn fault_of_type(text: &str) -> Option<String> {
    let stream = manifest::parse_with(text, Validation::Warn);
    stream
        .documents
        .iter()
        .find_map(|document| match &document.verdict {
            Verdict::BadRequest { text, .. } | Verdict::Undecodable(text) => {
                let at = text.find("json: cannot")?;
                Some(text[at..].to_owned())
            }
            _ => None,
        })
}

/// The object with what its structures always have.
fn typed(mut object: Value) -> Value {
    let Value::Map(fields) = &mut object else {
        return object;
    };
    let containers = fields.get_mut("spec").and_then(|spec| match spec {
        Value::Map(spec) => spec.get_mut("containers"),
        _ => None,
    });
    if let Some(Value::List(containers)) = containers {
        for container in containers {
            if let Value::Map(container) = container {
                container
                    .entry("resources".into())
                    .or_insert_with(|| map().into());
            }
        }
    }
    object
}

fn tree(text: &str) -> Option<Node> {
    compose(text, 0, &mut Reading::default()).ok()?.root
}

fn strategic(text: &str, changes: &Node) -> Result<Node, Failure> {
    let file = manifest::parse(text);
    let unable = || Failure::client("readyz cannot merge this by the schema");
    let source = file.objects.first().map(|located| &located.source);
    let merged = source
        .ok_or_else(unable)?
        .patched_tree(&yaml::json(changes));
    merged.map_err(Failure::client)
}
