//! Changes of Pods and Pod templates by `kubectl set`.

use super::attempt::tried;
use super::failure::Failure;
use super::item::{Item, Thing};
use super::output::{compact_json, map, Map, Value};
use super::patched::patch as patched;
use super::pod_update::with_patch;
use super::view::View;
use super::Output;
use crate::cluster::Cluster;
use crate::scenario::{Act, PatchType};

/// An object that has no containers.
pub fn no_template(item: &Item) -> Failure {
    let (plural, kind) = (item.resource.plural, item.resource.kind);
    Failure::client(format!(
        "{plural}/{} the object is not a pod or does not have a pod template: *v1.{kind}\n",
        item.name
    ))
}

/// Gives the spec of a Pod, or of the Pods of a workload, these fields; `failed` begins what is said
/// if the server refuses. None: nothing would change.
pub fn change_template(
    view: &View,
    item: &Item,
    spec: Map,
    failed: &str,
) -> Result<Option<(Act, Cluster)>, Failure> {
    let spec = map().set("spec", spec);
    let whole = match item.thing {
        Thing::Pod(_) => spec,
        _ => map().set("spec", map().set("template", spec)),
    };
    change(view, item, whole, failed)
}

/// The same for any fields of an object.
pub fn change(
    view: &View,
    item: &Item,
    fields: Map,
    failed: &str,
) -> Result<Option<(Act, Cluster)>, Failure> {
    let (kind, name) = (item.resource.singular(), item.name.clone());
    let patch = compact_json(&Value::from(fields));
    let way = PatchType::Strategic;
    let done = tried(view, |cx| {
        patched(cx, (&kind, &item.namespace, &name), &patch, way)
    });
    match done {
        Ok((is_changed, after)) => {
            let act = Act::Patch {
                kind,
                name,
                subresource: String::new(),
                patch,
                way,
            };
            Ok(is_changed.then_some((act, after)))
        }
        Err(error) => {
            let failure = Failure::client([failed, &error.text].concat());
            Err(with_patch(view, failure, item, &patch, way))
        }
    }
}

/// One refusal is printed as it is; of several each is followed by a line break of its own.
pub fn single_refusal(output: &mut Output) {
    let refused = output.stderr.strip_suffix("\n\n");
    if let Some(single) = refused.filter(|text| !text.contains("\n\n")) {
        output.stderr = [single, "\n"].concat();
    }
}

/// Whether a name fits a pattern, in which `*` stands for any part.
pub fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.any(|at| matches(after, &rest[at..]))
        }),
    }
}
