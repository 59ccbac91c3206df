//! `--sort-by` (KUB-07).

use super::failure::Failure;
use super::go_sort;
use super::item::Item;
use super::object::object;
use super::output::{JsonPath, Value};
use super::view::View;

/// Sorts objects by a field; what is equal as Go leaves it.
pub fn sort(view: &View, items: &mut Vec<Item>, field: &str) -> Result<(), Failure> {
    let path = JsonPath::parse(&braced(field))?;
    let mut keyed: Vec<(Value, Item)> = std::mem::take(items)
        .into_iter()
        .map(|item| {
            let object = object(view, &item);
            let found = path.find(&object);
            (
                found.first().map_or(Value::Null, |value| (*value).clone()),
                item,
            )
        })
        .collect();
    if keyed.len() > 1 && keyed.iter().all(|(key, _)| *key == Value::Null) {
        return Err(unsortable(field));
    }
    go_sort::sort_by(&mut keyed, |(a, _), (b, _)| a.compare(b).is_lt());
    items.extend(keyed.into_iter().map(|(_, item)| item));
    Ok(())
}

/// No object has the field.
pub fn unsortable(field: &str) -> Failure {
    let path = braced(field);
    Failure::client(format!(
        "couldn't find any field with path \"{path}\" in the list of objects"
    ))
}

/// A field as a template.
fn braced(field: &str) -> String {
    let bare = field.trim_start_matches('{').trim_end_matches('}');
    let dot = if bare.starts_with(['.', '[', '$']) {
        ""
    } else {
        "."
    };
    format!("{{{dot}{bare}}}")
}
