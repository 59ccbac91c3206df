//! `kubectl explain`: fields from the schema, what they do in our own words.

use super::args::{Args, Flags};
use super::failure::Failure;
use super::flags::{switch, value, NONE};
use super::resource::Resource;
use super::view::View;
use super::{resource, Output, Verb};
use crate::manifest::schema::{schema, Definition, Field, Shape, Wrap};

/// `Definition.field text` and `Definition text`, sorted; `!` marks what must be given.
const DOCS: &str = include_str!("explain_docs.txt");

/// What stands for every structure there.
const EVERYWHERE: &str = "*";

/// Columns of a line of text.
const WIDTH: usize = 76;

/// How deep `--recursive` goes: schemas of resource definitions hold themselves.
const DEPTH_MAX: usize = 12;

const FLAGS: Flags = &[&[
    value("api-version", NONE),
    value("output", 'o'),
    switch("recursive", 'R'),
]];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "explain",
    summary: "Get documentation for a resource",
    flags: FLAGS,
    run,
}];

fn run(_view: &View, args: &Args) -> Result<Output, Failure> {
    let Some(path) = args.names.first() else {
        return Err(Failure::client(
            "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a \
             complete list of supported resources.",
        ));
    };
    if args.names.len() > 1 {
        let text = "We accept only this format: explain RESOURCE";
        return Err(Failure::client(text));
    }
    let (typed, fields_typed) = checked(args, path)?;
    let words = fields_typed.split('.').filter(|word| !word.is_empty());
    let resource = resource::find(typed).map_err(|unknown| unknown.bare())?;
    let (version, number) = definition(resource, args)?;
    let mut at = Some(schema().definition(number));
    let mut found: Option<(&str, &Field)> = None;
    for word in words {
        let field = at.and_then(|at| Some((at.go_name(), at.field(word)?)));
        let Some((owner, field)) = field else {
            // The last one is told.
            let last = path.rsplit('.').find(|word| !word.is_empty());
            let last = last.unwrap_or(word);
            let mut output = Output::printed(head(resource.kind, version));
            output.fail(&Failure::client(format!("field \"{last}\" does not exist")));
            return Ok(output);
        };
        found = Some((owner, field));
        at = match field.shape {
            Shape::Struct(number) => Some(schema().definition(number)),
            _ => None,
        };
    }
    let mut text = head(resource.kind, version);
    if let Some((_, field)) = found {
        text.push_str(&format!(
            "FIELD: {} <{}>\n\n\n",
            field.name,
            type_name(field)
        ));
    }
    describe(found, at, &mut text);
    match at {
        None => text.push('\n'),
        Some(definition) => {
            text.push_str("FIELDS:\n");
            fields(definition, args.is_on("recursive"), 1, &mut text);
            text.push('\n');
        }
    }
    Ok(Output::printed(text))
}

/// The words for the resource and those for its fields, and what kubectl refuses of them.
fn checked<'a>(args: &Args, path: &'a str) -> Result<(&'a str, &'a str), Failure> {
    let format = args.get("output").unwrap_or("plaintext");
    if !matches!(format, "plaintext" | "plaintext-openapiv2") {
        let text = format!("unrecognized format: {format}");
        return Err(Failure::client(text));
    }
    let (typed, fields) = split(path);
    match (typed, fields) {
        ("", "") => Err(Failure::client(
            "a resource must be present, got: /, Resource=",
        )),
        ("", _) => Err(Failure::client(NO_FIELD)),
        _ if fields.starts_with('.') => Err(Failure::client(NO_FIELD)),
        both => Ok(both),
    }
}

const NO_FIELD: &str = "invalid jsonpath syntax, first node must be field node";

/// The version that is asked for and the number of the resource's definition in it.
fn definition<'a>(resource: &'static Resource, args: &'a Args) -> Result<(&'a str, u16), Failure> {
    let version = args.given("api-version").unwrap_or(resource.api_version);
    let plural = resource.plural;
    if version.matches('/').count() > 1 {
        let text = format!("unexpected GroupVersion string: {version}");
        return Err(Failure::client(text));
    }
    let Some(kinds) = schema().kinds(version) else {
        let group = if version.contains('/') { "" } else { "/" };
        let text = format!("couldn't find resource for \"{group}{version}, Resource={plural}\"");
        return Err(Failure::client(text));
    };
    let kind = kinds.iter().find(|kind| kind.name == resource.kind);
    let number = kind.and_then(|kind| kind.definition).ok_or_else(|| {
        let (group, version) = version.split_once('/').unwrap_or(("", version));
        let known = match version == resource.api_version {
            true => format!(": readyz does not know the fields of {}", resource.kind),
            false => String::new(),
        };
        Failure::client(format!(
            "GVR ({group}/{version}, Resource={plural}) not found in OpenAPI schema{known}"
        ))
    })?;
    Ok((version, number))
}

