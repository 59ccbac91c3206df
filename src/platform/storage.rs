//! What the browser keeps between visits. In a sandbox there is no storage: reading it throws,
//! and then nothing is kept. An embedded page neither reads nor keeps anything: it is its host's.

use super::{dom::window, location};
use web_sys::Storage;

/// The user's language.
pub const LANGUAGE: &str = "readyz.language";
/// The user's theme.
pub const THEME: &str = "readyz.theme";
/// The text as last edited.
pub const TEXT: &str = "readyz.text";

fn storage() -> Option<Storage> {
    if location::embedded() {
        return None;
    }
    window()?.local_storage().ok()?
}

/// A kept value.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a value, if it can.
pub fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Forgets a value.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
