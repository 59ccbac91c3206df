//! YAML's flow style.

use crate::go_format::go_duration;
use crate::manifest::yaml::quote;
use crate::time::Duration;

/// A map under construction.
pub struct Flow(String);

impl Flow {
    pub fn new() -> Self {
        Flow(String::new())
    }

    /// A value that needs no quotes.
    pub fn word(mut self, name: &str, value: &str) -> Self {
        let comma = if self.0.is_empty() { "" } else { ", " };
        for part in [comma, name, ": ", value] {
            self.0.push_str(part);
        }
        self
    }

    pub fn text(self, name: &str, value: &str) -> Self {
        let value = quoted(value);
        self.word(name, &value)
    }

    /// A text that is left out if empty.
    pub fn some_text(self, name: &str, value: &str) -> Self {
        match value {
            "" => self,
            value => self.text(name, value),
        }
    }

    pub fn maybe_text(self, name: &str, value: &Option<String>) -> Self {
        self.maybe(name, value, |value| quoted(value))
    }

    pub fn maybe<T>(self, name: &str, value: &Option<T>, write: fn(&T) -> String) -> Self {
        match value {
            Some(value) => self.word(name, &write(value)),
            None => self,
        }
    }

    pub fn number(self, name: &str, value: impl ToString) -> Self {
        self.word(name, &value.to_string())
    }

    pub fn span(self, name: &str, value: Duration) -> Self {
        self.word(name, &span(value))
    }

    /// A flag that is left out if false.
    pub fn flag(self, name: &str, value: bool) -> Self {
        if value {
            self.word(name, "true")
        } else {
            self
        }
    }

    /// A list that is left out if empty.
    pub fn list(self, name: &str, entries: impl Iterator<Item = String>) -> Self {
        match list(entries).as_str() {
            "[]" => self,
            entries => self.word(name, entries),
        }
    }

    /// A map of texts that is left out if empty; None is null.
    pub fn map<'a>(
        self,
        name: &str,
        pairs: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Self {
        let mut inner = Flow::new();
        for (key, value) in pairs {
            let value = value.map_or("null".into(), quote);
            inner = inner.word(&quoted(key), &value);
        }
        if inner.0.is_empty() {
            return self;
        }
        self.word(name, &inner.done())
    }

    pub fn done(self) -> String {
        ["{", &self.0, "}"].concat()
    }
}

/// `[a, b]`.
pub fn list(entries: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = entries.collect();
    ["[", &all.join(", "), "]"].concat()
}

pub fn span(span: Duration) -> String {
    go_duration(span)
}

/// A number with three decimals at most.
pub fn thousandths(milli: u32) -> String {
    let whole = (milli / 1_000).to_string();
    let rest = ["00", &(milli % 1_000).to_string()].concat();
    let rest = rest[rest.len() - 3..].trim_end_matches('0');
    match rest {
        "" => whole,
        rest => [&whole, ".", rest].concat(),
    }
}

/// A text, in quotes where YAML would take it for something else.
pub fn quoted(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-'));
    let lower = text.to_ascii_lowercase();
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    if is_plain && !words.contains(&lower.as_str()) {
        text.to_string()
    } else {
        quote(text)
    }
}
