//! Events → tree: anchors, merge keys, duplicate keys, and the limits that keep a hostile text
//! from costing time (product.md §8).

use super::go::key_text;
use super::guard::{foreign_version, Guarded};
use super::scalar::scalar;
use super::{Entry, Node, Value};
use crate::manifest::position::Span;
use crate::sorted::Map;
use libyaml_safer::{
    Error, ErrorKind, Event, EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle,
};
use std::io::Cursor;

/// How deep collections may be nested. Real manifests stay below 60; the parser's work grows
/// with the square of open brackets.
const DEPTH_MAX: u32 = 100;
/// What aliases may add to a text, in nodes (32 bytes of text count as one, too).
const ALIAS_NODES_MAX: u32 = 200_000;
/// What one document that is nested too deeply costs of that.
const DEPTH_COST: u32 = ALIAS_NODES_MAX / 20;

/// How often a comma may be taken for the end of a tag in vain before that is left so.
const HARMLESS_MAX: usize = 64;

/// What the documents of a text share.
pub struct Reading {
    /// Work that aliases may still cause in this text.
    nodes: u32,
    /// Its buffers take a quarter of a megabyte, too much to make them for each document.
    parser: Parser<Cursor<Vec<u8>>>,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            nodes: ALIAS_NODES_MAX,
            parser: Parser::new(),
        }
    }
}

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// As kubectl prints it after `error converting YAML to JSON: `.
    pub message: String,
    /// Where it was noticed, in bytes from the beginning of the document.
    pub at: u32,
    /// What stands at the beginning of the construct that went wrong, if the parser knows.
    pub context_at: Option<u32>,
}

/// A document as a tree.
#[derive(Debug, Default)]
pub struct Composed {
    /// None: nothing but blanks and comments.
    pub root: Option<Node>,
    /// Keys that a later one of the same name overrides, with that later one.
    pub duplicates: Vec<(Span, Span)>,
}

/// Reads the first document of `text`, whose first byte stands at `start` of the whole.
pub fn compose(text: &str, start: u32, reading: &mut Reading) -> Result<Composed, SyntaxError> {
    if reading.nodes == 0 {
        return Err(SyntaxError::new(
            "yaml: document contains excessive aliasing",
            0,
        ));
    }
    if let Some(words) = foreign_version(text) {
        return Err(SyntaxError::new(words, 0));
    }
    let mut harmless = Vec::new();
    loop {
        let guarded = Guarded::new(text, &harmless);
        let (composed, found) = compose_guarded(&guarded, start, reading);
        match found {
            // Only the first is sure: what follows it may read otherwise then.
            Some(comma) if harmless.len() < HARMLESS_MAX => harmless.push(comma),
            _ => return composed,
        }
    }
}

/// Composes a guarded text. The second value is the first comma that was guarded in vain: it ends
/// a plain scalar of a flow collection, so the text has to be read again with it.
fn compose_guarded(
    guarded: &Guarded,
    start: u32,
    reading: &mut Reading,
) -> (Result<Composed, SyntaxError>, Option<u32>) {
    reading.parser.reset();
    let bytes = guarded.text.as_bytes().to_vec();
    reading.parser.set_input(Cursor::new(bytes));
    let mut composer = Composer {
        guarded,
        start,
        anchors: Map::new(),
        reading,
        duplicates: Vec::new(),
        weight: 0,
        flow_depth: 0,
        harmless: None,
    };
    let root = composer.document();
    let (duplicates, harmless) = (composer.duplicates, composer.harmless);
    (root.map(|root| Composed { root, duplicates }), harmless)
}

struct Composer<'a> {
    guarded: &'a Guarded<'a>,
    start: u32,
    /// None while the node is being read.
    anchors: Map<String, Option<(Node, u32)>>,
    reading: &'a mut Reading,
    duplicates: Vec<(Span, Span)>,
    /// Nodes made so far.
    weight: u32,
    /// How many flow collections are open.
    flow_depth: u32,
    /// The first comma that was guarded in vain.
    harmless: Option<u32>,
}

