//! `--sort-by` (KUB-07).

use super::failure::Failure;
use super::go_sort;
use super::item::Item;
use super::object::object;
use super::output::{JsonPath, Value};
use super::view::View;

/// Sorts objects by a field; what is equal as Go leaves it.
pub fn sort(view: &View, items: &mut Vec<Item>, field: &str) -> Result<(), Failure> {
    let path = JsonPath::relaxed(field).map_err(Failure::client)?;
    let mut keyed: Vec<(Value, Item)> = Vec::with_capacity(items.len());
    for item in std::mem::take(items) {
        let object = object(view, &item);
        let found = path.find(&object).map_err(Failure::client)?;
        let key = found.first().map_or(Value::Null, |value| (*value).clone());
        keyed.push((key, item));
    }
    if keyed.len() > 1 && keyed.iter().all(|(key, _)| *key == Value::Null) {
        return Err(unsortable(path.template()));
    }
    go_sort::sort_by(&mut keyed, |(a, _), (b, _)| a.compare(b).is_lt());
    items.extend(keyed.into_iter().map(|(_, item)| item));
    Ok(())
}

/// No object has the field.
pub fn unsortable(path: &str) -> Failure {
    Failure::client(format!(
        "couldn't find any field with path \"{path}\" in the list of objects"
    ))
}
