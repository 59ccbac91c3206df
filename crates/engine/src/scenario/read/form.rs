//! A map whose fields are taken one by one; what nobody took is unknown.

use super::Wrong;
use crate::api::StringMap;
use crate::manifest::yaml::{quote, Node, Value};
use crate::manifest::{nearest, Diagnostic, Lines, Quantity, Severity, Span};
use crate::scenario::duration::parse_duration;
use crate::time::Duration;

/// Problems found so far.
pub struct Problems<'l, 't> {
    lines: &'l Lines<'t>,
    pub list: Vec<Diagnostic>,
    /// Names that were asked for, by path; None: nobody wants to know.
    pub asked: Option<Vec<(String, &'static str)>>,
}

impl<'l, 't> Problems<'l, 't> {
    /// None yet.
    pub fn new(lines: &'l Lines<'t>) -> Self {
        Problems {
            lines,
            list: Vec::new(),
            asked: None,
        }
    }

    /// Adds an error; `of` and `way` fill the `{}` of its sentence and of its way out.
    pub fn add(&mut self, span: Span, path: &str, wrong: Wrong, of: &str, way: &str) {
        let (message, way_out) = wrong.words();
        let colon = if path.is_empty() { "" } else { ": " };
        let message = [path, colon, &message.replace("{}", of)].concat();
        self.tell(span, path, message, way_out.replace("{}", way));
    }

