//! Values while a template runs, and how Go prints them.

use crate::kubectl::output::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value. The objects' numbers are decoded from JSON and are floats to a template; its own are
/// whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum<'v> {
    /// A field that is not there, or null.
    Nothing,
    Bool(bool),
    Int(i64),
    /// All floats here are whole.
    Float(i64),
    Text(Cow<'v, str>),
    List(&'v [Value]),
    Map(&'v BTreeMap<String, Value>),
}

impl<'v> Datum<'v> {
    /// A value of an object.
    pub fn of(value: &'v Value) -> Datum<'v> {
        match value {
            Value::Null => Datum::Nothing,
            Value::Bool(truth) => Datum::Bool(*truth),
            Value::Int(number) => Datum::Float(*number),
            Value::Text(text) => Datum::Text(text.as_str().into()),
            Value::List(items) => Datum::List(items),
            Value::Map(entries) => Datum::Map(entries),
        }
    }

    /// Whether `if` takes it.
    pub fn truth(&self) -> bool {
        match self {
            Datum::Nothing => false,
            Datum::Bool(truth) => *truth,
            Datum::Int(number) | Datum::Float(number) => *number != 0,
            Datum::Text(text) => !text.is_empty(),
            Datum::List(items) => !items.is_empty(),
            Datum::Map(entries) => !entries.is_empty(),
        }
    }

    /// Go's name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Datum::Nothing => "<nil>",
            Datum::Bool(_) => "bool",
            Datum::Int(_) => "int",
            Datum::Float(_) => "float64",
            Datum::Text(_) => "string",
            Datum::List(_) => "[]interface {}",
            Datum::Map(_) => "map[string]interface {}",
        }
    }

    /// As Go's `%v`.
    pub fn print(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Datum::Nothing => out.push_str("<nil>"),
            Datum::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Datum::Int(number) | Datum::Float(number) => out.push_str(&number.to_string()),
            Datum::Text(text) => out.push_str(text),
            Datum::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(' ');
                    }
                    Datum::of(item).write(out);
                }
                out.push(']');
            }
            Datum::Map(entries) => {
                out.push_str("map[");
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(' ');
                    }
                    out.push_str(key);
                    out.push(':');
                    Datum::of(value).write(out);
                }
                out.push(']');
            }
        }
    }

    /// `eq`: whether both are the same; None: they cannot be compared.
    pub fn equals(&self, other: &Datum) -> Result<bool, String> {
        match (self, other) {
            (Datum::Nothing, _) | (_, Datum::Nothing) => Ok(self == other),
            (Datum::List(_) | Datum::Map(_), _) => {
                let same_kind = self.type_name() == other.type_name();
                Err(match same_kind {
                    true => format!("non-comparable type {}: {}", self.print(), self.type_name()),
                    false => "incompatible types for comparison".to_owned(),
                })
            }
            _ if self.type_name() != other.type_name() => {
                Err("incompatible types for comparison".to_owned())
            }
            _ => Ok(self == other),
        }
    }

    /// `lt` and its kin.
    pub fn order(&self, other: &Datum) -> Result<Ordering, String> {
        match (self, other) {
            (Datum::Int(a), Datum::Int(b)) | (Datum::Float(a), Datum::Float(b)) => Ok(a.cmp(b)),
            (Datum::Text(a), Datum::Text(b)) => Ok(a.cmp(b)),
            (Datum::List(_) | Datum::Map(_) | Datum::Nothing, _)
            | (_, Datum::List(_) | Datum::Map(_) | Datum::Nothing)
            | (Datum::Bool(_), Datum::Bool(_)) => Err("invalid type for comparison".to_owned()),
            _ => Err("incompatible types for comparison".to_owned()),
        }
    }
}
