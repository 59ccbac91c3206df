//! YAML as kubectl reads it: libyaml's events, YAML 1.1 scalars, anchors and merge keys, every
//! node with its place in the text.
//!
//! One reader serves manifests, the Scenario document and the JSON of recordings (JSON is YAML).

mod compose;
mod go;
mod guard;
mod json;
mod json_text;
mod scalar;
mod split;

pub use compose::{compose, Composed, Reading, SyntaxError};
pub use go::quote;
pub use json::{json, write_json};
pub use json_text::{json_end, json_fault, json_object_fault, JsonFault};
pub use split::{split, Chunk};

use super::position::Span;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

/// A value as JSON has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// Any other number, as its JSON literal.
    Number(Box<str>),
    Text(String),
    List(Vec<Node>),
    /// Keys are unique, in the order of the text.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Node,
}

impl Node {
    /// No value, at a place.
    pub const fn null(span: Span) -> Node {
        Node {
            value: Value::Null,
            span,
        }
    }

    /// The value of a key, if this is a map that has it and it is not null (VAL-22).
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key)
            .map(|entry| &entry.value)
            .filter(|node| node.value != Value::Null)
    }

    /// The entry of a key, null or not.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries, none if this is no map.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements, none if this is no list.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is an integer of 64 bits.
    pub fn int(&self) -> Option<i64> {
        match &self.value {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Whether it is a map.
    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// What `encoding/json` calls it in its errors: `number`, `object`.
    pub fn json_kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::Number(_) => "number",
            Value::Text(_) => "string",
            Value::List(_) => "array",
            Value::Map(_) => "object",
        }
    }

    /// The node at a path such as `spec.containers[0].name`, or the nearest of its parents that
    /// exists. The flag tells which.
    pub fn find(&self, path: &str) -> (Span, bool) {
        let (_, span, found) = self.locate(path);
        (span, found)
    }

    /// The node at a path, if it exists.
    pub fn at(&self, path: &str) -> Option<&Node> {
        let (node, _, found) = self.locate(path);
        found.then_some(node)
    }

    fn locate(&self, path: &str) -> (&Node, Span, bool) {
        let mut node = self;
        let mut span = node.span;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let (key, indexes) = match part.find('[') {
                Some(at) => part.split_at(at),
                None => (part, ""),
            };
            if !key.is_empty() {
                let Some(entry) = node.entry(key) else {
                    return (node, span, false);
                };
                node = &entry.value;
                span = entry.key_span;
            }
            for index in indexes.split(['[', ']']).filter(|index| !index.is_empty()) {
                let item = match index.parse::<usize>() {
                    Ok(index) => node.items().get(index).map(|item| (item, item.span)),
                    Err(_) => node.entry(index).map(|e| (&e.value, e.key_span)),
                };
                let Some((item, at)) = item else {
                    return (node, span, false);
                };
                node = item;
                span = at;
            }
        }
        (node, span, true)
    }
}

impl Entry {
    /// An entry that stands in no text.
    pub fn made(key: &str, value: Value) -> Entry {
        let nowhere = Span { start: 0, end: 0 };
        Entry {
            key: key.to_owned(),
            key_span: nowhere,
            value: Node {
                value,
                span: nowhere,
            },
        }
    }

    /// What to underline: key and value if the value is a scalar, else the key.
    pub fn span(&self) -> Span {
        match self.value.value {
            Value::List(_) | Value::Map(_) => self.key_span,
            _ if self.value.span.start >= self.key_span.end => self.key_span.to(self.value.span),
            _ => self.key_span,
        }
    }
}