impl Composer<'_> {
    fn document(&mut self) -> Result<Option<Node>, SyntaxError> {
        loop {
            let event = self.next()?;
            match event.data {
                EventData::StreamStart { .. } => {}
                EventData::DocumentStart { .. } => break,
                _ => return Ok(None),
            }
        }
        let event = self.next()?;
        let root = self.node(event, 0)?;
        // The document's end is read, too: what follows the root may be wrong.
        self.next()?;
        Ok(Some(root))
    }

    fn next(&mut self) -> Result<Event, SyntaxError> {
        self.reading
            .parser
            .parse()
            .map_err(|error| go_error(&error, self.guarded))
    }

    fn span(&self, event: &Event) -> Span {
        Span {
            start: self.start + self.guarded.original(event.start_mark.index),
            end: self.start + self.guarded.original(event.end_mark.index),
        }
    }

    fn node(&mut self, event: Event, depth: u32) -> Result<Node, SyntaxError> {
        let span = self.span(&event);
        let at = self.guarded.original(event.start_mark.index);
        if depth > DEPTH_MAX {
            self.reading.nodes = self.reading.nodes.saturating_sub(DEPTH_COST);
            return Err(SyntaxError::new(
                "yaml: exceeded max depth of 100 (readyz reads no deeper)",
                at,
            ));
        }
        let before = self.weight;
        self.weight += 1;
        let (anchor, value, end) = match event.data {
            EventData::Alias { anchor } => return self.alias(&anchor, span, at),
            EventData::Scalar {
                anchor,
                tag,
                value,
                plain_implicit,
                style,
                ..
            } => {
                let plain = plain_implicit && style == ScalarStyle::Plain;
                if style == ScalarStyle::Plain && self.flow_depth > 0 {
                    let comma = self.guarded.comma_in(&value, event.start_mark.index);
                    self.harmless = self.harmless.or(comma);
                }
                let value = self.guarded.restore(value);
                self.weight += value.len() as u32 / 32;
                let value = scalar(tag.as_deref(), value, plain)
                    .map_err(|words| SyntaxError::new(words, at))?;
                (anchor, value, span.end)
            }
            EventData::SequenceStart { anchor, style, .. } => {
                self.open(&anchor);
                let flow = u32::from(style == SequenceStyle::Flow);
                self.flow_depth += flow;
                let (items, end) = self.sequence(depth)?;
                self.flow_depth -= flow;
                (anchor, Value::List(items), end)
            }
            EventData::MappingStart { anchor, style, .. } => {
                self.open(&anchor);
                let flow = u32::from(style == MappingStyle::Flow);
                self.flow_depth += flow;
                let (entries, end) = self.mapping(depth)?;
                self.flow_depth -= flow;
                (anchor, Value::Map(entries), end)
            }
            _ => (None, Value::Null, span.end),
        };
        let span = Span {
            start: span.start,
            end,
        };
        let node = Node { value, span };
        if let Some(anchor) = anchor {
            let weight = self.weight - before;
            self.spend(weight, at)?;
            self.anchors.insert(anchor, Some((node.clone(), weight)));
        }
        Ok(node)
    }

    fn open(&mut self, anchor: &Option<String>) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor.clone(), None);
        }
    }

    fn sequence(&mut self, depth: u32) -> Result<(Vec<Node>, u32), SyntaxError> {
        let mut items = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::SequenceEnd) {
                return Ok((items, self.span(&event).end));
            }
            items.push(self.node(event, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: u32) -> Result<(Vec<Entry>, u32), SyntaxError> {
        let mut entries = Vec::new();
        // Whether each entry came from a merge; empty where none did.
        let mut merged = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::MappingEnd) {
                let end = self.span(&event).end;
                return Ok((self.unique(entries, &merged), end));
            }
            let at = self.guarded.original(event.start_mark.index);
            let is_merge = matches!(&event.data,
                EventData::Scalar { value, plain_implicit: true, style: ScalarStyle::Plain, .. }
                if value == "<<");
            let key = self.node(event, depth + 1)?;
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if is_merge {
                merged.resize(entries.len(), false);
                merge(value, &mut entries).map_err(|words| SyntaxError::new(words, at))?;
                merged.resize(entries.len(), true);
                continue;
            }
            let text = key_text(key.value, &value.value);
            entries.push(Entry {
                key: text.map_err(|words| SyntaxError::new(words, at))?,
                key_span: key.span,
                value,
            });
            if !merged.is_empty() {
                merged.push(false);
            }
        }
    }

    /// Keeps the last entry of each key (VAL-12).
    fn unique(&mut self, entries: Vec<Entry>, merged: &[bool]) -> Vec<Entry> {
        let count = entries.len();
        let mut last_of = Vec::new();
        let is_merged = |entry: usize| merged.get(entry) == Some(&true);
        let mut override_by = |earlier: usize, later: usize| {
            last_of.resize(count, true);
            last_of[earlier] = false;
            if !is_merged(earlier) && !is_merged(later) {
                let spans = (entries[earlier].key_span, entries[later].key_span);
                self.duplicates.push(spans);
            }
        };
        if count <= 24 {
            for earlier in 0..count {
                let same = |later: &usize| entries[*later].key == entries[earlier].key;
                if let Some(later) = (earlier + 1..count).find(same) {
                    override_by(earlier, later);
                }
            }
        } else {
            let mut order: Vec<usize> = (0..count).collect();
            order.sort_by(|a, b| entries[*a].key.cmp(&entries[*b].key).then(a.cmp(b)));
            for pair in order.windows(2) {
                if entries[pair[0]].key == entries[pair[1]].key {
                    override_by(pair[0], pair[1]);
                }
            }
        }
        if last_of.is_empty() {
            return entries;
        }
        let mut last_of = last_of.into_iter();
        entries
            .into_iter()
            .filter(|_| last_of.next().unwrap_or(true))
            .collect()
    }

    fn alias(&mut self, anchor: &str, span: Span, at: u32) -> Result<Node, SyntaxError> {
        let (node, weight) = match self.anchors.get(anchor) {
            None => {
                let words = format!("yaml: unknown anchor '{anchor}' referenced");
                return Err(SyntaxError::new(words, at));
            }
            Some(None) => {
                let words = format!("yaml: anchor '{anchor}' value contains itself");
                return Err(SyntaxError::new(words, at));
            }
            Some(Some((node, weight))) => (node.clone(), *weight),
        };
        self.spend(weight, at)?;
        self.weight = self.weight.saturating_add(weight);
        // A scalar is best shown where it is used, a collection where its fields are written.
        Ok(match node.value {
            Value::List(_) | Value::Map(_) => node,
            value => Node { value, span },
        })
    }

    fn spend(&mut self, weight: u32, at: u32) -> Result<(), SyntaxError> {
        match self.reading.nodes.checked_sub(weight) {
            Some(rest) => {
                self.reading.nodes = rest;
                Ok(())
            }
            None => {
                self.reading.nodes = 0;
                let words = "yaml: document contains excessive aliasing";
                Err(SyntaxError::new(words, at))
            }
        }
    }
}

