//! A tree against the published description of the API, as kubectl itself does where the server
//! does not check fields: in Lists (VAL-16). Required fields count, and so does the description's
//! word for a type; a text takes any scalar.

use super::{Definition, Field, Schema, Shape, Wrap};
use crate::manifest::position::Span;
use crate::manifest::yaml::{quote, Entry, Node, Value};

/// One complaint of kubectl's own.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// As kubectl prints it.
    pub text: String,
    pub span: Span,
    /// The field that the definition of that number lacks.
    pub unknown: Option<(String, u16)>,
}

/// What is complained about in an object of a kind.
pub fn complaints(schema: &Schema, root: &Node, kind: &str, definition: u16) -> Vec<Complaint> {
    let mut walk = Walk::new(schema, kind);
    walk.structure(root, root.span, definition);
    walk.found
}

/// The same in a list of one kind: `PodList`.
pub fn list_complaints(schema: &Schema, root: &Node, kind: &str, item: u16) -> Vec<Complaint> {
    let mut walk = Walk::new(schema, kind);
    let id = [&schema.definition(item).id(), "List"].concat();
    for entry in sorted(root.entries()) {
        let length = walk.push(&entry.key);
        match (entry.key.as_str(), &entry.value.value) {
            (_, Value::Null) | ("apiVersion" | "kind", _) => {}
            ("metadata", _) => walk.list_metadata(entry),
            ("items", Value::List(items)) => {
                walk.elements(items, &|walk, node| walk.structure(node, node.span, item));
            }
            ("items", _) => {
                let id = [&id, ".items"].concat();
                walk.wrong_type(&entry.value, entry.span(), &id, "array");
            }
            _ => {
                walk.path.truncate(length);
                walk.unknown(entry, &id, None);
            }
        }
        walk.path.truncate(length);
    }
    if root.get("items").is_none() {
        walk.missing("items", root.span, &id);
    }
    walk.found
}

fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    sorted
}

struct Walk<'a> {
    schema: &'a Schema,
    path: String,
    found: Vec<Complaint>,
}