/// The words for the resource, with its group if it is named, and those for its fields.
fn split(path: &str) -> (&str, &str) {
    let first = path.find('.').unwrap_or(path.len());
    let (name, after) = path.split_at(first);
    let group = resource::find(name).map_or("", |resource| resource.group());
    let grouped = after
        .strip_prefix('.')
        .and_then(|after| after.strip_prefix(group));
    let is_grouped =
        !group.is_empty() && grouped.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let end = if is_grouped {
        first + 1 + group.len()
    } else {
        first
    };
    let rest = &path[end..];
    (&path[..end], rest.strip_prefix('.').unwrap_or(rest))
}

/// What is explained: the kind, its group and its version.
fn head(kind: &str, version: &str) -> String {
    let (group, short) = version.split_once('/').unwrap_or(("", version));
    let group = match group {
        "" => String::new(),
        group => format!("GROUP:      {group}\n"),
    };
    format!("{group}KIND:       {kind}\nVERSION:    {short}\n\n")
}

fn describe(found: Option<(&str, &Field)>, at: Option<&Definition>, text: &mut String) {
    let of_field = found.and_then(|(owner, field)| doc(owner, field.name));
    let of_type = at.and_then(|at| doc(at.go_name(), ""));
    let texts = [of_field, of_type].into_iter().flatten();
    let said = texts.map(|(text, _)| text).collect::<Vec<_>>().join(" ");
    text.push_str("DESCRIPTION:\n");
    wrapped(&said, text);
    text.push_str("    \n");
}

fn fields(definition: &Definition, recursive: bool, level: usize, text: &mut String) {
    for field in definition.fields() {
        let (said, required) = doc(definition.go_name(), field.name).unwrap_or_default();
        text.extend(std::iter::repeat_n("  ", level));
        text.push_str(&format!("{}\t<{}>", field.name, type_name(field)));
        text.push_str(if required { " -required-\n" } else { "\n" });
        if !recursive {
            wrapped(said, text);
            text.push('\n');
        } else if let Shape::Struct(number) = field.shape {
            if level < DEPTH_MAX {
                fields(schema().definition(number), true, level + 1, text);
            }
        }
    }
}

/// What is said of a field, or of a structure, and whether it is required. Some fields mean the
/// same everywhere.
fn doc(owner: &str, field: &str) -> Option<(&'static str, bool)> {
    let of = |owner: &str| {
        DOCS.lines().find_map(|line| {
            let (key, text) = line.split_once(' ')?;
            let bare = key.trim_end_matches('!');
            let (of, name) = bare.split_once('.').unwrap_or((bare, ""));
            (of == owner && name == field).then_some((text, bare != key))
        })
    };
    of(owner).or_else(|| of(EVERYWHERE).filter(|_| !field.is_empty()))
}

/// The type as the API's description has it.
fn type_name(field: &Field) -> String {
    let name = match field.shape {
        Shape::Text | Shape::Bytes => "string",
        Shape::Bool => "boolean",
        Shape::Int32 | Shape::Int64 => "integer",
        Shape::Quantity => "Quantity",
        Shape::IntOrString => "IntOrString",
        Shape::Time => "Time",
        Shape::Any => "Object",
        Shape::Struct(number) => schema().definition(number).go_name(),
    };
    let before = match field.wrap {
        Wrap::One => "",
        Wrap::List => "[]",
        Wrap::Map => "map[string]",
    };
    [before, name].concat()
}

/// A paragraph, indented and broken at spaces.
fn wrapped(text: &str, out: &mut String) {
    let text = if text.is_empty() {
        "<no description>"
    } else {
        text
    };
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        match column {
            0 => out.push_str("    "),
            _ if column + 1 + length > WIDTH => {
                out.push_str("\n    ");
                column = 0;
            }
            _ => {
                out.push(' ');
                column += 1;
            }
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}