/// Puts the entries of a `<<` value after those read so far; in a list earlier maps win.
fn merge(value: Node, entries: &mut Vec<Entry>) -> Result<(), &'static str> {
    const WRONG: &str = "yaml: map merge requires map or sequence of maps as the value";
    match value.value {
        Value::Map(merged) => entries.extend(merged),
        Value::List(items) => {
            for item in items.into_iter().rev() {
                match item.value {
                    Value::Map(merged) => entries.extend(merged),
                    _ => return Err(WRONG),
                }
            }
        }
        _ => return Err(WRONG),
    }
    Ok(())
}

impl SyntaxError {
    fn new(message: impl Into<String>, at: u32) -> Self {
        SyntaxError {
            message: message.into(),
            at,
            context_at: None,
        }
    }
}

/// libyaml's error as Go's YAML library words it: the scanner's lines count from one, the
/// parser's from zero (VAL-11).
fn go_error(error: &Error, guarded: &Guarded) -> SyntaxError {
    let scanner = u64::from(error.kind() == ErrorKind::Scanner);
    let line = match (error.problem_mark(), error.context_mark()) {
        (Some(mark), _) if mark.line != 0 => mark.line + scanner,
        (_, Some(mark)) => mark.line,
        _ => 0,
    };
    let mut message = String::from("yaml: ");
    if line != 0 {
        message.push_str("line ");
        message.push_str(&line.to_string());
        message.push_str(": ");
    }
    message.push_str(error.problem());
    let index = |mark: libyaml_safer::Mark| guarded.original(mark.index);
    SyntaxError {
        message,
        at: error.problem_mark().map_or(0, index),
        context_at: error.context_mark().map(index),
    }
}

