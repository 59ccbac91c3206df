//! Values of a patch.

use crate::controllers::ApiError;
use crate::manifest::yaml::{Node, Value};
use crate::manifest::Quantity;

/// Keys and values of a map.
pub fn children(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    node.entries()
        .iter()
        .map(|entry| (entry.key.as_str(), &entry.value))
}

/// A field that cannot be patched here.
pub fn unknown(path: &str, key: &str) -> ApiError {
    ApiError::not_simulated(format!("readyz cannot patch the field {path}{key}"))
}

fn wrong(wanted: &str, node: &Node) -> ApiError {
    ApiError::bad_request(format!(
        "unable to apply the patch: {wanted} is wanted, not {}",
        node.json_kind()
    ))
}

/// A number; null is the default.
pub fn number(node: &Node, default: u32) -> Result<u32, ApiError> {
    match &node.value {
        Value::Null => Ok(default),
        Value::Int(number) => u32::try_from(*number).map_err(|_| wrong("a natural number", node)),
        _ => Err(wrong("a number", node)),
    }
}

/// An amount of a resource; null removes it.
pub fn quantity(node: &Node) -> Result<Option<Quantity>, ApiError> {
    match node.value {
        Value::Null => Ok(None),
        _ => Quantity::of(node).map(Some).map_err(ApiError::bad_request),
    }
}

/// A truth value; null is false.
pub fn flag(node: &Node) -> Result<bool, ApiError> {
    match node.value {
        Value::Null => Ok(false),
        Value::Bool(flag) => Ok(flag),
        _ => Err(wrong("a boolean", node)),
    }
}

/// A text; null is the empty one.
pub fn string(node: &Node) -> Result<String, ApiError> {
    match &node.value {
        Value::Null => Ok(String::new()),
        Value::Text(text) => Ok(text.clone()),
        _ => Err(wrong("a string", node)),
    }
}

/// A list of texts, which replaces the old one; null removes it.
pub fn strings(node: &Node) -> Result<Option<Vec<String>>, ApiError> {
    match &node.value {
        Value::Null => Ok(None),
        Value::List(items) => items.iter().map(string).collect::<Result<_, _>>().map(Some),
        _ => Err(wrong("a list", node)),
    }
}
