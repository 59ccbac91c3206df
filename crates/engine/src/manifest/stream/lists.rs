//! Texts that hold several objects otherwise than as documents: JSON in a row, and Lists.

use super::super::document::Verdict;
use super::super::head::{header_fault, Validation};
use super::super::position::Span;
use super::super::yaml::{json_end, Entry, JsonFault, Node, Value};
use super::super::Severity;
use super::Reader;

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
                    self.chunk(&text[from + blanks..end], (from + blanks) as u32);
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

    /// A List, whose items are looked at before any is sent (VAL-16).
    #[inline(never)]
    pub(super) fn list(&mut self, mut root: Node, span: Span, kind: &str, is_list: bool) {
        if kind != "List" {
            complete_items(&mut root, kind);
        }
        let items = root.get("items");
        let fault = match items {
            Some(items) if is_list => items.items().iter().find_map(header_fault),
            _ => Some("invalid object to validate".into()),
        };
        let verdict = match (self.validation, fault.clone()) {
            _ if self.in_list => Some(Verdict::NestedList),
            (Validation::Off, _) if is_list || items.is_none() => None,
            (Validation::Off, _) => {
                let kind = items.map_or("", Node::json_kind);
                let text = [
                    "json: cannot unmarshal ",
                    kind,
                    " into Go struct field decodeList.items of type []json.RawMessage",
                ];
                Some(Verdict::Undecodable(text.concat()))
            }
            (_, fault) => fault.map(Verdict::Headless),
        };
        match verdict {
            Some(verdict) => {
                let words = fault.unwrap_or_else(|| "a List in a List".into());
                self.refuse(span, span, &root, verdict, &words, "VAL-16");
            }
            None => {
                self.in_list = true;
                self.items(root);
                self.in_list = false;
            }
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

/// Items of a list of one kind need not say their kind.
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
        let missing = item.get("kind").is_none();
        if let (true, Value::Map(fields)) = (missing, &mut item.value) {
            fields.retain(|entry| !matches!(entry.key.as_str(), "kind" | "apiVersion"));
            fields.push(Entry::made("kind", Value::Text(kind.to_owned())));
            fields.push(Entry::made("apiVersion", Value::Text(version.clone())));
        }
    }
}
