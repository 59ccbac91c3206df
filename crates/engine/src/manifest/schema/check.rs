//! A tree against the schema, in the order in which the API server decodes it: keys sorted at
//! each level (VAL-20, VAL-21).

use super::{Field, Schema, Shape, Wrap};
use crate::manifest::field_path::{push_index, push_key, push_map_key};
use crate::manifest::position::Span;
use crate::manifest::quantity::Quantity;
use crate::manifest::yaml::{Entry, Node, Value};

/// How many unknown fields the decoder reports.
const UNKNOWN_MAX: usize = 100;

/// What the schema says about a tree.
#[derive(Default)]
pub struct Checked {
    /// It hides the unknown fields.
    pub type_error: Option<TypeError>,
    pub unknown: Vec<Unknown>,
    /// Fields that are accepted and have no effect here: path and place.
    pub not_simulated: Vec<(String, Span)>,
}

/// A value of the wrong type.
pub struct TypeError {
    /// The decoder's words.
    pub message: String,
    pub path: String,
    pub span: Span,
    /// A word on what is expected, for people.
    pub expected: &'static str,
}

/// A field that does not exist where it stands.
pub struct Unknown {
    pub path: String,
    pub key: String,
    pub key_span: Span,
    /// The definition that lacks it.
    pub definition: u16,
    /// Without a value: kubectl apply leaves it out.
    pub is_null: bool,
}

/// Checks a whole object.
pub fn check(schema: &Schema, root: &Node, definition: u16, flag_unsimulated: bool) -> Checked {
    let mut checker = Checker::new(schema, flag_unsimulated);
    // The result stands in `checked`; stopping early is part of it.
    let _stopped = checker.structure(root, definition);
    checker.checked
}

/// Checks `metadata` alone, as kubectl does before it sends anything (VAL-14).
pub fn check_metadata(schema: &Schema, root: &Node) -> Option<TypeError> {
    let entry = root.entry("metadata")?;
    let definition = schema.find("ObjectMeta")?;
    if !entry.value.is_map() && entry.value.value != Value::Null {
        let mut message = String::from("json: cannot unmarshal ");
        message.push_str(entry.value.json_kind());
        message.push_str(" into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta");
        return Some(TypeError {
            message,
            path: "metadata".into(),
            span: entry.span(),
            expected: "a map",
        });
    }
    let mut checker = Checker::new(schema, false);
    checker.path.push_str("metadata");
    checker.go_path.push("metadata");
    let _stopped = checker.structure(&entry.value, definition);
    checker.checked.type_error
}

/// An error of a type that decodes itself ends the decoding at once and wins over earlier ones.
struct Stopped;

struct Checker<'a> {
    schema: &'a Schema,
    flag_unsimulated: bool,
    checked: Checked,
    /// As the API server writes paths.
    path: String,
    /// Names of fields and embedded structures, as Go's errors have them.
    go_path: Vec<&'static str>,
    /// The entries of the maps that are being walked, those of each sorted by key.
    walked: Vec<&'a Entry>,
}

impl<'a> Checker<'a> {
    fn new(schema: &'a Schema, flag_unsimulated: bool) -> Self {
        Checker {
            schema,
            flag_unsimulated,
            checked: Checked::default(),
            path: String::new(),
            go_path: Vec::new(),
            walked: Vec::new(),
        }
    }

    /// Puts the entries of a map on the stack, sorted by key; they stand from there to its end.
    fn walk(&mut self, entries: &'a [Entry]) -> std::ops::Range<usize> {
        let from = self.walked.len();
        self.walked.extend(entries);
        self.walked[from..].sort_unstable_by(|a, b| a.key.cmp(&b.key));
        from..self.walked.len()
    }

    fn structure(&mut self, node: &'a Node, number: u16) -> Result<(), Stopped> {
        let definition = self.schema.definition(number);
        let walk = self.walk(node.entries());
        let from = walk.start;
        for at in walk {
            let entry = self.walked[at];
            let length = self.path.len();
            push_key(&mut self.path, &entry.key);
            match definition.field(&entry.key) {
                None => self.unknown(entry, number),
                Some(_) if entry.value.value == Value::Null => {}
                Some(field) => {
                    let go_length = self.go_path.len();
                    if !field.embedded.is_empty() {
                        self.go_path.push(field.embedded);
                    }
                    self.go_path.push(field.name);
                    self.field(entry, field, number)?;
                    self.go_path.truncate(go_length);
                    if self.flag_unsimulated && !field.is_modelled {
                        let place = (self.path.clone(), entry.span());
                        self.checked.not_simulated.push(place);
                    }
                }
            }
            self.path.truncate(length);
        }
        self.walked.truncate(from);
        Ok(())
    }

    fn unknown(&mut self, entry: &Entry, definition: u16) {
        if self.checked.unknown.len() < UNKNOWN_MAX {
            self.checked.unknown.push(Unknown {
                path: self.path.clone(),
                key: entry.key.clone(),
                key_span: entry.key_span,
                definition,
                is_null: entry.value.value == Value::Null,
            });
        }
    }

