//! `kubectl wait` (WAI-01), as far as one moment tells.

use super::args::{Args, Flags};
use super::attempt::targets;
use super::failure::Failure;
use super::flags::{duration, switch, value, FILES, NONE, PICK, PRINT};
use super::object::object;
use super::output::{JsonPath, Value};
use super::view::View;
use super::{Output, Verb};
use crate::go_format::quote;

const FLAGS: Flags = &[
    PRINT,
    &[FILES[0], FILES[2]],
    PICK,
    &[
        switch("all-namespaces", 'A'),
        value("field-selector", NONE),
        value("for", NONE),
        switch("local", NONE).absent(),
        duration("timeout"),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "wait",
    summary: "Wait for a specific condition on one or many resources",
    flags: FLAGS,
    run,
}];

/// `--for`.
enum Condition<'a> {
    Delete,
    Create,
    /// A condition of this type has this status.
    Status(&'a str, &'a str),
    /// A field is there, or has this text.
    Field(JsonPath, Option<&'a str>),
}

fn condition(text: &str) -> Result<Condition<'_>, Failure> {
    if text.eq_ignore_ascii_case("delete") {
        return Ok(Condition::Delete);
    }
    if text.eq_ignore_ascii_case("create") {
        return Ok(Condition::Create);
    }
    match text.split_once('=') {
        Some(("condition", rest)) => {
            let (name, wanted) = rest.split_once('=').unwrap_or((rest, "true"));
            Ok(Condition::Status(name, wanted))
        }
        Some(("jsonpath", rest)) => field(rest).map_err(Failure::client),
        _ => {
            let text = format!("unrecognized condition: {}", quote(text));
            Err(Failure::client(text))
        }
    }
}

/// `{.path}` or `{.path}=text`; `==` belongs to the path.
fn field(text: &str) -> Result<Condition<'_>, String> {
    if text.is_empty() {
        return Err("jsonpath expression cannot be empty".into());
    }
    let hidden = text.replace("==", "~~");
    let mut places = hidden.match_indices('=').map(|(at, _)| at);
    let place = places.next();
    if places.next().is_some() {
        return Err(
            "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or \
             --for=jsonpath='{.status.readyReplicas}'"
                .into(),
        );
    }
    let path = &text[..place.unwrap_or(text.len())];
    let path = JsonPath::relaxed(path)?;
    let wanted = place.map(|at| text[at + 1..].trim_matches(['\'', '"']));
    match wanted {
        Some("") => Err("jsonpath wait has to have a value after equal sign, like \
             --for=jsonpath='{.status.readyReplicas}'=3"
            .into()),
        wanted => Ok(Condition::Field(path, wanted)),
    }
}

impl Condition<'_> {
    fn is_met(&self, object: &Value) -> Result<bool, String> {
        match self {
            Condition::Delete => Ok(false),
            Condition::Create => Ok(true),
            Condition::Status(name, wanted) => {
                let list = object
                    .get("status")
                    .and_then(|status| status.get("conditions"));
                let Some(Value::List(conditions)) = list else {
                    return Ok(false);
                };
                let is = |condition: &Value, field: &str, wanted: &str| {
                    let text = condition.get(field).map(Value::plain);
                    text.is_some_and(|text| text.eq_ignore_ascii_case(wanted))
                };
                let holds = |condition: &Value| {
                    is(condition, "type", name) && is(condition, "status", wanted)
                };
                Ok(conditions.iter().any(holds))
            }
            Condition::Field(path, wanted) => match (path.find(object)?.as_slice(), wanted) {
                ([], _) => Ok(false),
                ([_, _, ..], _) => {
                    Err("given jsonpath expression matches more than one value".into())
                }
                (_, None) => Ok(true),
                ([Value::List(_) | Value::Map(_)], _) => {
                    Err("jsonpath leads to a nested object or list which is not supported".into())
                }
                ([value], Some(wanted)) => Ok(value.plain() == *wanted),
            },
        }
    }
}

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let Some(wanted) = args.get("for") else {
        return Err(Failure::client("unrecognized condition: []"));
    };
    let wanted = condition(wanted)?;
    if args.names.is_empty() && args.get("filename").is_none() {
        return Err(Failure::no_resources());
    }
    let (items, failures) = targets(view, args, &args.names)?;
    let mut output = Output::default();
    match wanted {
        // What is gone already is as wanted, and not told.
        Condition::Delete => {}
        Condition::Create if items.is_empty() && !failures.is_empty() => {
            output.unfinished = true;
            output.fail(&Failure::client("timed out waiting for the condition"));
        }
        _ => failures.iter().for_each(|failure| output.fail(failure)),
    }
    if items.is_empty() && failures.is_empty() && !matches!(wanted, Condition::Delete) {
        return Err(Failure::client("no matching resources found"));
    }
    for item in items {
        let is_met = wanted.is_met(&object(view, &item));
        if is_met.map_err(Failure::client)? {
            output
                .stdout
                .push_str(&format!("{} condition met\n", item.path()));
            continue;
        }
        let path = format!("{}/{}", item.resource.qualified(), item.name);
        let now = matches!(args.get("timeout"), Some("0" | "0s"));
        output.unfinished |= !now;
        output.fail(&Failure::client(match now {
            true => format!("condition not met for {path}"),
            false => format!("timed out waiting for the condition on {path}"),
        }));
    }
    Ok(output)
}
