//! A value as the API has them, keys sorted.

use crate::api::StringMap;
use crate::manifest::yaml::{self, Entry, Node};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A JSON value. Numbers of the API are whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Value::Text(value.clone())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Value::Int(i64::from(value))
    }
}

impl From<u16> for Value {
    fn from(value: u16) -> Self {
        Value::Int(i64::from(value))
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Value::Int(i64::from(value))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Self {
        Value::Map(value.0)
    }
}

impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Value::List(value)
    }
}

impl From<&StringMap> for Value {
    fn from(value: &StringMap) -> Self {
        let pairs = value.iter();
        Value::Map(
            pairs
                .map(|(key, value)| (key.clone(), Value::from(value)))
                .collect(),
        )
    }
}

impl From<&Node> for Value {
    fn from(node: &Node) -> Self {
        match &node.value {
            yaml::Value::Null => Value::Null,
            yaml::Value::Bool(truth) => Value::Bool(*truth),
            yaml::Value::Int(number) => Value::Int(*number),
            // Objects of the API have whole numbers only.
            yaml::Value::Number(text) => Value::from(&**text),
            yaml::Value::Text(text) => Value::from(text),
            yaml::Value::List(items) => Value::List(items.iter().map(Value::from).collect()),
            yaml::Value::Map(entries) => {
                let entry = |entry: &Entry| (entry.key.clone(), Value::from(&entry.value));
                Value::Map(entries.iter().map(entry).collect())
            }
        }
    }
}

/// A map under construction.
#[derive(Clone, Debug, Default)]
pub struct Map(BTreeMap<String, Value>);

/// An empty map.
pub fn map() -> Map {
    Map::default()
}

/// A list of what can be a value.
pub fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::List(items.into_iter().map(Into::into).collect())
}

impl Map {
    /// Sets a key.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Map {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// Sets a key, unless the value is empty: no text, no number but zero, no elements.
    #[must_use]
    pub fn some(self, key: &str, value: impl Into<Value>) -> Map {
        let value = value.into();
        if value.is_empty() {
            self
        } else {
            self.set(key, value)
        }
    }

    /// Sets a key of a map in it.
    #[must_use]
    pub fn within(mut self, outer: &str, key: &str, value: impl Into<Value>) -> Map {
        if let Some(Value::Map(inner)) = self.0.get_mut(outer) {
            inner.insert(key.to_owned(), value.into());
        }
        self
    }

    /// Sets a key if there is a value.
    #[must_use]
    pub fn maybe(self, key: &str, value: Option<impl Into<Value>>) -> Map {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }
}

impl Value {
    /// What Go's `omitempty` leaves out.
    fn is_empty(&self) -> bool {
        match self {
            Value::Null | Value::Bool(false) | Value::Int(0) => true,
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    /// As jsonpath and custom columns print it.
    pub fn plain(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Text(text) => text.clone(),
            Value::List(_) | Value::Map(_) => super::compact_json(self),
        }
    }

    /// Order of `--sort-by`: numbers before texts, nothing first.
    pub fn compare(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Less,
            (_, Value::Null) => Ordering::Greater,
            (a, b) => a.plain().cmp(&b.plain()),
        }
    }
}
