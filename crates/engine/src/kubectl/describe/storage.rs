//! `kubectl describe` of claims, their volumes and the storage class.

use super::{heading, Text};
use crate::api::VolumeSource;
use crate::kubectl::get::{claim_row, class_row, volume_row, DEFAULT_CLASS};
use crate::kubectl::item::{self, Item, Thing};
use crate::kubectl::object::{CLAIM_FINALIZER, VOLUME_FINALIZER};
use crate::kubectl::resource::of_kind;
use crate::kubectl::view::View;

/// Fields in pairs with cells of the row that `kubectl get` prints.
fn fields(names: &[(&str, usize)], row: &[String], text: &mut Text) {
    for (name, at) in names {
        text.field(0, name, row.get(*at).map_or("", String::as_str));
    }
}

/// Pods whose volumes name a claim.
fn users(view: &View, item: &Item) -> Vec<String> {
    let pods = item::list(view, of_kind("Pod"), Some(&item.namespace)).into_iter();
    let uses = |pod: &Item| {
        let volumes = view.pod_spec(&pod.thing).map(|spec| spec.volumes.iter());
        let mut sources = volumes.into_iter().flatten().map(|volume| &volume.source);
        sources
            .any(|source| matches!(source, VolumeSource::Claim { name, .. } if *name == item.name))
    };
    pods.filter(uses).map(|pod| pod.name).collect()
}

pub fn claim(view: &View, item: &Item, text: &mut Text) {
    let Thing::Claim(state) = &item.thing else {
        return;
    };
    let row = claim_row(view, item);
    heading(item, text);
    let first = [("StorageClass", 5), ("Status", 1), ("Volume", 2)];
    fields(&first, &row, text);
    text.labels("Labels", &item.labels);
    text.annotations("Annotations", &state.object.metadata.annotations);
    text.field(0, "Finalizers", format!("[{CLAIM_FINALIZER}]"));
    let last = [("Capacity", 3), ("Access Modes", 4), ("VolumeMode", 8)];
    fields(&last, &row, text);
    text.lines("Used By", users(view, item));
}

pub fn volume(view: &View, item: &Item, text: &mut Text) {
    let row = volume_row(view, item);
    heading(item, text);
    text.labels("Labels", &item.labels);
    text.field(0, "Annotations", "<none>");
    text.field(0, "Finalizers", format!("[{VOLUME_FINALIZER}]"));
    let all = [
        ("StorageClass", 6),
        ("Status", 4),
        ("Claim", 5),
        ("Reclaim Policy", 3),
        ("Access Modes", 2),
        ("VolumeMode", 10),
        ("Capacity", 1),
    ];
    fields(&all, &row, text);
    text.field(0, "Node Affinity", "<none>");
    text.field(0, "Message", "");
    text.line(0, "Source:\n  <unknown>");
}

pub fn class(view: &View, item: &Item, text: &mut Text) {
    let row = class_row(view, item);
    let is_default = item.name == DEFAULT_CLASS;
    heading(item, text);
    text.field(0, "IsDefaultClass", if is_default { "Yes" } else { "No" });
    text.field(0, "Annotations", "<none>");
    fields(&[("Provisioner", 1)], &row, text);
    text.field(0, "Parameters", "<none>");
    text.field(0, "AllowVolumeExpansion", "<unset>");
    text.field(0, "MountOptions", "<none>");
    fields(
        &[("ReclaimPolicy", 2), ("VolumeBindingMode", 3)],
        &row,
        text,
    );
}
