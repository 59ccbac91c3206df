//! What the browser keeps between visits. In a sandbox there is no storage: reading it throws,
//! and then nothing is kept.

use super::dom::window;

/// The user's language.
pub const LANGUAGE: &str = "readyz.language";
/// The user's theme.
pub const THEME: &str = "readyz.theme";
/// The text as last edited.
pub const TEXT: &str = "readyz.text";

/// A kept value.
pub fn read(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a value, if it can.
pub fn write(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.set_item(key, value);
    }
}

/// Forgets a value.
pub fn remove(key: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.remove_item(key);
    }
}
