//! A field of an object: its value, its path, and where to point in the text.

use super::field_path::{push_index, push_key, push_map_key};
use super::position::Span;
use super::yaml::{Node, Value};

/// A field, present or not. Paths are linked on the stack and only written out for errors.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    parent: Option<&'a Field<'a>>,
    part: Part<'a>,
    /// None: absent or null (VAL-22).
    pub node: Option<&'a Node>,
    /// The field, or what it is missing in.
    pub span: Span,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    Root,
    Key(&'a str),
    MapKey(&'a str),
    Index(usize),
}

impl<'a> Field<'a> {
    /// The object itself.
    pub fn root(node: &'a Node) -> Field<'a> {
        // An absent field is best shown at the object's first key.
        let span = node.entries().first().map_or(node.span, |e| e.key_span);
        Field {
            parent: None,
            part: Part::Root,
            node: Some(node),
            span,
        }
    }

    /// The field `name` of a structure.
    pub fn key(&'a self, name: &'a str) -> Field<'a> {
        let entry = self.node.and_then(|node| node.entry(name));
        Field {
            parent: Some(self),
            part: Part::Key(name),
            node: entry
                .map(|entry| &entry.value)
                .filter(|node| node.value != Value::Null),
            span: entry.map_or(self.span, |entry| entry.span()),
        }
    }

    /// The value of key `name` of a map.
    pub fn map_key(&'a self, name: &'a str) -> Field<'a> {
        Field {
            part: Part::MapKey(name),
            ..self.key(name)
        }
    }

    /// The elements of a list.
    pub fn items(&'a self) -> impl Iterator<Item = Field<'a>> + 'a {
        self.items_from(0)
    }

    /// The elements of a list before which the API server puts `first` others.
    pub fn items_from(&'a self, first: usize) -> impl Iterator<Item = Field<'a>> + 'a {
        let items = self.node.map_or(&[][..], |node| node.items());
        items.iter().enumerate().map(move |(i, node)| Field {
            parent: Some(self),
            part: Part::Index(first + i),
            node: Some(node).filter(|node| node.value != Value::Null),
            span: node.entries().first().map_or(node.span, |e| e.key_span),
        })
    }

    /// The element `index` of a list, present or not.
    pub fn index(&'a self, index: usize) -> Field<'a> {
        self.items().nth(index).unwrap_or(Field {
            parent: Some(self),
            part: Part::Index(index),
            node: None,
            span: self.span,
        })
    }

    /// The entries of a map, sorted by key.
    pub fn sorted_entries(&'a self) -> Vec<(&'a str, Field<'a>)> {
        let entries = self.node.map_or(&[][..], |node| node.entries());
        let mut sorted: Vec<_> = entries
            .iter()
            .map(|entry| (entry.key.as_str(), self.map_key(&entry.key)))
            .collect();
        sorted.sort_by(|a, b| a.0.cmp(b.0));
        sorted
    }

    /// This field's path with another's value.
    pub fn holding(&self, other: &Field<'a>) -> Field<'a> {
        Field {
            node: other.node,
            span: other.span,
            ..*self
        }
    }

    /// The same field, but pointing elsewhere in the text.
    pub fn shown_at(self, span: Span) -> Field<'a> {
        Field { span, ..self }
    }

    /// The same element under another number.
    pub fn renumbered(self, index: usize) -> Field<'a> {
        Field {
            part: Part::Index(index),
            ..self
        }
    }

    /// Whether it is there.
    pub fn is_set(&self) -> bool {
        self.node.is_some()
    }

    /// The text; empty if absent.
    pub fn text(&self) -> &'a str {
        self.node.and_then(Node::text).unwrap_or("")
    }

    /// The text, or `default` if absent or empty.
    pub fn text_or(&self, default: &'a str) -> &'a str {
        match self.text() {
            "" => default,
            text => text,
        }
    }

    /// The number; 0 if absent.
    pub fn int(&self) -> i64 {
        self.int_or(0)
    }

    /// The number, or `default` if absent.
    pub fn int_or(&self, default: i64) -> i64 {
        self.node.and_then(Node::int).unwrap_or(default)
    }

    /// The truth value; false if absent.
    pub fn bool(&self) -> bool {
        self.node.and_then(Node::bool).unwrap_or(false)
    }

    /// How many elements a list or entries a map has.
    pub fn count(&self) -> usize {
        match self.node.map(|node| &node.value) {
            Some(Value::List(items)) => items.len(),
            Some(Value::Map(entries)) => entries.len(),
            _ => 0,
        }
    }

    /// The path as the API server writes it.
    pub fn path(&self) -> String {
        let mut path = String::new();
        self.write_path(&mut path);
        path
    }

    fn write_path(&self, path: &mut String) {
        if let Some(parent) = self.parent {
            parent.write_path(path);
        }
        match self.part {
            Part::Root => {}
            Part::Key(key) => push_key(path, key),
            Part::MapKey(key) => push_map_key(path, key),
            Part::Index(index) => push_index(path, index),
        }
    }
}