impl<'a> Walk<'a> {
    fn new(schema: &'a Schema, kind: &str) -> Walk<'a> {
        Walk {
            schema,
            path: kind.to_owned(),
            found: Vec::new(),
        }
    }

    /// The metadata of a list of one kind.
    fn list_metadata(&mut self, metadata: &Entry) {
        let id = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";
        if !metadata.value.is_map() {
            return self.wrong_type(&metadata.value, metadata.span(), id, "map");
        }
        const FIELDS: [&str; 4] = [
            "continue",
            "remainingItemCount",
            "resourceVersion",
            "selfLink",
        ];
        for entry in sorted(metadata.value.entries()) {
            let is_known = FIELDS.contains(&entry.key.as_str());
            if !is_known && entry.value.value != Value::Null {
                self.unknown(entry, id, None);
            }
        }
    }

    fn structure(&mut self, node: &Node, span: Span, number: u16) {
        let definition = self.schema.definition(number);
        if !node.is_map() {
            return self.wrong_type(node, span, &definition.id(), "map");
        }
        for entry in sorted(node.entries()) {
            if entry.value.value == Value::Null {
                continue;
            }
            match definition.field(&entry.key) {
                None => self.unknown(entry, &definition.id(), Some(number)),
                Some(field) => {
                    let length = self.push(&entry.key);
                    self.field(entry, field, definition);
                    self.path.truncate(length);
                }
            }
        }
        let required = definition.fields().iter().filter(|f| f.required.is_some());
        let mut required: Vec<&Field> = required.collect();
        required.sort_unstable_by_key(|field| field.required);
        let place = node.entries().first().map_or(span, |entry| entry.key_span);
        for field in required {
            if node.get(field.name).is_none() {
                self.missing(field.name, place, &definition.id());
            }
        }
    }

    fn field(&mut self, entry: &Entry, field: &Field, definition: &Definition) {
        let (node, span) = (&entry.value, entry.span());
        let id = || [&definition.id(), ".", field.name].concat();
        match (field.wrap, &node.value) {
            (Wrap::One, _) => self.value(node, span, field, &id),
            (Wrap::List, Value::List(items)) => {
                self.elements(items, &|walk, node| walk.value(node, node.span, field, &id));
            }
            (Wrap::Map, Value::Map(entries)) => {
                for entry in sorted(entries) {
                    let length = self.push(&entry.key);
                    match entry.value.value {
                        Value::Null => {
                            let text = ["unknown object type \"nil\" in ", &self.path].concat();
                            self.complain(text, entry.span());
                        }
                        _ => self.value(&entry.value, entry.span(), field, &id),
                    }
                    self.path.truncate(length);
                }
            }
            (Wrap::List, _) => self.wrong_type(node, span, &id(), "array"),
            (Wrap::Map, _) => self.wrong_type(node, span, &id(), "map"),
        }
    }

    /// The elements of a list. One without a value is complained about in the list's name.
    fn elements(&mut self, items: &[Node], each: &dyn Fn(&mut Self, &Node)) {
        let length = self.path.len();
        for (index, item) in items.iter().enumerate() {
            self.path.push_str(&format!("[{index}]"));
            if item.value == Value::Null {
                let text = ["unknown object type \"nil\" in ", &self.path].concat();
                self.path.truncate(length);
                self.error(&text, item.span);
            } else {
                each(self, item);
                self.path.truncate(length);
            }
        }
    }

    fn value(&mut self, node: &Node, span: Span, field: &Field, id: &dyn Fn() -> String) {
        let is_nested = matches!(node.value, Value::Map(_) | Value::List(_));
        let (fits, expected, id) = match field.shape {
            Shape::Struct(number) => return self.structure(node, span, number),
            Shape::Text | Shape::Bytes => (!is_nested, "string", id()),
            Shape::Bool => (matches!(node.value, Value::Bool(_)), "boolean", id()),
            Shape::Int32 | Shape::Int64 => {
                let is_number = matches!(node.value, Value::Int(_) | Value::Number(_));
                (is_number, "integer", id())
            }
            Shape::Quantity => (!is_nested, "string", of_machinery("api.resource.Quantity")),
            Shape::IntOrString => (
                !is_nested,
                "string",
                of_machinery("util.intstr.IntOrString"),
            ),
            Shape::Time => {
                let name = match field.name {
                    "eventTime" | "lastObservedTime" => "apis.meta.v1.MicroTime",
                    _ => "apis.meta.v1.Time",
                };
                (!is_nested, "string", of_machinery(name))
            }
            Shape::Any => (node.is_map(), "map", of_machinery("apis.meta.v1.FieldsV1")),
        };
        if !fits {
            self.wrong_type(node, span, &id, expected);
        }
    }

    fn wrong_type(&mut self, node: &Node, span: Span, id: &str, expected: &str) {
        let got = match node.value {
            Value::Null => "nil",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Number(_) => "number",
            Value::Text(_) => "string",
            Value::List(_) => "array",
            Value::Map(_) => "map",
        };
        let text = format!("invalid type for {id}: got \"{got}\", expected \"{expected}\"");
        self.error(&text, span);
    }

    fn unknown(&mut self, entry: &Entry, id: &str, definition: Option<u16>) {
        self.error(
            &format!("unknown field {} in {id}", quote(&entry.key)),
            entry.key_span,
        );
        if let Some(last) = self.found.last_mut() {
            last.unknown = definition.map(|definition| (entry.key.clone(), definition));
        }
    }

    fn missing(&mut self, field: &str, span: Span, id: &str) {
        self.error(&format!("missing required field \"{field}\" in {id}"), span);
    }

    fn error(&mut self, text: &str, span: Span) {
        let text = ["ValidationError(", &self.path, "): ", text].concat();
        self.complain(text, span);
    }

    fn complain(&mut self, text: String, span: Span) {
        self.found.push(Complaint {
            text,
            span,
            unknown: None,
        });
    }

    /// Adds a key to the path; returns how long it was.
    fn push(&mut self, key: &str) -> usize {
        let length = self.path.len();
        self.path.push('.');
        self.path.push_str(key);
        length
    }
}

fn of_machinery(name: &str) -> String {
    ["io.k8s.apimachinery.pkg.", name].concat()
}