#[cfg(test)]
mod tests {
    use super::super::write_json;
    use super::*;

    fn json(text: &str) -> String {
        match compose(text, 0, &mut Reading::default()) {
            Ok(composed) => match composed.root {
                Some(root) => {
                    let mut out = String::new();
                    write_json(&root, &mut out);
                    out
                }
                None => "nothing".into(),
            },
            Err(error) => error.message,
        }
    }

    #[test]
    fn trees_become_json() {
        assert_eq!(
            json("a: [1, 'x', ~]\n1: yes\n"),
            r#"{"1":true,"a":[1,"x",null]}"#
        );
        assert_eq!(json("# only a comment\n"), "nothing");
        assert_eq!(json("a: 1\n...\n]broken"), r#"{"a":1}"#);
        assert_eq!(json("{\"a\": 1,}"), r#"{"a":1}"#);
    }

    #[test]
    fn anchors_and_merges() {
        let text = "b: &b {x: 1, z: 2}\nc: {<<: *b, z: 3}\nd: *b\ne: {z: 4, <<: *b}\n";
        assert_eq!(
            json(text),
            r#"{"b":{"x":1,"z":2},"c":{"x":1,"z":3},"d":{"x":1,"z":2},"e":{"x":1,"z":2}}"#
        );
        assert_eq!(json("a: *x\n"), "yaml: unknown anchor 'x' referenced");
        assert_eq!(
            json("a: &x [*x]\n"),
            "yaml: anchor 'x' value contains itself"
        );
    }

    #[test]
    fn the_last_of_duplicate_keys_wins() {
        let text = "a: 1\nb: 2\na: 3\n";
        let composed = compose(text, 100, &mut Reading::default()).expect("valid");
        assert_eq!(
            composed.duplicates,
            [(
                Span {
                    start: 100,
                    end: 101
                },
                Span {
                    start: 110,
                    end: 111
                }
            )]
        );
        assert_eq!(json(text), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn errors_speak_as_kubectl_does() {
        // Recorded: yaml-missing-colon, yaml-unclosed-quote; the others VAL-11.
        assert_eq!(
            json("apiVersion: v1\nkind: Pod\nmetadata\n  name: bad\nspec:\n"),
            "yaml: line 4: could not find expected ':'"
        );
        assert_eq!(
            json("a: 1\nb: \"bad\nc:\n"),
            "yaml: line 4: found unexpected end of stream"
        );
        assert_eq!(
            json("a: b: c\n"),
            "yaml: mapping values are not allowed in this context"
        );
        assert_eq!(
            json("x: 1\na:\n\tb: 1\n"),
            "yaml: line 3: found character that cannot start any token"
        );
        assert_eq!(
            json("a: 1\nb: [1, 2\nc: 3\n"),
            "yaml: line 2: did not find expected ',' or ']'"
        );
    }

    #[test]
    fn a_comma_behind_an_exclamation_mark_ends_the_item() {
        assert_eq!(
            json("[echo hi !, b !c, 'd !, e']"),
            r#"["echo hi !","b !c","d !, e"]"#
        );
        assert_eq!(json("a: echo hi !, b"), r#"{"a":"echo hi !, b"}"#);
        // kubectl's library refuses a tag without a blank behind it.
        let refused = "yaml: did not find expected whitespace or line break";
        assert_eq!(json("[!!str, a]"), refused);
    }

    #[test]
    fn bombs_are_refused() {
        let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (earlier, later) in ('a'..'i').zip('b'..='i') {
            let items = vec![format!("*{earlier}"); 9].join(",");
            bomb.push_str(&format!("{later}: &{later} [{items}]\n"));
        }
        assert_eq!(json(&bomb), "yaml: document contains excessive aliasing");
        assert_eq!(
            json(&"[".repeat(10_000)),
            "yaml: exceeded max depth of 100 (readyz reads no deeper)"
        );
    }
}