    /// Adds an error in any words; a way out may be empty.
    #[inline(never)]
    pub fn tell(&mut self, span: Span, path: &str, message: String, way_out: String) {
        let mut problem = self.lines.diagnostic(Severity::Error, span, message);
        problem.path = path.to_string();
        problem.rule = "Scenario".into();
        problem.suggestion = Some(way_out).filter(|text| !text.is_empty());
        self.list.push(problem);
    }
}

/// A map of the document being read.
pub struct Form<'n, 'p, 'l, 't> {
    node: &'n Node,
    path: String,
    /// Names asked for so far.
    known: Vec<&'static str>,
    problems: &'p mut Problems<'l, 't>,
}

impl<'n, 'l, 't> Form<'n, '_, 'l, 't> {
    /// The map at `path`; complains if it is none.
    pub fn new<'p>(
        node: &'n Node,
        path: &str,
        problems: &'p mut Problems<'l, 't>,
    ) -> Form<'n, 'p, 'l, 't> {
        if !node.is_map() {
            problems.add(node.span, path, Wrong::NoMap, "", "");
        }
        Form {
            node,
            path: path.to_string(),
            known: Vec::new(),
            problems,
        }
    }

    /// The 1-based line at which the map begins.
    pub fn line(&self) -> u32 {
        let first = self.node.entries().first().map(|entry| entry.key_span);
        self.problems
            .lines
            .line(first.unwrap_or(self.node.span).start)
    }

    /// Whether a field is there, not null.
    pub fn has(&mut self, name: &'static str) -> bool {
        self.node(name).is_some()
    }

    /// The value of a field; marks the name as known.
    pub fn node(&mut self, name: &'static str) -> Option<&'n Node> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.node.get(name)
    }

    /// Names that are allowed and not read.
    pub fn ignore(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    fn path_of(&self, name: &str) -> String {
        match self.path.is_empty() {
            true => name.to_string(),
            false => [&self.path, ".", name].concat(),
        }
    }

    /// Where to point for a field.
    fn span_of(&self, name: &str) -> Span {
        let entry = self.node.entry(name);
        let first = self.node.entries().first();
        entry
            .map(|entry| entry.span())
            .or(first.map(|entry| entry.key_span))
            .unwrap_or(self.node.span)
    }

    /// Complains about a field.
    pub fn wrong(&mut self, name: &str, wrong: Wrong) {
        self.wrong_word(name, wrong, "", "");
    }

    /// Complains about a field; `of` and `way` are what comes with the case.
    pub fn wrong_word(&mut self, name: &str, wrong: Wrong, of: &str, way: &str) {
        let (span, path) = (self.span_of(name), self.path_of(name));
        self.problems.add(span, &path, wrong, of, way);
    }

    /// Remarks on a field that is understood and has no effect.
    pub fn remark(&mut self, name: &str, wrong: Wrong) {
        let known = self.problems.list.len();
        self.wrong(name, wrong);
        for problem in &mut self.problems.list[known..] {
            problem.severity = Severity::Warning;
        }
    }

    /// Complains that a field is missing.
    pub fn missing(&mut self, name: &str) {
        self.wrong(name, Wrong::Missing);
    }

    /// Complains about every field that nobody asked for.
    pub fn finish(self) {
        if let Some(asked) = &mut self.problems.asked {
            asked.extend(self.known.iter().map(|name| (self.path.clone(), *name)));
        }
        for entry in self.node.entries() {
            if self.known.contains(&entry.key.as_str()) {
                continue;
            }
            let path = self.path_of(&entry.key);
            let (wrong, way) = match nearest(&entry.key, self.known.iter().copied()) {
                Some(name) => (Wrong::MistypedField, name.to_string()),
                None => (Wrong::UnknownField, self.known.join(", ")),
            };
            self.problems.add(entry.key_span, &path, wrong, "", &way);
        }
    }

    /// A text; numbers and truth values are complained about.
    pub fn text(&mut self, name: &'static str) -> Option<&'n str> {
        let node = self.node(name)?;
        if node.text().is_none() {
            self.wrong(name, Wrong::NoText);
        }
        node.text()
    }

    /// A text that must be there and not be empty.
    pub fn required_text(&mut self, name: &'static str) -> Option<&'n str> {
        if !self.has(name) {
            self.missing(name);
        }
        self.text(name)
    }

    /// A text, or a number as it is written.
    pub fn scalar(&mut self, name: &'static str) -> Option<String> {
        let node = self.node(name)?;
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Int(number) => Some(number.to_string()),
            Value::Number(literal) => Some(literal.to_string()),
            _ => {
                self.wrong(name, Wrong::NoScalar);
                None
            }
        }
    }

    /// A number as its literal.
    pub fn number(&mut self, name: &'static str) -> Option<String> {
        match &self.node(name)?.value {
            Value::Int(number) => Some(number.to_string()),
            Value::Number(literal) => Some(literal.to_string()),
            _ => {
                self.wrong(name, Wrong::NoNumber);
                None
            }
        }
    }

    /// A whole number, not below zero.
    pub fn natural(&mut self, name: &'static str) -> Option<u64> {
        let number = self.node(name)?.int();
        let natural = number.and_then(|number| u64::try_from(number).ok());
        if natural.is_none() {
            self.wrong(name, Wrong::Negative);
        }
        natural
    }

    /// A whole number of a smaller type.
    pub fn small<T: TryFrom<i64>>(&mut self, name: &'static str) -> Option<T> {
        let Some(number) = self.node(name)?.int() else {
            self.wrong(name, Wrong::NoWholeNumber);
            return None;
        };
        let small = T::try_from(number).ok();
        if small.is_none() {
            self.wrong(name, Wrong::OutOfRange);
        }
        small
    }

    /// true or false.
    pub fn bool(&mut self, name: &'static str) -> Option<bool> {
        let truth = self.node(name)?.bool();
        if truth.is_none() {
            self.wrong(name, Wrong::NoTruth);
        }
        truth
    }

    /// A duration: `90s`, or seconds as a number.
    pub fn duration(&mut self, name: &'static str) -> Option<Duration> {
        let literal = self.scalar(name)?;
        let seconds = crate::scenario::duration::decimal_times(&literal, 1_000_000_000);
        let duration = parse_duration(&literal).or(seconds.map(Duration));
        if duration.is_none() {
            self.wrong(name, Wrong::NoDuration);
        }
        duration
    }

    /// A duration that must be there.
    pub fn required_duration(&mut self, name: &'static str) -> Option<Duration> {
        if !self.has(name) {
            self.missing(name);
        }
        self.duration(name)
    }

    /// An amount of CPU, memory or disk.
    pub fn quantity(&mut self, name: &'static str) -> Option<Quantity> {
        let node = self.node(name)?;
        match Quantity::of(node) {
            Ok(quantity) => Some(quantity),
            Err(_) => {
                self.wrong(name, Wrong::NoQuantity);
                None
            }
        }
    }

    /// One of a few words; gives its index.
    pub fn choice(&mut self, name: &'static str, words: &[&str]) -> Option<usize> {
        let text = self.text(name)?;
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let (wrong, way) = match nearest(text, words.iter().copied()) {
                Some(word) => (Wrong::MistypedWord, word.to_string()),
                None => (Wrong::UnknownWord, words.join(", ")),
            };
            self.wrong_word(name, wrong, &quote(text), &way);
        }
        found
    }

    /// A list of texts; numbers are taken as they are written.
    pub fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let node = self.node(name)?;
        if !matches!(node.value, Value::List(_)) {
            self.wrong(name, Wrong::NoList);
            return None;
        }
        let mut texts = Vec::new();
        for item in node.items() {
            match &item.value {
                Value::Text(text) => texts.push(text.clone()),
                Value::Int(number) => texts.push(number.to_string()),
                Value::Number(literal) => texts.push(literal.to_string()),
                _ => {
                    let path = self.path_of(name);
                    self.problems.add(item.span, &path, Wrong::NoText, "", "");
                }
            }
        }
        Some(texts)
    }

    /// A map of texts; empty if absent.
    pub fn string_map(&mut self, name: &'static str) -> StringMap {
        let pairs = self.changes(name).unwrap_or_default().into_iter();
        pairs
            .map(|(key, value)| (key, value.unwrap_or_default()))
            .collect()
    }

    /// A map of texts in which null stands for removal.
    pub fn changes(&mut self, name: &'static str) -> Option<Vec<(String, Option<String>)>> {
        let node = self.node(name)?;
        if !node.is_map() {
            self.wrong(name, Wrong::NoMap);
            return None;
        }
        let mut changes = Vec::new();
        for entry in node.entries() {
            let value = match &entry.value.value {
                Value::Null => None,
                Value::Text(text) => Some(text.clone()),
                Value::Int(number) => Some(number.to_string()),
                Value::Number(literal) => Some(literal.to_string()),
                _ => {
                    let path = self.path_of(name);
                    self.problems
                        .add(entry.span(), &path, Wrong::NoText, "", "");
                    continue;
                }
            };
            changes.push((entry.key.clone(), value));
        }
        Some(changes)
    }

    /// A map of its own.
    pub fn structure(&mut self, name: &'static str) -> Option<Form<'n, '_, 'l, 't>> {
        let node = self.node(name)?;
        let path = self.path_of(name);
        Some(Form::new(node, &path, self.problems))
    }

    /// Each map of a list.
    pub fn each(&mut self, name: &'static str, mut read: impl FnMut(Form<'n, '_, 'l, 't>)) {
        let Some(node) = self.node(name) else {
            return;
        };
        if !matches!(node.value, Value::List(_)) {
            self.wrong(name, Wrong::NoList);
        }
        for (i, item) in node.items().iter().enumerate() {
            let path = [&self.path_of(name), "[", &i.to_string(), "]"].concat();
            read(Form::new(item, &path, self.problems));
        }
    }
}
