//! `-o jsonpath=…` as kubectl understands it: texts, paths, `range`, filters. What it does not
//! understand is refused in its words.
//! Source: client-go's util/jsonpath, kubectl's printers/jsonpath.go.

mod parse;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

use super::{compact_json, json, list, Value};
use crate::go_format::quote;
use crate::kubectl::failure::Failure;
use tree::Part;
use walk::{Found, Walk};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    template: String,
    parts: Vec<Part>,
    /// Each part's values are printed as a JSON list.
    is_json: bool,
}

impl JsonPath {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(template: &str) -> Result<JsonPath, String> {
        Ok(JsonPath {
            template: template.to_owned(),
            parts: parse::parse(template)?,
            is_json: false,
        })
    }

    /// Reads the path of a flag that also takes it without braces and without its first dot.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn relaxed(path: &str) -> Result<JsonPath, String> {
        JsonPath::parse(&JsonPath::relaxed_text(path)?)
    }

    /// Such a path as a template.
    ///
    /// # Errors
    /// It is neither of these.
    pub fn relaxed_text(path: &str) -> Result<String, String> {
        let inner = path.strip_prefix('{').map(|path| path.strip_suffix('}'));
        let bare = inner.unwrap_or(Some(path)).unwrap_or("{");
        let bare = match bare.strip_prefix('.') {
            None | Some("") => bare,
            Some(rest) => rest,
        };
        if path.is_empty() {
            return Ok(String::new());
        }
        if bare.is_empty() || bare.contains(['{', '}']) {
            return Err(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or \
                 '{name1.name2}' or '{.name1.name2}'"
                    .into(),
            );
        }
        Ok(["{.", bare, "}"].concat())
    }

    /// Reads the template of `-o jsonpath=…` or, `is_json`, of `-o jsonpath-as-json=…`.
    ///
    /// # Errors
    /// kubectl's refusal.
    pub fn printer(template: &str, is_json: bool) -> Result<JsonPath, Failure> {
        match JsonPath::parse(template) {
            Ok(path) => Ok(JsonPath { is_json, ..path }),
            Err(why) => {
                let text = format!("error parsing jsonpath {template}, {why}");
                Err(Failure::client(text))
            }
        }
    }

    /// The template as it was typed.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// The values that the template finds, in order.
    ///
    /// # Errors
    /// What is not as the template expects it.
    pub fn find<'v>(&'v self, root: &'v Value) -> Result<Vec<&'v Value>, String> {
        Ok(self.walk(root)?.concat())
    }

    fn walk<'v>(&'v self, root: &'v Value) -> Result<Vec<Found<'v>>, String> {
        Walk::new(&self.parts).from(0, root)
    }

    /// The text that the template makes of an object.
    ///
    /// # Errors
    /// kubectl's, with all that it was given.
    pub fn print(&self, root: &Value) -> Result<String, Failure> {
        let found = self.walk(root).map_err(|why| {
            let template = &self.template;
            Failure::client(format!(
                "error executing jsonpath {}: Error executing template: {why}. Printing more \
                 information for debugging the template:\n\ttemplate was:\n\t\t{template}\n\t\
                 object given to jsonpath engine was:\n\t\t{}\n\n",
                quote(template),
                go_syntax(root),
            ))
        })?;
        let text = |values: Found| match self.is_json {
            true => json(&list(values.into_iter().cloned())),
            false => values.into_iter().map(plain).collect::<Vec<_>>().join(" "),
        };
        Ok(found.into_iter().map(text).collect())
    }
}

/// As a template prints a value.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        value => value.plain(),
    }
}

/// A value as Go's `%#v`.
fn go_syntax(value: &Value) -> String {
    let all = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Null => "interface {}(nil)".into(),
        Value::Text(text) => quote(text),
        Value::List(items) => {
            let items = all(items.iter().map(go_syntax).collect());
            ["[]interface {}{", &items, "}"].concat()
        }
        Value::Map(entries) => {
            let entry =
                |(key, value): (&String, &Value)| [&quote(key), ":", &go_syntax(value)].concat();
            let entries = all(entries.iter().map(entry).collect());
            ["map[string]interface {}{", &entries, "}"].concat()
        }
        value => compact_json(value),
    }
}
