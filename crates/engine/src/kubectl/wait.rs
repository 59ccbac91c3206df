//! `kubectl wait` (WAI-01), as far as one moment tells.

use super::args::{Args, Flags};
use super::attempt::targets;
use super::failure::Failure;
use super::flags::{duration, switch, value, FILES, NONE, PICK, PRINT};
use super::object::object;
use super::output::JsonPath;
use super::view::View;
use super::{Output, Verb};

const FLAGS: Flags = &[
    PRINT,
    &[FILES[0], FILES[2]],
    PICK,
    &[
        switch("all-namespaces", 'A').absent(),
        value("field-selector", NONE).absent(),
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

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let Some(condition) = args.get("for") else {
        return Err(Failure::client("unrecognized condition: []"));
    };
    if args.names.is_empty() && args.get("filename").is_none() {
        return Err(Failure::no_resources());
    }
    let (items, failures) = targets(view, args, &args.names)?;
    let mut output = Output::default();
    let waits_for_end = condition.eq_ignore_ascii_case("delete");
    if waits_for_end {
        // What is gone already is as wanted.
        for word in args.names.iter().filter(|_| items.is_empty()) {
            output.stdout.push_str(&format!("{word} condition met\n"));
        }
    } else {
        failures.iter().for_each(|failure| output.fail(failure));
    }
    if items.is_empty() && failures.is_empty() {
        return Err(Failure::client("no matching resources found"));
    }
    for item in items {
        let is_met = match condition.split_once('=') {
            _ if waits_for_end => false,
            None if condition.eq_ignore_ascii_case("create") => true,
            Some(("condition", rest)) => {
                let (name, wanted) = rest.split_once('=').unwrap_or((rest, "true"));
                let path = JsonPath::parse("{.status.conditions[*]}")?;
                let object = object(view, &item);
                let text = |value: Option<&super::output::Value>| {
                    value.map(super::output::Value::plain).unwrap_or_default()
                };
                let holds = path.find(&object).into_iter().any(|condition| {
                    text(condition.get("type")).eq_ignore_ascii_case(name)
                        && text(condition.get("status")).eq_ignore_ascii_case(wanted)
                });
                holds
            }
            Some(("jsonpath", rest)) => {
                let end = rest.find('}').map_or(rest.len(), |end| end + 1);
                let (path, wanted) = rest.split_at(end);
                let found = JsonPath::parse(path)?.print(&object(view, &item));
                match wanted.strip_prefix('=') {
                    Some(wanted) => found == wanted.trim_matches(['\'', '"']),
                    None => !found.is_empty(),
                }
            }
            _ => {
                return Err(Failure::client(format!(
                    "unrecognized condition: \"{condition}\""
                )))
            }
        };
        if is_met {
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
