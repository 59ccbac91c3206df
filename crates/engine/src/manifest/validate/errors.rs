//! Field errors in the API server's forms (VAL-04).

use crate::manifest::field::Field;
use crate::manifest::position::Span;
use crate::manifest::yaml::{json, quote, Node};
use crate::manifest::Severity;

/// One complaint about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub severity: Severity,
    pub path: String,
    /// What follows `path: `; of a warning the whole.
    pub text: String,
    pub span: Span,
    /// The rule of validation.md.
    pub rule: &'static str,
    pub suggestion: Option<String>,
    /// What to put in the place of what stretch.
    pub fix: Option<(Span, String)>,
}

impl FieldError {
    /// The complaint as kubectl prints it: `FIELD: TEXT`, a warning as it is.
    pub fn line(&self) -> String {
        match self.severity {
            Severity::Error => [&self.path, ": ", &self.text].concat(),
            _ => self.text.clone(),
        }
    }
}

/// All complaints about an object, in validation order.
#[derive(Default)]
pub struct Errors {
    pub list: Vec<FieldError>,
    /// Volumes that a StatefulSet's claim templates make, before the template's own, and where each
    /// is named.
    pub claims: Vec<(String, Span)>,
    /// Whether the one error is the server's own: it could not do what was asked.
    pub is_internal: bool,
}

/// What is wrong with a name, a message each.
pub type NameCheck = fn(&str) -> Vec<String>;

impl Errors {
    /// `Invalid value: VALUE: DETAIL`; the value as it is to be printed.
    pub fn invalid(
        &mut self,
        rule: &'static str,
        field: &Field,
        value: &str,
        detail: &str,
    ) -> &mut Self {
        self.add(
            rule,
            field,
            ["Invalid value: ", value, ": ", detail].concat(),
        )
    }

    /// `Invalid value: VALUE`, without a detail.
    pub fn invalid_bare(&mut self, rule: &'static str, field: &Field, value: &str) -> &mut Self {
        self.add(rule, field, ["Invalid value: ", value].concat())
    }

    /// `Invalid value: "TEXT": DETAIL`.
    pub fn invalid_text(
        &mut self,
        rule: &'static str,
        field: &Field,
        text: &str,
        detail: &str,
    ) -> &mut Self {
        self.invalid(rule, field, &quote(text), detail)
    }

    /// `Invalid value: 5: DETAIL`.
    pub fn invalid_int(
        &mut self,
        rule: &'static str,
        field: &Field,
        number: i64,
        detail: &str,
    ) -> &mut Self {
        self.invalid(rule, field, &number.to_string(), detail)
    }

    /// One error for each message of a name check.
    pub fn each(&mut self, rule: &'static str, field: &Field, text: &str, details: &[String]) {
        for detail in details {
            self.invalid_text(rule, field, text, detail);
        }
    }

    /// One error for each message of a name check about a field's text.
    pub fn name(&mut self, rule: &'static str, field: &Field, check: NameCheck) {
        self.each(rule, field, field.text(), &check(field.text()));
    }

    /// The same of a text that may be empty.
    pub fn optional_name(&mut self, rule: &'static str, field: &Field, check: NameCheck) {
        if !field.text().is_empty() {
            self.name(rule, field, check);
        }
    }

    /// The same of one that must not be: `Required value`, with the detail.
    pub fn required_name(
        &mut self,
        rule: &'static str,
        field: &Field,
        detail: &str,
        check: NameCheck,
    ) {
        match field.text() {
            "" => {
                self.required(rule, field, detail);
            }
            _ => self.name(rule, field, check),
        }
    }

    /// `Required value`, with a detail unless it is empty.
    pub fn required(&mut self, rule: &'static str, field: &Field, detail: &str) -> &mut Self {
        let text = match detail {
            "" => "Required value".to_string(),
            detail => ["Required value: ", detail].concat(),
        };
        self.add(rule, field, text)
    }

    /// `Unsupported value: "x": supported values: "a", "b"`. Proposes the value that differs only
    /// in case, or nearly.
    pub fn unsupported(
        &mut self,
        rule: &'static str,
        field: &Field,
        value: &str,
        supported: &[&str],
    ) -> &mut Self {
        self.unsupported_json(rule, field, &quote(value), supported);
        if let Some(near) = super::super::suggest::nearest(value, supported.iter().copied()) {
            self.suggest(format!("did you mean {near}?"));
            self.replace_value(field, near);
        }
        self
    }

