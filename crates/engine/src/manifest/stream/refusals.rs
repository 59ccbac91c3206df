//! What a document is refused with.

use super::super::document::{Applied, Verdict};
use super::super::position::Span;
use super::super::schema::{Checked, Kind, TypeError, Unknown};
use super::super::suggest::unknown_field;
use super::super::validate::{validate, Errors, FieldError};
use super::super::yaml::{quote, Entry, Node, Value};
use super::super::Severity;
use super::{Reader, DIAGNOSTICS_MAX};

/// The complaint about unknown fields.
fn complaint<'a>(unknown: impl Iterator<Item = &'a Unknown>) -> Option<String> {
    let fields = unknown.map(|unknown| ["unknown field ", &quote(&unknown.path)].concat());
    let fields: Vec<String> = fields.collect();
    (!fields.is_empty()).then(|| ["strict decoding error: ", &fields.join(", ")].concat())
}

/// What becomes of an object whose nulls are left out.
#[inline(never)]
fn applied(root: &Node, kind: Kind, unknown: &[Unknown]) -> Applied {
    if let Some(text) = complaint(unknown.iter().filter(|unknown| !unknown.is_null)) {
        let handled_as = kind.name.into();
        return Applied {
            verdict: Verdict::BadRequest { handled_as, text },
            warnings: Vec::new(),
        };
    }
    let errors = validate(kind.name, &without_nulls(root));
    let refusals = errors.refusals();
    match refusals.is_empty() {
        true => Applied {
            verdict: Verdict::Accepted,
            warnings: errors.list.iter().map(FieldError::line).collect(),
        },
        false => Applied {
            verdict: Verdict::Invalid(refusals),
            warnings: Vec::new(),
        },
    }
}

fn without_nulls(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(entries) => {
            let kept = entries
                .iter()
                .filter(|entry| entry.value.value != Value::Null);
            let kept = kept.map(|entry| Entry {
                value: without_nulls(&entry.value),
                ..entry.clone()
            });
            Value::Map(kept.collect())
        }
        Value::List(items) => Value::List(items.iter().map(without_nulls).collect()),
        scalar => scalar.clone(),
    };
    let span = node.span;
    Node { value, span }
}

/// Whether a map in it has a key without a value.
fn has_nulls(node: &Node) -> bool {
    let is_null = |entry: &Entry| entry.value.value == Value::Null || has_nulls(&entry.value);
    node.entries().iter().any(is_null) || node.items().iter().any(has_nulls)
}

impl Reader<'_> {
    #[inline(never)]
    pub(super) fn refuse_type(
        &mut self,
        span: Span,
        root: &Node,
        verdict: Verdict,
        fault: &TypeError,
    ) {
        self.refuse(span, fault.span, root, verdict, &fault.message, "VAL-21");
        self.keep_source(root);
        if let Some(last) = self.stream.diagnostics.last_mut() {
            last.path.clone_from(&fault.path);
        }
        if !fault.expected.is_empty() {
            self.suggest(["expected ", fault.expected].concat());
        }
    }

    #[inline(never)]
    pub(super) fn refuse_unknown(
        &mut self,
        span: Span,
        root: &Node,
        kind: Kind,
        checked: &Checked,
    ) {
        let damage = self.damage(span);
        let starts = checked.unknown.iter().map(|unknown| unknown.key_span.start);
        let first = starts.min();
        for unknown in &checked.unknown {
            if self.stream.diagnostics.len() >= DIAGNOSTICS_MAX {
                // The nearest name is not worth looking for.
                break;
            }
            let message = complaint(std::iter::once(unknown)).unwrap_or_default();
            let at = unknown.key_span;
            let mut diagnostic = self.lines.diagnostic(Severity::Error, at, message);
            diagnostic.path.clone_from(&unknown.path);
            diagnostic.rule = "VAL-20".into();
            let (suggestion, name) = unknown_field(self.schema, &unknown.key, unknown.definition);
            let damage = damage.filter(|_| Some(at.start) == first);
            diagnostic.suggestion = damage.map(String::from).or(suggestion);
            diagnostic.fix = name.map(|name| self.lines.edit(at, name.into()));
            self.add(diagnostic);
        }
        let verdict = Verdict::BadRequest {
            handled_as: kind.name.into(),
            text: complaint(checked.unknown.iter()).unwrap_or_default(),
        };
        self.document(span, root, verdict);
        self.keep_source(root);
        if checked.unknown.iter().any(|unknown| unknown.is_null) {
            self.apply_without_nulls(root, kind, &checked.unknown);
        }
    }

    /// An object that validation refuses.
    #[inline(never)]
    pub(super) fn refuse_invalid(&mut self, span: Span, root: &Node, kind: Kind, errors: &Errors) {
        let verdict = match errors.list.iter().find(|_| errors.is_internal) {
            Some(error) => Verdict::Internal(error.text.clone()),
            None => Verdict::Invalid(errors.refusals()),
        };
        self.document(span, root, verdict);
        self.keep_source(root);
        if has_nulls(root) {
            self.apply_without_nulls(root, kind, &[]);
        }
    }

    fn apply_without_nulls(&mut self, root: &Node, kind: Kind, unknown: &[Unknown]) {
        let applied = applied(root, kind, unknown);
        if let Some(document) = self.stream.documents.last_mut() {
            document.applied = Some(applied);
        }
    }

    pub(super) fn field_error(&mut self, error: &FieldError) {
        let mut diagnostic = self
            .lines
            .diagnostic(error.severity, error.span, error.line());
        diagnostic.path.clone_from(&error.path);
        diagnostic.rule = error.rule.into();
        diagnostic.suggestion.clone_from(&error.suggestion);
        let fix = error.fix.as_ref();
        diagnostic.fix = fix.map(|(span, text)| self.lines.edit(*span, text.clone()));
        self.add(diagnostic);
    }

    /// Records the document and its one error.
    #[inline(never)]
    pub(super) fn refuse(
        &mut self,
        span: Span,
        at: Span,
        root: &Node,
        verdict: Verdict,
        message: &str,
        rule: &str,
    ) {
        self.document(span, root, verdict);
        let mut diagnostic = self
            .lines
            .diagnostic(Severity::Error, at, message.to_string());
        diagnostic.rule = rule.into();
        self.add(diagnostic);
    }

    /// A refused document is shown in refusals of updates.
    pub(super) fn keep_source(&mut self, root: &Node) {
        let source = self.source(root.clone());
        if let Some(document) = self.stream.documents.last_mut() {
            document.source = Some(source);
        }
    }

    pub(super) fn suggest(&mut self, suggestion: String) {
        if let Some(last) = self.stream.diagnostics.last_mut() {
            last.suggestion = Some(suggestion);
        }
    }

    /// The last complaint is mended by another value of a key of the object.
    pub(super) fn fix(&mut self, root: &Node, key: &str, value: &str) {
        if let (Some(last), Some(node)) = (self.stream.diagnostics.last_mut(), root.get(key)) {
            last.fix = Some(self.lines.edit(node.span, value.into()));
        }
    }
}
