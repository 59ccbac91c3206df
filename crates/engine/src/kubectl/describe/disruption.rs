//! `kubectl describe pdb`.

use super::{heading, Text};
use crate::kubectl::get::{amount_text, selector_text};
use crate::kubectl::item::{Item, Thing};
use crate::kubectl::view::View;

pub fn describe(_: &View, item: &Item, text: &mut Text) {
    let Thing::Budget(budget) = &item.thing else {
        return;
    };
    heading(item, text);
    let object = &budget.object;
    match (object.min_available, object.max_unavailable) {
        (Some(least), _) => text.field(0, "Min available", amount_text(least)),
        (None, Some(most)) => text.field(0, "Max unavailable", amount_text(most)),
        (None, None) => {}
    }
    let selector = object.selector.as_ref().map(selector_text);
    text.field(0, "Selector", selector.as_deref().unwrap_or("<unset>"));
    let status = budget.status;
    text.line(0, "Status:");
    text.field(2, "Allowed disruptions", status.allowed);
    text.field(2, "Current", status.healthy);
    text.field(2, "Desired", status.desired);
    text.field(2, "Total", status.expected);
}
