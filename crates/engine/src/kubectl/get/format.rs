//! `-o` of `kubectl get` (GET-04).

use super::{tables, Found};
use crate::kubectl::args::Args;
use crate::kubectl::failure::Failure;
use crate::kubectl::object::object;
use crate::kubectl::output::{custom_columns, json, list, map, yaml, GoTemplate, JsonPath, Value};
use crate::kubectl::view::View;

/// `-o`.
pub enum Format {
    Table {
        wide: bool,
    },
    Name,
    /// `yaml` or `json`.
    Data(fn(&Value) -> String),
    Pattern(Pattern),
    CustomColumns(String),
}

/// A format that says itself what it prints of an object.
pub enum Pattern {
    Path(JsonPath),
    /// With the flag that a missing key is an error.
    Template(GoTemplate, bool),
}

/// The name of a format and what stands behind its `=`, or in `--template`; and `-o` as a whole.
pub fn named(args: &Args) -> (&str, &str, &str) {
    let template = args.get("template").unwrap_or("");
    let text = match args.get("output") {
        None | Some("") if !template.is_empty() => "go-template",
        text => text.unwrap_or(""),
    };
    let (name, argument) = text.split_once('=').unwrap_or((text, template));
    (name, argument, text)
}

impl Pattern {
    /// The pattern of a format, and whether a missing key is an error to it; None: its name is
    /// another one's.
    pub fn of(name: &str, argument: &str, needs_keys: bool) -> Result<Option<Pattern>, Failure> {
        Ok(Some(match name {
            "jsonpath" | "jsonpath-as-json" | "go-template" | "template" if argument.is_empty() => {
                let text = "template format specified but no template given";
                return Err(Failure::client(text));
            }
            "jsonpath" => Pattern::Path(JsonPath::printer(argument, false)?),
            "jsonpath-as-json" => Pattern::Path(JsonPath::printer(argument, true)?),
            "go-template" | "template" => {
                Pattern::Template(GoTemplate::parse(argument)?, needs_keys)
            }
            name if is_unsimulated(name) => return Err(unsimulated(name)),
            _ => return Ok(None),
        }))
    }

    /// What it prints of an object, and why that is not all.
    pub fn print(&self, object: &Value) -> (String, Option<Failure>) {
        match self {
            Pattern::Path(path) => match path.print(object) {
                Ok(text) => (text, None),
                Err(failure) => (String::new(), Some(failure)),
            },
            Pattern::Template(template, needs_keys) => template.print(object, *needs_keys),
        }
    }
}

impl Format {
    /// `-o`, and `--template`.
    pub fn of(args: &Args) -> Result<Format, Failure> {
        let (name, argument, text) = named(args);
        // Only templates have something behind their names.
        let is_plain = matches!(name, "" | "wide" | "name" | "yaml" | "json");
        let name = match text {
            text if text.eq_ignore_ascii_case("yaml") => "yaml",
            text if text.eq_ignore_ascii_case("json") => "json",
            text if is_plain => text,
            _ => name,
        };
        Ok(match name {
            "" => Format::Table { wide: false },
            "wide" => Format::Table { wide: true },
            "name" => Format::Name,
            "yaml" => Format::Data(yaml),
            "json" => Format::Data(json),
            "custom-columns" => Format::CustomColumns(argument.to_owned()),
            name => {
                let needs_keys = args.get("allow-missing-template-keys") == Some("false");
                let pattern = Pattern::of(name, argument, needs_keys)?;
                Format::Pattern(pattern.ok_or_else(|| {
                    Failure::client(format!(
                        "unable to match a printer suitable for the output format \"{name}\", \
                         allowed formats are: custom-columns,custom-columns-file,go-template,\
                         go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,\
                         template,templatefile,wide,yaml"
                    ))
                })?)
            }
        })
    }

    /// The text, and why it is not all.
    pub fn print(
        &self,
        view: &View,
        args: &Args,
        found: &Found,
    ) -> Result<(String, Option<Failure>), Failure> {
        let items = || found.groups.iter().flat_map(|(_, items)| items);
        let is_single = found.is_named && items().count() == 1 && found.failures.is_empty();
        let objects = || -> Vec<Value> { items().map(|item| object(view, item)).collect() };
        let whole = || match is_single {
            true => objects().remove(0),
            false => list_of(objects()),
        };
        let is_nothing = !found.failures.is_empty() && items().count() == 0;
        let text = match self {
            Format::Table { wide } => tables(view, args, found, *wide)?,
            Format::Name => items().map(|item| format!("{}\n", item.path())).collect(),
            Format::Data(_) | Format::Pattern(Pattern::Template(..)) if is_nothing => String::new(),
            Format::Pattern(pattern) => return Ok(pattern.print(&whole())),
            Format::Data(print) => print(&whole()),
            Format::CustomColumns(spec) => {
                return custom_columns(spec, &objects(), !args.is_on("no-headers"));
            }
        };
        Ok((text, None))
    }
}

/// Flags that do not go together.
pub fn check(args: &Args) -> Result<(), Failure> {
    let output = args.get("output").unwrap_or("");
    if args.is_on("show-labels") && !matches!(output, "" | "wide") {
        return Err(Failure::client(format!(
            "--show-labels option cannot be used with {output} printer"
        )));
    }
    let watches = args.is_on("watch") || args.is_on("watch-only");
    if args.is_on("output-watch-events") && !watches {
        let text = "--output-watch-events option can only be used with --watch or --watch-only";
        return Err(Failure::client(text));
    }
    let is_bulk =
        args.get("filename").is_none() && args.names.len() == 1 && !args.names[0].contains('/');
    if is_bulk && !args.get("subresource").unwrap_or("").is_empty() {
        let text = "subresource cannot be used when bulk resources are specified";
        return Err(Failure::client(text));
    }
    Ok(())
}

/// Formats of `-o` that kubectl has and nothing here prints.
fn is_unsimulated(format: &str) -> bool {
    let name = format.split('=').next().unwrap_or("");
    matches!(
        name,
        "custom-columns-file"
            | "go-template"
            | "go-template-file"
            | "jsonpath-file"
            | "kyaml"
            | "template"
            | "templatefile"
    )
}

/// What is said of them.
pub fn unsimulated(format: &str) -> Failure {
    let name = format.split('=').next().unwrap_or("");
    let instead = match name {
        "kyaml" => "-o yaml",
        _ => "-o jsonpath=… or -o custom-columns=…",
    };
    Failure::client(format!(
        "readyz does not simulate -o {name}; {instead} prints the same fields"
    ))
}

fn list_of(objects: Vec<Value>) -> Value {
    map()
        .set("apiVersion", "v1")
        .set("items", list(objects))
        .set("kind", "List")
        .set("metadata", map().set("resourceVersion", ""))
        .into()
}
