//! Namespaces, ConfigMaps, Secrets, and what is known by name only.

use super::{heading, ruled, truth, Text};
use crate::kubectl::get::priority_class_row;
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::object::end_conditions;
use crate::kubectl::view::View;
use crate::manifest::yaml::Node;

pub fn describe(view: &View, item: &Item, text: &mut Text) {
    heading(item, text);
    text.labels("Labels", &item.labels);
    match &item.thing {
        Thing::Config(data) => {
            text.annotations("Annotations", &data.metadata.annotations);
            let is_secret = item.resource.kind == "Secret";
            if is_secret {
                text.line(0, "");
                text.line(0, "Type:  Opaque");
            }
            text.line(0, "");
            text.line(0, "Data");
            text.line(0, "====");
            for (key, value) in &data.data {
                if is_secret {
                    text.field(0, key, format!("{} bytes", value.len()));
                } else {
                    text.line(0, format!("{key}:\n----\n{value}\n"));
                }
            }
            if !is_secret {
                text.line(0, "\nBinaryData\n====\n");
            }
        }
        _ => {
            let namespaces = &view.cluster.controllers.store.namespaces;
            let own = namespaces
                .get(&item.name)
                .filter(|_| item.resource.kind == "Namespace");
            match own {
                Some(own) => text.annotations("Annotations", &own.annotations),
                None => text.field(0, "Annotations", "<none>"),
            }
            if item.resource.kind == "Namespace" {
                text.field(0, "Status", view.phase_of_namespace(&item.name));
                conditions(view, item, text);
                text.line(0, "\nNo resource quota.\n\nNo LimitRange resource.");
            }
            if item.resource.kind == "ServiceAccount" {
                text.field(0, "Image pull secrets", "<none>");
            }
        }
    }
}

pub fn priority_class(view: &View, item: &Item, text: &mut Text) {
    let row = priority_class_row(view, item);
    let [_, value, is_default, _, policy] = row.as_slice() else {
        return;
    };
    heading(item, text);
    text.field(0, "Value", value);
    text.field(0, "GlobalDefault", is_default);
    text.field(0, "PreemptionPolicy", policy);
    let manifest = view.manifest("priorityclass", "", &item.name);
    let description = manifest.and_then(|m| m.source.root().at("description"));
    text.field(
        0,
        "Description",
        description.and_then(Node::text).unwrap_or(""),
    );
    let classes = &view.cluster.controllers.store.priority_classes;
    if let Some(class) = classes.get(&item.name) {
        // All of them, and in one line: a line break at the end of one stays.
        let all = view.annotations(item, &class.metadata.annotations);
        let pairs = all.iter().map(|(key, value)| [key, "=", value].concat());
        let line = pairs.collect::<Vec<_>>().join(",");
        let line = if line.is_empty() { "<none>" } else { &line };
        match line.strip_suffix('\n') {
            None => text.field(0, "Annotations", line),
            Some(line) => {
                text.field(0, "Annotations", line);
                text.line(0, "");
            }
        }
    }
}

/// Of a Namespace that ends.
fn conditions(view: &View, item: &Item, text: &mut Text) {
    let all = end_conditions(&item.name, view.ending_namespace(&item.name));
    if all.is_empty() {
        return;
    }
    text.line(0, "Conditions:");
    let titles = ["Type", "Status", "LastTransitionTime", "Reason", "Message"];
    ruled(1, &titles, text);
    for condition in all {
        let cells = [
            condition.kind,
            truth(condition.is_true),
            &view.long_date(condition.since),
            condition.reason,
            &condition.message,
        ];
        text.line(1, cells.join("\t"));
    }
}