    /// As [`Errors::unsupported`], for a value that prints as JSON.
    pub fn unsupported_json(
        &mut self,
        rule: &'static str,
        field: &Field,
        value: &str,
        supported: &[&str],
    ) -> &mut Self {
        let mut text = ["Unsupported value: ", value, ": supported values: "].concat();
        for (i, value) in supported.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            text.push_str(&quote(value));
        }
        self.add(rule, field, text)
    }

    /// `Forbidden: DETAIL`.
    pub fn forbidden(&mut self, rule: &'static str, field: &Field, detail: &str) -> &mut Self {
        self.add(rule, field, ["Forbidden: ", detail].concat())
    }

    /// Any other text.
    pub fn told(&mut self, rule: &'static str, field: &Field, text: String) {
        self.add(rule, field, text);
    }

    /// `Duplicate value: VALUE`; the value as it is to be printed.
    pub fn duplicate(&mut self, rule: &'static str, field: &Field, value: &str) -> &mut Self {
        self.add(rule, field, ["Duplicate value: ", value].concat())
    }

    /// `Not found: "NAME"`.
    pub fn not_found(&mut self, rule: &'static str, field: &Field, name: &str) -> &mut Self {
        self.add(rule, field, ["Not found: ", &quote(name)].concat())
    }

    /// `Too long: may not be more than N bytes`.
    pub fn too_long(&mut self, rule: &'static str, field: &Field, bytes_max: u32) {
        let text = format!("Too long: may not be more than {bytes_max} bytes");
        self.add(rule, field, text);
    }

    /// `Too many: N: must have at most M items`.
    pub fn too_many(&mut self, rule: &'static str, field: &Field, count: usize, most: usize) {
        let text = format!("Too many: {count}: must have at most {most} items");
        self.add(rule, field, text);
    }

    /// A number that must not be below zero.
    pub fn not_negative(&mut self, rule: &'static str, field: &Field) {
        if field.int() < 0 {
            self.invalid_int(
                rule,
                field,
                field.int(),
                "must be greater than or equal to 0",
            );
        }
    }

    /// A warning `FIELD: DETAIL`; the object is accepted (validation.md §6).
    pub fn warn(&mut self, rule: &'static str, field: &Field, detail: &str) {
        self.warn_text(rule, field, [&field.path(), ": ", detail].concat());
    }

    /// A warning whose text does not begin with the field.
    pub fn warn_text(&mut self, rule: &'static str, field: &Field, text: String) {
        self.add(rule, field, text);
        if let Some(last) = self.list.last_mut() {
            last.severity = Severity::Warning;
        }
    }

    /// A way out of the last complaint.
    pub fn suggest(&mut self, suggestion: impl Into<String>) -> &mut Self {
        if let Some(last) = self.list.last_mut() {
            last.suggestion = Some(suggestion.into());
        }
        self
    }

    /// An edit that mends the last complaint: another scalar value.
    pub fn replace_value(&mut self, field: &Field, replacement: &str) {
        if let (Some(last), Some(node)) = (self.list.last_mut(), field.node) {
            last.fix = Some((node.span, replacement.to_string()));
        }
    }

    /// Whether anything is refused.
    pub fn any_refused(&self) -> bool {
        self.list.iter().any(|e| e.severity == Severity::Error)
    }

    /// What is refused, as the API server tells it.
    pub fn refusals(&self) -> Vec<String> {
        let refused = self.list.iter().filter(|e| e.severity == Severity::Error);
        refused.map(FieldError::line).collect()
    }

    fn add(&mut self, rule: &'static str, field: &Field, text: String) -> &mut Self {
        let path = field.path();
        // Exact duplicates are dropped (VAL-02).
        if !self.list.iter().any(|e| e.text == text && e.path == path) {
            self.list.push(FieldError {
                severity: Severity::Error,
                path,
                text,
                span: field.span,
                rule,
                suggestion: None,
                fix: None,
            });
        }
        self
    }
}

/// A node as JSON; `null` if absent.
pub fn json_of(node: Option<&Node>) -> String {
    node.map_or_else(|| "null".to_owned(), json)
}
