//! Manifests that the server's decoder refuses, applied to an object that exists: a patch is
//! refused in other words than a new object (VAL-23).

use super::patched::tree;
use super::view::View;
use super::{item, resource};
use crate::controllers::ApiError;
use crate::manifest::yaml::{quote, Entry, Node, Value};
use crate::manifest::{of_patch, printed, stored, Document, Existing};

/// What the server says of a document whose object exists, and that its decoder refuses for a fault;
/// None: there is no such object.
pub fn of_document(view: &View, document: &Document, fault: &str) -> Option<String> {
    let item = item::find(view, resource::find(&document.kind).ok()?, &document.name).ok()?;
    let mut live = tree(view, &item)?;
    let manifest = view.manifest(&item.resource.singular(), &item.namespace, &item.name);
    if let Some(manifest) = manifest {
        // Fields that nothing simulates.
        add_missing(&mut live, &stored(manifest.source.root()));
    }
    let applied = manifest.filter(|manifest| manifest.is_applied);
    let existing = Existing {
        original: applied.map(|manifest| manifest.source.root()),
        live: &live,
        namespace: &item.namespace,
    };
    existing.refusal(document, fault)
}

/// What the server says of a patch after which its decoder refuses the object for a fault.
/// `merged` is the object as it was sent to the decoder; a strategic patch alone is told itself.
pub fn of_words(patch: &Node, merged: Option<&str>, fault: &str) -> ApiError {
    let (value, fault) = match merged {
        None => (quote(&printed(&patch.value, false)), of_patch(fault)),
        Some(merged) => (quote(merged), fault.to_owned()),
    };
    ApiError::invalid_request(&format!("patch: Invalid value: {value}: {fault}"))
}

/// Adds to a map what only another one has.
fn add_missing(node: &mut Node, other: &Node) {
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    for Entry { key, value, .. } in other.entries() {
        match entries.iter_mut().find(|entry| entry.key == *key) {
            Some(entry) => add_missing(&mut entry.value, value),
            None => entries.push(Entry::made(key, value.value.clone())),
        }
    }
}
