//! The published JSON Schema and the reader know the same fields, and what is read is written and
//! read back.

use readyz_engine::manifest::{self, Severity};
use readyz_engine::scenario::{self, Scenario};
use serde_json::{json, Map, Value};
use std::collections::BTreeSet;

fn schema() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../static/schema/scenario-v1alpha1.json"
    );
    let text = std::fs::read_to_string(path).expect("the schema");
    serde_json::from_str(&text).expect("JSON")
}

/// Other documents refer to it by the address at which the page publishes it.
#[test]
fn the_schema_names_its_address() {
    let id = schema()["$id"].as_str().map(String::from);
    let id = id.expect("an identifier");
    assert!(id.starts_with("https://"), "{id}");
    assert!(id.ends_with("/schema/scenario-v1alpha1.json"), "{id}");
}

/// Follows `$ref`; a description beside it stays out.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(path) => root.pointer(&path[1..]).expect("a definition"),
        None => schema,
    }
}

/// A value that the schema allows: an object with its required fields only.
fn sample(root: &Value, schema: &Value) -> Value {
    let schema = resolve(root, schema);
    for key in ["const", "default"] {
        if !schema[key].is_null() {
            return schema[key].clone();
        }
    }
    if let Some(first) = schema["examples"].get(0).or(schema["enum"].get(0)) {
        return first.clone();
    }
    if let Some(any) = schema["anyOf"].as_array() {
        return sample(root, any.last().expect("one"));
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match kind {
        Some("object") => {
            let mut object = Map::new();
            for name in schema["required"].as_array().into_iter().flatten() {
                let name = name.as_str().expect("a name");
                let value = sample(root, &schema["properties"][name]);
                object.insert(name.into(), value);
            }
            if schema["properties"].is_null() {
                object.insert("key".into(), json!("value"));
            }
            Value::Object(object)
        }
        Some("array") => json!([sample(root, &schema["items"])]),
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema["minimum"]
            .as_i64()
            .filter(|least| *least > 0)
            .map_or(json!(1), |least| json!(least)),
        _ => json!("pod"),
    }
}

/// An object of the schema: its path in the document (`[]` for entries) and a way to put one of
/// its values into a whole document.
struct Place<'a> {
    path: String,
    schema: &'a Value,
    parents: Vec<(&'a Value, String, bool)>,
}

/// Every object of the schema.
fn places<'a>(root: &'a Value, schema: &'a Value, place: Place<'a>, all: &mut Vec<Place<'a>>) {
    let schema = resolve(root, schema);
    let (path, parents) = (place.path.clone(), place.parents.clone());
    let inside = |name: &str, is_entry: bool| {
        let mut parents = parents.clone();
        parents.push((schema, name.to_string(), is_entry));
        parents
    };
    for alternative in schema["anyOf"].as_array().into_iter().flatten() {
        let parents = parents.clone();
        let place = Place {
            path: path.clone(),
            schema: alternative,
            parents,
        };
        places(root, alternative, place, all);
    }
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    all.push(Place {
        path: path.clone(),
        schema,
        parents: parents.clone(),
    });
    for (name, property) in properties {
        let property = resolve(root, property);
        let items = &property["items"];
        let (inner, is_entry) = if items.is_null() {
            (property, false)
        } else {
            (items, true)
        };
        let dot = if path.is_empty() { "" } else { "." };
        let mark = if is_entry { "[]" } else { "" };
        let place = Place {
            path: format!("{path}{dot}{name}{mark}"),
            schema: inner,
            parents: inside(name, is_entry),
        };
        places(root, inner, place, all);
    }
}

/// A whole document with this value at a place.
fn document(root: &Value, place: &Place, mut value: Value) -> Value {
    for (schema, name, is_entry) in place.parents.iter().rev() {
        if *is_entry {
            value = json!([value]);
        }
        let mut outer = sample(root, schema);
        outer[name] = value;
        value = outer;
    }
    value
}

