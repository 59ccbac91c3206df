//! Texts that hold several objects otherwise than as documents: JSON in a row, and Lists.

use super::super::document::Verdict;
use super::super::head::{header_faults, together, Validation};
use super::super::position::Span;
use super::super::schema::{check_metadata, complaints, list_complaints, Complaint};
use super::super::suggest::unknown_field;
use super::super::yaml::{json_end, Entry, JsonFault, Node, Value};
use super::super::Severity;
use super::{Reader, DIAGNOSTICS_MAX};

impl Reader<'_> {
    /// Reads what is JSON at the beginning; returns where YAML goes on (VAL-10).
    pub(super) fn json(&mut self) -> usize {
        let text = self.text;
        if !text.trim_start().starts_with('{') {
            return 0;
        }
        let mut from = 0;
        let mut count = 0;
        loop {
            match json_end(text, from) {
                Ok(None) => return text.len(),
                Ok(Some(end)) => {
                    let blanks = text[from..end].len() - text[from..end].trim_start().len();
                    let object = &text[from + blanks..end];
                    self.as_json = Some(object);
                    self.chunk(object, (from + blanks) as u32);
                    self.as_json = None;
                    count += 1;
                    from = end;
                }
                Err(fault) => return self.after_json(from, count, &fault),
            }
        }
    }

    /// After at most one object the rest may be YAML; after more it is an error.
    fn after_json(&mut self, from: usize, count: usize, fault: &JsonFault) -> usize {
        let words = fault.words(count < 2);
        let rest = &self.text[from..];
        if count > 1 {
            let at = Span::at(from as u32);
            self.document(at, &Node::null(at), Verdict::Unparsable(words.clone()));
            let mut diagnostic = self.lines.diagnostic(Severity::Error, at, words);
            diagnostic.rule = "VAL-10".into();
            self.add(diagnostic);
            return self.text.len();
        }
        self.no_json = Some(words);
        let blank = rest.len() - rest.trim_start().len();
        from + rest[..blank]
            .find('\n')
            .map_or(blank, |newline| newline + 1)
    }

    /// Whether kubectl has a kind for lists of that name: `List`, or that of a kind, such as
    /// `PodList`.
    pub(super) fn is_list(&self, api_version: &str, kind: &str) -> bool {
        let item = kind.strip_suffix("List").unwrap_or(kind);
        let kinds = self.schema.kinds(api_version).unwrap_or(&[]);
        kind.ends_with("List")
            && kinds
                .iter()
                .any(|known| item.is_empty() || known.name == item)
    }

    /// A list, whose items are looked at before any is sent (VAL-16).
    #[inline(never)]
    pub(super) fn list(&mut self, mut root: Node, span: Span, api_version: &str, kind: &str) {
        let has_items = root.entry("items").is_some();
        if self.in_list && has_items {
            let words = "a List in a List";
            return self.refuse(span, span, &root, Verdict::NestedList, words, "VAL-16");
        }
        if self.validation == Validation::Strict {
            let complaints = self.of_list(&root, api_version, kind);
            if !complaints.is_empty() {
                return self.refuse_list(span, &root, complaints);
            }
        }
        if let Some(fault) = check_metadata(self.schema, &root) {
            let verdict = Verdict::Undecodable(fault.message.clone());
            return self.refuse_type(span, &root, verdict, &fault);
        }
        if !has_items {
            let words = "the server could not find the requested resource";
            return self.refuse(span, span, &root, Verdict::NotServed, words, "VAL-16");
        }
        if let Some(words) = items_fault(&root) {
            let verdict = Verdict::Undecodable(words.clone());
            return self.refuse(span, span, &root, verdict, &words, "VAL-16");
        }
        if kind != "List" {
            complete_items(&mut root, kind);
        }
        self.in_list = true;
        self.items(root);
        self.in_list = false;
    }

    /// What kubectl itself complains about: the server does not look at a list.
    fn of_list(&self, root: &Node, api_version: &str, kind: &str) -> Vec<Complaint> {
        if kind != "List" {
            return self.of_object(root, api_version, kind);
        }
        if api_version != "v1" {
            return Vec::new();
        }
        let of_head = |text: String, span: Span| Complaint {
            text,
            span,
            unknown: None,
        };
        let Some(Value::List(items)) = root.get("items").map(|items| &items.value) else {
            return vec![of_head("invalid object to validate".into(), root.span)];
        };
        let mut found = Vec::new();
        for item in items {
            let faults = header_faults(item).into_iter();
            let before = found.len();
            found.extend(faults.map(|text| of_head(text, item.span)));
            let text = |name: &str| item.get(name).and_then(Node::text).unwrap_or("");
            if found.len() == before {
                found.extend(self.of_object(item, text("apiVersion"), text("kind")));
            }
        }
        found
    }

    /// The same of an object, or of a list of one kind.
    fn of_object(&self, root: &Node, api_version: &str, kind: &str) -> Vec<Complaint> {
        let kinds = self.schema.kinds(api_version).unwrap_or(&[]);
        let definition = |kind: &str| kinds.iter().find(|known| known.name == kind)?.definition;
        match (
            definition(kind),
            kind.strip_suffix("List").and_then(definition),
        ) {
            (Some(own), _) => complaints(self.schema, root, kind, own),
            (None, Some(item)) => list_complaints(self.schema, root, kind, item),
            (None, None) => Vec::new(),
        }
    }

    fn refuse_list(&mut self, span: Span, root: &Node, complaints: Vec<Complaint>) {
        let texts: Vec<String> = complaints.iter().map(|found| found.text.clone()).collect();
        self.document(span, root, Verdict::Headless(together(&texts)));
        for complaint in complaints {
            if self.stream.diagnostics.len() >= DIAGNOSTICS_MAX {
                break;
            }
            let (text, at) = (complaint.text, complaint.span);
            let mut diagnostic = self.lines.diagnostic(Severity::Error, at, text);
            diagnostic.rule = "VAL-16".into();
            if let Some((key, definition)) = complaint.unknown {
                let (suggestion, name) = unknown_field(self.schema, &key, definition);
                diagnostic.suggestion = suggestion;
                diagnostic.fix = name.map(|name| self.lines.edit(at, name.into()));
            }
            self.add(diagnostic);
        }
    }

    /// The objects of a List, each as if it stood alone (VAL-16).
    fn items(&mut self, root: Node) {
        let Value::Map(entries) = root.value else {
            return;
        };
        for entry in entries {
            if let ("items", Value::List(items)) = (entry.key.as_str(), entry.value.value) {
                for item in items {
                    if self.is_full {
                        return;
                    }
                    let end = item.span.end;
                    let trimmed = self.text.get(..end as usize).unwrap_or("").trim_end();
                    self.object(item, trimmed.len() as u32);
                }
            }
        }
    }
}

