//! `kubectl get configmaps` and `secrets`.

use crate::kubectl::item::{Item, Thing};
use crate::kubectl::view::View;

pub const CONFIG_MAP: &[&str] = &["NAME", "DATA", "AGE"];
pub const SECRET: &[&str] = &["NAME", "TYPE", "DATA", "AGE"];

fn keys(item: &Item) -> String {
    match &item.thing {
        Thing::Config(data) => data.data.len().to_string(),
        _ => "0".to_owned(),
    }
}

pub fn config_map(view: &View, item: &Item) -> Vec<String> {
    vec![item.name.clone(), keys(item), item.created.age(view.now)]
}

pub fn secret(view: &View, item: &Item) -> Vec<String> {
    let age = item.created.age(view.now);
    vec![item.name.clone(), "Opaque".to_owned(), keys(item), age]
}
