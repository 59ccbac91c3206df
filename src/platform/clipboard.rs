//! The clipboard. In a sandbox it may be closed: then nothing is copied.

use super::dom::window;

/// Puts a text into the clipboard.
pub fn write(text: &str) {
    if let Some(window) = window() {
        // The promise tells of a refusal, which the user sees by pasting.
        let _ = window.navigator().clipboard().write_text(text);
    }
}
