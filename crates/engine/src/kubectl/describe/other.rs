//! Namespaces, ConfigMaps, Secrets, and what is known by name only.

use super::{heading, ruled, truth, Text};
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::object::end_conditions;
use crate::kubectl::view::View;

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
            text.field(0, "Annotations", "<none>");
            if item.resource.kind == "Namespace" {
                text.field(0, "Status", view.phase_of_namespace(&item.name));
                conditions(view, item, text);
                text.line(0, "\nNo resource quota.\n\nNo LimitRange resource.");
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
