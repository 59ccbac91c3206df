//! The front door: a text → objects, a Scenario, and what is wrong.

mod lists;
mod refusals;

use super::document::{Document, Located, Source, Verdict};
use super::head::{
    decoding_fault, header_fault, is_simulated, item_fault, preferred, remedy, Validation,
};
use super::position::{Lines, Span};
use super::schema::{check, check_metadata, schema, Kind, Schema};
use super::validate::{validate, FieldError};
use super::versions::way_out;
use super::yaml::{compose, quote, split, Node, Reading, Value};
use super::{advice, decode, pasted, syntax, Diagnostic, Severity, ENDPOINTS_DEPRECATED};
use crate::api::Object;
use crate::scenario::{self, Scenario};
use std::sync::Arc;

/// Pods that a text may ask for, and a run has room for at once (product.md §8).
pub const PODS_MAX: u32 = 2_000;

/// How many diagnostics a text gets; more help nobody.
pub(super) const DIAGNOSTICS_MAX: usize = 200;

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// Objects without errors, in the order of the text.
    pub objects: Vec<Located<Object>>,
    pub scenario: Option<Scenario>,
    /// In the order of the text, worst first within a line.
    pub diagnostics: Vec<Diagnostic>,
    /// Every document, accepted or not, for [`super::answer`].
    pub documents: Vec<Document>,
}

impl Stream {
    /// Whether anything would be refused.
    pub fn has_errors(&self) -> bool {
        let is_error = |d: &Diagnostic| d.severity == Severity::Error;
        self.diagnostics.iter().any(is_error)
    }
}

/// Reads a stream of manifests and at most one Scenario document.
pub fn parse(text: &str) -> Stream {
    parse_with(text, Validation::Strict)
}

/// The same with another `--validate`.
pub fn parse_with(text: &str, validation: Validation) -> Stream {
    let mut reader = Reader::new(text);
    reader.validation = validation;
    reader.read()
}

/// The same for [`super::answer`] alone: no objects, no advice.
pub fn parse_to_answer(text: &str) -> Stream {
    let mut reader = Reader::new(text);
    reader.only_answers = true;
    reader.read()
}

