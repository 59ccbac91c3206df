//! `kubectl scale`.

use super::args::{Args, Flags};
use super::attempt::{attempt_kept, targets, workload_ref};
use super::failure::Failure;
use super::flags::{duration, value, whole, DRY_RUN, FILES, NONE, PICK, PRINT};
use super::object::object;
use super::output::Value;
use super::shown::Shown;
use super::view::View;
use super::{Output, Verb};
use crate::controllers;
use crate::scenario::Act;

const FLAGS: Flags = &[
    PRINT,
    FILES,
    PICK,
    &[
        DRY_RUN,
        whole("current-replicas", NONE),
        whole("replicas", NONE).required(),
        value("resource-version", NONE),
        duration("timeout"),
    ],
];

/// Registry lines.
pub const VERBS: &[Verb] = &[Verb {
    name: "scale",
    summary: "Set a new size for a deployment, replica set, or replication controller",
    flags: FLAGS,
    run,
}];

fn run(view: &View, args: &Args) -> Result<Output, Failure> {
    let replicas = args.number("replicas");
    let Some(replicas) = replicas.and_then(|count| u32::try_from(count).ok()) else {
        return Err(Failure::client(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        ));
    };
    let expected = args.number("current-replicas").unwrap_or(-1);
    if expected < -1 {
        let text = "The --current-replicas must specify an integer of -1 or greater";
        return Err(Failure::client(text));
    }
    let shown = Shown::of(args)?.sorted().unread();
    let (items, failures) = targets(view, args, &args.names)?;
    if items.is_empty() && failures.is_empty() {
        return Err(Failure::client("no objects passed to scale"));
    }
    let mut output = Output::default();
    for item in items {
        if !has_scale(item.resource.kind) {
            let text = "the server could not find the requested resource";
            output.fail(&Failure::server("NotFound", text));
            continue;
        }
        let whole = object(view, &item);
        let current = whole.get("spec").and_then(|spec| spec.get("replicas"));
        let current = current.map_or_else(|| "0".to_owned(), Value::plain);
        if expected >= 0 && current != expected.to_string() {
            output.fail(&Failure::client(format!(
                "Expected replicas to be {expected}, was {current}"
            )));
            continue;
        }
        let version = whole
            .get("metadata")
            .and_then(|meta| meta.get("resourceVersion"));
        let version = version.map_or_else(String::new, Value::plain);
        let wanted = args.get("resource-version").unwrap_or("");
        if !wanted.is_empty() && wanted != version {
            output.fail(&Failure::client(format!(
                "Expected resource version to be {wanted}, was {version}"
            )));
            continue;
        }
        let workload = workload_ref(&item);
        let (_, after) = attempt_kept(view, |cx| {
            controllers::scale(cx, &view.namespace, &workload, replicas)
        })?;
        let act = Act::Scale { workload, replicas };
        shown.done(view, &item, "scaled", &after, [act], &mut output);
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

/// Whether the objects of a kind have a number of replicas that can be set alone.
pub fn has_scale(kind: &str) -> bool {
    matches!(
        kind,
        "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController"
    )
}
