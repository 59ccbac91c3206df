//! `kubectl set selector` and `set serviceaccount`.

use super::args::Args;
use super::attempt::targets;
use super::failure::Failure;
use super::flags::{switch, value, Flag, FILES, NONE, PRINT, WRITE};
use super::item::Item;
use super::label_selector::Selector;
use super::object::{is_other, object};
use super::output::{map, Value};
use super::shown::Shown;
use super::template_change::{change, change_template, no_template, single_refusal};
use super::view::View;
use super::{Output, Verb};
use crate::cluster::Cluster;
use crate::scenario::Act;

const PICK: &[Flag] = &[switch("all", NONE), switch("local", NONE).absent()];
/// `-f`, and no folder with a kustomization.
const FILE: &[Flag] = &[FILES[0], FILES[2]];
const VERSION: &[Flag] = &[value("resource-version", NONE)];

/// Registry lines.
pub const VERBS: &[Verb] = &[
    Verb::new(
        "set selector",
        "Set the selector on a resource",
        &[PRINT, FILE, WRITE, PICK, VERSION],
        selector,
    ),
    Verb::new(
        "set serviceaccount",
        "Update the service account of a resource",
        &[PRINT, FILES, WRITE, PICK],
        account,
    ),
];

fn selector(view: &View, args: &Args) -> Result<Output, Failure> {
    let Some((text, words)) = args.names.split_last() else {
        return Err(Failure::client("one selector is required"));
    };
    let parsed = Selector::parse(text).map_err(|why| {
        Failure::client(format!(
            "couldn't parse the selector string \"{text}\": {why}"
        ))
    })?;
    let shown = Shown::of(args)?;
    let (items, failures) = targets(view, args, words)?;
    let pairs = parsed.pairs().map_err(Failure::client)?;
    let mut output = Output::default();
    for item in items {
        if item.resource.kind != "Service" {
            let text = "setting a selector is only supported for Services";
            output.fail(&Failure::client(text));
            continue;
        }
        if is_other(view, &item, args.get("resource-version")) {
            output.fail(&Failure::conflict(&item));
            continue;
        }
        // The keys that the new one lacks go.
        let whole = object(view, &item);
        let have = whole.get("spec").and_then(|spec| spec.get("selector"));
        let mut keys = map();
        if let Some(Value::Map(have)) = have {
            for key in have.keys() {
                keys = keys.set(key, Value::Null);
            }
        }
        for (key, value) in &pairs {
            keys = keys.set(key, *value);
        }
        let fields = map().set("spec", map().set("selector", keys));
        let changed = change(view, &item, fields, "failed to patch selector: ");
        tell(
            view,
            &item,
            "selector updated",
            changed,
            &shown,
            &mut output,
        );
    }
    failures.iter().for_each(|failure| output.fail(failure));
    Ok(output)
}

fn account(view: &View, args: &Args) -> Result<Output, Failure> {
    let Some((name, words)) = args.names.split_last() else {
        return Err(Failure::client("serviceaccount is required"));
    };
    let shown = Shown::of(args)?;
    let (items, failures) = targets(view, args, words)?;
    let mut output = Output::default();
    for item in items {
        if view.pod_spec(&item.thing).is_none() {
            output.fail(&no_template(&item));
            continue;
        }
        let fields = map().set("serviceAccountName", name);
        let failed = "failed to patch ServiceAccountName ";
        let changed = change_template(view, &item, fields, failed);
        tell(
            view,
            &item,
            "serviceaccount updated",
            changed,
            &shown,
            &mut output,
        );
    }
    failures.iter().for_each(|failure| output.fail(failure));
    single_refusal(&mut output);
    Ok(output)
}

/// Adds what came of a change, which is told where it changes nothing, too.
fn tell(
    view: &View,
    item: &Item,
    word: &str,
    changed: Result<Option<(Act, Cluster)>, Failure>,
    shown: &Shown,
    output: &mut Output,
) {
    match changed {
        Err(failure) => output.fail(&failure),
        Ok(changed) => {
            let (act, after) = changed.unzip();
            let after = after.as_ref().unwrap_or(view.cluster);
            shown.done(view, item, word, after, act, output);
        }
    }
}