    fn field(&mut self, entry: &'a Entry, field: &Field, within: u16) -> Result<(), Stopped> {
        let node = &entry.value;
        match (field.wrap, &node.value) {
            (Wrap::One, _) => self.value(node, entry.span(), field, within),
            (Wrap::List, Value::List(items)) => {
                for (i, item) in items.iter().enumerate() {
                    let length = self.path.len();
                    push_index(&mut self.path, i);
                    self.value(item, item.span, field, within)?;
                    self.path.truncate(length);
                }
                Ok(())
            }
            (Wrap::Map, Value::Map(entries)) => {
                let walk = self.walk(entries);
                let from = walk.start;
                for at in walk {
                    let entry = self.walked[at];
                    let length = self.path.len();
                    push_map_key(&mut self.path, &entry.key);
                    self.value(&entry.value, entry.span(), field, within)?;
                    self.path.truncate(length);
                }
                self.walked.truncate(from);
                Ok(())
            }
            (wrap, _) => {
                let element = self.go_type(field);
                let go = match (wrap, field.shape) {
                    (Wrap::List, _) => ["[]", &element].concat(),
                    (_, Shape::Quantity) => "v1.ResourceList".into(),
                    _ => ["map[string]", &element].concat(),
                };
                let expected = match wrap {
                    Wrap::List => "a list",
                    _ => "a map",
                };
                self.type_error(node, entry.span(), within, &go, false, expected);
                Ok(())
            }
        }
    }

    fn value(
        &mut self,
        node: &'a Node,
        span: Span,
        field: &Field,
        within: u16,
    ) -> Result<(), Stopped> {
        let (fits, expected) = match (field.shape, &node.value) {
            (_, Value::Null) | (Shape::Any, _) => (true, ""),
            (Shape::Struct(number), Value::Map(_)) => return self.structure(node, number),
            (Shape::Struct(_), _) => (false, "a map"),
            (Shape::Text, value) => (matches!(value, Value::Text(_)), "a text; put it in quotes"),
            (Shape::Bool, value) => (matches!(value, Value::Bool(_)), "true or false"),
            (Shape::Int64, value) => (matches!(value, Value::Int(_)), "a whole number"),
            (Shape::Int32, Value::Int(number)) => {
                (i32::try_from(*number).is_ok(), "a number of 32 bits")
            }
            (Shape::Int32, _) => (false, "a whole number, without quotes or unit"),
            (Shape::Bytes, Value::Text(text)) => {
                return self.bytes(text, span);
            }
            // Go takes a list of numbers for bytes.
            (Shape::Bytes, Value::List(items)) => {
                for item in items {
                    let fits = match &item.value {
                        Value::Null => true,
                        Value::Int(number) => u8::try_from(*number).is_ok(),
                        _ => false,
                    };
                    if !fits {
                        self.type_error(item, span, within, "uint8", true, "a base64 text");
                    }
                }
                return Ok(());
            }
            (Shape::Bytes, _) => (false, "a base64 text"),
            (Shape::Quantity, _) => return self.quantity(node, span),
            (Shape::Time, Value::Text(_)) => (true, ""),
            (Shape::Time, _) => {
                self.type_error(node, span, within, "string", false, "a time");
                return Err(Stopped);
            }
            (Shape::IntOrString, Value::Text(_)) => (true, ""),
            (Shape::IntOrString, Value::Int(number)) if i32::try_from(*number).is_ok() => {
                (true, "")
            }
            (Shape::IntOrString, _) => {
                self.checked.type_error = None;
                self.type_error(
                    node,
                    span,
                    within,
                    "int32",
                    true,
                    "a whole number or a name",
                );
                return Err(Stopped);
            }
        };
        if !fits {
            let is_int = matches!(field.shape, Shape::Int32 | Shape::Int64);
            let go = self.go_type(field);
            self.type_error(node, span, within, &go, is_int, expected);
        }
        Ok(())
    }

    fn bytes(&mut self, text: &str, span: Span) -> Result<(), Stopped> {
        if let Err(at) = crate::manifest::base64::decode(text) {
            let message = format!("illegal base64 data at input byte {at}");
            self.save(
                message,
                span,
                "a base64 text; use stringData for plain text",
            );
        }
        Ok(())
    }

    fn quantity(&mut self, node: &Node, span: Span) -> Result<(), Stopped> {
        match Quantity::of(node) {
            Ok(_) => Ok(()),
            Err(words) => {
                self.checked.type_error = None;
                self.save(words.into(), span, "a quantity such as 500m, 64Mi or 1.5");
                Err(Stopped)
            }
        }
    }

    fn type_error(
        &mut self,
        node: &Node,
        span: Span,
        within: u16,
        go: &str,
        with_literal: bool,
        expected: &'static str,
    ) {
        let mut message = String::from("json: cannot unmarshal ");
        message.push_str(node.json_kind());
        match &node.value {
            Value::Int(number) if with_literal => {
                message.push(' ');
                message.push_str(&number.to_string());
            }
            Value::Number(literal) if with_literal => {
                message.push(' ');
                message.push_str(literal);
            }
            _ => {}
        }
        message.push_str(" into Go struct field ");
        message.push_str(self.schema.definition(within).go_name());
        for name in &self.go_path {
            message.push('.');
            message.push_str(name);
        }
        message.push_str(" of type ");
        message.push_str(go);
        self.save(message, span, expected);
    }

    /// Keeps the first error.
    fn save(&mut self, message: String, span: Span, expected: &'static str) {
        if self.checked.type_error.is_none() {
            self.checked.type_error = Some(TypeError {
                message,
                path: self.path.clone(),
                span,
                expected,
            });
        }
    }

    /// Go's name for the type of one element.
    fn go_type(&self, field: &Field) -> String {
        let name = match field.shape {
            Shape::Text if field.go.is_empty() => "string",
            Shape::Text if field.go.contains('.') => field.go,
            Shape::Text => return ["v1.", field.go].concat(),
            Shape::Bool => "bool",
            Shape::Int32 => "int32",
            Shape::Int64 => "int64",
            Shape::Quantity => "resource.Quantity",
            Shape::IntOrString => "intstr.IntOrString",
            Shape::Time => "v1.Time",
            Shape::Bytes => "[]uint8",
            Shape::Any => "runtime.RawExtension",
            Shape::Struct(number) => {
                let definition = self.schema.definition(number);
                return [definition.package(), ".", definition.go_name()].concat();
            }
        };
        name.into()
    }
}