/// Why kubectl's decoder cannot take the items of a list apart.
fn items_fault(root: &Node) -> Option<String> {
    let items = root.get("items")?;
    let (fault, into) = match &items.value {
        Value::List(items) => {
            let is_object = |item: &&Node| item.is_map() || item.value == Value::Null;
            let other = items.iter().find(|item| !is_object(item))?;
            (other, "Go value of type map[string]interface {}")
        }
        _ => (
            items,
            "Go struct field decodeList.items of type []json.RawMessage",
        ),
    };
    Some(["json: cannot unmarshal ", fault.json_kind(), " into ", into].concat())
}

/// Items of a list of one kind need not say which, if they say no version either.
fn complete_items(root: &mut Node, kind: &str) {
    let version = root.get("apiVersion").and_then(Node::text);
    let version = version.unwrap_or("").to_owned();
    let Value::Map(entries) = &mut root.value else {
        return;
    };
    let items = entries.iter_mut().find(|entry| entry.key == "items");
    let Some(Value::List(items)) = items.map(|entry| &mut entry.value.value) else {
        return;
    };
    let kind = kind.strip_suffix("List").unwrap_or(kind);
    for item in items {
        let says = |name: &str| {
            item.get(name)
                .and_then(Node::text)
                .is_some_and(|it| !it.is_empty())
        };
        if says("kind") || says("apiVersion") {
            continue;
        }
        if item.value == Value::Null {
            item.value = Value::Map(Vec::new());
        }
        if let Value::Map(fields) = &mut item.value {
            fields.retain(|entry| !matches!(entry.key.as_str(), "kind" | "apiVersion"));
            fields.push(Entry::made("kind", Value::Text(kind.to_owned())));
            fields.push(Entry::made("apiVersion", Value::Text(version.clone())));
        }
    }
}