/// Values of an object in which a field can stand.
fn values(root: &Value, place: &Place, name: &str) -> Vec<Value> {
    let field = sample(root, &place.schema["properties"][name]);
    let mut bases = vec![sample(root, place.schema)];
    if place.path == "spec.expect[]" {
        let event = json!({"reason": "r"});
        bases = vec![
            json!({"at": "1s", "pod": "p"}),
            json!({"at": "1s", "pod": "p", "container": "c"}),
            json!({"at": "1s", "deployment": "d"}),
            json!({"at": "1s", "service": "s"}),
            json!({"at": "1s", "event": event}),
            json!({"at": "1s", "requests": {"served": 1}}),
            json!({"pod": "p"}),
        ];
    }
    if place.path == "spec.steps[]" && (name == "at" || name == "for") {
        bases = vec![json!({"at": "1s", "hang": {"pod": "p"}})];
    }
    let has = |name: &str| place.schema["properties"].get(name).is_some();
    if has("kind") && has("name") && !place.path.is_empty() {
        let mut named = bases[0].clone();
        named["kind"] = json!("deployment");
        named["name"] = json!("web");
        bases.push(named);
    }
    if has("state") && has("force") {
        // Draining a node is written as its state, too.
        let mut drained = bases[0].clone();
        drained["state"] = json!("drained");
        bases.push(drained);
    }
    for base in &mut bases {
        base[name] = field.clone();
    }
    bases
}

fn read(document: &Value) -> (Option<Scenario>, Vec<String>) {
    let stream = manifest::parse(&document.to_string());
    let errors = stream
        .diagnostics
        .into_iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| d.message)
        .collect();
    (stream.scenario, errors)
}

/// Every field of every object, in a document of its own.
fn documents(root: &Value) -> Vec<(String, String, Vec<Value>)> {
    let mut all = Vec::new();
    let start = Place {
        path: String::new(),
        schema: root,
        parents: Vec::new(),
    };
    places(root, root, start, &mut all);
    let mut documents = Vec::new();
    for place in &all {
        for name in place.schema["properties"]
            .as_object()
            .expect("fields")
            .keys()
        {
            let values = values(root, place, name);
            let whole = values.into_iter().map(|v| document(root, place, v));
            documents.push((place.path.clone(), name.clone(), whole.collect()));
        }
    }
    documents
}

#[test]
fn every_field_of_the_schema_is_read() {
    let root = schema();
    let all = documents(&root);
    assert!(all.len() > 250, "{}", all.len());
    for (path, name, documents) in all {
        let unknown: Vec<_> = documents
            .iter()
            .map(|document| read(document).1)
            .map(|errors| {
                errors
                    .into_iter()
                    .find(|e| e.contains("there is no such field"))
            })
            .collect();
        assert!(
            unknown.iter().any(Option::is_none),
            "{path}: {name}: {unknown:?}"
        );
    }
}

#[test]
fn every_field_that_is_read_is_in_the_schema() {
    let root = schema();
    let documents = documents(&root);
    let known: BTreeSet<(String, String)> = documents
        .iter()
        .map(|(path, name, _)| (path.clone(), name.clone()))
        .collect();
    let mut missing = BTreeSet::new();
    for document in documents.iter().flat_map(|(_, _, documents)| documents) {
        for (path, name) in scenario::fields_read(&document.to_string()) {
            if !known.contains(&(path.clone(), name.to_string())) {
                missing.insert((path, name));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

/// Without the places in the text.
fn bare(mut scenario: Scenario) -> Scenario {
    (scenario.first_line, scenario.last_line) = (0, 0);
    for step in &mut scenario.steps {
        step.line = 0;
    }
    for expectation in &mut scenario.expect {
        expectation.line = 0;
    }
    scenario
}

#[test]
fn what_is_written_is_read_back() {
    let root = schema();
    let mut written = 0;
    for (_, _, documents) in documents(&root) {
        for document in documents {
            let (scenario, errors) = read(&document);
            let Some(scenario) = scenario.filter(|_| errors.is_empty()) else {
                continue;
            };
            let text = scenario::write(&scenario);
            let stream = manifest::parse(&text);
            let problems: Vec<_> = stream
                .diagnostics
                .iter()
                .filter(|d| d.severity == Severity::Error)
                .collect();
            assert!(problems.is_empty(), "{text}\n{problems:?}");
            let again = bare(stream.scenario.expect("a scenario"));
            assert_eq!(again, bare(scenario), "{text}");
            assert_eq!(scenario::write(&again), text);
            written += 1;
        }
    }
    assert!(written > 200, "{written}");
}