/// The same of a text that is to be run: reading ends at the first Pod for which a run has no room
/// (product.md §8).
pub fn parse_to_run(text: &str) -> Stream {
    let mut reader = Reader::new(text);
    reader.room_for_pods = PODS_MAX;
    reader.read()
}
/// Reads an object of a text anew after a change of its tree.
pub fn reread(text: &str, root: Node, validation: Validation) -> Stream {
    let mut reader = Reader::new(text);
    reader.validation = validation;
    let end = root.span.end;
    reader.object(root, end);
    reader.finish()
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines<'t>,
    schema: &'static Schema,
    reading: Reading,
    validation: Validation,
    only_answers: bool,
    /// How many Pods more are read.
    room_for_pods: u32,
    /// There was a Pod without room; the rest is not read.
    is_full: bool,
    /// Why the text is no JSON: told if it is no YAML either.
    no_json: Option<String>,
    in_list: bool,
    /// The object that is being read, if it is JSON.
    as_json: Option<&'t str>,
    stream: Stream,
    /// The text and its lines again, shared by all objects.
    shared_text: Arc<str>,
    shared_starts: Arc<[u32]>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let lines = Lines::new(text);
        Reader {
            text,
            shared_text: text.into(),
            shared_starts: lines.starts().into(),
            lines,
            schema: schema(),
            reading: Reading::default(),
            validation: Validation::Strict,
            only_answers: false,
            room_for_pods: u32::MAX,
            is_full: false,
            no_json: None,
            in_list: false,
            as_json: None,
            stream: Stream::default(),
        }
    }

    fn read(mut self) -> Stream {
        let from = self.json();
        for chunk in split(self.text, from) {
            if self.is_full {
                break;
            }
            match chunk.bad_separator {
                Some((words, at)) => self.bad_separator(words, at),
                None => self.chunk(chunk.text, chunk.start),
            }
        }
        if !self.only_answers {
            let remarks = advice::advise(self.text, &self.lines, &self.stream);
            self.stream.diagnostics.extend(remarks);
        }
        self.finish()
    }

    fn finish(self) -> Stream {
        let mut stream = self.stream;
        let place = |d: &Diagnostic| (d.line, d.severity, d.column);
        stream.diagnostics.sort_by_key(place);
        stream
    }

    fn chunk(&mut self, text: &str, start: u32) {
        let no_json = self.no_json.take();
        let end = start + text.trim_end().len() as u32;
        let composed = match compose(text, start, &mut self.reading) {
            Ok(composed) => composed,
            Err(error) => {
                let first = start + (text.len() - text.trim_start().len()) as u32;
                let span = Span { start: first, end };
                let words = ["error converting YAML to JSON: ", &error.message].concat();
                let words = no_json.unwrap_or(words);
                self.document(span, &Node::null(span), Verdict::Unparsable(words));
                let diagnostic = syntax::diagnostic(self.text, &self.lines, (start, text), &error);
                self.add(diagnostic);
                return;
            }
        };
        for (earlier, later) in composed.duplicates.into_iter().take(DIAGNOSTICS_MAX) {
            let line = self.lines.line(later.start);
            let message = format!("this key appears again in line {line}, and the last one wins");
            let mut advice = self.lines.diagnostic(Severity::Warning, earlier, message);
            advice.rule = "VAL-12".into();
            advice.suggestion = Some("remove one of them".into());
            self.add(advice);
        }
        match composed.root {
            Some(root) if root.value != Value::Null => self.object(root, end),
            _ => {}
        }
    }

    fn bad_separator(&mut self, words: &str, at: u32) {
        let message = ["invalid Yaml document separator: ", words].concat();
        let span = Span {
            start: at,
            end: at + 3,
        };
        let verdict = Verdict::Unparsable(message.clone());
        self.document(span, &Node::null(span), verdict);
        let mut diagnostic = self.lines.diagnostic(Severity::Error, span, message);
        diagnostic.rule = "VAL-10".into();
        diagnostic.suggestion = Some("leave nothing but --- on the line".into());
        self.add(diagnostic);
    }

    /// One object, checked in the order of VAL-14.
    fn object(&mut self, root: Node, end: u32) {
        let start = root.entries().first().map_or(root.span, |e| e.key_span);
        let span = Span {
            start: start.start,
            end: end.max(start.start),
        };
        let fault = header_fault(&root);
        let refusal = match (self.validation, &fault) {
            _ if self.in_list => item_fault(&root),
            (Validation::Off, _) | (_, None) => decoding_fault(&root, self.as_json),
            (_, Some(words)) => Some(Verdict::Headless(words.clone())),
        };
        if let Some(verdict) = refusal {
            let words = fault.as_deref().unwrap_or("kind not set");
            self.refuse(span, start, &root, verdict, words, "VAL-14");
            let (words, key) = match self.damage(span) {
                Some(damage) => (damage.into(), None),
                None => remedy(&root),
            };
            self.suggest(words);
            if let (Some(last), Some((span, name))) = (self.stream.diagnostics.last_mut(), key) {
                last.fix = Some(self.lines.edit(span, name.into()));
            }
            return;
        }
        let text = |name: &str| root.get(name).and_then(Node::text).unwrap_or("");
        let (api_version, kind) = (text("apiVersion"), text("kind").to_string());
        let api_version = api_version.strip_prefix('/').unwrap_or(api_version);
        let (api_version, is_served) = match preferred(api_version) {
            Some(preferred) => (preferred, false),
            None => (api_version.to_string(), true),
        };
        if api_version.starts_with("readyz.dev/") {
            self.scenario(root, span);
            return;
        }
        if is_served && self.is_list(&api_version, &kind) {
            self.list(root, span, &api_version, &kind);
            return;
        }
        if kind == "Pod" && !self.has_room(start) {
            return;
        }
        let metadata_fault = check_metadata(self.schema, &root).filter(|_| !self.in_list);
        if let Some(fault) = metadata_fault {
            let verdict = Verdict::Undecodable(fault.message.clone());
            self.refuse_type(span, &root, verdict, &fault);
            return;
        }
        match self.served_kind(&api_version, &kind) {
            Some(_) if !is_served => {
                let words = "the server could not find the requested resource";
                self.refuse(span, start, &root, Verdict::NotServed, words, "VAL-14");
                if let Some(document) = self.stream.documents.last_mut() {
                    document.api_version = api_version;
                }
            }
            Some(known) if known.name == kind => self.known(root, span, &api_version, known),
            Some(known) => {
                let text = format!(
                    "no kind {0} is registered for version \"{api_version}\" in scheme \
                     \"pkg/runtime/scheme.go:111\"",
                    quote(&kind)
                );
                let verdict = Verdict::BadRequest {
                    handled_as: known.name.into(),
                    text: text.clone(),
                };
                let at = root.entry("kind").map_or(start, |entry| entry.span());
                self.refuse(span, at, &root, verdict, &text, "VAL-14");
                self.suggest(["write kind: ", known.name].concat());
                self.fix(&root, "kind", known.name);
            }
            None => self.no_match(&root, span, &api_version, &kind),
        }
    }

    /// What to do about a document that a paste has damaged.
    fn damage(&self, span: Span) -> Option<&'static str> {
        let document = self.text.get(span.start as usize..span.end as usize)?;
        pasted::remedy(document)
    }

    /// Counts a Pod, refused ones too: they cost as much to read.
    fn has_room(&mut self, at: Span) -> bool {
        let Some(room) = self.room_for_pods.checked_sub(1) else {
            let message = format!("there are more than {PODS_MAX} Pods, which is the limit");
            let mut problem = self.lines.diagnostic(Severity::Error, at, message);
            problem.suggestion = Some("leave out Pods from here on, or run them apart".into());
            self.stream.diagnostics.push(problem);
            self.is_full = true;
            return false;
        };
        self.room_for_pods = room;
        true
    }

    /// A kind by its name, or by its name in lower case, which kubectl finds, too.
    fn served_kind(&self, api_version: &str, kind: &str) -> Option<Kind> {
        let kinds = self.schema.kinds(api_version)?;
        let exact = kinds.iter().find(|known| known.name == kind);
        let lower = |known: &&Kind| known.name.to_ascii_lowercase() == kind;
        exact.or_else(|| kinds.iter().find(lower)).copied()
    }

    #[inline(never)]
    fn no_match(&mut self, root: &Node, span: Span, api_version: &str, kind: &str) {
        let (shown_kind, shown_version) = (quote(kind), quote(api_version));
        let message = format!("no matches for kind {shown_kind} in version {shown_version}");
        let way_out = way_out(self.schema, api_version, kind);
        let field = match way_out.api_version {
            Some(_) => "apiVersion",
            None => "kind",
        };
        let at = root.entry(field).map_or(span, |entry| entry.span());
        let verdict = match self.in_list {
            true => Verdict::Unrecognized(["unable to recognize ", &message].concat()),
            false => Verdict::NoMatch,
        };
        self.refuse(span, at, root, verdict, &message, "VAL-14");
        if let Some(suggestion) = way_out.suggestion {
            self.suggest(suggestion);
        }
        match (way_out.api_version, way_out.kind) {
            (Some(version), None) => self.fix(root, "apiVersion", version),
            (None, Some(kind)) => self.fix(root, "kind", kind),
            _ => {}
        }
    }

    /// An object of a kind that the API server has.
    fn known(&mut self, root: Node, span: Span, api_version: &str, kind: Kind) {
        let Some(definition) = kind.definition else {
            self.accept(root, span, api_version, kind, Vec::new());
            return;
        };
        let simulated = is_simulated(api_version, kind.name);
        let checked = check(self.schema, &root, definition, simulated);
        if let Some(fault) = &checked.type_error {
            let verdict = Verdict::BadRequest {
                handled_as: kind.name.into(),
                text: fault.message.clone(),
            };
            self.refuse_type(span, &root, verdict, fault);
            return;
        }
        let mut warnings = Vec::new();
        match self.validation {
            Validation::Strict if !checked.unknown.is_empty() => {
                self.refuse_unknown(span, &root, kind, &checked);
                return;
            }
            Validation::Warn => {
                let unknown = checked.unknown.iter();
                warnings.extend(unknown.map(|f| ["unknown field ", &quote(&f.path)].concat()));
            }
            _ => {}
        }
        let errors = validate(kind.name, &root);
        let refused = errors.any_refused();
        for error in &errors.list {
            self.field_error(error);
        }
        if refused {
            return self.refuse_invalid(span, &root, kind, &errors);
        }
        for (path, at) in checked.not_simulated {
            let message = ["accepted, not simulated: ", &path].concat();
            let mut remark = self.lines.diagnostic(Severity::Info, at, message);
            remark.path = path;
            self.add(remark);
        }
        warnings.extend(errors.list.iter().map(FieldError::line));
        self.accept(root, span, api_version, kind, warnings);
    }

    fn accept(
        &mut self,
        root: Node,
        span: Span,
        api_version: &str,
        kind: Kind,
        warnings: Vec<String>,
    ) {
        if !is_simulated(api_version, kind.name) {
            let at = root.entry("kind").map_or(span, |entry| entry.span());
            let message = ["accepted, not simulated: ", kind.name].concat();
            let mut remark = self.lines.diagnostic(Severity::Info, at, message);
            remark.path = "kind".into();
            self.add(remark);
        }
        self.document(span, &root, Verdict::Accepted);
        let decode = |root: &Node| decode::decode(api_version, kind.name, root);
        let object = (!self.only_answers).then(|| decode(&root));
        let source = self.source(root);
        if let Some(document) = self.stream.documents.last_mut() {
            document.warnings.extend(warnings);
            document.source = Some(source.clone());
            self.stream.objects.extend(object.map(|object| Located {
                object,
                first_line: document.first_line,
                last_line: document.last_line,
                source,
            }));
        }
    }

    #[inline(never)]
    fn scenario(&mut self, root: Node, span: Span) {
        let first_line = self.lines.line(span.start);
        let (scenario, problems) = scenario::read(&root, &self.lines);
        for problem in problems {
            self.add(problem);
        }
        if self.stream.scenario.is_some() {
            let (message, way_out) = scenario::Wrong::Second.words();
            let mut second =
                self.lines
                    .diagnostic(Severity::Error, Span::at(span.start), message.into());
            second.suggestion = Some(way_out.into());
            self.add(second);
        } else {
            let last_line = self.lines.line(span.end);
            self.stream.scenario = Some(Scenario {
                first_line,
                last_line,
                ..scenario
            });
        }
        self.document(span, &root, Verdict::Scenario);
    }

    fn source(&self, root: Node) -> Source {
        Source::new(root, self.shared_text.clone(), self.shared_starts.clone())
    }

    fn document(&mut self, span: Span, root: &Node, verdict: Verdict) {
        let metadata = root.get("metadata");
        let text = |node: Option<&Node>, name: &str| {
            let value = node.and_then(|node| node.get(name)).and_then(Node::text);
            value.unwrap_or("").to_string()
        };
        let (api_version, kind) = (text(Some(root), "apiVersion"), text(Some(root), "kind"));
        // Said of the request, whatever becomes of it.
        let is_deprecated = api_version == "v1" && kind == "Endpoints";
        let warnings = is_deprecated.then(|| ENDPOINTS_DEPRECATED.to_owned());
        self.stream.documents.push(Document {
            first_line: self.lines.line(span.start),
            last_line: self.lines.line(span.end),
            api_version,
            kind,
            name: text(metadata, "name"),
            namespace: text(metadata, "namespace"),
            generate_name: text(metadata, "generateName"),
            verdict,
            applied: None,
            warnings: warnings.into_iter().collect(),
            source: None,
        });
    }

    fn add(&mut self, diagnostic: Diagnostic) {
        if self.stream.diagnostics.len() < DIAGNOSTICS_MAX {
            self.stream.diagnostics.push(diagnostic);
        }
    }
}
